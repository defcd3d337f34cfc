"""The money of a Decision over HTTP: an order asked back twice, withdrawn, granted and disputed."""

from __future__ import annotations

from itertools import count
from typing import Any

import httpx
import orjson

from tests.api.test_scoring import body

_numbers = count(1)


def order(*amounts: str) -> list[dict[str, Any]]:
    """An order of its own with a line for each amount."""
    name = f"O-money-{next(_numbers)}"
    line = {"order_id": name, "customer_id": f"C-{name}", "placed_at": "2026-03-01T08:00:00+08:00"}
    return [{**line, "line_id": str(n), "amount": amount} for n, amount in enumerate(amounts, 1)]


def asked(lines: list[dict[str, Any]], amount: str, **more: Any) -> dict[str, Any]:
    """A request on the first line of an order."""
    return {
        "refund_id": f"R-money-{next(_numbers)}", "order_id": lines[0]["order_id"], "line_id": "1",
        "requested_at": "2026-03-05T09:30:00+08:00", "amount": amount, "type": "refund_only",
        "reason_code": "damaged", **more,
    }  # fmt: skip


def score(client: httpx.Client, refund: dict[str, Any], **more: Any) -> dict[str, str | None]:
    answer = client.post("/v1/refunds/score", json={"refund": refund, **more})
    answer.raise_for_status()
    money: dict[str, str | None] = answer.json()["money"]
    assert money.pop("currency") == "CNY"
    return money


def store(client: httpx.Client, call: str, *facts: dict[str, Any]) -> None:
    client.post(call, json=list(facts)).raise_for_status()


def money(paid: str | None, asked: str, before: str = "0.00", granted: str = "0.00") -> Any:
    return {"paid": paid, "asked": asked, "asked_before": before, "granted_before": granted}


def granted(refund: dict[str, Any], amount: str) -> dict[str, Any]:
    return {"refund_id": refund["refund_id"], "decided_at": "2026-03-06T10:00:00+08:00",
            "verdict": "undetermined", "resolution": "refunded", "amount": amount}  # fmt: skip


def test_an_order_asked_back_twice(client: httpx.Client) -> None:
    lines = order("259.00")
    first, second = asked(lines, "259.00"), asked(lines, "259.00", reason_code="not_received")
    assert score(client, first, order=lines) == money("259.00", "259.00")
    assert score(client, second) == money("259.00", "259.00", before="259.00")
    store(client, "/v1/outcomes", granted(first, "259.00"))
    again = client.post(f"/v1/refunds/{second['refund_id']}/score").json()["money"]
    assert again == money("259.00", "259.00", granted="259.00") | {"currency": "CNY"}
    resend = asked(lines, "0", type="resend")
    assert score(client, resend) == money("259.00", "259.00", "259.00", "259.00")


def test_a_withdrawn_request_and_a_lost_dispute(client: httpx.Client) -> None:
    lines = order("60.00", "30.00")
    first, second = asked(lines, "45.00", line_id=None), asked(lines, "60.00")
    assert score(client, first, order=lines) == money("90.00", "45.00")
    assert score(client, second) == money("60.00", "60.00", before="30.00")
    store(client, "/v1/refunds", {**first, "revision": 2, "state": "withdrawn"})
    lost = {"dispute_id": lines[0]["order_id"], "order_id": lines[0]["order_id"], "stage": "lost",
            "occurred_at": "2026-03-07T10:00:00+08:00", "amount": "90.00"}  # fmt: skip
    store(client, "/v1/payment-disputes", lost)
    third = asked(lines, "5.00", line_id="2")
    assert score(client, third) == money("30.00", "5.00", granted="30.00")


def test_a_request_that_is_withdrawn_asks_nothing(client: httpx.Client) -> None:
    lines = order("70.00")
    gone = asked(lines, "70.00", state="withdrawn")
    assert score(client, gone, order=lines) == money("70.00", "0.00")


def test_a_hundredfold_amount_and_an_unknown_order(client: httpx.Client) -> None:
    lines = order("259.00")
    assert score(client, asked(lines, "25900"), order=lines) == money("259.00", "25900.00")
    unknown = asked(order("1"), "80")
    assert score(client, unknown) == money(None, "80.00")


def test_postage_is_left_out(client: httpx.Client) -> None:
    one = body()
    assert score(client, one["refund"], order=one["order"]) == money("199.00", "191.00")


def test_a_stored_decision_is_answered_with_its_money(client: httpx.Client) -> None:
    lines = order("99.00")
    refund = asked(lines, "99.00")
    sent = {"refund": refund, "order": lines}
    answered = client.post("/v1/refunds/score", json=sent)
    store(client, "/v1/refunds", asked(lines, "99.00"))
    assert client.post("/v1/refunds/score", json=sent).content == answered.content
    name = answered.json()["decision_id"]
    assert orjson.loads(client.get(f"/v1/decisions/{name}").content) == answered.json()
