"""What the scoring calls are sent, and what a batch is answered."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, Field, RootModel

from api.dependencies.body import JsonBody
from api.json_pointer import in_score
from api.schemas.common import DocumentedAs
from api.schemas.problems import Problem
from risk.decisions.decision import Decision
from risk.decisions.submission import Score, ScoreBody
from risk.facts import MEMBERS, REFUNDS
from risk.facts.models import MAX_FACTS, example_of


class BatchDecision(BaseModel):
    """The Decision about one of many."""

    decision: Annotated[Any, DocumentedAs(Decision)]


class BatchProblem(BaseModel):
    """Why there is no Decision about one of many."""

    problem: Problem


class ScoredOne(RootModel[BatchDecision | BatchProblem]):
    """The Decision about one of many, or why there is none."""


def example_body(*, short: bool = False) -> dict[str, Any]:
    """A body for the scoring call; `short` is a request about an order that is stored already."""
    if short:
        return {REFUNDS.member: example_of(REFUNDS, short=True)}
    body: dict[str, Any] = {}
    for member in ("refund", "order", "shipments", "evidence"):
        kind = MEMBERS[member]
        body[member] = example_of(kind) if kind.single else [example_of(kind)]
    body["shipments"][0].pop("refund_id")
    return body


EXAMPLES = {"everything": example_body(), "stored order": example_body(short=True)}

score_body: JsonBody[ScoreBody] = JsonBody(Score, "body", EXAMPLES, pointers=lambda _: in_score)
"""The body of the scoring call."""

batch_body: JsonBody[list[Any]] = JsonBody(
    Annotated[list[Annotated[Any, DocumentedAs(Score)]], Field(min_length=1, max_length=MAX_FACTS)],
    "body",
    {"two": list(EXAMPLES.values())},
    size="list",
    pointers=lambda _: in_score,
)
"""The body of the batch: each member is read by itself, and what is wrong with it stays its own."""
