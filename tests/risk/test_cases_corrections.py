"""What a case says of facts that were corrected, withdrawn and taken back."""

from __future__ import annotations

from typing import Any

import pytest

from risk.cases import Filters, queue, view_case
from risk.cases.papers.dossier import dossier
from risk.cases.record.field_labels import FACT_LABELS, FIELD_LABELS, TABLE_OF
from risk.cases.record.revision_rows import revised_facts
from risk.cases.record.timeline_sentences import render_entry
from risk.explain.code_labels import LABELS
from risk.facts import KINDS, SUBMITTED
from risk.facts.format import iso
from risk.history.connection.connect import now_ms
from risk.history.intake import ingest
from risk.history.store import History
from tests.deciders import body, bundle, decider, scored


@pytest.fixture
def one(history: History) -> dict[str, Any]:
    """A case in the queue."""
    made = body(reason_text="never came", payout_account="account one", claims_received=True)
    made["order"][0]["shipping_address"] = "1 Example Road"
    scored(decider(history, model=bundle(lean=4.0)), made)
    return made


def change(history: History, kind: str, row: dict[str, Any], who: str = "", **to: Any) -> None:
    ingest(history, kind, [{**row, **to}], who=who)


def retract(history: History, kind: str, key: dict[str, Any], **more: Any) -> None:
    fact = {"kind": kind, "key": key, "retracted_at": iso(now_ms()), "reason": "sent twice", **more}
    ingest(history, "retractions", [fact], who="ada")


def changes(history: History, one: dict[str, Any], language: str = "en") -> list[tuple[str, str]]:
    """The corrections on the timeline, earliest first: sentence and quote."""
    entries = view_case(history, one["refund"]["refund_id"]).timeline[::-1]
    return [(render_entry(e, language), e.quote) for e in entries if e.kind == "correction"]


def closed(history: History, one: dict[str, Any]) -> str | None:
    """Why the case is closed; None while it is in the queue."""
    for filters in (Filters(state="open"), Filters(state="closed")):
        for row in queue(history, filters).cases:
            if row["refund_id"] == one["refund"]["refund_id"]:
                assert (row["closed_because"] is None) == (filters.state == "open")
                because: str | None = row["closed_because"]
                return because
    raise AssertionError("no case")


def test_a_correction_says_who_changed_what_from_what_to_what(
    history: History, one: dict[str, Any]
) -> None:
    line, refund = one["order"][0], one["refund"]
    change(history, "orders", line, "the shop", revision=2, amount="300.00", quantity=2,
           shipping_address="2 Other Road", customer_id="C-another")  # fmt: skip
    change(history, "refunds", refund, "", revision=2, reason_code="damaged",
           reason_text="it is broken", payout_account="account two", amount="300.00",
           claims_received=False, respond_by=iso(1_900_000_000_000))  # fmt: skip
    assert changes(history, one) == [
        ("Corrected by the shop, order line 1: customer changed; amount 349.00 CNY → 300.00 CNY; "
         "quantity – → 2; address changed", ""),
        ("Corrected, request: amount 349.00 CNY → 300.00 CNY; reason defective → damaged; "
         "says the goods arrived yes → no; payout account changed; "
         "deadline – → 2030-03-17 17:46 UTC; customer's text changed, before:", "never came"),
    ]  # fmt: skip
    assert changes(history, one, "zh")[0] == (
        "the shop 更正订单行 1：客户已变更；金额 349.00 CNY → 300.00 CNY；"
        "数量 – → 2；收货地址已变更",
        "",
    )


def test_what_may_not_be_shown_is_nowhere_on_the_timeline(
    history: History, one: dict[str, Any]
) -> None:
    secret = {"device_id": "device-secret", "phone": "13800001111", "customer_id": "C-secret"}
    change(history, "orders", one["order"][0], revision=2, **secret)
    view = view_case(history, one["refund"]["refund_id"])
    told = repr([(e.values, e.quote) for e in view.timeline if e.kind == "correction"])
    hashes = {str(row["device"]) for row in view.record.lines}
    assert not [word for word in (*secret.values(), *hashes) if word in told]


