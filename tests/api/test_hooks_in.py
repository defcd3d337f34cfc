"""What other systems push: proved, taken in once for good, told in the contract's words."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from serving import Running

from risk.errors import BadInput
from risk.facts import KINDS
from risk.history.schema import FACTS
from risk.webhooks.mapping_table import read_mapping
from risk.webhooks.signature_settings import REPLAY_S
from risk.webhooks.signing import signature
from risk.webhooks.systems import SYSTEMS

PAYLOADS = Path(__file__).parent / "payloads"
SECRET = "a secret that both sides know"
APP_KEY = "7700112233"

FRESHDESK = """
[maps.reason]
Broken = "damaged"
"*" = "other"

[[messages]]
decide = true
[[messages.refunds]]
refund_id = "freshdesk_webhook.ticket_id"
order_id = "freshdesk_webhook.ticket_cf_order"
requested_at = { path = "freshdesk_webhook.ticket_created_at", zone = "Asia/Shanghai" }
amount = "freshdesk_webhook.ticket_cf_amount"
reason_code = { path = "freshdesk_webhook.ticket_cf_reason", map = "reason" }
reason_text = "freshdesk_webhook.ticket_description"
"""
GORGIAS = """
[endpoint]
header = "X-Our-Token"

[defaults.orders]
currency = "EUR"
merchant_id = "M-own"

[maps.reason]
wrong = "wrong_item"

[[messages]]
decide = true
[[messages.orders]]
order_id = "customer.integration.order"
customer_id = "customer.id"
placed_at = "customer.integration.placed"
amount = "customer.integration.total"
[[messages.refunds]]
refund_id = "ticket.id"
order_id = "customer.integration.order"
requested_at = "ticket.created_datetime"
amount = "customer.integration.total"
reason_code = { path = "reason", map = "reason" }
reason_text = "ticket.excerpt"
"""
GENERIC = """
[maps.why]
"nothing arrived" = "not_received"

