"""A second factor by time-based one-time passwords (TOTP, RFC 6238), with recovery codes."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import Any

import orjson
import pyotp
import sqlalchemy as sa

from risk.errors import BadInput, NotFound, Problem
from risk.history.connection.connect import Write, now_ms
from risk.history.envelope import SecretCipher
from risk.history.schema.schema_factors import second_factors
from risk.history.store import History
from risk.problem_phrases import phrase

ISSUER = "refund-risk"
STEP_MS = 30_000
DRIFT = 1
"""How many time steps a phone's clock may be away."""
RECOVERY_CODES = 10
_t = second_factors.c


def set_up(history: History, name: str) -> str:
    """A new secret for somebody, who has to confirm it by a code; the one before stays in force.

    Returns the `otpauth://` address that authenticator apps read. Raises BadInput where a second
    factor is in force already.
    """
    secret = pyotp.random_base32()
    with history.write() as write:
        row = _row(write.connection, name)
        if row is not None and row["confirmed_at"] is not None:
            raise BadInput([Problem("people", None, "code", phrase("no_factor_yet"), "one")])
        write.connection.execute(sa.delete(second_factors).where(_t.name == name))
        write.connection.execute(
            sa.insert(second_factors).values(
                name=name,
                secret=_cipher(history).encrypt(secret, _context(name)),
                recovery="[]",
                last_step=0,
            )
        )
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=ISSUER)


def confirm(history: History, name: str, code: str) -> list[str]:
    """Put a secret in force by a code that was made with it; returns the recovery codes, which are
    shown once. Raises BadInput for a wrong code."""
    codes = [secrets.token_hex(5) for _ in range(RECOVERY_CODES)]
    with history.write() as write:
        row = _row(write.connection, name)
        step = None if row is None else _step(history, row, code)
        if step is None:
            raise BadInput([Problem("people", None, "code", phrase("code_now"))])
        _update(
            write,
            name,
            last_step=step,
            confirmed_at=write.at,
            recovery=orjson.dumps([_digest(name, one) for one in codes]).decode(),
        )
    return codes


def is_in_force(connection: sa.Connection, name: str) -> bool:
    """Whether somebody must prove themselves by a code."""
    row = _row(connection, name)
    return row is not None and row["confirmed_at"] is not None


def names_in_force(connection: sa.Connection) -> set[str]:
    """All who must prove themselves by a code."""
    found = connection.execute(sa.select(_t.name).where(_t.confirmed_at.is_not(None)))
    return set(found.scalars())


def take_code(history: History, write: Write, name: str, code: str) -> bool:
    """Whether a code is right; it is none any more afterwards, nor is any from before it."""
    row = _row(write.connection, name)
    if row is None or row["confirmed_at"] is None:
        return False
    step = _step(history, row, code)
    if step is not None:
        _update(write, name, last_step=step)
        return True
    left, digest = orjson.loads(row["recovery"]), _digest(name, code)
    if digest not in left:
        return False
    left.remove(digest)
    _update(write, name, recovery=orjson.dumps(left).decode())
    return True


def remove(history: History, name: str) -> None:
    """Let somebody log in by their password alone again. Raises NotFound."""
    with history.write() as write:
        gone = write.connection.execute(sa.delete(second_factors).where(_t.name == name))
        if gone.rowcount != 1:
            raise NotFound(f"{name} has no second factor")


def _step(history: History, row: Any, code: str) -> int | None:
    """The time step that a code is of; None for a wrong one, or one that was taken."""
    secret = _cipher(history).decrypt(row["secret"], _context(row["name"]))
    given = "".join(code.split())
    now = now_ms() // STEP_MS
    for step in range(now - DRIFT, now + DRIFT + 1):
        expected = pyotp.TOTP(secret).at(step * STEP_MS // 1000)
        if hmac.compare_digest(expected.encode(), given.encode()) and step > row["last_step"]:
            return step
    return None


def _update(write: Write, name: str, **values: Any) -> None:
    write.connection.execute(sa.update(second_factors).where(_t.name == name).values(**values))


def _row(connection: sa.Connection, name: str) -> Any:
    query = sa.select(second_factors).where(_t.name == name)
    return connection.execute(query).mappings().first()


def _cipher(history: History) -> SecretCipher:
    return SecretCipher(history.envelope_key)


def _context(name: str) -> str:
    return f"second factor {name}"


def _digest(name: str, code: str) -> str:
    text = f"{name}\0{''.join(code.split()).lower()}"
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=16).hexdigest()
