"""What clients in the wild send, and what they are answered."""

from __future__ import annotations

import asyncio
import gzip
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from api.app import create_app
from tests.api.serving import SECRET, running, settings_in
from tests.api.test_facts_calls import fact
from tests.api.test_scoring import body
from tests.stores import lay_store

IDS = ["RINV/2026/00012", "a%2Fb", "?x=1&y", "#1", "退款 1", "a+b", "..%", "50%/2", "/", "a;b=c"]


def ahead(seconds: float) -> str:
    return (datetime.now(UTC) + timedelta(seconds=seconds)).isoformat()


@pytest.mark.parametrize("own", IDS)
def test_an_id_of_any_characters_can_be_addressed(client: httpx.Client, own: str) -> None:
    made = body()
    made["refund"]["refund_id"] = made["evidence"][0]["refund_id"] = own
    decided = client.post("/v1/refunds/score", json=made)
    assert decided.status_code == 200, decided.text
    path = f"/v1/refunds/{quote(own, safe='')}"
    [found] = client.get(f"{path}/decisions").json()
    assert found["decision_id"] == decided.json()["decision_id"]
    assert client.post(f"{path}/score").json()["refund_id"] == own
    case = client.get(f"/v1/cases/{quote(own, safe='')}")
    assert case.status_code in (200, 404)
    assert case.status_code == 200 or case.json()["type"].endswith("not-found")
    customer = made["order"][0]["customer_id"]
    assert client.get(f"/v1/customers/{quote(customer, safe='')}").status_code == 200


def test_an_encoded_slash_is_part_of_an_id_and_of_nothing_else(client: httpx.Client) -> None:
    assert client.get("/v1%2Fmodel").status_code == 404
    assert client.get("/v1/refunds/x%2Fy/decisions").status_code == 404
    assert client.get("/v1/refunds/x%2Fdecisions").status_code == 404


@pytest.mark.parametrize("coding", ["gzip", "br", "GZIP", "identity, gzip"])
def test_an_encoded_body_is_no_media_type_of_ours(client: httpx.Client, coding: str) -> None:
    raw = gzip.compress(json.dumps(body()).encode())
    headers = {"content-type": "application/json", "content-encoding": coding}
    for path in ("/v1/refunds/score", "/v1/orders", "/v1/hooks/shopify/main"):
        answer = client.post(path, content=raw, headers=headers)
        assert (answer.status_code, answer.headers["accept-encoding"]) == (415, "identity")
    plain = {"content-type": "application/json", "content-encoding": "identity"}
    sent = client.post("/v1/refunds/score", content=json.dumps(body()), headers=plain)
    assert sent.status_code == 200


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/docs", "/v1/model", "/openapi.json"])
def test_head_is_answered_as_get_without_a_body(client: httpx.Client, path: str) -> None:
    whole, head = client.get(path), client.head(path)
    assert (head.status_code, head.content) == (whole.status_code, b"")
    assert head.headers["content-length"] == whole.headers["content-length"]
    assert client.head("/v1/orders").status_code == 405


@pytest.mark.parametrize("path", ["/v1/refunds/score/", "/healthz/", "/v1/orders/"])
def test_no_slash_leads_elsewhere(client: httpx.Client, path: str) -> None:
    assert client.post(path, json=body()).status_code == 404


def test_a_parameter_that_no_call_has_is_named(client: httpx.Client) -> None:
    answer = client.get("/v1/cases", params={"teir": "approve", "limit": 5})
    assert answer.status_code == 422
    [error] = answer.json()["errors"]
    assert (error["pointer"], error["field"]) == ("?teir", "teir")
    assert "tier" in error["expected"]
    assert client.get("/v1/deliveries", params={"after": "x"}).status_code == 422
    assert client.get("/v1/model", params={"x": "1"}).status_code == 422
    assert client.get("/v1/cases", params={"limit": 5}).status_code == 200
    dry = client.post("/v1/refunds/score", params={"dry-run": "true"}, json=body())
    assert dry.status_code == 422


def test_numbers_for_ids_and_small_letters_for_currencies(client: httpx.Client) -> None:
    made = body()
    made["refund"] |= {"refund_id": 123_000, "order_id": 9, "line_id": 1}
    made["order"] = [{**made["order"][0], "order_id": 9, "line_id": 1, "customer_id": 2**70,
                      "currency": "usd"}]  # fmt: skip
    made["shipments"], made["evidence"] = [], []
    decided = client.post("/v1/refunds/score", json=made)
    assert decided.status_code == 200, decided.text
    assert decided.json()["refund_id"] == "123000"
    assert decided.json()["currency"] == "USD"
    assert client.post("/v1/orders", json={**made["order"][0], "currency": "USD"}).json() == (
        client.post("/v1/orders", json={**made["order"][0], "line_id": "1"}).json()
    )
    for odd in (1.0, True, [1]):
        made["refund"]["line_id"] = odd
        assert client.post("/v1/refunds/score", json=made).status_code == 422


