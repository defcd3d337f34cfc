"""Facts that come after a decision: the service decides an open case again by itself."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from risk.facts.format import iso
from risk.facts.units import DAY_MS, HOUR_MS
from risk.history.connection.connect import now_ms
from tests.api.console_visits import Visitor, logged_in
from tests.api.serving import Running, small_bundle
from tests.deciders import body

MISSING: dict[str, Any] = {
    "reason_code": "not_received",
    "claims_received": False,
    "reason_text": "Nothing came.",
}
PATIENCE_S = 20.0


@pytest.fixture(scope="module")
def reader(served: Running) -> Iterator[Visitor]:
    served.promote("suspicious", small_bundle(0, 5.0))
    visitor = logged_in(served, "mei")
    yield visitor
    visitor.http.close()


@pytest.fixture
def missing(client: httpx.Client, reader: Visitor) -> dict[str, Any]:
    """Somebody whose parcel was left in a locker says that it never came; the courier calls it lost
    once a person has the case."""
    one = body(**MISSING)
    one["shipments"][0]["received_by"] = "locker"
    assert client.post("/v1/refunds/score", json=one).json()["tier"] == "platform_intervention"
    return one


def decided_again(client: httpx.Client, one: dict[str, Any]) -> dict[str, Any]:
    """The decision that the service makes of a case once the courier calls its parcel lost."""
    parcel = {name: one["shipments"][0][name] for name in ("order_id", "courier")}
    event = {**parcel, "status": "lost", "occurred_at": iso(now_ms() - HOUR_MS)}
    assert client.post("/v1/shipments", json=event).status_code == 201
    return waited_for(client, one, 2)


def waited_for(client: httpx.Client, one: dict[str, Any], number: int) -> dict[str, Any]:
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        made = client.get(f"/v1/refunds/{one['refund']['refund_id']}/decisions").json()
        if len(made) == number:
            return dict(made[-1])
        time.sleep(0.1)
    raise AssertionError(f"no decision {number} within {PATIENCE_S} s")


def test_a_parcel_that_is_called_lost_is_paid(
    client: httpx.Client, missing: dict[str, Any]
) -> None:
    again = decided_again(client, missing)
    assert again["tier"] == "approve"
    assert again["conditions"] == []
    assert "courier_admits" in {rule["id"] for rule in again["rules"]}
    assert "is on its way back to you" in again["customer_message"]["en"]


def test_who_works_on_the_case_pays_and_sees_what_is_new(
    client: httpx.Client, missing: dict[str, Any], reader: Visitor
) -> None:
    name = missing["refund"]["refund_id"]
    assert client.post(f"/v1/cases/{name}/claim").status_code == 200
    again = decided_again(client, missing)
    assert again["tier"] == "platform_intervention"
    assert again["recommended"]["step"] == "pay"
    assert client.get(f"/v1/cases/{name}").json()["case"]["state"] == "open"
    page = reader.read("case", id=name).text
    assert "New in this decision, since the one of" in page
    assert "1 record of a parcel" in page
    assert "Somebody works on this case" in page
    assert "Nothing new since the decision" not in page


def test_a_correction_is_new_and_something_else_that_came_back_is_compared(
    client: httpx.Client, reader: Visitor
) -> None:
    one = body(type="return_and_refund", reason_code="defective", reason_text="It stays dark.")
    now, name = now_ms(), one["refund"]["refund_id"]
    one["order"][0]["placed_at"] = iso(now - 23 * DAY_MS)
    one["shipments"][0]["occurred_at"] = iso(now - 20 * DAY_MS)
    assert client.post("/v1/refunds/score", json=one).json()["tier"] == "platform_intervention"
    corrected = {**one["refund"], "amount": "340.00", "revision": 2}
    assert client.post("/v1/refunds", json=corrected).status_code == 201
    waited_for(client, one, 2)
    assert "the request or its order was corrected" in reader.read("case", id=name).text
    looked = {"refund_id": name, "inspected_at": iso(now), "condition": "different_item"}
    assert client.post("/v1/inspections", json=looked).status_code == 201
    again = waited_for(client, one, 3)
    assert again["stage"] == "inspection"
    assert again["recommended"]["step"] == "pictures"
