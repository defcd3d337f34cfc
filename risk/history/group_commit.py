"""Writes that wait for one another anyway share one transaction, and so one wait for the disk.

A store has one writer at a time, and most of a small write's time is the disk's. Whoever holds the
turn does the writes of all who have come meanwhile, each at its own instant of the store's clock
and undone by itself where it fails, and commits once. Nobody is answered before that commit.
DeWitt et al. (1984), Implementation techniques for main memory database systems: group commit.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, TypeVar, cast

import sqlalchemy as sa

from risk.errors import Unavailable
from risk.history.connect import Write, next_write, transaction
from risk.history.driver import runner

MOST = 64
"""So many writes share a transaction at most, so that nobody waits long for the others."""

PATIENCE_S = 15.0
"""A turn that does not come for so long will not come in time."""

T = TypeVar("T")
Work = Callable[[Write], Any]


@dataclass(slots=True, eq=False)
class _Job:
    """One write: what to do, and then what came of it."""

    work: Work
    answer: Any = None
    failure: BaseException | None = None
    done: bool = False


@dataclass(frozen=True)
class Turns:
    """The turns of all writers of one process."""

    engine: sa.Engine
    _turn: Lock = field(default_factory=Lock)
    _waiting: deque[_Job] = field(default_factory=deque)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """A turn for a transaction of one's own. Raises Unavailable where it does not come."""
        if not self._turn.acquire(timeout=PATIENCE_S):
            raise Unavailable("the store is busy with another writer")
        try:
            yield
        finally:
            self._turn.release()

    def write(self, work: Callable[[Write], T]) -> T:
        """What `work` answers once its write is stored for good, or raises; then nothing of it is.

        `work` runs in some thread, and must leave the transaction to end by itself.
        """
        job = _Job(work)
        self._waiting.append(job)
        try:
            with self.alone():
                if not job.done:
                    self._do(self._next(job))
        except Unavailable:
            if not self._withdraw(job):
                raise
        if job.failure is not None:
            raise job.failure
        return cast(T, job.answer)

    def _withdraw(self, job: _Job) -> bool:
        """Take back what nobody has begun; whether somebody did it nevertheless."""
        try:
            self._waiting.remove(job)
        except ValueError:
            return job.done
        return False

    def _next(self, own: _Job) -> list[_Job]:
        """Those who wait, the longest first, up to as many as share a transaction."""
        jobs = [self._waiting.popleft() for _ in range(min(MOST, len(self._waiting)))]
        if own not in jobs:
            self._waiting.remove(own)
            jobs.append(own)
        return jobs

    def _do(self, jobs: Sequence[_Job]) -> None:
        """Do them in one transaction; where that is not kept, all of them have failed."""
        try:
            with transaction(self.engine) as connection:
                if len(jobs) == 1:
                    jobs[0].answer = jobs[0].work(next_write(connection))
                    return
                for job in jobs:
                    _apart(connection, job)
        except BaseException as failure:
            for job in jobs:
                job.failure = job.failure or failure
        finally:
            for job in jobs:
                job.done = True


def _apart(connection: sa.Connection, job: _Job) -> None:
    """Do one write, and undo it alone where it fails.

    Raises what the store says where it cannot even undo: then the transaction is lost.
    """
    run = runner(connection)
    run("SAVEPOINT one", {})
    try:
        job.answer = job.work(next_write(connection))
    except Exception as failure:
        job.failure = failure
        run("ROLLBACK TO SAVEPOINT one", {})
    run("RELEASE SAVEPOINT one", {})
