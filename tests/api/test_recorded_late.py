"""A history that is sent without its times is stored, and its sender is told what follows."""

from __future__ import annotations

from typing import Any

import httpx

from risk.facts.format import iso
from risk.facts.units import DAY_MS
from risk.history.connection.connect import now_ms
from tests.api.serving import Running


def order(name: str, days: float, **more: Any) -> dict[str, Any]:
    known = {"customer_id": "C-late", "amount": "10.00", **more}
    return {"order_id": name, "placed_at": iso(now_ms() - round(days * DAY_MS)), **known}


def test_old_facts_known_from_now_are_told(client: httpx.Client) -> None:
    sent = [order("O-old-1", 400), order("O-old-2", 8), order("O-new", 1)]
    answer = client.post("/v1/orders", json=sent)
    assert answer.status_code == 201
    [warning] = answer.json()["warnings"]
    assert (warning["code"], warning["field"]) == ("recorded_late", "placed_at")
    assert warning["count"] == 2
    assert "2 of 3 happened more than 7 days ago" in warning["text"]["en"]
    assert "scope `backdate`" in warning["text"]["en"]
    assert "3 条中有 2 条" in warning["text"]["zh"]
    again = client.post("/v1/orders", json=sent)
    assert again.json() == {"stored": 0, "known": 3}, "nothing new, nothing to say"


def test_what_is_new_or_dated_is_stored_without_a_word(
    served: Running, client: httpx.Client
) -> None:
    assert client.post("/v1/orders", json=order("O-fresh", 6)).json() == {"stored": 1, "known": 0}
    with served.client("ingest", "backdate") as dating:
        known = iso(now_ms() - 300 * DAY_MS)
        dated = order("O-dated", 300.1, known_at=known)
        assert dating.post("/v1/orders", json=dated).json() == {"stored": 1, "known": 0}


def test_what_could_not_be_determined_says_what_was_done(client: httpx.Client) -> None:
    refund = {"refund_id": "R-late", "order_id": "O-nobody", "requested_at": iso(now_ms()),
              "amount": "10.00", "reason_code": "damaged"}  # fmt: skip
    assert client.post("/v1/refunds/score", json={"refund": refund}).json()["tier"] != "approve"
    call = "/v1/cases/R-late/outcome"
    refused = client.post(call, json={"verdict": "undetermined"})
    assert refused.status_code == 422
    assert "resolution" in refused.text
    assert "what is done with the money" in refused.text
    done = client.post(call, json={"verdict": "undetermined", "resolution": "refused"})
    assert done.status_code == 200
