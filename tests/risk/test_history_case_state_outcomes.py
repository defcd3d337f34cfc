"""A finding closes its case however it comes in."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from risk.history.case_state import upsert_case
from risk.history.intake import ingest
from risk.history.store import History

OPEN = {
    "refund_id": "r1", "decision_id": "d1", "wanted": True, "tier": "platform_intervention",
    "stage": "request", "probability": 0.7, "amount": 990_000, "currency": "CNY", "stake": 99.0,
    "respond_by": 1_772_900_000_000, "requested_at": 1_772_700_000_000, "type": "refund_only",
    "reason_code": "damaged", "merchant_id": None, "linked": 0, "linked_fraud": 0, "audit": False,
    "audit_share": None, "selected_by": "model", "priority": False, "headline": "{}",
    "decided_at": 1_772_700_000_000,
}  # fmt: skip


@pytest.mark.parametrize(("decided_by", "state"), [("platform", "closed"), ("system", "open")])
def test_an_outcome_from_elsewhere_closes_the_case(
    history: History, decided_by: str, state: str
) -> None:
    with history.write() as write:
        upsert_case(write.connection, OPEN)
    outcome = {
        "refund_id": "r1",
        "decided_at": "2026-03-06T10:00:00+08:00",
        "verdict": "legitimate",
        "decided_by": decided_by,
    }
    ingest(history, "outcomes", [outcome])
    with history.read() as connection:
        found = connection.execute(sa.text("SELECT state FROM cases WHERE refund_id = 'r1'"))
        assert found.scalar_one() == state
