"""Decisions that are made and held before they are committed, and what waits for them."""

from __future__ import annotations

import threading
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from risk.decisions import log
from risk.decisions.decide import Decider
from risk.decisions.decision import Decided
from risk.decisions.submission import read_submission
from risk.history.connection.connect import Write
from risk.history.schema import commits
from risk.history.store import History
from risk.history.tenants.caller import ANYONE
from tests.deciders import body
from training.check.replay import replay


@dataclass
class Held:
    """A decision that is made and not yet committed, until it is let go."""

    deciding: Decider
    one: dict[str, Any]
    made: threading.Event = field(default_factory=threading.Event)
    go: threading.Event = field(default_factory=threading.Event)
    fails: bool = False
    backend: int | None = None
    alone: bool = False
    answer: Future[Decided] = field(default_factory=Future)

    def __call__(self) -> Decided:
        history = self.deciding.history
        submission = read_submission(self.one, history, may_backdate=False)
        decide = self.deciding.deciding(submission, "", ANYONE)

        def work(write: Write) -> Decided:
            answer = decide(write)[0]
            asked = write.connection.exec_driver_sql("SELECT pg_backend_pid()")
            self.backend = int(asked.scalar_one())
            self.alone = write.claims is None
            self.made.set()
            assert self.go.wait(20)
            assert not self.fails
            return answer

        claims = self.deciding._claiming.claims(submission, ANYONE)
        assert claims is not None
        return history.write_grouped(work, claims)


def waits(history: History, number: int = 1) -> None:
    """Return once so many connections wait for a lock."""
    query = "SELECT COUNT(DISTINCT pid) FROM pg_locks WHERE NOT granted"
    with history.engine.connect() as connection:
        while connection.exec_driver_sql(query).scalar_one() < number:
            pass


def kept(deciding: Decider, refund: str) -> log.StoredDecision:
    with deciding.history.read() as connection:
        return next(one for one in log.every(connection) if one.refund_id == refund)


def value(deciding: Decider, refund: str, name: str) -> float:
    """A feature of a decision."""
    names = [feature.name for feature in deciding.ready().features]
    return float(kept(deciding, refund).features[names.index(name)])


def made_again(deciding: Decider) -> None:
    """Every decision is made again to the bit, and instants rise with the numbers of commits."""
    assert replay(deciding.history, lambda *_: None)[1:] == ([], [])
    with deciding.history.read() as connection:
        rows = connection.execute(sa.select(commits.c.at).order_by(commits.c.commit_no)).scalars()
        moments = list(rows)
    assert moments == sorted(set(moments))


def beside(deciding: Decider, one: dict[str, Any], pool: ThreadPoolExecutor) -> Held:
    """A decision in flight, made and held."""
    held = Held(deciding, one)
    held.answer = pool.submit(held)
    assert held.made.wait(20)
    return held


def of(customer: str, name: str, **order: Any) -> dict[str, Any]:
    """A body of its own by this customer."""
    one = body(name)
    one["order"][0] |= {"customer_id": customer, **order}
    return one