[[messages]]
topic = "claim.*"
decide = true
[[messages.refunds]]
refund_id = "claim"
order_id = "order"
requested_at = { path = "at", unix = "ms" }
amount = { path = "cents", times = "0.01" }
reason_code = { path = "why", map = "why" }
[[messages.evidence]]
each = "photos"
evidence_id = "item.id"
refund_id = "claim"
submitted_at = { path = ["item.sent", "item.taken"], zone = "Asia/Shanghai" }
kind = { value = "photo" }
content_hash = "item.sha"
needs = ["content_hash"]
"""
MAPPINGS = {
    "doudian": f'[endpoint]\napp_key = "{APP_KEY}"\n[maps.reason]\n115 = "late"\n',
    "freshdesk": FRESHDESK,
    "gorgias": GORGIAS,
    "generic": GENERIC,
    "shopify": '[endpoint]\nshop = "bags.example.com"\n',
}

Headers = dict[str, str]


def _hmac(signed: bytes) -> str:
    return base64.b64encode(hmac.digest(SECRET.encode(), signed, hashlib.sha256)).decode()


def zendesk(raw: bytes, now: float, message_id: str) -> Headers:
    at = datetime.fromtimestamp(now, UTC).isoformat()
    return {
        "X-Zendesk-Webhook-Signature": _hmac(at.encode() + raw),
        "X-Zendesk-Webhook-Signature-Timestamp": at,
        "X-Zendesk-Webhook-Invocation-Id": message_id,
    }


def shopify(raw: bytes, now: float, message_id: str, topic: str = "returns/request") -> Headers:
    return {
        "X-Shopify-Hmac-SHA256": _hmac(raw),
        "X-Shopify-Topic": topic,
        "X-Shopify-Webhook-Id": message_id,
        "X-Shopify-Shop-Domain": "bags.example.com",
    }


def doudian(raw: bytes, now: float, message_id: str) -> Headers:
    signed = APP_KEY.encode() + raw + SECRET.encode()
    return {"event-sign": hashlib.md5(signed, usedforsecurity=False).hexdigest()}


def freshdesk(raw: bytes, now: float, message_id: str) -> Headers:
    return {"x-refund-risk-secret": SECRET}


def gorgias(raw: bytes, now: float, message_id: str) -> Headers:
    return {"x-our-token": SECRET}


def generic(raw: bytes, now: float, message_id: str) -> Headers:
    at = str(int(now))
    return {
        "webhook-id": message_id,
        "webhook-timestamp": at,
        "webhook-signature": f"v1,bm8= {signature(SECRET.encode(), message_id, at, raw)}",
    }


@dataclass(frozen=True)
class Sender:
    """A system as it pushes: how it signs, and a recorded request of its own."""

    name: str
    sign: Callable[..., Headers]
    payload: str
    refund_id: str
    reason: str
    amount: int
    requested_at: str


SENDERS = [
    Sender("zendesk", zendesk, "zendesk_ticket", "35436", "not_received", 590_000,
           "2026-03-05T01:30:00+00:00"),
    Sender("shopify", shopify, "shopify_returns_request", "945000954", "defective", 1_999_000,
           "2026-03-06T13:30:00+00:00"),
    Sender("doudian", doudian, "doudian_apply", "6936001122334455", "late", 1_990_000,
           "2026-03-05T01:30:00+00:00"),
    Sender("freshdesk", freshdesk, "freshdesk_ticket", "1204", "damaged", 245_000,
           "2026-03-05T01:30:00+00:00"),
    Sender("gorgias", gorgias, "gorgias_ticket", "98765", "wrong_item", 420_000,
           "2026-03-05T01:30:00.277000+00:00"),
    Sender("generic", generic, "generic_request", "K-1", "not_received", 199_900,
           "2026-03-05T01:30:00+00:00"),
]  # fmt: skip


def raw_of(name: str) -> bytes:
    return (PAYLOADS / f"{name}.json").read_bytes()


@pytest.fixture(params=SENDERS, ids=lambda sender: sender.name)
def sender(request: pytest.FixtureRequest) -> Sender:
    found: Sender = request.param
    return found


@pytest.fixture
def place(
    sender: Sender, client: httpx.Client, stranger: httpx.Client, request: pytest.FixtureRequest
) -> str:
    """An endpoint of the test's own for its sender, which knows the order."""
    name = hashlib.sha1(request.node.name.encode()).hexdigest()[:12]
    made = set_up(client, sender.name, name)
    if sender.name == "shopify":
        raw = raw_of("shopify_orders_create")
        push(stranger, made, raw, shopify(raw, 0, "order", "orders/create")).raise_for_status()
    return made


def set_up(client: httpx.Client, system: str, name: str) -> str:
    body = {"secret": SECRET, "mapping": MAPPINGS.get(system)}
    client.put(f"/v1/hooks/{system}/{name}", json=body).raise_for_status()
    return f"/v1/hooks/{system}/{name}"


@pytest.fixture(scope="module")
def stranger(served: Running) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=served.url) as plain:
        yield plain


def push(stranger: httpx.Client, place: str, raw: bytes, headers: Headers) -> httpx.Response:
    return stranger.post(
        place, content=raw, headers={"content-type": "application/json", **headers}
    )


def rows(run: Running, kind: str, prefix: str) -> list[Any]:
    table = FACTS[kind]
    key = table.c[KINDS[kind].about[0]]
    query = sa.select(table).where(key.startswith(prefix)).order_by(table.c.known_at)
    with run.service.history.read() as connection:
        return list(connection.execute(query))


def prefix_of(place: str) -> str:
    _, _, _, system, name = place.split("/")
    return f"{system}:{name}:"


