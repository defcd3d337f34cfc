"""Writers that share a transaction: each write its own, all stored before anybody is answered."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import TypeVar

import pytest
import sqlalchemy as sa

from risk.errors import Conflict, Unavailable
from risk.history.commits import group_commit
from risk.history.connection.connect import Write
from risk.history.schema import commits
from risk.history.schema.schema_decisions import decisions
from risk.history.schema.schema_models import policies
from risk.history.store import History
from tests.deciders import body, counts, decider


def _keep(write: Write, version: str) -> tuple[int, int]:
    """Write something under a name that can be taken once."""
    write.connection.execute(
        sa.insert(policies).values(version=version, kept_at=write.at, content="-")
    )
    return write.commit_no, write.at


def _stored(history: History) -> set[str]:
    with history.read() as connection:
        return set(connection.execute(sa.select(policies.c.version)).scalars())


Made = TypeVar("Made")


def _held(history: History, works: list[Callable[[Write], Made]]) -> list[Future[Made]]:
    """Let these writes come while another holds the turn; answers them when all are over."""
    inside, all_came = threading.Event(), threading.Event()

    def first(write: Write) -> None:
        inside.set()
        assert all_came.wait(10)

    with ThreadPoolExecutor(len(works) + 1) as pool:
        pool.submit(history.write_grouped, first)
        assert inside.wait(10)
        futures = [pool.submit(history.write_grouped, work) for work in works]
        while len(history._group_commit._queue) < len(works):
            pass
        all_came.set()
    return futures


def test_several_writes_of_one_share_a_commit_in_their_order_each_by_itself(
    history: History,
) -> None:
    committed: list[str] = []

    def watch(driver: sqlite3.Connection, *_: object) -> None:
        driver.set_trace_callback(committed.append)

    def fail(write: Write) -> tuple[int, int]:
        _keep(write, "lost")
        raise Conflict("not this one")

    sa.event.listen(history.engine, "checkout", watch)
    works: list[Callable[[Write], tuple[int, int]]] = [
        partial(_keep, version="a"), fail, partial(_keep, version="b"),
    ]  # fmt: skip
    first, failed, last = history.write_several(works)
    assert isinstance(failed, Conflict)
    assert not isinstance(first, BaseException)
    assert not isinstance(last, BaseException)
    assert first < last
    assert first[1] < last[1]
    assert committed.count("COMMIT") == 1
    assert _stored(history) == {"a", "b"}


def test_those_who_come_meanwhile_share_one_commit_at_instants_of_their_own(
    history: History,
) -> None:
    committed: list[str] = []

    def watch(driver: sqlite3.Connection, *_: object) -> None:
        driver.set_trace_callback(committed.append)

    sa.event.listen(history.engine, "checkout", watch)
    works: list[Callable[[Write], tuple[int, int]]] = [
        partial(_keep, version=f"p{n}") for n in range(6)
    ]
    told = [future.result() for future in _held(history, works)]
    assert committed.count("COMMIT") == 2
    assert len({number for number, _ in told}) == len({at for _, at in told}) == 6
    assert sorted(told) == sorted(told, key=lambda one: one[1])
    assert _stored(history) == {f"p{n}" for n in range(6)}
    with history.read() as connection:
        rows = connection.execute(sa.select(commits).order_by(commits.c.commit_no)).all()
    assert [row.at for row in rows] == sorted({row.at for row in rows})


def test_a_write_that_fails_leaves_the_others_and_nothing_of_itself(history: History) -> None:
    def fail(write: Write) -> None:
        _keep(write, "half")
        raise Conflict("no")

    works: list[Callable[[Write], object]] = [
        lambda write: _keep(write, "a"), fail, lambda write: _keep(write, "b"),
    ]  # fmt: skip
    a, failed, b = _held(history, works)
    assert a.exception() is b.exception() is None
    assert isinstance(failed.exception(), Conflict)
    assert _stored(history) == {"a", "b"}


def test_nobody_is_answered_where_the_transaction_is_lost(history: History) -> None:
    def lose(write: Write) -> None:
        write.connection.exec_driver_sql("ROLLBACK")

    works: list[Callable[[Write], object]] = [
        lambda write: _keep(write, "a"), lose, lambda write: _keep(write, "b"),
    ]  # fmt: skip
    for future in _held(history, works):
        assert isinstance(future.exception(), sa.exc.OperationalError)
    assert _stored(history) == set()
    assert history.write_grouped(lambda write: _keep(write, "later"))
    assert _stored(history) == {"later"}


def test_a_turn_that_does_not_come_is_given_up_and_nothing_of_it_done(
    history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(group_commit, "LOCK_TIMEOUT_S", 0.05)
    with ThreadPoolExecutor(1) as pool, history.write():
        late = pool.submit(history.write_grouped, lambda write: _keep(write, "late"))
        assert isinstance(late.exception(10), Unavailable)
    assert history.write_grouped(lambda write: _keep(write, "next"))
    assert _stored(history) == {"next"}


def test_the_same_body_among_many_others_at_once_is_one_decision(history: History) -> None:
    deciding = decider(history)
    same, others = body(), [body() for _ in range(6)]
    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(deciding.score, [same, *others, *[same] * 5]))
    assert len({answer.decision_id for answer in answers}) == 7
    assert counts(history)["decisions"] == 7
    with history.read() as connection:
        rows = connection.execute(sa.select(decisions.c.commit_no, decisions.c.as_of)).all()
    assert len({row.commit_no for row in rows}) == len({row.as_of for row in rows}) == 7
