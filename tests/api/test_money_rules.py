"""No more than was paid is approved without a person: from facts over HTTP, whatever the model."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.api.serving import running, small_bundle
from tests.api.test_order_money_calls import asked, granted, order, store


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A service whose model suspects nobody."""
    folder = tmp_path_factory.mktemp("trusting")
    with running(folder) as run:
        run.promote("trusting", small_bundle(lean=-20.0))
        with run.client() as client:
            yield client


def decided(client: httpx.Client, refund: dict[str, Any], **more: Any) -> dict[str, Any]:
    answer = client.post("/v1/refunds/score", json={"refund": refund, **more})
    answer.raise_for_status()
    decision: dict[str, Any] = answer.json()
    assert decision["probability"] < 0.01
    return decision


def is_checked(decision: dict[str, Any]) -> bool:
    """Whether a person looks at the amount; else the request is approved."""
    checked: bool = "amount_check" in decision["conditions"]
    tier = "platform_intervention" if checked else "approve"
    assert decision["tier"] == tier
    assert (decision["why"]["id"] in ("amount_check", "other_open_request")) is checked
    return bool(checked)


def lost(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{"order_id": lines[0]["order_id"], "status": status, "occurred_at": f"{day}T10:00:00Z"}
            for status, day in (("shipped", "2026-03-01"), ("lost", "2026-03-04"))]  # fmt: skip


def test_a_lost_parcel_of_259_and_25900_asked(client: httpx.Client) -> None:
    lines = order("259.00")
    refund = asked(lines, "25900.00", reason_code="not_received", claims_received=False)
    decision = decided(client, refund, order=lines, shipments=lost(lines))
    assert is_checked(decision)
    assert "Asked 25900.00 CNY, left of what was paid: 259.00 CNY." in decision["why"]["text"]["en"]
    assert decision["rules"][0]["text"] == decision["why"]["text"]
    assert "not the same amount" in decision["customer_message"]["en"]
    case = client.get(f"/v1/cases/{refund['refund_id']}").json()
    assert "25900.00" in str(case)
    exact = order("259.00")
    refund = asked(exact, "259.00", reason_code="not_received", claims_received=False)
    assert not is_checked(decided(client, refund, order=exact, shipments=lost(exact)))


def test_a_lost_parcel_that_was_paid_is_not_paid_or_sent_again(client: httpx.Client) -> None:
    lines = order("259.00")
    first = asked(lines, "259.00", reason_code="not_received", claims_received=False)
    assert not is_checked(decided(client, first, order=lines, shipments=lost(lines)))
    store(client, "/v1/outcomes", granted(first, "259.00"))
    again = {"reason_code": "not_received", "claims_received": False}
    second = asked(lines, "259.00", **again)
    assert is_checked(decided(client, second))
    store(client, "/v1/refunds", {**second, "revision": 2, "state": "withdrawn"})
    assert is_checked(decided(client, asked(lines, "0", type="resend", **again)))


def test_a_finding_for_the_customer_pays_no_more_than_was_paid(client: httpx.Client) -> None:
    lines = order("259.00")
    refund = asked(lines, "300.00")
    decided(client, refund, order=lines)
    fault = {"refund_id": refund["refund_id"], "decided_at": "2026-03-06T10:00:00+08:00",
             "verdict": "merchant_fault"}  # fmt: skip
    store(client, "/v1/outcomes", fault)
    again = client.post(f"/v1/refunds/{refund['refund_id']}/score").json()
    assert is_checked(again)


def test_parts_that_together_are_more_than_was_paid(client: httpx.Client) -> None:
    lines = order("300.00")
    parts = [asked(lines, amount) for amount in ("100", "100", "100.01")]
    assert not is_checked(decided(client, parts[0], order=lines))
    assert not is_checked(decided(client, parts[1]))
    assert not is_checked(decided(client, parts[2]))  # a rounding unit is no excess
    assert is_checked(decided(client, asked(lines, "0.02")))
    store(client, "/v1/refunds", {**parts[0], "revision": 2, "state": "withdrawn"})
    assert not is_checked(decided(client, asked(lines, "99.98")))