def test_a_recorded_request_is_decided(
    served: Running, client: httpx.Client, stranger: httpx.Client, sender: Sender, place: str
) -> None:
    raw, now = raw_of(sender.payload), time.time()
    answer = push(stranger, place, raw, sender.sign(raw, now, "m-1"))
    assert answer.status_code == 200, answer.text
    [row] = rows(served, "refunds", prefix_of(place))
    requested = datetime.fromtimestamp(row.requested_at / 1000, UTC).isoformat()
    assert row.refund_id == prefix_of(place) + sender.refund_id
    assert (row.reason_code, row.amount) == (sender.reason, sender.amount)
    assert requested == sender.requested_at
    assert row.known_at >= int(now * 1000)
    [decision] = client.get(f"/v1/refunds/{row.refund_id}/decisions").json()
    if sender.name == "doudian":
        assert answer.json() == {"code": 0, "msg": "success"}
    else:
        assert answer.json()["decisions"] == [decision["decision_id"]]


def test_a_message_counts_once_for_good(
    client: httpx.Client, stranger: httpx.Client, sender: Sender, place: str
) -> None:
    raw = raw_of(sender.payload)
    for message_id in ("m-1", "m-1", "m-2"):
        headers = sender.sign(raw, time.time(), message_id)
        assert push(stranger, place, raw, headers).status_code == 200
    spaced = raw + b"\n"
    if sender.name in ("zendesk", "shopify", "generic", "doudian"):
        push(stranger, place, spaced, sender.sign(spaced, time.time(), "m-1"))
    refund_id = prefix_of(place) + sender.refund_id
    assert len(client.get(f"/v1/refunds/{refund_id}/decisions").json()) == 1


def test_who_cannot_prove_it_is_refused(
    served: Running, stranger: httpx.Client, sender: Sender, place: str
) -> None:
    raw, now = raw_of(sender.payload), time.time()
    good = sender.sign(raw, now, "m-1")
    forged = replace(sender, sign=lambda *_: {}).sign()
    tries = [(raw, forged)]
    tries += [(raw, {**good, name: "x" + value[1:-8]}) for name, value in good.items()
              if name.lower() not in ("x-shopify-topic", "x-shopify-webhook-id", "webhook-id",
                                      "x-zendesk-webhook-invocation-id")]  # fmt: skip
    if sender.name not in ("freshdesk", "gorgias"):
        tries.append((raw.replace(b"1", b"2", 1), good))
    for body, headers in tries:
        answer = push(stranger, place, body, headers)
        assert answer.status_code == 401, headers
    assert push(stranger, place + "-none", raw, good).status_code == 401
    assert rows(served, "refunds", prefix_of(place)) == []


@pytest.mark.parametrize("late", [-REPLAY_S - 5, REPLAY_S + 5])
@pytest.mark.parametrize("sender", [s for s in SENDERS if s.name in ("zendesk", "generic")],
                         ids=lambda s: s.name, indirect=True)  # fmt: skip
def test_a_signed_time_must_be_now(
    stranger: httpx.Client, sender: Sender, place: str, late: float
) -> None:
    raw = raw_of(sender.payload)
    headers = sender.sign(raw, time.time() + late, "m-1")
    assert push(stranger, place, raw, headers).status_code == 401


def test_shopify_from_order_to_money_back(
    served: Running, client: httpx.Client, stranger: httpx.Client
) -> None:
    place = set_up(client, "shopify", "whole")
    for n, (topic, payload) in enumerate(
        {
            "orders/create": "shopify_orders_create",
            "fulfillments/update": "shopify_fulfillments_update",
            "returns/request": "shopify_returns_request",
            "refunds/create": "shopify_refunds_create",
            "products/update": "shopify_refunds_create",
        }.items()
    ):
        raw = raw_of(payload) + b" " * n
        answer = push(stranger, place, raw, shopify(raw, 0, f"m-{n}", topic))
        assert answer.status_code == 200, answer.text
    assert answer.json()["unheeded"] == 1
    lines = rows(served, "orders", "shopify:whole:")
    assert sorted((row.line_id, row.amount, row.currency, row.quantity) for row in lines) == [
        ("141249953214522974", 600_000, "USD", 2),
        ("866550311766439020", 1_999_000, "USD", 1),
    ]
    assert {row.customer_id for row in lines} == {"shopify:whole:115310627314723954"}
    assert all(row.address and row.phone for row in lines)
    [parcel] = rows(served, "shipments", "shopify:whole:")
    assert (parcel.status, parcel.courier) == ("delivered", "UPS")
    [refund] = rows(served, "refunds", "shopify:whole:")
    assert refund.line_id == "866550311766439020"
    [outcome] = rows(served, "outcomes", "shopify:whole:")
    assert (outcome.verdict, outcome.resolution, outcome.decided_by, outcome.amount) == (
        "undetermined", "refunded", "system", 1_999_000,
    )  # fmt: skip
    [decision] = client.get(f"/v1/refunds/{refund.refund_id}/decisions").json()
    assert decision["amount"] == "199.90"
    assert decision["currency"] == "USD"


