"""From a decision to the queue: which requests need a person, and what a reviewer sees of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
import sqlalchemy as sa

from risk.decisions.decision import Decision
from risk.explain.reason_groups import ReasonGroup, reason_groups, told
from risk.facts.localised import LANGUAGES
from risk.history.case_state import upsert_case
from risk.policy import Ruling, Situation

ROUTING = frozenset({"person_first", "deadline_passed"})
"""Rules that say who reviews a case and when, not why."""


STORIES = 2
"""How many stories a headline tells where no rule leads: one alone is seldom why."""

_JOINT = {"en": "; ", "zh": "；"}

UNREMARKABLE = {
    "en": "No single fact stands out: compare the claim with the record.",
    "zh": "没有单一突出的事实：请将申请与记录核对。",
}
"""Why a case is here that nothing speaks against, drawn for audit or not."""


def enqueue(
    connection: sa.Connection, decision: Decision, situation: Situation, ruling: Ruling
) -> None:
    """Bring the queue up to a decision, in the transaction that stores it.

    A case is a request whose latest decision asks or calls a person, or that was drawn for audit;
    an approval with neither leaves no row. `decision` has its reasons.
    """
    by_rule = ruling.why.id in {rule.id for rule in ruling.rules}
    drawn = ruling.audit.drawn
    row = {
        **{name: getattr(situation, name) for name in _OF_THE_CASE},
        "refund_id": decision.refund_id,
        "decision_id": decision.decision_id,
        "decided_at": situation.as_of,
        "wanted": ruling.needs_person,
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
        "headline": orjson.dumps(headline(decision.as_dict(), by_rule=by_rule)).decode(),
    }
    upsert_case(connection, row)


_OF_THE_CASE = (
    "stage", "amount", "currency", "requested_at", "type", "reason_code", "merchant_id",
)  # fmt: skip


def _leading(body: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The rule that says why a person looks at it."""
    if body["why"]["id"] not in ROUTING:
        return dict(body["why"])
    asking = (
        rule
        for rule in body["rules"]
        if rule["id"] not in ROUTING and rule["effect"].startswith("at_least:")
    )
    return next(asking, None)


def headline(body: Mapping[str, Any], *, by_rule: bool) -> dict[str, str]:
    """Why the case is here in one sentence: the rule that decided, else the heaviest stories.

    Where a rule only says who reviews it, the rule below that asks leads. `body` holds the members
    of a Decision. A case drawn for audit reads like any other.
    """
    why = _leading(body) if by_rule and body["tier"] != "approve" else None
    if why is not None:
        return dict(why["text"])
    texts = [_story(group) for group in told(reason_groups(body, "raises"))]
    if not texts:
        return dict(UNREMARKABLE)
    return {one: _JOINT[one].join(str(text[one]) for text in texts[:STORIES]) for one in LANGUAGES}


def _story(group: ReasonGroup) -> Mapping[str, str]:
    return group.summary or group.reasons[0]["text"]
