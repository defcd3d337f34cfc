"""Threads that cannot be had for want of memory: told so, and no place is lost by it."""

from __future__ import annotations

import asyncio
import threading

import pytest

from api.problems import problem_error
from api.thread_pool import Pool
from risk.errors import Unavailable


def test_a_thread_that_cannot_be_started_takes_no_place(monkeypatch: pytest.MonkeyPatch) -> None:
    pool = Pool(2, 0)

    def refuse(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    async def call() -> str:
        return await pool.run(lambda: "done")

    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", refuse)
        for _ in range(3):
            with pytest.raises(Unavailable, match="no thread"):
                asyncio.run(call())
    assert pool.in_flight == 0
    assert asyncio.run(call()) == "done"
    pool.close()


def test_no_memory_is_a_503_with_its_reason() -> None:
    problem = problem_error(MemoryError())
    assert (problem.type, problem.detail) == ("unavailable", "not enough memory")
    assert problem.headers["retry-after"] == "1"
