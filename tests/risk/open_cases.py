"""Cases that are open, and what becomes known of them."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from risk.cases.record import claim_rows
from risk.decisions.decide import Decider
from risk.facts.format import iso
from risk.facts.units import HOUR_MS
from risk.history.connection.connect import now_ms
from risk.history.schema.schema_decisions import decisions
from risk.history.store import History
from tests.deciders import body, scored

MISSING = {"reason_code": "not_received", "claims_received": False, "reason_text": "Nothing came."}


def missing(deciding: Decider, by: str | None = "locker", **more: Any) -> dict[str, Any]:
    """Somebody who says that a parcel never came that the courier says it delivered."""
    one = body(**{**MISSING, **more})
    one["shipments"][0]["received_by"] = by
    first = scored(deciding, one)
    assert first["tier"] == "platform_intervention"
    return one


def lost(one: dict[str, Any], **more: Any) -> dict[str, Any]:
    """The courier says of the parcel of a body that it is lost."""
    event = {key: one["shipments"][0][key] for key in ("order_id", "courier")}
    return {**event, "status": "lost", "occurred_at": iso(now_ms() - HOUR_MS), **more}


def row(history: History, one: dict[str, Any]) -> dict[str, Any]:
    with history.read() as connection:
        found = claim_rows.row_of(connection, one["refund"]["refund_id"])
    assert found is not None
    return found


def latest(deciding: Decider, one: dict[str, Any]) -> dict[str, Any]:
    return deciding.decisions(one["refund"]["refund_id"])[-1]


def rules(decision: dict[str, Any]) -> set[str]:
    return {rule["id"] for rule in decision["rules"]}


def made(history: History) -> int:
    with history.read() as connection:
        return int(
            connection.execute(sa.select(sa.func.count()).select_from(decisions)).scalar_one()
        )
