"""The reviewers' queue as calls ask for it and answer it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from fastapi import Depends
from pydantic import BaseModel, ConfigDict, Field, create_model

from api.dependencies.body import JsonBody
from api.schemas.common import DocumentedAs, JsonObject, Time
from risk.cases import ClosedBecause
from risk.decisions.decision import Decision, Text
from risk.decisions.decision_example import example as example_decision
from risk.facts import OUTCOMES
from risk.facts.format import iso, money
from risk.facts.models import model_field
from risk.policy.situation import Tier

_TIMES = (
    "respond_by", "requested_at", "opened_at", "decided_at", "closed_at", "asked_at",
    "escalated_at", "appealed_at", "held_until",
)  # fmt: skip


class Appeal(BaseModel):
    """An appeal of a customer or merchant."""

    model_config = ConfigDict(extra="forbid", strict=True)

    cause: Annotated[str, Field(min_length=1, max_length=5_000, description="what they say")]


class CaseLinks(BaseModel):
    """The ring of the customer."""

    customers: int
    confirmed_fraud: int


class Case(BaseModel):
    """A refund request that needs, or needed, a person."""

    refund_id: str
    order_id: str | None
    customer_id: str | None
    merchant_id: str | None
    state: Literal["open", "closed"]
    tier: Tier
    stage: str | None
    probability: Annotated[float, Field(ge=0, le=1)]
    currency: str | None
    type: str | None
    reason_code: str | None
    headline: Annotated[Any, DocumentedAs(Text)]
    audit: Annotated[bool, Field(description="drawn at random, so that others are learned")]
    closed_because: Annotated[
        ClosedBecause | None,
        Field(
            description="a finding, a later decision that needs no person, or what became of the "
            "request: withdrawn by the customer, retracted as never made"
        ),
    ]
    verdict: str | None
    found_by: str | None
    held_by: Annotated[str | None, Field(description="who works on it, until `held_until`")]
    decision_id: str | None
    amount: str
    linked: CaseLinks
    respond_by: Time | None
    requested_at: Time | None
    opened_at: Time | None
    decided_at: Time | None
    closed_at: Time | None
    asked_at: Time | None
    escalated_at: Time | None
    appealed_at: Time | None
    held_until: Time | None

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Self:
        """A row of the queue with times and money as the outside world reads them."""
        own = {name: row.get(name) for name in cls.model_fields if name not in _TIMES}
        times = {name: None if row[name] is None else iso(row[name]) for name in _TIMES}
        linked = {"customers": row["linked"], "confirmed_fraud": row["linked_fraud"]}
        amount = money(row["amount"], row["currency"] or "")
        return cls.model_validate({**own, **times, "amount": amount, "linked": linked})


class CasePage(BaseModel):
    """Cases in the order of the queue."""

    cases: list[Case]
    next: Annotated[str | None, Field(description="send it as `cursor`; null on the last page")]


class CaseEvent(BaseModel):
    """Something that was done on a case."""

    at: Time
    who: str
    action: str
    body: JsonObject


class WholeCase(BaseModel):
    """A case with all that is known of it."""

    case: Case
    decision: Annotated[Any, DocumentedAs(Decision | None), Field(description="the latest")]
    events: Annotated[list[CaseEvent], Field(description="what was done on it, oldest first")]
    follow_up_at: Annotated[
        Time | None,
        Field(
            description="when to ask the customer how it went, as feedback: three days after the "
            "end; null before it, and once they have answered"
        ),
    ] = None
    dossier: Annotated[
        JsonObject,
        Field(description="for the platform: the facts in time order, evidence, rules, wording"),
    ]


_FINDING = ("verdict", "resolution", "amount", "note", "decided_by")
Finding = create_model(
    "Finding",
    __config__=ConfigDict(extra="forbid"),
    __doc__="What was found. `decided_by` is what the key says; it may be left out.",
    **{name: model_field(OUTCOMES.field(name), as_written=True) for name in _FINDING},
)
"""The fields of an outcome that a reviewer states; they are checked, and read with the outcome."""

finding_body: JsonBody[BaseModel] = JsonBody(
    Finding,
    "outcomes",
    {"fault": {"verdict": "merchant_fault", "resolution": "refunded", "note": "wrong size"}},
)

_appeal: JsonBody[Appeal] = JsonBody(
    Appeal, "appeal", {"appeal": {"cause": "The parcel was opened on the way to me"}}
)
AppealBody = Annotated[Appeal, Depends(_appeal)]
"""The body of every appeal: of the finding of a case, of an entry of the block list."""

_DECISION = example_decision()
CASE_EXAMPLE: dict[str, Any] = {
    **{name: _DECISION.get(name) for name in Case.model_fields},
    "order_id": "O-1001",
    "customer_id": "C-17",
    "merchant_id": "M-3",
    "state": "open",
    "closed_because": None,
    "type": "refund_only",
    "reason_code": "defective",
    "amount": "199.00",
    "audit": False,
    "headline": _DECISION["reasons"][0]["text"],
    "linked": {"customers": 1, "confirmed_fraud": 0},
    "requested_at": "2026-03-05T01:30:00.000+00:00",
    "opened_at": "2026-03-05T01:30:04.120+00:00",
}
DOSSIER_EXAMPLE = {"refund_id": "R-2001"}
WHOLE_EXAMPLE: dict[str, Any] = {
    "case": CASE_EXAMPLE,
    "decision": _DECISION,
    "events": [
        {"at": "2026-03-05T02:00:00.000+00:00", "who": "mei", "action": "claim", "body": {}}
    ],
    "follow_up_at": None,
    "dossier": DOSSIER_EXAMPLE,
}
