"""What is done on cases, and what rises, as it is pushed to those who take it."""

from __future__ import annotations

from pathlib import Path

from risk.cases import Actor, call_customer, offer_alternative
from risk.cases.figures.surge_rows import note_surges
from risk.facts.format import iso
from risk.history.intake import ingest
from risk.history.store import History
from risk.webhooks.subscriptions import is_taken
from tests.api.delivery_receivers import receiving, suspicious
from tests.api.serving import running, small_bundle
from tests.case_rows import DAY, HOUR, NOW
from tests.listening import listening

MEI = Actor("mei")


def batch(history: History, sku: str, count: int) -> None:
    """Requests of today on orders of one article."""
    orders = [
        {"order_id": f"O-{sku}-{n}", "customer_id": f"C-{sku}-{n}", "placed_at": iso(NOW - DAY),
         "amount": "20.00", "sku": sku}
        for n in range(count)
    ]  # fmt: skip
    refunds = [
        {"refund_id": f"R-{sku}-{n}", "order_id": f"O-{sku}-{n}", "amount": "20.00",
         "requested_at": iso(NOW - HOUR), "reason_code": "defective"}
        for n in range(count)
    ]  # fmt: skip
    ingest(history, "orders", orders)
    ingest(history, "refunds", refunds)


def test_calls_and_offers_are_pushed_with_their_words(folder: Path) -> None:
    with (
        running(folder) as run, run.client() as client, listening() as listener,
        receiving(client, listener, events=["case.call_asked", "case.offered"]),
    ):  # fmt: skip
        run.promote("2", small_bundle(0, 5.0))
        history = run.service.history
        refund_id = client.post("/v1/refunds/score", json=suspicious()).json()["refund_id"]
        call_customer(history, refund_id, MEI, "When may we call you?")
        words = {"kind": "partial_refund", "text": "A part?", "amount": "20"}
        offer_alternative(history, refund_id, MEI, **words)
        came = {one["type"]: one["data"] for one in (listener.next()["json"] for _ in range(2))}
        with history.read() as connection:
            assert is_taken(connection, "case.offered", "M-3")
            assert not is_taken(connection, "case.asked", "M-3")
    assert came["case.call_asked"]["text"] == "When may we call you?"
    offered = came["case.offered"]
    assert (offered["kind"], offered["amount"], offered["currency"]) == (
        "partial_refund", "20.00", "CNY",
    )  # fmt: skip


def test_a_surge_is_told_once_and_to_no_merchant(folder: Path) -> None:
    with (
        running(folder) as run, run.client() as client, listening() as ours, listening() as theirs,
        receiving(client, ours, events=["requests.surging"]),
        receiving(client, theirs, events=["requests.surging"], merchants=["M-1"]),
    ):  # fmt: skip
        history = run.service.history
        batch(history, "quiet", 3)
        assert note_surges(history) == 0
        batch(history, "batch", 25)
        assert note_surges(history) == 1
        assert note_surges(history) == 0, "it is known already"
        told = ours.next()["json"]
        assert told["type"] == "requests.surging"
        assert told["data"] == {
            "refund_id": None, "dimension": "sku", "name": "batch", "this_week": 25,
            "weekly_before": 0.0,
        }  # fmt: skip
        assert ours.came.empty()
        assert theirs.came.empty()
        listed = client.get("/v1/deliveries").json()["deliveries"]
        assert [one["event"] for one in listed] == ["requests.surging"]


def test_a_receiver_of_a_merchant_takes_what_is_about_its_own(folder: Path) -> None:
    with (
        running(folder) as run, run.client() as client, listening() as listener,
        receiving(client, listener, merchants=["M-1"]), run.service.history.read() as connection,
    ):  # fmt: skip
        assert is_taken(connection, "case.asked", "M-1")
        assert not is_taken(connection, "case.asked", "M-2")
        assert not is_taken(connection, "case.escalated", "M-1")
