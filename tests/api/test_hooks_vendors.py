"""Messages as each vendor sends them, through the tables that are shipped."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from serving import Running
from test_hooks_in import APP_KEY, SECRET, doudian, prefix_of, push, rows, shopify
from test_hooks_inbox import pushed, set_up

from risk.history.schema import FACTS
from risk.history.schema_privacy import forgotten

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


@pytest.fixture(scope="module")
def stranger(served: Running) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=served.url, timeout=30) as plain:
        yield plain


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
    return [row for row in rows(run, kind, prefix) if row.valid_to >= 2**47 - 1]


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
    assert {rest for _, *rest in map(tuple, states) for rest in [tuple(rest)]} == {
        (300_000, "defective")
    }
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


class Douyin:
    """An endpoint of Doudian's, and what is pushed to it."""

    def __init__(self, client: httpx.Client, stranger: httpx.Client, name: str) -> None:
        table = f'[endpoint]\napp_key = "{APP_KEY}"\n[maps.reason]\n3 = "not_received"\n'
        table += '8 = "defective"\n[maps.conclusion]\n1 = "merchant_fault"\n'
        self.stranger, self.count = stranger, 0
        self.place = set_up(client, "doudian", name, table)
        self.prefix = prefix_of(self.place)

    def send(self, tag: str, **data: Any) -> None:
        self.count += 1
        about = {"aftersale_id": 77, "p_id": 5, "s_id": 6, "shop_id": 1, "aftersale_type": 1}
        given = {name: value for name, value in {**about, **data}.items() if value is not None}
        message = {"tag": tag, "msg_id": f"{tag}:{self.count}", "data": json.dumps(given)}
        raw = json.dumps([message]).encode()
        answer = push(self.stranger, self.place, raw, doudian(raw, 0, ""))
        assert answer.json() == {"code": 0, "msg": "success"}


APPLIED = {"apply_time": 1_772_674_200, "refund_amount": 19_900, "reason_code": 3}


def test_doudian_flags_and_deadlines_as_they_come(
    served: Running, client: httpx.Client, stranger: httpx.Client
) -> None:
    shop = Douyin(client, stranger, "flags")
    for n, (flag, deadline) in enumerate([(1, 0), (0, 1_772_700_000), ("odd", "soon")]):
        shop.send("200", **APPLIED, aftersale_id=n, got_pkg=flag, status_deadline=deadline,
                  refund_post_amount=500)  # fmt: skip
    found = [(row.claims_received, row.respond_by, row.amount, row.postage)
             for row in rows(served, "refunds", shop.prefix)]  # fmt: skip
    assert found == [(1, None, 1_990_000, 50_000), (0, 1_772_700_000_000, 1_990_000, 50_000),
                     (None, None, 1_990_000, 50_000)]  # fmt: skip
    odd = pushed(client, shop.place)[0]
    assert odd["state"] == "accepted"
    assert {why.split(",")[0] for why in odd["why"]} == {
        "left out: refunds field claims_received", "left out: refunds field respond_by",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("data", "at"),
    [
        ({"return_time": 1_772_760_600, "logistics": 990011}, 1_772_760_600_000),
        ({"update_time": 1_772_760_600, "logistics_code": "SF1"}, 1_772_760_600_000),
        ({"update_time": "2026-03-06 09:30:00", "tracking_no": "SF1"}, 1_772_760_600_000),
        ({"refuse_time": 0, "update_time": "2026-03-06T09:30:00+08:00"}, 1_772_760_600_000),
        ({"refund_amount": 1}, None),
    ],
)
def test_doudian_parcels_of_both_libraries(
    served: Running, client: httpx.Client, stranger: httpx.Client,
    data: dict[str, Any], at: int | None,
) -> None:  # fmt: skip
    shop = Douyin(client, stranger, "parcel" + hashlib.sha1(repr(data).encode()).hexdigest()[:6])
    began = int(time.time() * 1000)
    shop.send("203", **data)
    [parcel] = rows(served, "shipments", shop.prefix)
    assert parcel.direction == "return"
    assert parcel.occurred_at == at if at else parcel.occurred_at >= began