def test_a_request_for_the_whole_order_after_one_for_a_line(client: httpx.Client) -> None:
    lines = order("60.00", "30.00")
    assert not is_checked(decided(client, asked(lines, "60.00"), order=lines))
    assert is_checked(decided(client, asked(lines, "90.00", line_id=None)))
    assert is_checked(decided(client, asked(lines, "30.00", line_id="2")))


def test_a_line_is_bounded_by_what_is_left_of_its_order(client: httpx.Client) -> None:
    lines = order("100.00", "50.00")
    assert not is_checked(decided(client, asked(lines, "100.00"), order=lines))
    assert not is_checked(decided(client, asked(lines, "50.00", line_id=None)))
    decision = decided(client, asked(lines, "33.00", line_id="2"))
    assert decision["money"]["asked_before"] == "16.67"
    assert is_checked(decision)
    assert "left of what was paid: 0.00 CNY" in decision["why"]["text"]["en"]


def test_a_lost_payment_dispute_is_money_too(client: httpx.Client) -> None:
    lines = order("80.00")
    store(client, "/v1/orders", *lines)
    taken = {"dispute_id": lines[0]["order_id"], "order_id": lines[0]["order_id"], "stage": "lost",
             "occurred_at": "2026-03-04T10:00:00+08:00", "amount": "80.00"}  # fmt: skip
    store(client, "/v1/payment-disputes", taken)
    assert is_checked(decided(client, asked(lines, "80.00")))


def test_what_is_no_price_of_goods_is_no_excess(client: httpx.Client) -> None:
    lines = order("80.00")
    refund = asked(lines, "95.00", postage="10.00", compensation="5.00")
    assert not is_checked(decided(client, refund, order=lines))
    lines = order("80.00")
    threefold = asked(lines, "320.00", compensation="240.00", reason_code="counterfeit")
    decision = decided(client, threefold, order=lines)
    assert decision["tier"] == "platform_intervention"
    assert decision["why"]["id"] == "postage_and_compensation"
    assert "amount_check" not in decision["conditions"]


def test_goods_sent_back_in_the_right_are_bounded_too(client: httpx.Client) -> None:
    lines = [{**order("80.00")[0], "no_reason_return": True}]
    refund = asked(lines, "90.00", type="return_and_refund", reason_code="unwanted")
    decision = decided(client, refund, order=lines)
    assert (decision["lane"], is_checked(decision)) == ("no_reason", True)


def test_an_order_that_nobody_knows_is_asked_for_and_decided_once_it_comes(
    client: httpx.Client,
) -> None:
    lines = order("80.00")
    refund = asked(lines, "80.00")
    decision = decided(client, refund)
    assert (decision["tier"], decision["why"]["id"]) == ("request_evidence", "order_record")
    assert decision["conditions"][0] == "order_record"
    assert [warning["code"] for warning in decision["warnings"]] == [
        "order_unknown", "currency_assumed",
    ]  # fmt: skip
    assert [item["from"] for item in decision["required_evidence"]] == ["merchant"]
    store(client, "/v1/orders", *lines)
    again = client.post(f"/v1/refunds/{refund['refund_id']}/score").json()
    assert (again["tier"], again["money"]["paid"]) == ("approve", "80.00")
    assert "order_record" not in again["conditions"]
    assert again["warnings"] == []
    large = decided(client, asked(order("800.00"), "800.00"))
    assert (large["tier"], large["conditions"][0]) == ("platform_intervention", "order_record")


def test_a_line_or_a_currency_that_the_order_does_not_have(client: httpx.Client) -> None:
    lines = order("80.00", "20.00")
    lines[1]["currency"] = "USD"
    for number, checked in (("1", False), ("2", True), ("3", True)):
        decision = decided(client, asked(lines, "10.00", line_id=number), order=lines)
        assert (decision["tier"] == "request_evidence") is checked
        assert ("order_record" in decision["conditions"]) is checked
