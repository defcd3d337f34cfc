"""The store as the rest of the house sees it: open it, read from it, write to it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b

import sqlalchemy as sa

from risk.features.catalog import catalogue
from risk.history import suppression
from risk.history.cases.standing import look_again
from risk.history.connect import Write, open_engine, reading, writing
from risk.history.migrate import migrate
from risk.history.read import Reader
from risk.history.vault import data_key
from risk.history.write import refresh
from risk.identity import Hasher


@dataclass(frozen=True)
class History:
    """Facts and decisions, with the key that hashes the identities in them.

    Each of the other keys is for one purpose: drawing audits, sealing the secrets of hooks.
    """

    engine: sa.Engine
    hasher: Hasher
    audit_key: bytes
    seal_key: bytes

    @classmethod
    def open(cls, database_url: str, secret: str) -> History:
        """Open the store, made or migrated as needed.

        Raises Forbidden when `secret` is not the one the store was made with.
        """
        engine = open_engine(database_url)
        migrate(engine)
        with writing(engine) as write:
            key = data_key(write.connection, secret)
            forgotten = suppression.entries(write.connection)
        hasher = Hasher(key)
        hasher.forgotten.heed(forgotten)
        audit, seal = (blake2b(key, person=purpose).digest() for purpose in (b"audit", b"seal"))
        return cls(engine, hasher, audit, seal)

    @cached_property
    def reader(self) -> Reader:
        """Reads one case with the whole catalogue."""
        return Reader(catalogue())

    @contextmanager
    def write(self) -> Iterator[Write]:
        """One transaction: what is added in it is visible together or not at all."""
        with writing(self.engine) as write:
            yield write
            refresh(write)
            look_again(write.connection, write.found)

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """One unchanging view of the store."""
        with reading(self.engine) as connection:
            yield connection

    def close(self) -> None:
        """Give back every connection."""
        self.engine.dispose()
