"""Open cases are decided again once facts about them have come, and stay with who works on them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

import risk
from risk.cases import view_case
from risk.cases.actor import Actor
from risk.cases.acts.actions import claim
from risk.decisions.after_finding import decide_found
from risk.decisions.decide import Decider
from risk.facts.format import iso
from risk.facts.units import DAY_MS
from risk.history.connection.connect import now_ms
from risk.history.intake import ingest
from risk.history.schema.schema_cases import cases
from risk.history.store import History
from tests.deciders import body, bundle, decider, photo, scored
from tests.risk.open_cases import latest, lost, missing, row, rules

MEI = Actor("mei")
POLICY = Path(risk.__file__).parent / "policy.toml"


@pytest.fixture
def deciding(history: History) -> Decider:
    """Calls a person for everything that no rule settles."""
    return decider(history, model=bundle(0, 5.0))


def test_what_the_courier_admits_later_settles_an_open_case(
    deciding: Decider, history: History
) -> None:
    one = missing(deciding)
    ingest(history, "shipments", [lost(one)])
    assert row(history, one)["facts_at"] is not None
    assert decide_found(deciding) == 1
    again = latest(deciding, one)
    assert again["tier"] == "approve"
    assert "courier_admits" in rules(again)
    now = row(history, one)
    assert now["state"] == ("open" if now["audit"] else "closed")
    assert now["facts_at"] is None
    assert decide_found(deciding) == 0, "and once only"
    ingest(history, "shipments", [lost(one)])
    assert decide_found(deciding) == 0, "the same fact again is no news"


@pytest.mark.parametrize(
    ("by", "status", "more", "admitted"),
    [
        ("locker", "lost", {}, True),
        (None, "lost", {}, True),
        ("neighbour", "returned_to_sender", {}, True),
        ("customer", "lost", {}, False),
        ("locker", "lost", {"tracking_no": "another"}, False),
        ("locker", "lost", {"occurred_at": iso(now_ms() - 3 * DAY_MS)}, False),
    ],
)
def test_a_loss_after_a_delivery_counts_unless_the_customer_took_the_parcel(
    deciding: Decider, history: History, by: str | None, status: str, more: Any, admitted: bool
) -> None:
    one = missing(deciding, by)
    ingest(history, "shipments", [lost(one, status=status, **more)])
    decide_found(deciding)
    assert ("courier_admits" in rules(latest(deciding, one))) is admitted


def test_who_has_the_goods_gets_nothing_for_a_parcel_that_is_called_lost(
    deciding: Decider, history: History
) -> None:
    one = body(reason_code="defective", claims_received=True)
    one["shipments"][0]["received_by"] = "locker"
    scored(deciding, one)
    ingest(history, "shipments", [lost(one)])
    assert decide_found(deciding) == 1
    assert "courier_admits" not in rules(latest(deciding, one))


@pytest.mark.parametrize("how", ["claimed", "team", "escalated"])
def test_what_somebody_works_on_stays_with_them_and_says_what_is_new(
    deciding: Decider, history: History, how: str
) -> None:
    one = missing(deciding)
    name = one["refund"]["refund_id"]
    if how == "claimed":
        claim(history, name, MEI)
    else:
        given: dict[str, Any] = {"team": "parcels"} if how == "team" else {"escalated_at": now_ms()}
        with history.write() as write:
            write.connection.execute(sa.update(cases).values(**given))
    ingest(history, "shipments", [lost(one)])
    assert decide_found(deciding) == 1
    again = latest(deciding, one)
    assert again["tier"] == "platform_intervention"
    assert {"courier_admits", "with_reviewer"} <= rules(again)
    assert again["recommended"]["action"] == "pay"
    assert "personally" in again["customer_message"]["en"]
    assert row(history, one)["state"] == "open"
    assert row(history, one)["held_by"] == (MEI.name if how == "claimed" else None)
    assert scored(deciding, {**one, "evidence": [photo(one)]})["tier"] == "platform_intervention"


def test_a_claim_that_has_lapsed_holds_nothing(deciding: Decider, history: History) -> None:
    one = missing(deciding)
    with history.write() as write:
        lapsed = sa.update(cases).values(held_by="mei", held_until=write.at - 1)
        write.connection.execute(lapsed)
    ingest(history, "shipments", [lost(one)])
    decide_found(deciding)
    assert latest(deciding, one)["tier"] == "approve"


def late_facts(one: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Facts of every kind that may come of a case after its decision."""
    refund, order = one["refund"], one["order"][0]
    about = {"refund_id": refund["refund_id"]}
    dispute = {"dispute_id": f"D-{refund['refund_id']}", "stage": "opened", "amount": "349.00"}
    packing = {
        "evidence_id": f"P-{order['order_id']}", "order_id": order["order_id"], "kind": "video",
        "submitted_by": "merchant", "submitted_at": iso(now_ms()),
    }  # fmt: skip
    back = {**about, "order_id": order["order_id"], "direction": "return", "status": "shipped",
            "occurred_at": iso(now_ms()), "tracking_no": "B-1"}  # fmt: skip
    looked = {**about, "inspected_at": iso(now_ms()), "condition": "as_sent"}
    paid = {**about, "decided_at": iso(now_ms()), "verdict": "undetermined",
            "resolution": "refunded", "amount": "349.00", "decided_by": "system"}  # fmt: skip
    return {
        "shipments": [lost(one), back],
        "evidence": [photo(one), packing],
        "inspections": [looked],
        "orders": [{**order, "category": "shoes", "revision": 2}],
        "refunds": [{**refund, "amount": "300.00", "revision": 2}],
        "payment_disputes": [
            {**dispute, "order_id": order["order_id"], "occurred_at": iso(now_ms())}
        ],
        "outcomes": [paid],
    }  # fmt: skip