def test_a_buyer_changes_the_application(
    served: Running, client: httpx.Client, stranger: httpx.Client
) -> None:
    shop = Douyin(client, stranger, "changed")
    shop.send("208", modify_time=1, refund_amount=100, reason_code=8)
    assert pushed(client, shop.place)[0]["state"] == "waiting", "there is nothing to change yet"
    shop.send("200", **APPLIED)
    shop.send("208", modify_time=1_772_680_000, refund_amount=9_900, reason_code=8)
    [row] = in_force(served, "refunds", shop.prefix)
    assert (row.amount, row.reason_code, row.requested_at) == (990_000, "defective",
                                                              1_772_674_200_000)  # fmt: skip
    shop.send("209", status_deadline=1_772_800_000)
    [row] = in_force(served, "refunds", shop.prefix)
    assert (row.respond_by, row.amount) == (1_772_800_000_000, 990_000)
    shop.send("200", **{**APPLIED, "refund_amount": 8_800})
    [row] = in_force(served, "refunds", shop.prefix)
    assert row.amount == 880_000
    amounts = [d["amount"] for d in
               client.get(f"/v1/refunds/{row.refund_id}/decisions").json()]  # fmt: skip
    assert amounts == ["199.00", "99.00", "88.00"]


def test_the_rest_of_a_doudian_case(
    served: Running, client: httpx.Client, stranger: httpx.Client
) -> None:
    shop = Douyin(client, stranger, "rest")
    shop.send("200", **APPLIED)
    shop.send("213", arbitrate_id="A1", arbitrate_status=1)
    shop.send("214", arbitrate_id="A1", arbitrate_status=2)
    shop.send("216", arbitrate_id="A1", arbitrate_conclusion=1)
    shop.send("206", refund_amount=19_900, success_time=1_773_019_800)
    shop.send("207", aftersale_id=78, close_time=None, update_time="2026-03-08 09:30:00")
    states = [one["state"] for one in reversed(pushed(client, shop.place))]
    assert states == ["accepted", "ignored", *["accepted"] * 4]
    found = {(row.verdict, row.resolution, row.decided_by)
             for row in rows(served, "outcomes", shop.prefix)}  # fmt: skip
    assert found == {
        ("merchant_fault", None, "platform"),
        ("undetermined", "refunded", "system"),
        ("undetermined", "withdrawn", "system"),
    }
    [proof] = rows(served, "evidence", shop.prefix)
    assert (proof.kind, proof.submitted_by) == ("document", "merchant")


def b64(algorithm: str, signed: bytes, key: bytes = SECRET.encode()) -> str:
    return base64.b64encode(hmac.digest(key, signed, algorithm)).decode()


def send(stranger: httpx.Client, place: str, body: Any, headers: dict[str, str]) -> dict[str, Any]:
    answer = push(stranger, place, json.dumps(body).encode(), headers)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_woocommerce_orders_and_their_refunds(
    served: Running, client: httpx.Client, stranger: httpx.Client
) -> None:
    place = set_up(client, "woocommerce", "shop")
    body = {
        "id": 727, "status": "processing", "currency": "JPY", "customer_id": 0,
        "date_created_gmt": "2026-03-01T01:30:00", "date_modified_gmt": "2026-03-04T01:30:00",
        "customer_ip_address": "", "billing": {"address_1": "1 Example Road", "phone": "5550100"},
        "shipping": {"address_1": ""}, "refunds": [{"id": 9, "reason": "late", "total": "-300"}],
        "line_items": [{"id": 315, "product_id": 93, "sku": "", "quantity": 2,
                        "subtotal": "600", "total": "540", "total_tax": "54"}],
    }  # fmt: skip
    raw = json.dumps(body).encode()
    headers = {"x-wc-webhook-signature": b64("sha256", raw), "x-wc-webhook-topic": "order.updated",
               "x-wc-webhook-delivery-id": "d1"}  # fmt: skip
    assert send(stranger, place, body, headers)["stored"] == 2
    [line] = rows(served, "orders", prefix_of(place))
    assert (line.amount, line.currency, line.sku) == (5_940_000, "JPY", "93")
    assert line.customer_id == f"{prefix_of(place)}guest-727"
    assert (line.address is None, line.phone is None) == (False, False)
    [outcome] = rows(served, "outcomes", prefix_of(place))
    assert (outcome.amount, outcome.verdict) == (3_000_000, "undetermined")
    bad = push(stranger, place, raw + b" ", headers)
    assert bad.status_code == 401


def stripe(raw: bytes, at: float, *, valid: bool = True) -> dict[str, str]:
    stamp = str(int(at))
    digest = hmac.digest(SECRET.encode(), f"{stamp}.".encode() + raw, "sha256").hex()
    own = digest if valid else "0" * 64
    return {"stripe-signature": f"t={stamp},v0={digest},v1={'1' * 64},v1={own}"}