def test_doudian_sends_several_at_once(
    served: Running, client: httpx.Client, stranger: httpx.Client
) -> None:
    place = set_up(client, "doudian", "several")
    for payload in ("doudian_apply", "doudian_more"):
        raw = raw_of(payload)
        assert push(stranger, place, raw, doudian(raw, 0, "")).json() == {
            "code": 0,
            "msg": "success",
        }
    [parcel] = rows(served, "shipments", "doudian:several:")
    assert (parcel.direction, parcel.status, parcel.refund_id) == (
        "return", "shipped", "doudian:several:6936001122334455",
    )  # fmt: skip
    [refund] = rows(served, "refunds", "doudian:several:")
    assert (refund.type, refund.respond_by) == ("refund_only", 1_772_847_000_000)
    stages = [d["stage"] for d in client.get(f"/v1/refunds/{refund.refund_id}/decisions").json()]
    assert stages == ["request", "return"]
    assert [row.decided_by for row in rows(served, "outcomes", "doudian:several:")] == ["system"]


def test_a_row_without_what_it_needs_is_left_out(
    served: Running, client: httpx.Client, stranger: httpx.Client
) -> None:
    place = set_up(client, "generic", "photos")
    raw = raw_of("generic_request")
    push(stranger, place, raw, generic(raw, time.time(), "m")).raise_for_status()
    [photo] = rows(served, "evidence", "generic:photos:")
    assert photo.evidence_id == "generic:photos:P-1"
    assert datetime.fromtimestamp(photo.submitted_at / 1000, UTC).hour == 1


def test_a_ticket_that_changed_adds_what_is_new(
    served: Running, client: httpx.Client, stranger: httpx.Client
) -> None:
    place = set_up(client, "zendesk", "changed")
    first = json.loads(raw_of("zendesk_ticket"))
    later = json.loads(raw_of("zendesk_ticket"))
    later["refund"]["reason_text"] = "It is still not here."
    later["evidence"] = [{"evidence_id": "A-1", "refund_id": "35436", "kind": "chat",
                          "submitted_at": "2026-03-06T01:30:00Z"}]  # fmt: skip
    answers = []
    for n, body in enumerate((first, later)):
        raw = json.dumps(body).encode()
        answers.append(push(stranger, place, raw, zendesk(raw, time.time(), f"m-{n}")).json())
    assert answers[0]["contradicting"] == []
    assert "refund_id=zendesk:changed:35436" in answers[1]["contradicting"][0]
    assert (answers[1]["stored"], answers[1]["known"]) == (1, 1)
    assert answers[1]["decisions"] != answers[0]["decisions"]
    [refund] = rows(served, "refunds", "zendesk:changed:")
    assert refund.reason_text == first["refund"]["reason_text"]


def test_a_list_without_facts_hinders_no_decision(
    client: httpx.Client, stranger: httpx.Client
) -> None:
    place = set_up(client, "zendesk", "empty")
    body = {**json.loads(raw_of("zendesk_ticket")), "outcomes": [], "feedback": [], "evidence": []}
    raw = json.dumps(body).encode()
    answer = push(stranger, place, raw, zendesk(raw, time.time(), "m"))
    assert len(answer.json()["decisions"]) == 1


