"""What a pushed message becomes: facts, decisions, or a named problem."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime

import httpx
import pytest

from risk.errors import BadInput
from risk.webhooks.mapping_table import read_mapping
from tests.api.hook_senders import doudian, generic, push, raw_of, rows, set_up, shopify, zendesk
from tests.api.serving import Running


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
