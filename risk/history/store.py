"""The store as the rest of the house sees it: open it, read from it, write to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import blake2b
from typing import TypeVar

import sqlalchemy as sa

from risk.features.catalog import catalogue
from risk.history import suppression_list
from risk.history.case_state import look_again
from risk.history.connect import Write, open_engine, reading, writing
from risk.history.data_key import data_key
from risk.history.derive import refresh
from risk.history.group_commit import Turns
from risk.history.migrate import migrate
from risk.history.point_reader import Reader
from risk.identity import Hasher

T = TypeVar("T")


@dataclass(frozen=True)
class History:
    """Facts and decisions, with the key that hashes the identities in them.

    Each of the other keys is for one purpose: drawing audits, sealing the secrets of hooks.
    """

    engine: sa.Engine
    hasher: Hasher
    audit_key: bytes
    seal_key: bytes
    _turns: Turns = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_turns", Turns(self.engine))

    @classmethod
    def open(cls, database_url: str, secret: str) -> History:
        """Open the store, made or migrated as needed.

        Raises Forbidden when `secret` is not the one the store was made with.
        """
        engine = open_engine(database_url)
        migrate(engine)
        with writing(engine) as write:
            key = data_key(write.connection, secret)
            forgotten = suppression_list.entries(write.connection)
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
        with self._turns.alone(), writing(self.engine) as write:
            yield write
            _complete(write)

    def together(self, work: Callable[[Write], T]) -> T:
        """One write that may share its transaction with others who write at the same time.

        Answers what `work` does, once that is stored for good.
        """

        def completed(write: Write) -> T:
            answer = work(write)
            _complete(write)
            return answer

        return self._turns.write(completed)

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """One unchanging view of the store."""
        with reading(self.engine) as connection:
            yield connection

    def close(self) -> None:
        """Give back every connection."""
        self.engine.dispose()


def _complete(write: Write) -> None:
    """Bring what is derived from the facts in step with what was written."""
    refresh(write)
    look_again(write.connection, write.found)
