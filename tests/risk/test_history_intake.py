"""Facts as the API brings them: stored all or nothing, known from the store's own instant."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from risk.errors import BadInput, Conflict
from risk.facts import KINDS
from risk.facts.format import iso
from risk.history.connection.connect import now_ms
from risk.history.intake import ingest, parse_facts
from risk.history.schema import FACTS
from risk.history.store import History

DAY = 86_400_000
LONG_AGO = "2026-03-01T08:00:00+08:00"


def fact(kind: str, number: int = 1, **more: Any) -> dict[str, Any]:
    """A fact of which only what is required is given."""
    given = {"time": LONG_AGO, "money": "12.50", "id": f"x{number}", "count": 3}
    row = {
        f.name: f.choices[0] if f.choices else given[f.type]
        for f in KINDS[kind].fields
        if f.required or f.name == KINDS[kind].subject()
    }
    return {**row, **more}


def stored(history: History, kind: str) -> list[dict[str, Any]]:
    with history.read() as connection:
        return [dict(row) for row in connection.execute(sa.select(FACTS[kind])).mappings()]


@pytest.mark.parametrize("kind", KINDS)
def test_a_fact_is_stored_once_however_often_it_is_sent(history: History, kind: str) -> None:
    first, second = (ingest(history, kind, [fact(kind)]) for _ in range(2))
    assert (first.new, first.same) == (1, 0)
    assert (second.new, second.same) == (0, 1)
    assert len(stored(history, kind)) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_known_from_the_instant_of_the_call(history: History, kind: str) -> None:
    before = now_ms()
    ingest(history, kind, [fact(kind, 1), fact(kind, 2)])
    known = {row["known_at"] for row in stored(history, kind)}
    with history.read() as connection:
        last = connection.execute(sa.text("SELECT MAX(at) FROM commits")).scalar_one()
    assert known == {last}
    assert last >= before


def test_the_same_fact_later_does_not_change_when_it_was_known(history: History) -> None:
    ingest(history, "orders", [fact("orders")])
    known = stored(history, "orders")[0]["known_at"]
    ingest(history, "orders", [fact("orders")])
    later = {**fact("orders"), "known_at": iso(now_ms())}
    ingest(history, "orders", [later], may_backdate=True)
    assert stored(history, "orders")[0]["known_at"] == known


@pytest.mark.parametrize("kind", KINDS)
def test_one_bad_fact_keeps_the_whole_list_out(history: History, kind: str) -> None:
    event = KINDS[kind].event_time
    bad = fact(kind, 2, **{event: "2026-03-01T08:00:00"})
    with pytest.raises(BadInput) as refused:
        ingest(history, kind, [fact(kind, 1), bad])
    (problem,) = refused.value.problems
    assert (problem.kind, problem.row, problem.field) == (kind, 1, event)
    assert stored(history, kind) == []


def test_another_content_under_a_key_is_a_conflict_that_names_it(history: History) -> None:
    ingest(history, "orders", [fact("orders", 1)])
    with pytest.raises(Conflict, match="order_id=x1"):
        ingest(history, "orders", [fact("orders", 3), fact("orders", 1, amount="13.00")])
    assert [row["amount"] for row in stored(history, "orders")] == [125_000]


def test_a_list_that_contradicts_itself_is_a_conflict(history: History) -> None:
    with pytest.raises(Conflict, match="order_id=x1"):
        ingest(history, "orders", [fact("orders", 1), fact("orders", 1, amount="13.00")])
    assert stored(history, "orders") == []


def test_a_list_may_say_the_same_twice(history: History) -> None:
    added = ingest(history, "orders", [fact("orders"), fact("orders")])
    assert (added.new, added.same) == (1, 1)


def test_backdating_takes_the_right_to_it(history: History) -> None:
    dated = fact("orders", known_at="2026-03-02T08:00:00+08:00")
    with pytest.raises(BadInput) as refused:
        ingest(history, "orders", [dated])
    assert refused.value.problems[0].field == "known_at"
    ingest(history, "orders", [dated, fact("orders", 2)], may_backdate=True)
    known = {row["order_id"]: row["known_at"] for row in stored(history, "orders")}
    assert {row["placed_at"] for row in stored(history, "orders")} == {known["x1"] - DAY}
    assert known["x2"] > known["x1"]


@pytest.mark.parametrize("empty", [None, ""])
def test_an_empty_known_at_needs_no_right(history: History, empty: str | None) -> None:
    assert ingest(history, "orders", [fact("orders", known_at=empty)]).new == 1


@pytest.mark.parametrize("may_backdate", [True, False])
def test_nothing_has_happened_that_is_still_to_come(history: History, may_backdate: bool) -> None:
    soon = fact("orders", placed_at=iso(now_ms() + DAY))
    with pytest.raises(BadInput) as refused:
        ingest(history, "orders", [soon], may_backdate=may_backdate)
    assert refused.value.problems[0].field == "placed_at"


@pytest.mark.parametrize("item", [None, 7, "x", ["order_id"]])
def test_a_fact_is_an_object(history: History, item: Any) -> None:
    with pytest.raises(BadInput, match="an object") as refused:
        ingest(history, "orders", [fact("orders"), item])
    assert refused.value.problems[0].row == 1


def test_unknown_fields_are_named_each(history: History) -> None:
    with pytest.raises(BadInput) as refused:
        ingest(history, "orders", [fact("orders", colour="red", size="M" * 200)])
    assert [problem.field for problem in refused.value.problems] == ["colour", "size"]


def test_what_is_wrong_is_placed_within_the_body_it_stands_in(history: History) -> None:
    with pytest.raises(BadInput) as refused:
        parse_facts("orders", [{}], history.hasher, may_backdate=False, within="order")
    assert {problem.kind for problem in refused.value.problems} == {"order"}
    required = {field.name for field in KINDS["orders"].fields if field.required}
    assert {problem.field for problem in refused.value.problems} == required


def test_the_clock_of_the_store_never_steps_back(
    history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    ingest(history, "orders", [fact("orders", 1)])
    monkeypatch.setattr("risk.history.connection.connect.now_ms", lambda: 1_772_323_200_001)
    ingest(history, "orders", [fact("orders", 2)])
    first, second = sorted(row["known_at"] for row in stored(history, "orders"))
    assert second == first + 1


def test_what_is_known_later_happened_at_most_a_day_from_now(history: History) -> None:
    far, known = (iso(now_ms() + days * DAY + 60_000) for days in (1, 2))
    with pytest.raises(BadInput) as refused:
        ingest(history, "orders", [fact("orders", placed_at=far, known_at=known)],
               may_backdate=True)  # fmt: skip
    [problem] = refused.value.problems
    assert problem.field == "placed_at"
    assert "clock" in problem.expected
