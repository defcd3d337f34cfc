"""What was decided, with all contributions."""

from typing import Any

import orjson
from fastapi.responses import Response

from api.dependencies.context import RequestContext, Scorer
from api.merchant_scope import sees
from api.response import json_response
from api.routes.paths import DecisionId, RefundId
from api.routing import answers, api_router
from risk.decisions.decision import Decision
from risk.decisions.decision import example as example_decision
from risk.errors import NotFound

router = api_router("decisions")
_DECISION = example_decision()


@router.get(
    "/v1/decisions/{decision_id}",
    operation_id="decision",
    summary="Read a Decision",
    response_model=Decision,
    responses=answers(_DECISION, "the Decision", 404),
)
async def decision(context: Scorer, decision_id: DecisionId) -> Response:
    """The Decision as it was answered."""
    return await context.run(lambda: _stored(_one(context, decision_id)))


@router.get(
    "/v1/refunds/{refund_id}/decisions",
    operation_id="decisions",
    summary="Read all Decisions about a request",
    response_model=list[Decision],
    responses=answers([_DECISION], "the Decisions", 404),
)
async def decisions(context: Scorer, refund_id: RefundId) -> Response:
    """The oldest first."""
    return await context.run(lambda: _stored(_all(context, refund_id)))


def _one(context: RequestContext, decision_id: str) -> dict[str, Any]:
    found = context.service.decider.decision(decision_id)
    if not sees(context.service.history, context.key, found["refund_id"]):
        raise NotFound(f"no decision {decision_id}")
    return found


def _all(context: RequestContext, refund_id: str) -> list[dict[str, Any]]:
    if not sees(context.service.history, context.key, refund_id):
        raise NotFound(f"no refund request {refund_id}")
    return context.service.decider.decisions(refund_id)


def _stored(content: Any) -> Response:
    return json_response(orjson.dumps(content))