@pytest.mark.parametrize("written", ["2026-03-05t01:30:00z", "2026-03-05T01:30:00Z"])
def test_rfc_3339_has_small_letters_too(client: httpx.Client, written: str) -> None:
    assert client.post("/v1/refunds/score", json=body(requested_at=written)).status_code == 200


@pytest.mark.parametrize("seconds", [0.3, 1.5])
def test_a_clock_a_moment_ahead_is_waited_for(client: httpx.Client, seconds: float) -> None:
    when = ahead(seconds)
    decided = client.post("/v1/refunds/score", json=body(requested_at=when))
    assert decided.status_code == 200, decided.text
    assert datetime.fromisoformat(decided.json()["as_of"]) >= datetime.fromisoformat(
        when
    ) - timedelta(milliseconds=1)
    refund = body(requested_at=ahead(seconds))["refund"]
    assert client.post("/v1/refunds", json=refund).status_code == 201


def test_a_batch_waits_for_the_latest_and_decides_each_once(client: httpx.Client) -> None:
    bodies = [body(), body(requested_at=ahead(0.4)), body(requested_at="x"), body()]
    made = client.post("/v1/refunds/score/batch", json=bodies).json()
    assert [next(iter(one)) for one in made] == ["decision", "decision", "problem", "decision"]
    for sent, one in zip(bodies, made, strict=True):
        if "decision" in one:
            again = client.get(f"/v1/refunds/{sent['refund']['refund_id']}/decisions").json()
            assert [d["decision_id"] for d in again] == [one["decision"]["decision_id"]]


def test_a_clock_further_ahead_is_told_by_how_much(client: httpx.Client) -> None:
    answer = client.post("/v1/refunds/score", json=body(requested_at=ahead(90)))
    assert answer.status_code == 422
    [error] = answer.json()["errors"]
    assert error["field"] == "requested_at"
    assert 80 < float(error["got"].split()[0]) <= 90
    assert datetime.now(UTC).strftime("%Y-%m-%dT%H") in error["got"]
    [one] = client.post("/v1/refunds/score/batch", json=[body(requested_at=ahead(90))]).json()
    assert one["problem"]["status"] == 422


def test_a_currency_without_a_rate_names_the_file(client: httpx.Client, folder: Path) -> None:
    made: dict[str, Any] = body()
    made["order"][0]["currency"] = "BHD"
    answer = client.post("/v1/refunds/score", json=made)
    assert (answer.status_code, "retry-after" in answer.headers) == (422, False)
    [error] = answer.json()["errors"]
    assert (error["pointer"], error["got"]) == ("#/order/currency", "BHD")
    assert "REFUND_RISK_POLICY" in error["expected"]
    own = folder / "ours.toml"
    own.write_text(Path("risk/policy.toml").read_text(encoding="utf-8"), encoding="utf-8")
    with running(folder, policy=own) as run, run.client() as with_own:
        answer = with_own.post("/v1/refunds/score", json=made)
        assert "ours.toml" in answer.json()["errors"][0]["expected"]
        assert with_own.get(f"/v1/refunds/{made['refund']['refund_id']}/decisions").status_code == (
            404
        )


def test_two_names_for_one_call_are_none(client: httpx.Client) -> None:
    headers = [("idempotency-key", "one"), ("idempotency-key", "two")]
    answer = client.post("/v1/orders", json=fact("orders"), headers=headers)
    assert answer.status_code == 400


def test_a_prefix_that_a_proxy_takes_off_is_named(folder: Path) -> None:
    lay_store(folder / "store.db", SECRET)
    app = create_app(settings_in(folder))
    transport = httpx.ASGITransport(app, root_path="/risk")

    async def read() -> list[httpx.Response]:
        async with httpx.AsyncClient(transport=transport, base_url="http://risk") as inside:
            return [await inside.get(path) for path in ("/", "/docs", "/openapi.json")]

    front, page, document = asyncio.run(read())
    app.state.service.history.close()
    assert front.headers["location"] == "/risk/docs"
    assert 'href="/risk/openapi.json"' in page.text
    assert document.json()["servers"] == [{"url": "/risk"}]


@pytest.mark.parametrize("path", ["/docs", "/openapi.json", "/openapi.json?webhooks=false"])
def test_what_needs_no_key_is_written_once(folder: Path, path: str) -> None:
    lay_store(folder / "store.db", SECRET)
    app = create_app(settings_in(folder))

    async def read() -> list[bytes]:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://risk") as inside:
            first = (await inside.get(path)).content
            app.openapi()["info"]["title"] = "written anew"
            return [first, (await inside.get(path)).content]

    first, second = asyncio.run(read())
    app.state.service.history.close()
    assert first == second
    assert b"written anew" not in second
