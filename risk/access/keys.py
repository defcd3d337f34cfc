"""API keys: shown once, stored as a hash; with scopes, merchants, expiry, revocation, rotation."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
import sqlalchemy as sa

from risk.errors import BadInput, Conflict, NotFound, Problem
from risk.history.connection.connect import Write
from risk.history.schema.schema_access import api_keys

SCOPES = ("ingest", "outcomes", "backdate", "score", "review", "admin")
SAYS = ("merchant", "platform")
PREFIX = "rrk"

_BY_ID = sa.select(api_keys).where(api_keys.c.key_id == sa.bindparam("key_id"))


@dataclass(frozen=True, slots=True)
class Key:
    """What a key may do. Times in ms; `rate` in calls a second (None: the service's default).

    `says` is the one `decided_by` its outcomes may carry; without `merchants` it speaks for all.
    """

    key_id: str
    name: str
    scopes: frozenset[str]
    says: str
    merchants: frozenset[str]
    rate: float | None
    created_at: int
    expires_at: int | None
    revoked_at: int | None
    last_used_at: int | None

    def valid_at(self, now: int) -> bool:
        """Whether it is neither revoked nor expired at `now` (ms)."""
        return all(end is None or now < end for end in (self.revoked_at, self.expires_at))


def create(
    write: Write,
    name: str,
    scopes: Collection[str],
    *,
    says: str = "merchant",
    merchants: Collection[str] = (),
    expires_at: int | None = None,
    rate: float | None = None,
) -> tuple[Key, str]:
    """Create a key; the second value is the token itself, which is never stored.

    Raises BadInput for an unknown scope, an unknown `says` or a rate that is not positive.
    """
    _check(scopes, says, rate)
    key_id = secrets.token_hex(6)
    token = f"{PREFIX}_{key_id}_{secrets.token_urlsafe(32)}"
    row: dict[str, Any] = dict.fromkeys(api_keys.c.keys())
    row |= {"key_id": key_id, "name": name, "hash": _hash(token), "says": says, "rate": rate}
    row |= {"scopes": _listed(scopes), "merchants": _listed(merchants)}
    row |= {"created_at": write.at, "expires_at": expires_at}
    write.connection.execute(sa.insert(api_keys).values(**row))
    return _key(row), token


def _listed(values: Collection[str]) -> str:
    return orjson.dumps(sorted(set(values))).decode()


def _check(scopes: Collection[str], says: str, rate: float | None) -> None:
    problems = [
        Problem("key", None, "scopes", "one of " + ", ".join(SCOPES), scope)
        for scope in scopes
        if scope not in SCOPES
    ]
    if not scopes:
        problems.append(Problem("key", None, "scopes", "at least one scope", "none"))
    if says not in SAYS:
        problems.append(Problem("key", None, "says", "one of " + ", ".join(SAYS), says))
    if rate is not None and not rate > 0:
        problems.append(Problem("key", None, "rate", "calls a second, above zero", str(rate)))
    if problems:
        raise BadInput(problems)


def _hash(token: str) -> bytes:
    """SHA-256 is enough for a token of 256 random bits."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


def _key(row: sa.RowMapping | dict[str, Any]) -> Key:
    return Key(
        **{name: row[name] for name in ("key_id", "name", "says", "rate", "created_at")},
        scopes=frozenset(orjson.loads(row["scopes"])),
        merchants=frozenset(orjson.loads(row["merchants"])),
        expires_at=row["expires_at"],
        revoked_at=row["revoked_at"],
        last_used_at=row["last_used_at"],
    )


def find(connection: sa.Connection, token: str) -> Key | None:
    """The key of a token, valid or not; None for an unknown token."""
    parts = token.split("_", 2)
    if len(parts) != 3 or parts[0] != PREFIX or not parts[1].isalnum():
        return None
    row = connection.execute(_BY_ID, {"key_id": parts[1]}).mappings().first()
    if row is None or not hmac.compare_digest(row["hash"], _hash(token)):
        return None
    return _key(row)


def every(connection: sa.Connection) -> list[Key]:
    """All keys, the newest last."""
    rows = connection.execute(sa.select(api_keys).order_by(api_keys.c.created_at)).mappings()
    return [_key(row) for row in rows]


def check_name_free(connection: sa.Connection, name: str, now: int) -> None:
    """Raises Conflict where a key of this name works at `now` (ms): they must be told apart."""
    if any(key.name == name and key.valid_at(now) for key in every(connection)):
        raise Conflict(f"a key named {name} works already: rotate or revoke it, or name it else")


def revoke(write: Write, key_id: str) -> None:
    """Revoke a key now. Raises NotFound."""
    _end(write, key_id, "revoked_at", write.at)


def rotate(write: Write, key_id: str, *, overlap_ms: int = 0) -> tuple[Key, str]:
    """Replace a key by one with the same rights; the old one expires after `overlap_ms`.

    Raises NotFound.
    """
    row = write.connection.execute(_BY_ID, {"key_id": key_id}).mappings().first()
    if row is None or not _key(row).valid_at(write.at):
        raise NotFound(f"no working key has the id {key_id}")
    old = _key(row)
    end = write.at + overlap_ms
    _end(write, key_id, "expires_at", min(end, old.expires_at or end))
    return create(
        write, old.name, old.scopes, says=old.says, merchants=old.merchants, rate=old.rate,
        expires_at=old.expires_at,
    )  # fmt: skip


def _end(write: Write, key_id: str, column: str, at: int) -> None:
    change = sa.update(api_keys).where(api_keys.c.key_id == key_id).values({column: at})
    if write.connection.execute(change).rowcount == 0:
        raise NotFound(f"no key has the id {key_id}")


def record_use(write: Write, last_used: Mapping[str, int]) -> None:
    """Record when keys (id → ms) were last used; an earlier time changes nothing."""
    for key_id, at in last_used.items():
        write.connection.execute(
            sa.update(api_keys)
            .where(api_keys.c.key_id == key_id)
            .where(sa.func.coalesce(api_keys.c.last_used_at, 0) < at)
            .values(last_used_at=at)
        )
