"""What every answer carries, what is written down about a call, and what is not."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from api.problems import METHODS
from tests.api.declared import document
from tests.api.serving import Running, running
from tests.api.test_facts_calls import fact
from tests.api.test_scoring import body

PERSONAL = {
    "shipping_address": "17 Unmistakable Lane, Room 4242",
    "phone": "+86 139 1234 5678",
    "payment_instrument": "card-unmistakable",
    "device_id": "device-unmistakable",
    "ip": "203.0.113.77",
}


@pytest.mark.parametrize("path", ["/healthz", "/v1/model", "/v1/orders", "/nowhere", "/metrics"])
def test_every_answer_is_guarded(client: httpx.Client, path: str) -> None:
    headers = client.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["cache-control"] == "no-store"
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "server" not in headers


def test_a_request_id_comes_back(client: httpx.Client) -> None:
    given = client.get("/nowhere", headers={"x-request-id": "ticket-4711-a"})
    assert given.headers["x-request-id"] == "ticket-4711-a"
    assert given.json()["instance"] == "urn:request:ticket-4711-a"
    for odd in ("short", "x" * 65, "a b c d e f g h", "'; drop table orders"):
        made = client.get("/nowhere", headers={"x-request-id": odd}).headers["x-request-id"]
        assert re.fullmatch(r"[0-9a-f]{16}", made)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/nowhere", 404), ("PUT", "/v1/orders", 405), ("GET", "/v1/refunds/x/score", 405)],
)
def test_the_frameworks_errors_are_problems_too(
    client: httpx.Client, method: str, path: str, status: int
) -> None:
    answer = client.request(method, path)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == status
    assert status != 405 or "POST" in answer.headers["allow"]


def _room(run: Running, pages: int) -> None:
    """Let the store's file grow to so many pages and no further, as a full disk does.

    A write that fails gives back the connection that the writer keeps, so that all have the limit.
    """

    def limit(connection: Any, *_: Any) -> None:
        connection.execute(f"PRAGMA max_page_count={pages}")

    history = run.service.history
    sa.event.listen(history.engine, "checkout", limit)
    with pytest.raises((LookupError, sa.exc.OperationalError)), history.write():
        raise LookupError


def test_a_full_disk_is_not_ready_until_there_is_room(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running(folder) as run, run.client() as client:
        monkeypatch.setattr("api.service.OPEN_S", 3_600.0)
        _room(run, 1)
        for _ in range(20):
            refused = client.post("/v1/refunds/score", json=body())
        assert (refused.status_code, refused.headers["retry-after"]) == (503, "1")
        assert client.get("/readyz").status_code == 503
        _room(run, 1 << 30)
        monkeypatch.setattr("api.service.OPEN_S", 0.0)
        assert client.get("/readyz").status_code == 200
        assert client.post("/v1/refunds/score", json=body()).status_code == 200
        assert client.get("/readyz").status_code == 200


@pytest.mark.parametrize("method", ["OPTIONS", "PATCH", "TRACE", *sorted(METHODS - {"HEAD"})])
def test_a_wrong_method_is_told_every_right_one(client: httpx.Client, method: str) -> None:
    wrong = {}
    for path, item in document()["paths"].items():
        has = {declared.upper() for declared in item}
        if method in has:
            continue
        answer = client.request(method, re.sub(r"\{\w+\}", "x", path))
        told = answer.headers.get("allow", ""), answer.status_code
        if told != (", ".join(sorted(has | {"HEAD"} if "GET" in has else has)), 405):
            wrong[path] = told
    assert wrong == {}


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v1/decisions/a%00b", 404),
        ("POST", "/v1/refunds/%00/score", 404),
        ("DELETE", "/v1/receivers/%00", 404),
        ("GET", "/v1/cases?customer=%00", 422),
        ("GET", "/v1/cases?%00=1", 422),
        ("GET", "/v1/deliveries?cursor=%00", 422),
        ("POST", "/v1/hooks/shopify/%00", 401),
        ("GET", "/console?q=%00", 404),
        ("GET", "/console/log?%00", 404),
    ],
)
def test_text_that_not_every_store_takes_is_refused(
    client: httpx.Client, method: str, path: str, status: int
) -> None:
    answer = client.request(method, path)
    assert (answer.status_code, answer.json()["status"]) == (status, status)


def test_what_nobody_foresaw_says_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    with running(folder) as run, run.client() as client:

        def broken(*_: object, **__: object) -> bytes:
            raise KeyError("17 Unmistakable Lane")

        monkeypatch.setattr(run.service.decider, "deciding", broken)
        answer = client.post("/v1/refunds/score", json=body())
        assert answer.status_code == 500
        assert answer.json()["type"].endswith("internal")
        assert answer.headers["x-request-id"] in answer.json()["instance"]
        assert "Unmistakable" not in answer.text
        batch = client.post("/v1/refunds/score/batch", json=[body()])
        assert batch.status_code == 500
    logged = capfd.readouterr().err
    assert '"error":"KeyError"' in logged
    assert "serving.py" not in logged or "test_middleware.py" in logged
    assert "Unmistakable" not in logged


def test_a_store_that_is_gone_is_said_and_comes_back(folder: Path) -> None:
    with running(folder) as run, run.client() as client:
        client.get("/v1/model").raise_for_status()
        history = run.service.history
        with history.engine.connect() as held:
            held.exec_driver_sql("PRAGMA busy_timeout=0")
            held.exec_driver_sql("BEGIN IMMEDIATE")
            held.exec_driver_sql("ALTER TABLE orders RENAME TO gone")
            held.exec_driver_sql("COMMIT")
            answer = client.post("/v1/orders", json=fact("orders"))
            assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
            assert "orders" not in answer.json()["detail"]
            held.exec_driver_sql("ALTER TABLE gone RENAME TO orders")
        assert client.post("/v1/orders", json=fact("orders")).status_code == 201


def test_nothing_personal_is_written_down(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with running(folder) as run, run.client() as client:
        one = body(reason_text="my unmistakable zip broke", payout_account="acct-unmistakable")
        one["order"][0].update(PERSONAL)
        decided = client.post("/v1/refunds/score", json=one)
        assert decided.status_code == 200
        answers = [
            client.post("/v1/orders", json={**fact("orders"), **PERSONAL, "amount": "-1"}),
            client.post("/v1/orders", json={**one["order"][0], "amount": "1.00"}),
            client.get("/v1/refunds/my-unmistakable-id/decisions"),
            client.get("/metrics"),
        ]
        assert [answer.status_code for answer in answers] == [422, 409, 404, 200]
    sent = [*PERSONAL.values(), "unmistakable", "acct-unmistakable"]
    told = decided.text + answers[0].text + answers[1].text + answers[3].text
    logged = capfd.readouterr().err
    assert '"call":"/v1/refunds/score"' in logged
    for value in sent:
        assert value not in told
        assert value not in logged
    for file in folder.glob("store.db*"):
        kept = file.read_bytes()
        for value in PERSONAL.values():
            assert value.encode() not in kept


def test_numbers_are_for_this_machine_or_an_admin(served: Running, client: httpx.Client) -> None:
    client.post("/v1/refunds/score", json=body()).raise_for_status()
    text = httpx.get(served.url + "/metrics").text
    assert re.search(r'refund_risk_decisions_total\{tier="\w+"\} [1-9]', text)
    assert 'refund_risk_in_force{model="1",policy="' in text
    assert (
        'refund_risk_call_seconds_count{call="/v1/refunds/score",method="POST",status="200"}'
        in text
    )
    assert "R-" not in text
    passed_on = {"x-forwarded-for": "198.51.100.1"}
    assert httpx.get(served.url + "/metrics", headers=passed_on).status_code == 401
    with served.client("score") as other, served.client("admin") as admin:
        assert other.get("/metrics", headers=passed_on).status_code == 403
        assert admin.get("/metrics", headers=passed_on).status_code == 200
