"""A bounded pool of threads: what does not fit is refused at once and never waits without end."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import TypeVar

from risk.errors import Unavailable
from risk.spans import span, span_since

T = TypeVar("T")


class Pool:
    """Runs blocking work in `threads` threads, with at most `waiting` calls in the queue."""

    def __init__(self, threads: int, waiting: int) -> None:
        self._executor = ThreadPoolExecutor(threads, thread_name_prefix="work")
        self._threads = threads
        self._room = threads + waiting
        self._moved_at = time.monotonic()
        self.in_flight = 0

    async def run(self, work: Callable[[], T]) -> T:
        """What `work` returns or raises. Raises Unavailable when the queue is full, or the system
        has no memory for one more thread."""
        if self.in_flight >= self._room:
            raise Unavailable("the service is full")
        if self.in_flight < self._threads:
            self._moved_at = time.monotonic()
        self.in_flight += 1
        came = time.time_ns()

        def in_thread() -> T:
            span_since("wait", came)
            with span("work"):
                return work()

        context, loop = copy_context(), asyncio.get_running_loop()
        try:
            future = loop.run_in_executor(self._executor, context.run, in_thread)
        except (RuntimeError, MemoryError) as error:
            self.in_flight -= 1
            raise Unavailable("no thread can be started") from error
        future.add_done_callback(self._leave)
        return await future

    def _leave(self, _: object) -> None:
        self.in_flight -= 1
        self._moved_at = time.monotonic()

    def stuck_s(self) -> float:
        """For how long calls have waited while none was finished; 0 where none waits."""
        return time.monotonic() - self._moved_at if self.in_flight > self._threads else 0.0

    def close(self) -> None:
        """Finish what was begun."""
        self._executor.shutdown(wait=True)
