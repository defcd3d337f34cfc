"""`Idempotency-Key`: the same call under the same name is answered once."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from risk.access import idempotency
from risk.access.idempotency import RETENTION_MS, StoredResponse
from risk.history.schema.schema_access import idempotent_responses as table
from risk.history.schema.schema_decisions import decisions
from tests.api.serving import Running, counted
from tests.api.test_facts_calls import fact
from tests.api.test_scoring import body

NAME = "idempotency-key"


def test_the_same_call_gets_the_same_answer(client: httpx.Client) -> None:
    one = fact("orders")
    first, again = (client.post("/v1/orders", json=one, headers={NAME: "a"}) for _ in range(2))
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert (first.status_code, first.json()["stored"]) == (201, 1)
    assert "idempotent-replayed" not in first.headers
    assert again.headers["idempotent-replayed"] == "true"
    assert counted(client.post("/v1/orders", json=one)) == {"stored": 0, "known": 1}


def test_deciding_again_under_one_name_decides_once(client: httpx.Client) -> None:
    one = body()
    client.post("/v1/refunds/score", json=one).raise_for_status()
    path = f"/v1/refunds/{one['refund']['refund_id']}"
    with ThreadPoolExecutor(8) as eight:
        done = list(
            eight.map(lambda _: client.post(f"{path}/score", headers={NAME: "again"}), range(8))
        )
    assert len({answer.content for answer in done}) == 1
    assert len(client.get(f"{path}/decisions").json()) == 2


@pytest.mark.parametrize("other", ["body", "path"])
def test_another_call_under_the_same_name_is_refused(client: httpx.Client, other: str) -> None:
    headers = {NAME: f"other {other}"}
    client.post("/v1/orders", json=fact("orders"), headers=headers).raise_for_status()
    changed = fact("orders") if other == "body" else body()
    path = "/v1/orders" if other == "body" else "/v1/refunds/score"
    answer = client.post(path, json=changed, headers=headers)
    assert answer.status_code == 422
    assert answer.json()["type"].endswith("idempotency-key-reused")
    lines = changed if other == "body" else changed["order"]
    assert client.post("/v1/orders", json=lines).json()["stored"] == 1


def _reordered(value: Any) -> Any:
    """The same JSON with the members of every object the other way round."""
    if isinstance(value, list):
        return [_reordered(item) for item in value]
    if isinstance(value, dict):
        return {name: _reordered(value[name]) for name in reversed(value)}
    return value


@pytest.mark.parametrize("indent", [None, 2])
def test_the_same_json_written_otherwise_is_the_same_call(
    client: httpx.Client, indent: int | None
) -> None:
    one, name = body(), f"reordered {indent}"
    headers = {NAME: name, "content-type": "application/json"}
    first = client.post("/v1/refunds/score", json=one, headers=headers)
    again = client.post(
        "/v1/refunds/score",
        content=json.dumps(_reordered(one), indent=indent, ensure_ascii=indent is None),
        headers=headers,
    )
    assert (first.status_code, again.status_code) == (200, 200)
    assert again.content == first.content
    assert again.headers["idempotent-replayed"] == "true"


@pytest.mark.parametrize("change", ["order of a list", "text for a number"])
def test_json_that_says_something_else_is_another_call(client: httpx.Client, change: str) -> None:
    headers = {NAME: change}
    first = [{**fact("orders"), "quantity": 1}, fact("orders")]
    second = [*reversed(first)] if change == "order of a list" else [dict(first[0]), first[1]]
    if change != "order of a list":
        second[0]["quantity"] = "1"
    client.post("/v1/orders", json=first, headers=headers).raise_for_status()
    answer = client.post("/v1/orders", json=second, headers=headers)
    assert answer.status_code == 422
    assert answer.json()["type"].endswith("idempotency-key-reused")


@pytest.mark.parametrize(
    "raw", [b"{", b"", b'{"a":1,"a":2}', b"[" * 100_000, b"\xff", b"9" * 5_000]
)
def test_what_cannot_be_read_is_said_under_a_name_too(client: httpx.Client, raw: bytes) -> None:
    headers = {NAME: "unreadable", "content-type": "application/json"}
    assert client.post("/v1/orders", content=raw, headers=headers).status_code == 400


def test_names_belong_to_their_key(served: Running, client: httpx.Client) -> None:
    client.post("/v1/orders", json=fact("orders"), headers={NAME: "mine"}).raise_for_status()
    with served.client("ingest") as another:
        answer = another.post("/v1/orders", json=fact("orders"), headers={NAME: "mine"})
    assert counted(answer) == {"stored": 1, "known": 0}


def test_what_was_refused_may_be_mended(client: httpx.Client) -> None:
    headers = {NAME: "mended"}
    bad = {**fact("orders"), "amount": "-1"}
    assert client.post("/v1/orders", json=bad, headers=headers).status_code == 422
    mended = client.post("/v1/orders", json={**bad, "amount": "1"}, headers=headers)
    assert mended.status_code == 201


@pytest.mark.parametrize("name", [b"", b"x" * 256, b"\xe4"])
def test_a_name_must_be_keepable(client: httpx.Client, name: bytes) -> None:
    answer = client.post("/v1/orders", json=fact("orders"), headers={b"idempotency-key": name})
    assert answer.status_code == 400
    assert "Idempotency-Key" in answer.json()["detail"]


def test_a_decision_and_its_answer_are_one_commit(served: Running, client: httpx.Client) -> None:
    one = body()
    first = client.post("/v1/refunds/score", json=one, headers={NAME: "one commit"})
    with served.service.history.read() as connection:
        decided = connection.execute(
            sa.select(decisions.c.decided_at).where(
                decisions.c.decision_id == first.json()["decision_id"]
            )
        ).scalar_one()
        kept = connection.execute(
            sa.select(table.c.at, table.c.body).where(table.c.idempotency_key == "one commit")
        ).one()
    assert tuple(kept) == (decided, first.text)


def test_after_a_day_the_name_is_free(served: Running) -> None:
    history = served.service.history
    kept = StoredResponse(b"digest", 201, b"{}")
    with history.write() as write:
        assert idempotency.store(write, "key", "old", kept) is kept
        moment = write.at
    with history.read() as connection:
        assert idempotency.find(connection, "key", "old", moment + RETENTION_MS - 1) == kept
        assert idempotency.find(connection, "key", "old", moment + RETENTION_MS) is None
    with history.write() as write:
        write.connection.execute(sa.update(table).values(at=write.at - RETENTION_MS))
        other = StoredResponse(b"another", 200, b"[]")
        assert idempotency.store(write, "key", "old", other) is other
        left = write.connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
    assert left == 1
