"""Deciding: one request, up to a thousand, or a stored one again."""

from typing import Annotated, Any

import orjson
from fastapi import Depends, Query
from fastapi.responses import Response

from api.dependencies.context import RequestContext, Scorer
from api.dependencies.idempotency_key import Idempotent
from api.json_pointer import in_score
from api.merchant_scope import MerchantName, check_score, decision_in_own_ids
from api.problems import problem_error
from api.response import json_response
from api.routes.paths import RefundId
from api.routing import answers, api_router
from api.schemas.score import ScoredOne, batch_body, score_body
from risk.decisions.answered_once import AnsweredOnce
from risk.decisions.batch import TOGETHER, score_several
from risk.decisions.decision import Decided, Decision
from risk.decisions.decision_example import example as example_decision
from risk.decisions.dry_run import dry_run
from risk.decisions.submission import Score, ScoreBody, Submission
from risk.errors import BadInput, RefundRiskError
from risk.history.intake import MAX_AHEAD_MS
from risk.history.tenants.caller import Caller

router = api_router("decisions")
_DECISION = example_decision()

DryRun = Annotated[
    bool,
    Query(
        alias="dry_run",
        description="answer the Decision and store nothing; an `Idempotency-Key` is ignored",
    ),
]


def _decide(
    context: RequestContext, caller: Caller, body: ScoreBody, once: AnsweredOnce | None = None
) -> bytes:
    service = context.service
    check_score(caller, body)
    decided = service.decider.score(
        body, may_backdate=context.may_backdate, who=context.key.name, caller=caller, once=once
    )
    service.metrics.decided(decided)
    return decision_in_own_ids(service.history, caller, decided.json)


def _dry_run(context: RequestContext, caller: Caller, body: ScoreBody) -> bytes:
    check_score(caller, body)
    return dry_run(context.service.decider, body, may_backdate=context.may_backdate, caller=caller)


@router.post(
    "/v1/refunds/score",
    operation_id="score",
    summary="Decide a refund request",
    response_model=Decision,
    responses=answers(_DECISION, "the Decision", 409),
)
async def score(
    context: Scorer,
    body: Annotated[ScoreBody, Depends(score_body)],
    once: Idempotent,
    merchant: MerchantName = None,
    only_try: DryRun = False,
) -> Response:
    """Stores what is new and answers a Decision. The same body again answers the stored Decision,
    also after a promotion; a body with new facts makes a new Decision."""
    caller = context.caller(merchant)
    if only_try:
        return await context.run(lambda: json_response(_dry_run(context, caller, body)))
    if caller.merchants:  # the answer is not the Decision as it is stored: it has the caller's ids
        return await once.run(
            context, lambda: json_response(_decide(context, caller, body)), repeatable=True
        )
    return await once.decide(
        context, lambda first: json_response(_decide(context, caller, body, first))
    )


@router.post(
    "/v1/refunds/score/batch",
    operation_id="score_batch",
    summary="Decide up to 1,000 refund requests",
    response_model=list[ScoredOne],
    responses=answers(
        [{"decision": _DECISION}], "a Decision or a problem for each, in the order sent"
    ),
)
async def score_batch(
    context: Scorer,
    bodies: Annotated[list[Any], Depends(batch_body)],
    once: Idempotent,
    merchant: MerchantName = None,
) -> Response:
    """Each is decided by itself, in the order sent; one that cannot be decided does not hold up the
    others."""
    caller = context.caller(merchant)
    done: list[bytes] = []
    return await once.run(
        context,
        lambda: json_response(_decide_all(context, caller, bodies, done)),
        repeatable=True,
    )


def _decide_all(
    context: RequestContext, caller: Caller, bodies: list[Any], done: list[bytes]
) -> bytes:
    """The answers to all, those in `done` from an earlier call, which had to wait for the clock."""
    for start in range(len(done), len(bodies), TOGETHER):
        done += _decide_some(context, caller, bodies[start : start + TOGETHER])
    return b"[" + b",".join(done) + b"]"


def _decide_some(context: RequestContext, caller: Caller, bodies: list[Any]) -> list[bytes]:
    """Some of a batch; what is wrong with one stays its own, unless it is worth waiting for."""
    read = [_read(context, caller, body) for body in bodies]
    submissions = [one for one in read if isinstance(one, Submission)]
    who = context.key.name
    decided = iter(score_several(context.service.decider, submissions, who, caller))
    return [
        one if isinstance(one, bytes) else _answered(context, caller, next(decided)) for one in read
    ]


def _read(context: RequestContext, caller: Caller, body: Any) -> Submission | bytes:
    """One of a batch, ready to be decided, or what is wrong with it."""
    try:
        score = Score.model_validate(body)
        check_score(caller, score)
        return context.service.decider.read(score, context.may_backdate)
    except Exception as error:
        return _problem(error)


def _answered(context: RequestContext, caller: Caller, decided: Decided | BaseException) -> bytes:
    if isinstance(decided, BaseException):
        return _problem(decided)
    context.service.metrics.decided(decided)
    decision = decision_in_own_ids(context.service.history, caller, decided.json)
    return b'{"decision":' + decision + b"}"


def _problem(error: BaseException) -> bytes:
    """What is wrong with one of a batch. Raises the error where the whole call waits or fails."""
    if isinstance(error, BadInput) and 0 < error.ahead_ms <= MAX_AHEAD_MS:
        raise error
    if not isinstance(error, Exception):
        raise error
    problem = problem_error(error, in_score)
    if problem.type == "internal" and not isinstance(error, RefundRiskError):
        raise error
    return orjson.dumps({"problem": problem.body()})


@router.post(
    "/v1/refunds/{refund_id}/score",
    operation_id="score_again",
    summary="Decide a stored request again",
    response_model=Decision,
    responses=answers(_DECISION, "the Decision", 404, 409),
)
async def score_again(
    context: Scorer, refund_id: RefundId, once: Idempotent, merchant: MerchantName = None
) -> Response:
    """Decides with what is known now."""
    caller = context.caller(merchant)
    return await once.run(context, lambda: _again(context, caller, refund_id))


def _again(context: RequestContext, caller: Caller, refund_id: str) -> Response:
    service = context.service
    decided = service.decider.score_again(refund_id, caller)
    service.metrics.decided(decided)
    return json_response(decision_in_own_ids(service.history, caller, decided.json))
