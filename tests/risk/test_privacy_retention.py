"""Old words go, numbers stay, and what somebody has yet to read is left alone."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
import sqlalchemy as sa

from risk import cases
from risk.cases import Actor
from risk.facts.format import iso
from risk.history.case_state import upsert_case
from risk.history.connection.connect import now_ms
from risk.history.intake import ingest
from risk.history.schema import FACTS
from risk.history.schema.schema_cases import cases as rows
from risk.history.schema.schema_privacy import erasures
from risk.history.store import History
from risk.privacy.retention import clear_free_text
from tests import case_rows
from tests.deciders import DAY, body

RITA = Actor("rita")


def told(history: History, name: str, days: float, *, found: bool = True) -> dict[str, object]:
    """A request with words, known so many days ago, with a note about what was found."""
    known = now_ms() - int(days * DAY)
    one = body(name, at=known, reason_text=f"the lid of {name} is cracked along the rim")
    for kind, fact in (("orders", one["order"][0]), ("refunds", one["refund"])):
        ingest(history, kind, [{**fact, "known_at": iso(known)}], may_backdate=True)
    noted = {"refund_id": f"R-{name}", "decided_at": iso(known), "verdict": "legitimate",
             "note": f"seen {name}", "known_at": iso(known)}  # fmt: skip
    ingest(history, "outcomes", [noted] if found else [], may_backdate=True)
    return {**one["refund"], "known_at": iso(known)}


def words(history: History) -> dict[str, tuple[str | None, str | None]]:
    refunds, outcomes = FACTS["refunds"], FACTS["outcomes"]
    joined = refunds.join(outcomes, outcomes.c.refund_id == refunds.c.refund_id)
    query = sa.select(refunds.c.refund_id, refunds.c.reason_text, outcomes.c.note)
    with history.read() as connection:
        return {r: (t, n) for r, t, n in connection.execute(query.select_from(joined))}


NOTHING = {"refunds": 0, "outcomes": 0, "feedback": 0, "payment_disputes": 0, "retractions": 0,
           "remarks": 0, "waiting": 0}  # fmt: skip


def test_only_what_is_older_goes(history: History) -> None:
    told(history, "old", 31)
    told(history, "new", 29)
    assert clear_free_text(history, 30) == {**NOTHING, "refunds": 1, "outcomes": 1}
    assert words(history) == {
        "R-old": (None, None),
        "R-new": ("the lid of new is cracked along the rim", "seen new"),
    }
    assert clear_free_text(history, 30) == NOTHING


def test_what_was_read_from_the_words_stays_and_the_facts_are_known_again(
    history: History,
) -> None:
    refund = told(history, "old", 31)
    names = ("text_length", "specificity", "text_exact", "topics")
    query = sa.select(*(FACTS["refunds"].c[name] for name in names))
    with history.read() as connection:
        before = connection.execute(query).one()
    clear_free_text(history, 30)
    with history.read() as connection:
        assert connection.execute(query).one() == before
    again = ingest(history, "refunds", [refund], may_backdate=True)
    assert (again.new, again.same) == (0, 1)
    assert words(history)["R-old"] == (None, None)


def test_an_open_case_keeps_its_words(history: History) -> None:
    told(history, "old", 31, found=False)
    with history.write() as write:
        upsert_case(write.connection, case_rows.decided("R-old"))
    assert clear_free_text(history, 30)["refunds"] == 0
    with history.write() as write:
        write.connection.execute(sa.update(rows).values(state="closed"))
    assert clear_free_text(history, 30)["refunds"] == 1


def test_remarks_lose_their_words_and_stay_deeds(history: History) -> None:
    told(history, "old", 31)
    cases.add_note(history, "R-old", RITA, "called twice")
    with history.write() as write:
        write.connection.execute(sa.text("UPDATE case_events SET at = at - 31 * 86400000"))
    assert clear_free_text(history, 30)["remarks"] == 1
    assert [(e["action"], e["body"]) for e in cases.view_case(history, "R-old").events] == [
        ("note", {})
    ]


def test_what_was_cleared_is_noted_without_the_words(history: History) -> None:
    told(history, "old", 31)
    clear_free_text(history, 30)
    with history.read() as connection:
        noted = connection.execute(sa.select(erasures.c.kind, erasures.c.counts)).all()
    [(kind, counts)] = noted
    assert (kind, orjson.loads(counts)) == ("tidy", {**NOTHING, "refunds": 1, "outcomes": 1})


@pytest.mark.parametrize("days", [0, -3])
def test_less_than_a_day_is_no_time(history: History, days: int) -> None:
    with pytest.raises(ValueError, match="one day"):
        clear_free_text(history, days)


def test_feedback_and_disputes_lose_their_words_once_no_case_is_open(history: History) -> None:
    told(history, "old", 31, found=False)
    at = iso(now_ms() - 31 * DAY)
    more: dict[str, dict[str, Any]] = {
        "feedback": {"refund_id": "R-old", "answered_at": at, "satisfaction": 2, "note": "slow"},
        "payment_disputes": {"dispute_id": "D-1", "order_id": "O-old", "stage": "opened",
                             "occurred_at": at, "amount": "9.00", "reason": "never came"},
    }  # fmt: skip
    for kind, one in more.items():
        ingest(history, kind, [{**one, "known_at": at}], may_backdate=True)
    with history.write() as write:
        upsert_case(write.connection, case_rows.decided("R-old"))
    assert clear_free_text(history, 30) == NOTHING
    with history.write() as write:
        write.connection.execute(sa.update(rows).values(state="closed"))
    cleared = {**NOTHING, "refunds": 1, "feedback": 1, "payment_disputes": 1}
    assert clear_free_text(history, 30) == cleared
