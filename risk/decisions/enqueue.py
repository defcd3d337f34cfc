"""From a decision to the queue: which requests need a person, and what a reviewer sees of them."""

from __future__ import annotations

import orjson
import sqlalchemy as sa

from risk.decisions.decision import Decision
from risk.decisions.headline import headlines
from risk.history.case_state import upsert_case
from risk.policy import Ruling, Situation


def enqueue(
    connection: sa.Connection, decision: Decision, situation: Situation, ruling: Ruling
) -> None:
    """Bring the queue up to a decision, in the transaction that stores it.

    A case is a request whose latest decision asks or calls a person, or that was drawn for audit;
    an approval with neither leaves no row. What somebody works on stays open with them. `decision`
    has its reasons.
    """
    by_rule = ruling.why.id in {rule.id for rule in ruling.rules}
    drawn = ruling.audit.drawn
    row = {
        **{name: getattr(situation, name) for name in _OF_THE_CASE},
        "refund_id": decision.refund_id,
        "decision_id": decision.decision_id,
        "decided_at": situation.as_of,
        "wanted": ruling.needs_person or situation.held,
        "tier": ruling.tier,
        "probability": decision.probability,
        "stake": ruling.money.own_exposure,
        "respond_by": ruling.respond_by,
        "linked": situation.linked_customers,
        "linked_fraud": situation.linked_fraud,
        "audit": drawn,
        "audit_share": ruling.audit.probability if drawn else None,
        "selected_by": "random_audit" if drawn else "rule" if by_rule else "model",
        "priority": ruling.priority,
        "headline": orjson.dumps(headlines(decision.as_dict(), situation)).decode(),
    }
    upsert_case(connection, row)


_OF_THE_CASE = (
    "stage", "amount", "currency", "requested_at", "type", "reason_code", "merchant_id",
)  # fmt: skip
