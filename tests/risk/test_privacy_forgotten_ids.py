"""The ids of a forgotten person: none is left, wherever it stands, and nobody else's is touched."""

from __future__ import annotations

from functools import partial

import orjson
import pytest
import sqlalchemy as sa

from risk import cases
from risk.access import idempotency
from risk.facts.format import iso
from risk.history.connection.connect import now_ms
from risk.history.envelope import SecretCipher
from risk.history.intake import ingest
from risk.history.schema import FACTS
from risk.history.store import History
from risk.privacy import (
    forget,
    is_tombstone,
    webhook_ids_of,
)
from risk.webhooks import deliveries, subscriptions
from tests.deciders import body, counts, decider, scored
from tests.risk.forgotten_person import REVIEWER, customers, everything, files, gone, person


def test_no_id_leads_back_to_the_person(history: History) -> None:
    deciding, told = decider(history), person()
    told["refund"]["refund_id"] = told["evidence"][0]["refund_id"] = "8812003344"
    told["evidence"][0]["evidence_id"] = "EV-771"
    scored(deciding, told)
    ingest(history, "feedback", [{"refund_id": "8812003344", "satisfaction": 1,
                                  "answered_at": iso(now_ms() - 60_000)}])  # fmt: skip
    ingest(history, "payment_disputes", [
        {"dispute_id": "D-99", "order_id": "O-walter", "stage": "lost", "amount": "1.00",
         "occurred_at": iso(now_ms() - 60_000)}])  # fmt: skip
    scored(deciding, body("neighbour"))
    cases.add_note(history, "R-neighbour", REVIEWER, "the same photo as in 8812003344 (O-walter)")
    cases.add_note(history, "8812003344", REVIEWER, "see O-walter")
    with history.write() as write:
        kept = idempotency.StoredResponse(b"digest", 200, b'{"refund_id":"8812003344"}')
        idempotency.store(write, "key", "a name", kept)
        to = subscriptions.add(write, SecretCipher(b"key"), "https://example.com/hook")
        deliveries.add(write, [(to, "case.decided", "8812003344:17", "8812003344", {})])
    gone(history)
    left = everything(history)
    for name in ("O-walter", "8812003344", "EV-771", "D-99"):
        assert name not in left, name
        assert name.encode() not in files(history)
    assert "R-neighbour" in left


def test_an_order_that_is_somebody_elses_too_keeps_its_id(history: History) -> None:
    told = person()
    ingest(history, "orders", told["order"])
    sisters = {**body("sister")["order"][0], "order_id": "O-walter", "line_id": "2"}
    ingest(history, "orders", [sisters])
    ingest(history, "refunds", [told["refund"]])
    gone(history)
    with history.read() as connection:
        lines = connection.execute(sa.select(FACTS["orders"])).all()
        request = connection.execute(sa.select(FACTS["refunds"].c.refund_id)).scalar_one()
    assert {line.order_id for line in lines} == {"O-walter"}
    assert sorted(is_tombstone(line.customer_id) for line in lines) == [False, True]
    assert request == "R-walter"


def test_what_a_process_stored_that_had_not_heard_goes_by_its_ids(
    history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = person()
    scored(decider(history), told)
    unaware = History.open(str(history.engine.url), "a secret for tests only")
    again = partial(ingest, unaware, "refunds", [told["refund"]])
    monkeypatch.setattr("risk.privacy.forgetting.time.sleep", lambda _: again())
    forget(history, "customer-walter", settle_s=1)
    unaware.close()
    assert "Wilhelmina" not in everything(history)
    assert "R-walter" not in everything(history)
    assert "O-walter" not in everything(history)


def test_ids_that_hold_the_name_are_replaced_wherever_they_stand(history: History) -> None:
    deciding = decider(history)
    told = person()
    order, refund = "customer-walter-0001", "RMA/customer-walter/7"
    for fact in (*told["order"], *told["shipments"], told["refund"]):
        fact["order_id"] = order
    for fact in (told["refund"], *told["evidence"]):
        fact["refund_id"] = refund
    answered = scored(deciding, told)
    with history.write() as write:
        to = subscriptions.add(write, SecretCipher(b"key"), "https://example.com/hook")
        deliveries.add(write, [
            (to, "decision.made", answered["decision_id"], refund, answered),
            (to, "case.decided", f"{refund}:17", refund, {"decision": answered}),
        ])  # fmt: skip
        kept = idempotency.StoredResponse(b"digest", 200, orjson.dumps(answered))
        idempotency.store(write, "key", "a name", kept)
    before = counts(history)
    gone(history)
    assert "customer-walter" not in everything(history)
    assert b"customer-walter" not in files(history)
    renamed = deciding.decision(answered["decision_id"])["refund_id"]
    assert [d["decision_id"] for d in deciding.decisions(renamed)] == [answered["decision_id"]]
    again = {"orders": told["order"], "refunds": [told["refund"]],
             "shipments": told["shipments"], "evidence": told["evidence"]}  # fmt: skip
    for kind, rows in again.items():
        assert ingest(history, kind, rows).new == 0
    assert counts(history) == before


def test_a_short_name_is_not_looked_for_in_ids(history: History) -> None:
    scored(decider(history), person(customer_id="17"))
    ingest(history, "orders", [{**person("other")["order"][0], "order_id": "O-17"}])
    gone(history, "17")
    with history.read() as connection:
        orders = connection.execute(sa.select(FACTS["orders"].c.order_id)).scalars().all()
    assert "O-17" in orders
    assert sorted(map(is_tombstone, orders)) == [False, True]
    assert "17" not in customers(history)


def test_customers_of_hooks_are_named_not_guessed(history: History) -> None:
    told = person(customer_id="shopify:main:customer-walter")
    scored(decider(history), told)
    assert webhook_ids_of(history, "customer-walter") == ["shopify:main:customer-walter"]
    gone(history)
    assert customers(history) == ["shopify:main:customer-walter"]
    gone(history, "shopify:main:customer-walter")
    assert all(is_tombstone(name) for name in customers(history))


def test_of_many_names_none_is_left_in_the_file(history: History) -> None:
    """Pages of an index that were split keep what was in them, unless the file is made anew."""
    for start in range(0, 1_500, 500):
        lines = [
            {"order_id": f"O-{i}", "customer_id": f"customer-{i % 300:04d}-of-many", "amount": "5",
             "placed_at": "2026-03-01T08:00:00+08:00"}
            for i in range(start, start + 500)
        ]  # fmt: skip
        ingest(history, "orders", lines)
    names = [f"customer-{i:04d}-of-many" for i in range(0, 300, 30)]
    for name in names:
        gone(history, name)
    kept = files(history)
    assert [name for name in names if name.encode() in kept] == []
    assert b"customer-0001-of-many" in kept
