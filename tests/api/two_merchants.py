"""A marketplace of two merchants with keys of their own and running order numbers, one hostile."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from risk.history.schema import FACTS
from risk.history.schema.schema_tenants import waiting_facts
from tests.api.serving import Running
from tests.api.test_scoring import body

SCOPES = ("ingest", "outcomes", "score", "review", "admin")


AT = "2026-03-06T10:00:00+08:00"


@dataclass(frozen=True)
class Marketplace:
    """The service, the platform's own key, and the keys of the merchants M-A (hostile) and M-B."""

    run: Running
    platform: httpx.Client
    a: httpx.Client
    b: httpx.Client


def case(merchant: str, number: int, customer: str = "", **refund: Any) -> dict[str, Any]:
    """A scoring body of a merchant with running numbers; photos are of its own."""
    one = body(str(number), order_id=f"{number}", refund_id=f"{number}-1", **refund)
    for fact in (*one["order"], *one["shipments"], *one["evidence"]):
        fact["order_id"] = f"{number}"
    own = customer or f"{merchant}-{number}"
    touched = ("customer_id", "device_id", "payment_instrument", "shipping_address")
    one["order"][0].update(dict.fromkeys(touched, own), merchant_id=merchant, phone=None, ip=None)
    one["refund"].update(device_id=own, payout_account=own, reason_text=f"It broke, says {own}.")
    one["evidence"][0].update(evidence_id=f"E{number}", refund_id=f"{number}-1", content_hash=own)
    return one


def scored(client: httpx.Client, one: Any, **query: str) -> dict[str, Any]:
    answer = client.post("/v1/refunds/score", json=one, params=query)
    assert answer.status_code == 200, answer.text
    decision: dict[str, Any] = answer.json()
    return decision


def essence(decision: dict[str, Any]) -> dict[str, Any]:
    """What a decision says, without the moment at which it was made."""
    return {
        **{name: decision[name] for name in ("tier", "stage", "conditions", "linked")},
        "rules": [rule["id"] for rule in decision["rules"]],
        "probability": pytest.approx(decision["probability"], rel=1e-3),
    }


def finding(refund_id: str, verdict: str) -> dict[str, Any]:
    return {"refund_id": refund_id, "decided_at": AT, "verdict": verdict}


def stored(market: Marketplace, kind: str) -> int:
    with market.run.service.history.read() as connection:
        query = sa.select(sa.func.count()).select_from(FACTS[kind])
        return int(connection.execute(query).scalar_one())


def waiting(market: Marketplace) -> int:
    with market.run.service.history.read() as connection:
        query = sa.select(sa.func.count()).select_from(waiting_facts)
        return int(connection.execute(query).scalar_one())


def parcels(market: Marketplace, order_id: str) -> set[str]:
    c = FACTS["shipments"].c
    with market.run.service.history.read() as connection:
        query = sa.select(c.status).where(c.order_id == order_id)
        return set(connection.execute(query).scalars())
