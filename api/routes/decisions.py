"""What was decided, with all contributions."""

from typing import Annotated, Any, Literal

import orjson
from fastapi import Query
from fastapi.responses import Response

from api.dependencies.context import RequestContext, Scorer
from api.merchant_scope import MerchantName, in_own_ids
from api.response import json_response
from api.routes.paths import DecisionId, RefundId
from api.routing import answers, api_router
from risk.decisions.decision import Decision
from risk.decisions.decision_example import example as example_decision
from risk.errors import NotFound
from risk.history.tenants.caller import Caller
from risk.history.tenants.shared_ids import may_see

router = api_router("decisions")
_DECISION = example_decision()

WhichReasons = Annotated[
    Literal["stated", "all"],
    Query(description="`all`: every contribution, none of them summed up"),
]


@router.get(
    "/v1/decisions/{decision_id}",
    operation_id="decision",
    summary="Read a Decision",
    response_model=Decision,
    responses=answers(_DECISION, "the Decision", 404),
)
async def decision(
    context: Scorer,
    decision_id: DecisionId,
    merchant: MerchantName = None,
    reasons: WhichReasons = "stated",
) -> Response:
    """The Decision as it was answered."""
    caller = context.caller(merchant)
    return await context.run(lambda: _stored(_one(context, caller, decision_id, reasons)))


@router.get(
    "/v1/refunds/{refund_id}/decisions",
    operation_id="decisions",
    summary="Read all Decisions about a request",
    response_model=list[Decision],
    responses=answers([_DECISION], "the Decisions", 404, 409),
)
async def decisions(
    context: Scorer,
    refund_id: RefundId,
    merchant: MerchantName = None,
    reasons: WhichReasons = "stated",
) -> Response:
    """The oldest first."""
    caller = context.caller(merchant)
    return await context.run(lambda: _stored(_all(context, caller, refund_id, reasons)))


def _one(context: RequestContext, caller: Caller, decision_id: str, reasons: WhichReasons) -> Any:
    history = context.service.history
    found = context.service.decider.decision(decision_id)
    with history.read() as connection:
        if not may_see(connection, caller, found["refund_id"]):
            raise NotFound(f"no decision {decision_id}")
    if reasons == "all":
        (found,) = context.service.decider.with_every_reason([found])
    return in_own_ids(history, caller, found, {found["refund_id"]})


def _all(context: RequestContext, caller: Caller, refund_id: str, reasons: WhichReasons) -> Any:
    found = context.service.decider.decisions(refund_id, caller)
    if reasons == "all":
        found = context.service.decider.with_every_reason(found)
    ids = {decision["refund_id"] for decision in found}
    return in_own_ids(context.service.history, caller, found, ids)


def _stored(content: Any) -> Response:
    return json_response(orjson.dumps(content))
