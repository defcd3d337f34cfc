"""Facts corrected and taken back by the API: what counts from then on, and who may say so."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from risk.history.schema import FACTS
from tests.api.serving import Running, counted
from tests.api.test_scoring import body


def taken_back(kind: str, key: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A retraction of a fact."""
    given = {"kind": kind, "key": key, "retracted_at": "2026-03-12T10:00:00+08:00"}
    return {**given, "reason": "it was another shop's", **more}


@pytest.fixture
def admin(served: Running) -> Any:
    with served.client("ingest", "score", "admin") as client:
        yield client


def test_an_order_taken_back_counts_no_more(served: Running, admin: httpx.Client) -> None:
    sent = body()
    assert admin.post("/v1/refunds/score", json=sent).status_code == 200
    other = {**sent["order"][0], "order_id": f"{sent['order'][0]['order_id']}-other"}
    assert admin.post("/v1/orders", json=other).status_code == 201
    key = {"order_id": other["order_id"], "line_id": other.get("line_id", "1")}
    back = taken_back("orders", key)
    answer = admin.post("/v1/retractions", json=back)
    assert answer.status_code == 201, answer.text
    assert counted(admin.post("/v1/retractions", json=back)) == {"stored": 0, "known": 1}
    with served.service.history.read() as connection:
        c = FACTS["orders"].c
        row = connection.execute(
            sa.select(c.valid_from, c.valid_to).where(c.order_id == other["order_id"])
        ).one()
    assert row.valid_to < 4 * 10**12, "the order still counts for good"


def test_a_corrected_fact_is_the_next_revision(admin: httpx.Client) -> None:
    sent = body()
    line = sent["order"][0]
    assert admin.post("/v1/refunds/score", json=sent).status_code == 200
    changed = {**line, "amount": "1.00"}
    assert admin.post("/v1/orders", json=changed).status_code == 409
    assert admin.post("/v1/orders", json={**changed, "revision": 2}).status_code == 201
    assert admin.post("/v1/orders", json={**changed, "revision": 2}).json()["known"] == 1


def detail(answer: httpx.Response) -> str:
    assert answer.status_code == 409, answer.text
    return str(answer.json()["detail"])


def test_a_conflict_names_the_key_in_words_and_the_columns(admin: httpx.Client) -> None:
    sent = body()
    line, refund = sent["order"][0], sent["refund"]
    assert admin.post("/v1/refunds/score", json=sent).status_code == 200
    key = f"order_id={line['order_id']}, line_id=1"
    changed = {**line, "amount": "1.00", "device_id": "another"}
    assert detail(admin.post("/v1/orders", json=changed)) == (
        f"orders: {key} is stored with another content: amount, device_id; "
        "a correction states a higher revision"
    )
    assert admin.post("/v1/orders", json={**changed, "revision": 5}).status_code == 201
    assert detail(admin.post("/v1/orders", json={**line, "revision": 3})) == (
        f"orders: {key}, revision 3 is below revision 5, which is stored; "
        "it differs in: amount, device_id"
    )
    both = [{**line, "revision": 6}, {**changed, "revision": 6}]
    assert detail(admin.post("/v1/orders", json=both)) == (
        f"orders: {key}, revision 6 is given twice with different content: amount, device_id"
    )
    parcel = {"order_id": line["order_id"], "status": "delivered", "courier": "SF",
              "occurred_at": "2026-03-02T08:00:00+08:00", "tracking_no": "SF-1"}  # fmt: skip
    assert admin.post("/v1/shipments", json=parcel).status_code == 201
    assert detail(admin.post("/v1/shipments", json={**parcel, "courier": "YTO"})) == (
        f"shipments: order_id={line['order_id']}, direction=outbound, status=delivered, "
        "occurred_at=2026-03-02T00:00:00.000+00:00 is stored with another content: courier; "
        "a correction states a higher revision"
    )
    asked = {**sent, "refund": {**refund, "amount": "350.00"}}
    assert detail(admin.post("/v1/refunds/score", json=asked)) == (
        f"refunds: refund_id={refund['refund_id']} is stored with another content: amount; "
        "a correction states a higher revision"
    )


def test_a_fact_that_was_taken_back_is_stored_and_said_not_to_count(admin: httpx.Client) -> None:
    line = {**body()["order"][0], "order_id": "O-taken-back"}
    assert counted(admin.post("/v1/orders", json=line)) == {"stored": 1, "known": 0}
    back = taken_back("orders", {"order_id": "O-taken-back", "line_id": line["line_id"]})
    assert counted(admin.post("/v1/retractions", json=back)) == {"stored": 1, "known": 0}
    later = admin.post("/v1/orders", json={**line, "revision": 2, "amount": "990.00"})
    assert counted(later) == {"stored": 1, "known": 0, "retracted": 1}
    again = {**back, "retracted_at": "2026-03-13T10:00:00+08:00", "revision": 2}
    assert admin.post("/v1/retractions", json=again).status_code == 201
    counts = admin.post("/v1/orders", json={**line, "revision": 3, "amount": "980.00"})
    assert counted(counts) == {"stored": 1, "known": 0}


def test_a_retraction_with_another_reason_is_a_conflict_that_says_what_to_do(
    admin: httpx.Client,
) -> None:
    back = taken_back("refunds", {"refund_id": "R-never-seen"})
    assert counted(admin.post("/v1/retractions", json=back)) == {"stored": 1, "known": 0}
    assert detail(admin.post("/v1/retractions", json={**back, "reason": "other"})) == (
        'retractions: refunds {"refund_id": "R-never-seen"}, '
        "retracted_at=2026-03-12T02:00:00.000+00:00 is stored with another content: reason; "
        "another retraction has a `retracted_at` of its own"
    )
    sent = body()
    sent["refund"]["refund_id"] = "R-never-seen"
    sent = {member: sent[member] for member in ("refund", "order")}
    said = detail(admin.post("/v1/refunds/score", json=sent))
    assert said == "refund request R-never-seen was taken back: it was another shop's"


@pytest.mark.parametrize("scope", ["ingest", "outcomes", "score", "review"])
def test_only_an_administrator_takes_facts_back(served: Running, scope: str) -> None:
    with served.client(scope) as client:
        answer = client.post("/v1/retractions", json=taken_back("orders", {"order_id": "O-1"}))
    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("kind", "key", "field"),
    [("receipts", {"order_id": "O-1"}, "kind"), ("orders", {"refund_id": "R-1"}, "key"),
     ("orders", "no JSON", "key"), ("orders", {"line_id": "1"}, "key")],
)  # fmt: skip
def test_what_names_no_fact_is_refused(
    admin: httpx.Client, kind: str, key: Any, field: str
) -> None:
    answer = admin.post("/v1/retractions", json=taken_back(kind, key))
    assert answer.status_code == 422, answer.text
    assert field in [error["field"] for error in answer.json()["errors"]]