@pytest.mark.parametrize(
    ("currency", "minor", "amount"), [("usd", 1_050, 105_000), ("jpy", 500, 5_000_000),
                                      ("kwd", 10_500, 105_000)]
)  # fmt: skip
def test_stripe_disputes_and_refunds(
    served: Running, client: httpx.Client, stranger: httpx.Client,
    currency: str, minor: int, amount: int,
) -> None:  # fmt: skip
    place = set_up(client, "stripe", currency)
    dispute = {"id": "dp_1", "object": "dispute", "amount": minor, "currency": currency,
               "charge": "ch_1", "payment_intent": "pi_1", "reason": "product_not_received",
               "status": "needs_response", "created": 1_772_674_200, "metadata": {}}  # fmt: skip
    refund = {"id": "re_1", "object": "refund", "amount": minor, "currency": currency,
              "status": "succeeded", "created": 1_772_674_300,
              "metadata": {"refund_id": "R-1"}}  # fmt: skip
    events = [
        ("charge.dispute.created", dispute),
        ("charge.dispute.closed", {**dispute, "status": "lost"}),
        ("refund.created", {**refund, "status": "pending"}),
        ("refund.updated", refund),
    ]
    for n, (type_, thing) in enumerate(events):
        event = {"id": f"evt_{n}", "object": "event", "type": type_, "created": 1_772_700_000,
                 "livemode": False, "data": {"object": thing}}  # fmt: skip
        raw = json.dumps(event).encode()
        assert send(stranger, place, event, stripe(raw, time.time()))["repeated"] == 0
        assert send(stranger, place, event, stripe(raw, time.time()))["repeated"] == int(n != 2)
        assert push(stranger, place, raw, stripe(raw, time.time() - 400)).status_code == 401
        forged = stripe(raw, time.time(), valid=False)
        assert push(stranger, place, raw, forged).status_code == 401
    with served.service.history.read() as connection:
        table = FACTS["payment_disputes"]
        query = sa.select(table).where(table.c.order_id == f"{prefix_of(place)}pi_1")
        found = sorted((row.stage, row.amount) for row in connection.execute(query))
    assert found == [("lost", amount), ("opened", amount)]
    [outcome] = rows(served, "outcomes", prefix_of(place))
    assert (outcome.refund_id, outcome.amount) == (f"{prefix_of(place)}R-1", amount)


def adyen_item(key: str, **fields: Any) -> dict[str, Any]:
    item = {"pspReference": "P1", "originalReference": "P0", "merchantAccountCode": "Shop",
            "merchantReference": "O-1", "amount": {"value": 1_130, "currency": "EUR"},
            "eventCode": "CHARGEBACK", "success": "true", "reason": "fraud",
            "eventDate": "2026-03-05T10:00:00+01:00", **fields}  # fmt: skip
    amount = item["amount"]
    signed = ":".join([item["pspReference"], item["originalReference"], "Shop", "O-1",
                       str(amount["value"]), amount["currency"], item["eventCode"],
                       item["success"]])  # fmt: skip
    own = b64("sha256", signed.encode(), bytes.fromhex(key))
    return {"NotificationRequestItem": {**item, "additionalData": {"hmacSignature": own}}}


def test_adyen_chargebacks_and_refunds(
    served: Running, client: httpx.Client, stranger: httpx.Client
) -> None:
    key = "44782DEF547AAA06C910C43932B1EB0C71FC68D9D0C057550C48EC2ACF6BA056"
    place = "/v1/hooks/adyen/shop"
    client.put(place, json={"secret": key}).raise_for_status()
    items = [
        adyen_item(key),
        adyen_item(key, eventCode="CHARGEBACK_REVERSED", pspReference="P2"),
        adyen_item(key, eventCode="REFUND", pspReference="P3", success="false"),
        adyen_item(key, eventCode="REFUND", pspReference="P4"),
        adyen_item(key, eventCode="AUTHORISATION", pspReference="P0"),
    ]
    answer = send(stranger, place, {"live": "false", "notificationItems": items}, {})
    assert (answer["stored"], answer["unheeded"]) == (3, 2)
    with served.service.history.read() as connection:
        table = FACTS["payment_disputes"]
        query = sa.select(table).where(table.c.dispute_id == "adyen:shop:P0")
        found = sorted((row.stage, row.amount) for row in connection.execute(query))
    assert found == [("opened", 113_000), ("won", 113_000)]
    [outcome] = rows(served, "outcomes", "adyen:shop:")
    assert outcome.amount == 113_000
    items[1]["NotificationRequestItem"]["amount"] = {"value": 1, "currency": "EUR"}
    forged = {"live": "false", "notificationItems": items}
    assert push(stranger, place, json.dumps(forged).encode(), {}).status_code == 401
    empty = {"live": "false", "notificationItems": []}
    assert push(stranger, place, json.dumps(empty).encode(), {}).status_code == 401


