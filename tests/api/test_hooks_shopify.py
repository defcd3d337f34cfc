"""Shopify's messages: orders, returns from request to money back, and what privacy law asks."""

from __future__ import annotations

import json
import time
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from risk.facts.revisions import FOREVER
from risk.history.schema.schema_privacy import forgotten
from tests.api.hook_pushes import pushed
from tests.api.hook_senders import prefix_of, push, rows, set_up, shopify
from tests.api.serving import Running

ORDER = {
    "id": 501, "currency": "EUR", "created_at": "2026-03-01T08:00:00+01:00",
    "processed_at": "2026-03-01T08:00:00+01:00", "customer": {"id": 41, "created_at": None},
    "line_items": [
        {"id": 1, "price": "50.00", "quantity": 3, "total_discount": "60.00", "sku": "BAG",
         "discount_allocations": [{"amount": "40.00"}, {"amount": "20.00"}]},
        {"id": 2, "price": "10.00", "quantity": 1, "discount_allocations": []},
    ],
}  # fmt: skip
RETURN: dict[str, Any] = {
    "id": 9001, "admin_graphql_api_id": "gid://shopify/Return/9001", "status": "requested",
    "order": {"id": 501}, "total_return_line_items": 2, "name": "#1-R1", "return_line_items": [],
    "return_shipping_fees": [], "exchange_line_items": [], "total_exchange_line_items": 0,
}  # fmt: skip


def back(line: int, quantity: int, reason: str = "DEFECTIVE") -> dict[str, Any]:
    return {"id": line * 10, "quantity": quantity, "return_reason": reason, "customer_note": "",
            "fulfillment_line_item": {"id": 7, "line_item": {"id": line}}}  # fmt: skip


class Shop:
    """An endpoint of Shopify's, and what is pushed to it."""

    def __init__(self, client: httpx.Client, stranger: httpx.Client, name: str) -> None:
        self.client, self.stranger, self.count = client, stranger, 0
        self.place = set_up(client, "shopify", name)
        self.prefix = prefix_of(self.place)

    def send(self, topic: str, body: dict[str, Any]) -> httpx.Response:
        self.count += 1
        raw = json.dumps(body).encode()
        headers = shopify(raw, 0, f"w-{self.count}", topic)
        return push(self.stranger, self.place, raw, headers)


def in_force(run: Running, kind: str, prefix: str) -> list[Any]:
    """The rows of the endpoint that are in force now."""
    return [row for row in rows(run, kind, prefix) if row.valid_to == FOREVER]


def test_shopify_lines_cost_what_was_paid(
    served: Running, client: httpx.Client, stranger: httpx.Client
) -> None:
    shop = Shop(client, stranger, "paid")
    assert shop.send("orders/create", ORDER).json()["stored"] == 2
    lines = {row.line_id: row.amount for row in rows(served, "orders", shop.prefix)}
    assert lines == {"1": 900_000, "2": 100_000}
    changed = json.loads(json.dumps(ORDER))
    changed["line_items"][0]["quantity"] = 2
    assert shop.send("orders/updated", changed).json()["contradicting"] == []
    lines = {row.line_id: row.amount for row in in_force(served, "orders", shop.prefix)}
    assert lines == {"1": 400_000, "2": 100_000}


@pytest.mark.parametrize(
    ("lines", "amount", "line_id", "reason"),
    [
        ([], 1_000_000, None, "other"),
        ([back(1, 1)], 300_000, "1", "defective"),
        ([back(1, 3, "WRONG_ITEM")], 900_000, "1", "wrong_item"),
        ([back(1, 2), back(2, 1)], 700_000, None, "defective"),
    ],
)
def test_a_shopify_return_is_about_what_its_lines_cost(
    served: Running, client: httpx.Client, stranger: httpx.Client,
    lines: list[Any], amount: int, line_id: str | None, reason: str,
) -> None:  # fmt: skip
    shop = Shop(client, stranger, f"return{amount}")
    shop.send("orders/create", ORDER)
    began = int(time.time() * 1000)
    answer = shop.send("returns/request", {**RETURN, "return_line_items": lines})
    assert len(answer.json()["decisions"]) == 1, answer.text
    [refund] = rows(served, "refunds", shop.prefix)
    assert (refund.amount, refund.line_id, refund.reason_code) == (amount, line_id, reason)
    assert began - 1 <= refund.requested_at <= refund.known_at


