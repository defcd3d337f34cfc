"""Receivers of deliveries, and requests whose decisions are delivered."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx

from risk.webhooks.deliveries import Delivery
from risk.webhooks.subscriptions import Subscription
from tests.api.test_scoring import body
from tests.listening import Listener


@contextmanager
def receiving(client: httpx.Client, listener: Listener, **wanted: Any) -> Iterator[dict[str, Any]]:
    """A receiver for as long as the block lasts."""
    made = client.post("/v1/receivers", json={"url": listener.url, "private": True, **wanted})
    assert made.status_code == 201, made.text
    try:
        yield made.json()
    finally:
        client.delete(f"/v1/receivers/{made.json()['receiver_id']}")


def suspicious(**refund: Any) -> dict[str, Any]:
    """A request about much money: approved by a trusting model, not by a suspicious one."""
    one = body(amount="900.00", reason_code="counterfeit", type="refund_only", **refund)
    one["order"][0].update(no_reason_return=False, merchant_id="M-3", amount="900.00")
    return one


def score(client: httpx.Client, **refund: Any) -> dict[str, Any]:
    """The decision about such a request."""
    decision: dict[str, Any] = client.post("/v1/refunds/score", json=suspicious(**refund)).json()
    return decision


def found(client: httpx.Client, receiver: dict[str, Any], state: str) -> dict[str, Any]:
    """The receiver's latest delivery, once it is in this state."""
    query = {"receiver_id": receiver["receiver_id"], "state": state}
    end = time.monotonic() + 15
    while time.monotonic() < end:
        rows = client.get("/v1/deliveries", params=query).json()["deliveries"]
        if rows:
            row: dict[str, Any] = rows[0]
            return row
    raise AssertionError(f"no delivery became {state}")


def receiver_at(url: str, *, private: bool) -> Subscription:
    none: frozenset[str] = frozenset()
    return Subscription("rcv_1", url, "whsec_c2VjcmV0", none, none, private, 0)


DELIVERY = Delivery(
    "msg_1", "rcv_1", "decision.made", "R-1", "{}", 0, "waiting", 0, 0, None, None, None
)
