"""Scores asked for while something else goes on, such as an import."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from risk.decisions.decide import Decider
from tests.deciders import body, scored


@contextmanager
def scored_meanwhile(decider: Decider, callers: int = 1) -> Iterator[Counter[str]]:
    """How often each tier was answered during the block, or each failure as it is written."""
    answers, over = Counter[str](), threading.Event()

    def ask() -> None:
        while not over.is_set():
            try:
                answers[scored(decider, body())["tier"]] += 1
            except Exception as error:
                answers[repr(error)] += 1

    asking = [threading.Thread(target=ask) for _ in range(callers)]
    for thread in asking:
        thread.start()
    try:
        yield answers
    finally:
        over.set()
        for thread in asking:
            thread.join()