def test_every_kind_of_fact_about_a_case_has_it_decided_again(
    deciding: Decider, history: History
) -> None:
    for kind, facts in late_facts(body()).items():
        for place in range(len(facts)):
            one = body()
            scored(deciding, one)
            ingest(history, kind, [late_facts(one)[kind][place]])
            assert decide_found(deciding) == 1, (kind, place)
            assert decide_found(deciding) == 0, (kind, place)


def test_a_later_stage_is_the_decision_s(deciding: Decider, history: History) -> None:
    one = body()
    scored(deciding, one)
    for kind, place, stage in (
        ("evidence", 1, "request"), ("evidence", 0, "evidence"), ("shipments", 1, "return"),
        ("inspections", 0, "inspection"), ("shipments", 0, "inspection"),
    ):  # fmt: skip
        fact = late_facts(one)[kind][place]
        worn = {"condition": "used"} if kind == "inspections" else {}
        ingest(history, kind, [{**fact, **worn}])
        assert decide_found(deciding) == 1
        assert latest(deciding, one)["stage"] == stage


def test_facts_about_something_else_leave_a_case_alone(deciding: Decider, history: History) -> None:
    one, other = body(), body()
    for each in (one, other):
        scored(deciding, each)
    order = {**one["order"][0], "line_id": "2"}
    ingest(history, "orders", [order])
    ingest(history, "shipments", [lost(one, line_id="2")])
    ingest(history, "feedback", [{"refund_id": one["refund"]["refund_id"], "satisfaction": 5,
                                  "answered_at": iso(now_ms())}])  # fmt: skip
    assert decide_found(deciding) == 0
    scored(deciding, body())
    assert decide_found(deciding) == 0, "its own decision knows what came with it"


def test_another_request_s_end_is_news_for_those_on_its_order(
    deciding: Decider, history: History
) -> None:
    one = body()
    scored(deciding, one)
    second = {**one["refund"], "refund_id": f"{one['refund']['refund_id']}-2"}
    first = scored(deciding, {"refund": second})
    assert "other_open_request" in rules(first)
    ingest(history, "refunds", [{**one["refund"], "state": "withdrawn", "revision": 2}])
    decide_found(deciding)
    again = deciding.decisions(second["refund_id"])[-1]
    assert "other_open_request" not in rules(again)


def test_what_was_taken_back_is_news(deciding: Decider, history: History) -> None:
    one = missing(deciding)
    event = lost(one)
    ingest(history, "shipments", [event])
    claim(history, one["refund"]["refund_id"], MEI)
    decide_found(deciding)
    key = {
        "order_id": event["order_id"], "status": "lost", "occurred_at": event["occurred_at"],
        "direction": "outbound", "line_id": None, "refund_id": None, "tracking_no": None,
    }  # fmt: skip
    taken = {"kind": "shipments", "key": key, "retracted_at": iso(now_ms()), "reason": "a mix-up"}
    ingest(history, "retractions", [taken])
    assert decide_found(deciding) == 1
    assert "courier_admits" not in rules(latest(deciding, one))


def test_the_page_shows_what_the_new_decision_knows(deciding: Decider, history: History) -> None:
    one = missing(deciding)
    claim(history, one["refund"]["refund_id"], MEI)
    ingest(history, "shipments", [lost(one)])
    decide_found(deciding)
    view = view_case(history, one["refund"]["refund_id"])
    assert view.decision is not None
    assert view.situation is not None
    assert view.situation.held
