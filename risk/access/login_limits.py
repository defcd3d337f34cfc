"""The rate limit of failed logins, kept in the store so that it holds over any number of workers.

It counts a name and an address together, so that somebody's guesses keep nobody out who comes from
elsewhere, and an address by itself, so that one cannot try many names.
"""

from __future__ import annotations

import hashlib
from ipaddress import IPv4Address, IPv6Network, ip_address

import sqlalchemy as sa

from risk.facts.units import MINUTE_MS
from risk.history.connection.connect import Write
from risk.history.schema.schema_cases import login_attempts

WINDOW_MS = 15 * MINUTE_MS
FAILED_PER_NAME_THERE = 5
FAILED_PER_ADDRESS = 30
FAILED_CODES = 10


class TooManyAttempts(Exception):
    """The rate limit on failed logins is reached, for the name or from the address."""


def check(connection: sa.Connection, name: str, address: str, now: int) -> None:
    """Raises TooManyAttempts where an attempt at `now` (ms) would be one too many."""
    recent = login_attempts.c.at >= now - WINDOW_MS
    for subject, limit in _limits(name, address).items():
        query = sa.select(sa.func.count()).where(login_attempts.c.subject == subject, recent)
        if int(connection.execute(query).scalar_one()) >= limit:
            raise TooManyAttempts


def count_attempt(write: Write, name: str, address: str) -> int:
    """Count an attempt before it is checked, so that concurrent ones cannot slip through.

    Returns its instant (ms), for `forgive`. Raises TooManyAttempts.
    """
    write.connection.execute(
        sa.delete(login_attempts).where(login_attempts.c.at < write.at - WINDOW_MS)
    )
    check(write.connection, name, address, write.at)
    rows = [{"subject": subject, "at": write.at} for subject in _limits(name, address)]
    write.connection.execute(sa.insert(login_attempts), rows)
    return write.at


def count_code(write: Write, name: str) -> None:
    """Count a code given after a right password, from whatever address: only who knows the password
    can use these up. Raises TooManyAttempts."""
    query = sa.select(sa.func.count()).where(login_attempts.c.subject == _codes(name))
    if int(write.connection.execute(query).scalar_one()) >= FAILED_CODES:
        raise TooManyAttempts
    write.connection.execute(sa.insert(login_attempts).values(subject=_codes(name), at=write.at))


def forgive_codes(write: Write, name: str) -> None:
    """After a right code: no longer count those before."""
    gone = login_attempts.c.subject == _codes(name)
    write.connection.execute(sa.delete(login_attempts).where(gone))


def forgive(write: Write, name: str, address: str, at: int) -> None:
    """After a good login: no longer count it, nor what failed before under this name there."""
    subject = login_attempts.c.subject
    there = sa.and_(subject == _from(address), login_attempts.c.at == at)
    counted = sa.or_(subject == _pair(name, address), there)
    write.connection.execute(sa.delete(login_attempts).where(counted))


def _limits(name: str, address: str) -> dict[str, int]:
    return {_pair(name, address): FAILED_PER_NAME_THERE, _from(address): FAILED_PER_ADDRESS}


def _codes(name: str) -> str:
    return f"code:{_digest(name)}"


def _pair(name: str, address: str) -> str:
    return f"pair:{_digest(name)}:{_digest(_network(address))}"


def _from(address: str) -> str:
    return f"address:{_digest(_network(address))}"


def _network(address: str) -> str:
    """What one caller has of addresses: of IPv6 the /64 that each gets at least."""
    try:
        given = ip_address(address)
    except ValueError:
        return address
    if isinstance(given, IPv4Address):
        return str(given)
    if given.ipv4_mapped is not None:
        return str(given.ipv4_mapped)
    return str(IPv6Network((int(given), 64), strict=False))


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=16).hexdigest()