def test_what_does_not_fit_is_named_and_may_come_again(
    client: httpx.Client, stranger: httpx.Client
) -> None:
    place = set_up(client, "zendesk", "unfit")
    body = json.loads(raw_of("zendesk_ticket"))
    body["refund"]["amount"] = "-1"
    raw = json.dumps(body).encode()
    answer = push(stranger, place, raw, zendesk(raw, time.time(), "m"))
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "amount"
    body["refund"]["amount"] = "1"
    raw = json.dumps(body).encode()
    mended = push(stranger, place, raw, zendesk(raw, time.time(), "m"))
    assert len(mended.json()["decisions"]) == 1


@pytest.mark.parametrize("word", ["reviewer", "appeal"])
def test_nobody_else_speaks_for_a_person(
    client: httpx.Client, stranger: httpx.Client, word: str
) -> None:
    place = set_up(client, "zendesk", "persons")
    outcome = {"refund_id": "1", "decided_at": "2026-03-06T01:30:00Z", "verdict": "fraud"}
    raw = json.dumps({"outcomes": [{**outcome, "decided_by": word}]}).encode()
    assert push(stranger, place, raw, zendesk(raw, time.time(), word)).status_code == 422
    with pytest.raises(BadInput):
        read_mapping(f'[[messages]]\n[[messages.outcomes]]\ndecided_by = {{ value = "{word}" }}')


def test_endpoints_come_and_go(client: httpx.Client, stranger: httpx.Client) -> None:
    place = set_up(client, "freshdesk", "passing")
    listed = client.get("/v1/hooks").json()
    assert ("freshdesk", "passing") in {(e["system"], e["endpoint"]) for e in listed}
    assert SECRET not in client.get("/v1/hooks").text
    raw = raw_of("freshdesk_ticket")
    assert push(stranger, place, raw, {"x-refund-risk-secret": SECRET}).status_code == 200
    assert client.delete(place).status_code == 200
    assert client.delete(place).status_code == 404
    assert push(stranger, place, raw, {"x-refund-risk-secret": SECRET}).status_code == 401


def test_secrets_are_kept_sealed(served: Running, client: httpx.Client) -> None:
    secret = "unmistakable-secret-of-an-endpoint"
    client.put("/v1/hooks/generic/sealed", json={"secret": secret}).raise_for_status()
    database = served.service.history.engine.url.database
    assert database
    for end in ("", "-wal"):
        assert secret.encode() not in Path(database + end).read_bytes()


@pytest.mark.parametrize(
    ("path", "body", "status", "field"),
    [
        ("nobody/x", {"secret": SECRET}, 404, None),
        ("shopify/x y", {"secret": SECRET}, 422, None),
        ("shopify/x", {}, 422, "secret"),
        ("shopify/x", {"secret": "short"}, 422, "secret"),
        ("shopify/x", {"secret": SECRET, "colour": "red"}, 422, "colour"),
        ("shopify/x", {"secret": SECRET, "mapping": {}}, 422, "mapping"),
        ("shopify/x", {"secret": SECRET, "mapping": False}, 422, "mapping"),
        ("shopify/x", {"secret": SECRET, "mapping": "not = = toml"}, 422, "mapping"),
        ("shopify/x", {"secret": SECRET, "mapping": "[maps]\nreason = 3"}, 422, "maps.reason"),
        (
            "shopify/x",
            {"secret": SECRET, "mapping": "[[messages]]\n[[messages.refunds]]\ncolour = 'x'"},
            422, "mapping",
        ),
    ],
)  # fmt: skip
def test_an_endpoint_that_makes_no_sense(
    client: httpx.Client, path: str, body: dict[str, Any], status: int, field: str | None
) -> None:
    answer = client.put(f"/v1/hooks/{path}", json=body)
    assert answer.status_code == status, answer.text
    if field:
        assert field in [error["field"] for error in answer.json()["errors"]]


@pytest.mark.parametrize("name", SYSTEMS)
def test_the_tables_that_come_along_are_whole(name: str) -> None:
    assert read_mapping("", SYSTEMS[name].mapping()).messages
