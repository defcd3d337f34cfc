"""`?dry_run=true`: the Decision that would be answered, and nothing stored of it."""

from __future__ import annotations

from typing import Any

import httpx
import sqlalchemy as sa

from tests.api.serving import Running
from tests.api.test_order_money_calls import asked, order

OWN = ("decision_id", "as_of", "decided_at", "respond_by")
"""Members that differ from one decision to the next."""


def stored(served: Running) -> dict[str, int]:
    """The rows of every table."""
    with served.service.history.read() as connection:
        count = "SELECT COUNT(*) FROM "
        return {
            name: connection.exec_driver_sql(f"{count}{name}").scalar_one()
            for name in sa.inspect(connection).get_table_names()
        }


def dry(client: httpx.Client, body: dict[str, Any], **more: Any) -> httpx.Response:
    return client.post("/v1/refunds/score?dry_run=true", json=body, **more)


def test_a_dry_run_answers_the_decision_and_stores_nothing(
    served: Running, client: httpx.Client
) -> None:
    lines = order("259.00")
    body = {"refund": asked(lines, "25900.00"), "order": lines}
    before = stored(served)
    answer = dry(client, body, headers={"idempotency-key": "tried once"})
    answer.raise_for_status()
    assert stored(served) == before
    told = answer.json()
    assert (told["tier"], told["money"]["paid"]) == ("platform_intervention", "259.00")
    assert client.get(f"/v1/decisions/{told['decision_id']}").status_code == 404
    assert client.get(f"/v1/cases/{told['refund_id']}").status_code == 404
    real = client.post("/v1/refunds/score", json=body).json()
    assert {**told, **{name: real[name] for name in OWN}} == real


def test_of_a_body_that_was_decided_it_is_the_stored_decision(client: httpx.Client) -> None:
    lines = order("70.00")
    body: dict[str, Any] = {"refund": asked(lines, "70.00"), "order": lines}
    real = client.post("/v1/refunds/score", json=body)
    assert dry(client, body).content == real.content
    more = {**body, "refund": {**body["refund"], "revision": 2, "amount": "71.00"}}
    assert dry(client, more).json()["money"]["asked"] == "71.00"
    assert client.post("/v1/refunds/score", json=body).content == real.content


def test_what_cannot_be_decided_is_refused_as_ever(client: httpx.Client) -> None:
    lines = order("70.00")
    refund = asked(lines, "70.00")
    client.post("/v1/refunds/score", json={"refund": refund, "order": lines}).raise_for_status()
    assert dry(client, {"refund": {**refund, "amount": "1"}}).status_code == 409
    assert dry(client, {"refund": {**refund, "amount": "x"}}).status_code == 422
    assert dry(client, {"refund": {**refund, "refund_id": "R-dry", "order_id": None}}).is_error


def test_a_bound_caller_reads_its_own_id_where_another_has_the_same(
    served: Running, client: httpx.Client
) -> None:
    lines = [{**order("70.00")[0], "merchant_id": "M-first"}]
    refund = asked(lines, "70.00")
    client.post("/v1/refunds/score", json={"refund": refund, "order": lines}).raise_for_status()
    with served.client("score", "ingest", merchants=frozenset({"M-second"})) as bound:
        own = [{**lines[0], "merchant_id": "M-second"}]
        before = stored(served)
        answer = dry(bound, {"refund": refund, "order": own})
        answer.raise_for_status()
        assert answer.json()["refund_id"] == refund["refund_id"]
        assert stored(served) == before
