"""Group commit: concurrent writes share one transaction, and so one flush to disk.

The store has one writer at a time, and most of a small write's time is the flush. The thread that
holds the writer lock runs the writes of every thread that queued meanwhile, each at its own instant
of the store's clock and in its own savepoint, and commits once. Nobody is answered before that
commit. DeWitt et al. (1984), "Implementation techniques for main memory database systems".
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import Context, copy_context
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, TypeVar, cast

import sqlalchemy as sa

from risk.errors import Unavailable
from risk.history.commits.beside import MOST, Company, Turn, must_be_alone
from risk.history.commits.claims import Claims
from risk.history.connection.connect import Write, next_write
from risk.history.connection.driver import runner
from risk.history.connection.transactions import WriterConnection
from risk.spans import span_since

MAX_BATCH = 64
"""Writes that share a transaction at most, so that none waits long for the others."""

LOCK_TIMEOUT_S = 15.0
"""How long a thread waits for the writer lock before it gives up."""

T = TypeVar("T")
Work = Callable[[Write], Any]


@dataclass(slots=True, eq=False)
class _Job:
    """One queued write, and then its result or its failure."""

    work: Work
    claims: Claims | None = None
    answer: Any = None
    failure: BaseException | None = None
    done: bool = False
    worked_ns: int = 0
    context: Context = field(default_factory=copy_context)

    def run(self, write: Write) -> None:
        """Do the work, in the context of whoever queued it."""
        self.answer = self.context.run(self.work, write)
        self.worked_ns = time.time_ns()


@dataclass(frozen=True)
class GroupCommit:
    """The writer lock, the writer's connection and the queue of writes of one process."""

    writer: WriterConnection
    _writer_lock: Lock = field(default_factory=Lock)
    _queue: deque[_Job] = field(default_factory=deque)
    _company: Company = field(default_factory=Company)

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """Holds the writer lock for a transaction of one's own. Raises Unavailable on timeout."""
        if not self._writer_lock.acquire(timeout=LOCK_TIMEOUT_S):
            raise Unavailable("the store is busy with another writer")
        try:
            yield
        finally:
            self._writer_lock.release()

    @contextmanager
    def transaction(self) -> Iterator[sa.Connection]:
        """A transaction of one's own. Raises Unavailable on timeout."""
        with self.exclusive(), self.writer.transaction() as connection:
            yield connection

    def close(self) -> None:
        """Give the writer's connection back. Raises Unavailable on timeout."""
        with self.exclusive():
            self.writer.release()

    def write(self, work: Callable[[Write], T], claims: Claims | None = None) -> T:
        """Runs `work` in a shared transaction and returns its result once that is committed.

        Raises what `work` raised; then nothing of it is stored. `work` may run in another thread,
        and must neither commit nor roll back. With `claims` it may run beside other processes that
        claim other things; where that will not do, it is run again alone.
        """
        if claims is not None:
            try:
                return cast(T, self._write(_Job(work, claims)))
            except Exception as failure:
                if not must_be_alone(failure):
                    raise
        return cast(T, self._write(_Job(work)))

    def _write(self, job: _Job) -> Any:
        self._queue.append(job)
        try:
            with self.exclusive():
                if not job.done:
                    self._commit_batch(self._take_batch(job))
        except Unavailable:
            if not self._cancel(job):
                raise
        if job.failure is not None:
            raise job.failure
        span_since("commit", job.worked_ns)
        return job.answer

    def write_several(self, works: Sequence[Callable[[Write], T]]) -> list[T | BaseException]:
        """Runs several writes, alone and in this order, in shared transactions; the result of each,
        or what it raised, where only its own is rolled back."""
        jobs = [_Job(work) for work in works]
        self._queue.extend(jobs)
        try:
            with self.exclusive():
                while waiting := [job for job in jobs if not job.done]:
                    self._commit_batch(self._take_batch(waiting[0]))
        except Unavailable as busy:
            for job in jobs:
                job.failure = job.failure if self._cancel(job) else busy
        return [job.answer if job.failure is None else job.failure for job in jobs]

    def _cancel(self, job: _Job) -> bool:
        """Remove a job from the queue; True where another thread has already done it."""
        try:
            self._queue.remove(job)
        except ValueError:
            return job.done
        return False

    def _take_batch(self, own: _Job) -> list[_Job]:
        """The queued jobs that are alone or beside others as `own` is, the oldest first, at most
        `MAX_BATCH` and always `own`."""
        alike = [job for job in list(self._queue) if (job.claims is None) == (own.claims is None)]
        jobs = alike[: MAX_BATCH if own.claims is None else MOST]
        if own not in jobs:
            jobs.append(own)
        return [job for job in jobs if self._taken(job)]

    def _taken(self, job: _Job) -> bool:
        """Take a job from the queue; False where its thread gave up meanwhile."""
        try:
            self._queue.remove(job)
        except ValueError:
            return False
        return True

    def _commit_batch(self, jobs: Sequence[_Job]) -> None:
        """Run the jobs in one transaction; where its commit fails, all of them have failed."""
        claims = [job.claims for job in jobs if job.claims is not None]
        turn = Turn(frozenset().union(*claims), len(jobs), self._company) if claims else None
        begun = turn.next_write if turn else next_write
        try:
            with self.writer.transaction(turn.committed if turn else None) as connection:
                if len(jobs) == 1:
                    jobs[0].run(begun(connection))
                    return
                for job in jobs:
                    _in_savepoint(connection, job, begun)
        except BaseException as failure:
            for job in jobs:
                job.failure = job.failure or failure
        finally:
            for job in jobs:
                job.done = True


@contextmanager
def savepoint(connection: sa.Connection) -> Iterator[None]:
    """A part of a transaction that is rolled back alone where it fails.

    Raises the store's error where the rollback itself fails: then the transaction is lost.
    """
    run = runner(connection)
    run("SAVEPOINT one", {})
    try:
        yield
    except BaseException:
        run("ROLLBACK TO SAVEPOINT one", {})
        run("RELEASE SAVEPOINT one", {})
        raise
    run("RELEASE SAVEPOINT one", {})


def _in_savepoint(
    connection: sa.Connection, job: _Job, begun: Callable[[sa.Connection], Write]
) -> None:
    """Run one job in a savepoint, rolled back alone where the job fails."""
    try:
        with savepoint(connection):
            try:
                job.run(begun(connection))
            except Exception as failure:
                job.failure = failure
                raise
    except Exception as failure:
        if failure is not job.failure:
            raise
