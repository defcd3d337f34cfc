"""A store that took wrong instants from a clock a year ahead, and has right ones again."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from risk import cases
from risk.cases import Actor
from risk.facts import KINDS
from risk.facts.format import iso
from risk.facts.revisions import FOREVER
from risk.facts.units import DAY_MS, HOUR_MS, MINUTE_MS
from risk.history.clock_mend import INSTANTS, PROMISES, wrong_instants
from risk.history.connection import connect
from risk.history.connection.connect import latest_commit_at, now_ms
from risk.history.derived.derive import derive_whole
from risk.history.intake import ingest
from risk.history.schema import DERIVED, commits, metadata
from risk.history.store import History
from tests.deciders import body, decider, photo, scored
from tests.stores import SECRET
from training.check.replay import replay
from training.cli import app

YEAR_MS = 365 * DAY_MS


def test_every_column_of_an_instant_is_named() -> None:
    """A new table of the store must say which of its columns the clock fills."""
    known = {("cases", "respond_by"), ("cases", "requested_at"), ("requests", "requested_at"),
             ("requests", "placed_at"), ("requests", "account_created_at"),
             ("returns", "inspected_at"), ("retractions", "retracted_at")}  # fmt: skip
    known |= {(name, field.name) for name, kind in KINDS.items() for field in kind.fields
              if field.type == "time" and field.name != "known_at"}  # fmt: skip
    known |= {(table, name) for table, names in INSTANTS.items() for name in names}
    known |= {(table, name) for table, names in PROMISES.items() for name in names}
    for table in metadata.sorted_tables:
        for column in table.columns:
            ends = column.name.endswith(("_at", "_until", "_by", "_from", "_to", "as_of"))
            if isinstance(column.type, sa.BigInteger) and (ends or column.name == "at"):
                assert (table.name, column.name) in known


@pytest.fixture
def spoilt(history: History, monkeypatch: pytest.MonkeyPatch) -> History:
    """One request decided on its day, and one after the clock was a year ahead for a moment."""
    deciding = decider(history)
    scored(deciding, body("before"))
    right = connect.now_ms
    monkeypatch.setattr(connect, "now_ms", lambda: right() + YEAR_MS)
    with history.write():
        pass
    monkeypatch.setattr(connect, "now_ms", right)
    one = body("after")
    one["evidence"] = [photo(one, content_hash="aa55aa55")]
    scored(deciding, one)
    ingest(history, "outcomes", [{"refund_id": "R-after", "verdict": "abuse",
                                  "decided_at": iso(right() - MINUTE_MS)}])  # fmt: skip
    ingest(history, "orders", [{**one["order"][0], "revision": 2, "amount": "90.00"}])
    cases.add_list_entry(history, "R-after", Actor("rita", ("reviewer",)), kind="block",
                         cause="seen twice", asks="evidence", days=30)  # fmt: skip
    return history


def instants(history: History) -> dict[str, list[int]]:
    with history.read() as connection:
        return {f"{table}.{name}": [int(value) for value in connection.execute(
                    sa.select(metadata.tables[table].c[name])).scalars()
                    if value is not None and value < FOREVER]
                for table, names in INSTANTS.items() for name in names
                if name in metadata.tables[table].c}  # fmt: skip


def mend(history: History, monkeypatch: pytest.MonkeyPatch, *options: str) -> Any:
    monkeypatch.setenv("REFUND_RISK_DATABASE_URL", str(history.engine.url))
    monkeypatch.setenv("REFUND_RISK_SECRET", SECRET)
    return CliRunner().invoke(app, ["clock", "--mend", "--yes", *options])


def test_no_instant_is_left_in_the_future(spoilt: History, monkeypatch: pytest.MonkeyPatch) -> None:
    assert max(instants(spoilt)["commits.at"]) > now_ms() + YEAR_MS - HOUR_MS
    before = instants(spoilt)
    told = mend(spoilt, monkeypatch)
    assert told.exit_code == 0, told.output
    assert "1 decisions" in told.output
    after = instants(spoilt)
    for name, values in after.items():
        assert all(value <= now_ms() for value in values), name
        assert len(values) == len(before[name]) + (name == "commits.at")
    ordered = sa.select(commits.c.at).order_by(commits.c.commit_no)
    with spoilt.read() as connection:
        at = list(connection.execute(ordered).scalars())
        assert latest_commit_at(connection) <= now_ms()
        expiry = sa.select(metadata.tables["listings"].c.expires_at)
        expires = connection.execute(expiry).scalar_one()
    assert at == sorted(set(at))
    assert expires < now_ms() + 31 * DAY_MS


def test_derived_rows_are_those_of_the_facts(
    spoilt: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert mend(spoilt, monkeypatch).exit_code == 0

    def rows() -> dict[str, list[str]]:
        with spoilt.read() as connection:
            return {name: sorted(map(repr, connection.execute(sa.select(table)).all()))
                    for name, table in DERIVED.items()}  # fmt: skip

    moved = rows()
    with spoilt.write() as write:
        derive_whole(write.connection, set(DERIVED))
    assert rows() == moved


def test_windows_count_again_and_replay_says_which_decisions_were_made_then(
    spoilt: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert mend(spoilt, monkeypatch).exit_code == 0
    decided = scored(decider(spoilt), body("now"))
    assert decided["as_of"] < iso(now_ms() + MINUTE_MS)
    notes: dict[str, int] = {}
    made, differences, _ = replay(spoilt, lambda what, done, _: notes.__setitem__(what, done))
    assert (made, differences) == (3, [])
    assert notes["at instants that were mended, from their vectors"] == 1
    with spoilt.read() as connection:
        assert len(wrong_instants(connection)) >= 5
        who = set(connection.execute(sa.select(commits.c.who)).scalars())
    assert "clock --mend" in who


def test_a_store_whose_clock_is_right_is_left_alone(
    history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    scored(decider(history), body("one"))
    before = instants(history)
    told = mend(history, monkeypatch)
    assert told.exit_code == 1
    assert "nothing is to be mended" in told.output
    assert instants(history) == before