def test_a_withdrawn_request_leaves_the_queue_and_comes_back(
    history: History, one: dict[str, Any]
) -> None:
    refund = one["refund"]
    change(history, "refunds", refund, "the shop", revision=2, state="withdrawn")
    assert closed(history, one) == "withdrawn"
    ended = view_case(history, refund["refund_id"]).ended
    assert ended is not None
    assert render_entry(ended, "en") == "The request was withdrawn, reported by the shop."
    change(history, "refunds", refund, revision=3, amount="200.00")
    assert closed(history, one) is None
    assert view_case(history, refund["refund_id"]).ended is None
    assert [text for text, _ in changes(history, one)] == [
        "The request was withdrawn, reported by the shop.",
        "The request was opened again. amount 349.00 CNY → 200.00 CNY",
    ]


def test_a_request_taken_back_closes_and_a_later_revision_opens_it(
    history: History, one: dict[str, Any]
) -> None:
    key = {"refund_id": one["refund"]["refund_id"]}
    retract(history, "refunds", key)
    assert closed(history, one) == "retracted"
    ended = view_case(history, key["refund_id"]).ended
    assert ended is not None
    assert ended.quote == "sent twice"
    retract(history, "refunds", key, revision=1, reason="it was not")
    change(history, "refunds", one["refund"], "the shop", revision=2)
    assert closed(history, one) is None
    told = changes(history, one)
    assert [quote for _, quote in told] == ["sent twice", "it was not", ""]
    assert told[0][0].startswith("Taken back by ada: This request: ")
    assert told[2][0].startswith("Sent again by the shop, unchanged: This request: ")


def test_a_parcel_and_a_finding_taken_back_are_named_with_the_reason(
    history: History, one: dict[str, Any]
) -> None:
    order = one["order"][0]["order_id"]
    parcel = {"order_id": order, "status": "delivered", "occurred_at": iso(now_ms() - 7_200_000),
              "courier": "SF"}  # fmt: skip
    ingest(history, "shipments", [parcel])
    retract(history, "shipments", {n: parcel[n] for n in ("order_id", "status", "occurred_at")})
    found = {"refund_id": one["refund"]["refund_id"], "decided_at": iso(now_ms()),
             "verdict": "fraud", "decided_by": "platform"}  # fmt: skip
    ingest(history, "outcomes", [found])
    assert closed(history, one) == "finding"
    retract(history, "outcomes", {n: v for n, v in found.items() if n != "verdict"})
    assert closed(history, one) is None
    assert changes(history, one) == [
        ("Taken back by ada: Parcel: delivered (SF Express)", "sent twice"),
        ("Taken back by ada: Verdict: fraud, by the platform", "sent twice"),
    ]
    view = view_case(history, one["refund"]["refund_id"])
    assert [e.kind for e in view.timeline if e.kind == "outcome"] == []


def test_the_dossier_holds_what_was_corrected(history: History, one: dict[str, Any]) -> None:
    change(history, "orders", one["order"][0], "the shop", revision=2, amount="300.00")
    facts = dossier(history, one["refund"]["refund_id"])["facts"]
    assert [fact["text"]["en"] for fact in facts if fact["kind"] == "correction"] == [
        "Corrected by the shop, order line 1: amount 349.00 CNY → 300.00 CNY"
    ]


def test_a_case_without_corrections_is_read_with_one_statement_more(
    history: History, one: dict[str, Any]
) -> None:
    statements: list[str] = []
    with history.read() as connection:
        request = view_case(history, one["refund"]["refund_id"]).record.request
        driver: Any = connection.connection.driver_connection
        driver.set_trace_callback(statements.append)
        assert revised_facts(connection, request) == []
        driver.set_trace_callback(None)
    assert len(statements) == 1


@pytest.mark.parametrize("kind", SUBMITTED)
def test_every_field_of_a_fact_has_a_label(kind: str) -> None:
    own = {field.name for field in KINDS[kind].fields} - {"revision", "known_at"}
    assert own - FIELD_LABELS.keys() == set()
    assert FACT_LABELS[kind]
    for field in KINDS[kind].fields:
        if field.type == "choice" and field.name != "selected_by":
            assert set(field.choices) <= LABELS[TABLE_OF[field.name]].keys(), field.name
