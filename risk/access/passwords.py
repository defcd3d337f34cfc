"""Passwords: which are good enough, and their Argon2id hashes, made within bounds.

Hashes have the parameters of RFC 9106 for memory that is short: 64 MiB and every core for a moment.
So one is made at a time in a process, and few wait: whoever sends wrong passwords from many
addresses slows logins down, and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from threading import BoundedSemaphore, Lock

import argon2
from zxcvbn import zxcvbn

from risk.errors import Problem, Unavailable
from risk.problem_phrases import phrase

MIN_PASSWORD = 12
MAX_PASSWORD = 256
GUESSABLE = 2
"""Passwords that zxcvbn gives a lower score fall to fewer than a million guesses."""
ZXCVBN_READS = 72
MEMORY_KIB, PASSES = 64 * 1024, 3
"""What a hash takes."""
AT_ONCE = 8
"""Logins that may be under way in a process."""


def password_problems(name: str, password: str) -> list[Problem]:
    """What is wrong with a password: length is what counts, common and guessable ones are refused
    (NIST SP 800-63B), and it must not contain the name."""
    if not MIN_PASSWORD <= len(password) <= MAX_PASSWORD:
        return [
            Problem(
                "people",
                None,
                "password",
                phrase("characters_between", least=MIN_PASSWORD, most=MAX_PASSWORD),
            )
        ]
    if name and name in password.lower():
        return [Problem("people", None, "password", phrase("no_name_in_it"))]
    if zxcvbn(password[:ZXCVBN_READS])["score"] < GUESSABLE:
        return [Problem("people", None, "password", phrase("harder_to_guess"))]
    return []


@contextmanager
def login_slot() -> Iterator[None]:
    """Room for one login until the block ends. Raises Unavailable where too many come at once."""
    if not _slots().acquire(blocking=False):
        raise Unavailable("too many log in at once")
    try:
        yield
    finally:
        _slots().release()


def hash_password(password: str) -> str:
    """The hash to keep."""
    with _turn():
        return _hasher().hash(password)


def matches(stored: str | None, password: str) -> bool:
    """Whether a password is that of a hash; never where there is none, which takes as long."""
    if len(password) > MAX_PASSWORD:
        return False
    against = dummy_hash() if stored is None else stored
    try:
        with _turn():
            return _hasher().verify(against, password) and stored is not None
    except (argon2.exceptions.VerificationError, argon2.exceptions.InvalidHashError):
        return False


def outdated(stored: str) -> bool:
    """Whether a hash was made with other parameters than those of today."""
    return _hasher().check_needs_rehash(stored)


def _hasher() -> argon2.PasswordHasher:
    return argon2.PasswordHasher(time_cost=PASSES, memory_cost=MEMORY_KIB)


@lru_cache(maxsize=1)
def dummy_hash() -> str:
    """A hash to verify against when the name is unknown, so that both take as long."""
    return hash_password("nobody has this password")


@lru_cache(maxsize=1)
def _turn() -> Lock:
    return Lock()


@lru_cache(maxsize=1)
def _slots() -> BoundedSemaphore:
    return BoundedSemaphore(AT_ONCE)
