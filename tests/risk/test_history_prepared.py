"""Statements that are compiled once answer as SQLAlchemy does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from risk.history.connection.prepared import Prepared
from risk.history.schema.schema_cases import cases
from risk.history.store import History
from tests.stores import new_store

CASE = {
    "state": "open", "rank": 1, "decision_id": "d", "wanted": True, "tier": "approve",
    "stage": "request", "probability": 0.25, "amount": 10, "currency": "CNY", "stake": 1.5,
    "respond_by": 5, "requested_at": 1, "linked": 0, "linked_fraud": 0, "audit": False,
    "selected_by": "policy", "priority": False, "headline": "{}", "opened_at": 2, "decided_at": 2,
}  # fmt: skip
OPEN = sa.select(cases, (cases.c.rank + 1).label("next")).where(
    cases.c.state == "open", cases.c.refund_id == sa.bindparam("refund_id", type_=sa.Text)
)


@pytest.fixture
def history(tmp_path: Path) -> Iterator[History]:
    made = new_store(tmp_path / "s.db")
    with made.write() as write:
        for name in ("R-1", "R-2"):
            write.connection.execute(sa.insert(cases).values(refund_id=name, **CASE))
    yield made
    made.close()


def test_the_rows_are_those_of_sqlalchemy(history: History) -> None:
    with history.read() as connection:
        for name in ("R-1", "R-2", "R-3"):
            rows = connection.execute(OPEN, {"refund_id": name}).mappings()
            assert Prepared(OPEN)(connection, refund_id=name) == [dict(row) for row in rows]


def test_truth_values_are_read_as_such(history: History) -> None:
    with history.read() as connection:
        [row] = Prepared(OPEN)(connection, refund_id="R-1")
    assert (row["wanted"], row["audit"], row["next"]) == (True, False, 2)
    assert isinstance(row["audit"], bool)


def test_an_error_of_the_driver_is_one_of_the_store(history: History) -> None:
    missing = sa.table("nowhere", sa.column("a"))
    with history.read() as connection, pytest.raises(sa.exc.OperationalError):
        Prepared(sa.select(missing.c.a))(connection)