def test_a_return_waits_for_its_order(
    served: Running, client: httpx.Client, stranger: httpx.Client
) -> None:
    shop = Shop(client, stranger, "early")
    answer = shop.send("returns/request", {**RETURN, "return_line_items": [back(1, 1)]})
    assert (answer.status_code, answer.json()["decisions"]) == (200, [])
    [waiting] = pushed(client, shop.place)
    assert (waiting["state"], "not known" in waiting["why"][0]) == ("waiting", True)
    served.service.watcher.act_on_waiting()
    assert pushed(client, shop.place)[0]["state"] == "waiting"
    shop.send("orders/create", ORDER)
    served.service.watcher.act_on_waiting()
    states = {one["topic"]: one["state"] for one in pushed(client, shop.place)}
    assert states["returns/request"] == "accepted"
    [refund] = rows(served, "refunds", shop.prefix)
    assert refund.amount == 300_000
    assert len(client.get(f"/v1/refunds/{refund.refund_id}/decisions").json()) == 1


def test_a_return_is_cancelled_opened_and_cancelled(
    served: Running, client: httpx.Client, stranger: httpx.Client
) -> None:
    shop = Shop(client, stranger, "turns")
    shop.send("orders/create", ORDER)
    shop.send("returns/request", {**RETURN, "return_line_items": [back(1, 1)]})
    states = []
    for topic in ("cancel", "reopen", "cancel"):
        answer = shop.send(f"returns/{topic}", {"id": 9001, "order": {"id": 501}}).json()
        assert (answer["repeated"], answer["contradicting"]) == (0, []), answer
        [row] = in_force(served, "refunds", shop.prefix)
        states.append((row.state, row.amount, row.reason_code))
    assert [state for state, *_ in states] == ["withdrawn", "open", "withdrawn"]
    assert {(amount, reason) for _, amount, reason in states} == {(300_000, "defective")}
    assert shop.send("returns/close", {"id": 9001, "order": {"id": 501}}).json()["unheeded"] == 1


@pytest.mark.parametrize(
    ("transactions", "amount"),
    [
        ([("refund", "success", "20.00"), ("refund", "success", "10.00")], 300_000),
        ([("void", "failure", "99.00")], None),
        ([("refund", "failure", "99.00"), ("refund", "success", "5.00")], 50_000),
        ([], None),
    ],
)
def test_shopify_money_is_what_went_back(
    served: Running, client: httpx.Client, stranger: httpx.Client,
    transactions: list[tuple[str, str, str]], amount: int | None,
) -> None:  # fmt: skip
    shop = Shop(client, stranger, f"money{amount}{len(transactions)}")
    made = [{"kind": k, "status": s, "amount": a} for k, s, a in transactions]
    body = {"id": 31, "order_id": 501, "created_at": "2026-03-06T08:00:00Z", "note": None,
            "return": {"id": 9001}, "transactions": made, "refund_line_items": []}  # fmt: skip
    assert shop.send("refunds/create", body).status_code == 200
    found = [row.amount for row in rows(served, "outcomes", shop.prefix)]
    assert found == ([] if amount is None else [amount])


def test_a_customer_is_forgotten_where_shopify_says_so(
    served: Running, client: httpx.Client, stranger: httpx.Client
) -> None:
    shop = Shop(client, stranger, "redact")
    shop.send("orders/create", ORDER)
    body = {"shop_id": 1, "shop_domain": "bags.example.com", "orders_to_redact": [501],
            "customer": {"id": 41, "email": "x@example.com", "phone": "5"}}  # fmt: skip
    answer = shop.send("customers/redact", body)
    assert (answer.status_code, answer.json()["unheeded"]) == (200, 0)
    assert pushed(client, shop.place)[0]["state"] == "waiting"
    served.service.watcher.act_on_waiting()
    customers = {row.customer_id for row in rows(served, "orders", shop.prefix)}
    assert all(one.startswith("forgotten:") for one in customers)
    mark = served.service.history.hasher.suppression_list.mark("customer", f"{shop.prefix}41")
    with served.service.history.read() as connection:
        listed = connection.execute(sa.select(forgotten.c.at).where(forgotten.c.mark == mark))
        assert listed.scalar() is not None
    assert {(one["state"], one["has_body"]) for one in pushed(client, shop.place)} == {
        ("accepted", False)
    }


@pytest.mark.parametrize("topic", ["customers/data_request", "shop/redact"])
def test_what_a_person_must_do_is_refused(
    client: httpx.Client, stranger: httpx.Client, topic: str
) -> None:
    shop = Shop(client, stranger, topic.replace("/", "-"))
    answer = shop.send(topic, {"shop_id": 1, "customer": {"id": 41}})
    assert answer.status_code == 422
    assert pushed(client, shop.place)[0]["state"] == "refused"