def test_intercom_tickets(served: Running, client: httpx.Client, stranger: httpx.Client) -> None:
    place = set_up(client, "intercom", "desk", '[maps.reason]\nbroken = "damaged"\n')
    body = {
        "type": "notification_event", "topic": "ticket.created", "id": "notif_1",
        "created_at": 1_772_674_201,
        "data": {"type": "notification_event_data", "item": {
            "type": "ticket", "id": "494", "created_at": 1_772_674_200,
            "ticket_attributes": {"order_id": 12, "amount": 45.5, "reason": "broken",
                                  "_default_description_": "the zip broke"}}},
    }  # fmt: skip
    raw = json.dumps(body).encode()
    signed = hmac.digest(SECRET.encode(), raw, "sha1").hex()
    assert len(send(stranger, place, body, {"x-hub-signature": f"sha1={signed}"})["decisions"]) == 1
    [refund] = rows(served, "refunds", prefix_of(place))
    assert (refund.reason_code, refund.amount, refund.requested_at) == (
        "damaged", 455_000, 1_772_674_200_000,
    )  # fmt: skip
    assert push(stranger, place, raw, {"x-hub-signature": f"sha1={'0' * 40}"}).status_code == 401


def test_hubspot_properties(served: Running, client: httpx.Client, stranger: httpx.Client) -> None:
    url = "https://risk.example.com/v1/hooks/hubspot/desk"
    table = f'[signature]\nurl = "{url}"\n[maps.verdict]\nAbuse = "abuse"\n'
    place = set_up(client, "hubspot", "desk", table)
    about = {"subscriptionId": 1, "portalId": 2, "objectId": 33, "occurredAt": 1_772_674_200_123,
             "subscriptionType": "ticket.propertyChange"}  # fmt: skip
    body = [
        {**about, "eventId": 1, "propertyName": "refund_verdict", "propertyValue": "Abuse"},
        {**about, "eventId": 2, "propertyName": "refund_satisfaction", "propertyValue": "4"},
        {**about, "eventId": 3, "propertyName": "subject", "propertyValue": "x"},
    ]
    raw, stamp = json.dumps(body).encode(), str(int(time.time() * 1000))
    signed = b"POST" + url.encode() + raw + stamp.encode()
    headers = {"x-hubspot-signature-v3": b64("sha256", signed),
               "x-hubspot-request-timestamp": stamp}  # fmt: skip
    answer = send(stranger, place, body, headers)
    assert (answer["stored"], answer["unheeded"]) == (2, 1)
    [outcome] = rows(served, "outcomes", prefix_of(place))
    assert (outcome.refund_id, outcome.verdict, outcome.decided_by, outcome.decided_at) == (
        f"{prefix_of(place)}33", "abuse", "merchant", 1_772_674_200_123,
    )  # fmt: skip
    assert send(stranger, place, body, headers)["repeated"] == 2
    later = {**headers, "x-hubspot-request-timestamp": str(int(stamp) + 1)}
    assert push(stranger, place, raw, later).status_code == 401


def test_any_system_that_signs(
    served: Running, client: httpx.Client, stranger: httpx.Client
) -> None:
    table = """
[signature]
header = "X-Shop-Signature"
prefix = "sha512="
algorithm = "sha512"
signed = "v2:{timestamp}:{body}"
timestamp = "X-Shop-Time"
window_s = 30
[envelope]
messages = "events"
topic = ["kind"]
id = "no"
[[messages]]
topic = "claim"
decide = true
[[messages.refunds]]
refund_id = "claim"
order_id = "order"
requested_at = { received = true }
amount = "total"
reason_code = { value = "other" }
"""
    place = set_up(client, "signed", "own", table)
    body = {"events": [{"kind": "claim", "no": 1, "claim": "A", "order": "B", "total": "9.90"},
                       {"kind": "other", "no": 2}]}  # fmt: skip
    raw = json.dumps(body).encode()

    def headers(at: int) -> dict[str, str]:
        digest = hmac.digest(SECRET.encode(), f"v2:{at}:".encode() + raw, "sha512").hex()
        return {"x-shop-signature": f"sha512={digest}", "x-shop-time": str(at)}

    now = int(time.time())
    answer = send(stranger, place, body, headers(now))
    assert (len(answer["decisions"]), answer["unheeded"]) == (1, 1)
    assert push(stranger, place, raw, headers(now - 40)).status_code == 401
    assert push(stranger, place, raw, {}).status_code == 401
