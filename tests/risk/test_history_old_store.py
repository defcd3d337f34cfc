"""A store that an earlier release made, opened by this one."""

from __future__ import annotations

import gzip
import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from risk.cases.figures.overview_rows import closed
from risk.cases.figures.period import Period
from risk.decisions import challenger_answers
from risk.history.migrate import HEAD, current
from risk.history.schema import DERIVED
from risk.history.schema.schema_cases import cases
from risk.history.schema.schema_decisions import decisions
from risk.history.store import History
from risk.policy import bothers
from training.check.replay import replay

STORE = Path(__file__).parent.parent / "stores" / "74fb85f.sql.gz"


@pytest.fixture
def old(tmp_path: Path) -> Iterator[History]:
    """The store of commit 74fb85f, migrated."""
    path = tmp_path / "store.db"
    with sqlite3.connect(path) as connection:
        connection.executescript(gzip.decompress(STORE.read_bytes()).decode())
    connection.close()
    history = History.open(f"sqlite:///{path}", "a secret for tests only")
    yield history
    history.close()


def test_findings_follow_the_rule_of_today(old: History) -> None:
    f = DERIVED["findings"].c
    with old.read() as connection:
        found = connection.execute(sa.select(f.refund_id, f.label, f.verdict)).all()
    assert sorted(found) == [
        ("R-disputed", 1, "fraud"), ("R-fake", 0, "counterfeit"), ("R-plain", 1, "abuse"),
    ]  # fmt: skip
    assert current(old.engine) == HEAD


def test_the_queue_shows_the_finding_that_stands(old: History) -> None:
    query = sa.select(cases.c.verdict).where(cases.c.refund_id == "R-disputed")
    with old.read() as connection:
        assert connection.execute(query).scalar() == "fraud"


def test_decisions_say_whether_they_bother_the_customer(old: History) -> None:
    with old.read() as connection:
        rows = connection.exec_driver_sql("SELECT decision_id, body FROM decisions").all()
        bodies = {row[0]: row[1] for row in rows}
        made = list(challenger_answers.made_since(connection, 0))
    assert len(made) == len(bodies) > 0
    for one in made:
        wanted = json.loads(bodies[one.decision_id])["required_evidence"]
        assert one.bothers is bothers(one.tier, [item["from"] for item in wanted])
    assert {one.bothers for one in made} == {True, False}


@pytest.mark.parametrize(
    ("asked", "counted"),
    [(["merchant"], (0, 1)), (["merchant", "customer"], (1, 0)), (["courier"], (0, 1)),
     ([], (1, 0))],
)  # fmt: skip
def test_the_overview_counts_those_bothered_apart_from_those_who_wait(
    old: History, asked: list[str], counted: tuple[int, int]
) -> None:
    items = [{"kind": "photo", "from": source, "text": {}} for source in asked]
    body = json.dumps({"required_evidence": items}, separators=(",", ":"))
    told = {"tier": "request_evidence"}
    honest = {"state": "closed", "verdict": "legitimate", "found_by": "merchant", "closed_at": 9}
    with old.write() as write:
        write.connection.execute(sa.delete(cases).where(cases.c.refund_id != "R-disputed"))
        write.connection.execute(sa.update(decisions).values(**told, body=body))
        write.connection.execute(sa.update(cases).values(**told, **honest))
    with old.read() as connection:
        found = closed(connection, Period(0, 10**15))
    assert (found["honest"], found["friction"], found["waited"]) == (1, *counted)


def test_decisions_of_another_engine_replay(old: History) -> None:
    """Answers to the bit; decisions whose features the rule changed are named, and no fault."""
    with old.read() as connection:
        rows = connection.exec_driver_sql("SELECT decision_id, refund_id FROM decisions")
        about = {str(decision_id): str(refund_id) for decision_id, refund_id in rows}
    made, differences, by_engine = replay(old, lambda *_: None)
    assert (made, differences) == (8, [])
    moved = {about[one.decision_id]: one for one in by_engine}
    assert {(one.what, one.stored) for one in by_engine} == {("engine", "1")}
    assert {"R-after-worn", "R-after-fake"} <= set(moved)
    assert not {"R-disputed", "R-worn"} & set(moved)
    assert "customer_abuse 1.0 to 0.0" in moved["R-after-worn"].again
    assert "customer_honest 0.0 to 1.0" in moved["R-after-fake"].again
