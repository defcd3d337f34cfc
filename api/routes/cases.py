"""The reviewers' queue, for systems that show it in a place of their own."""

from collections.abc import Callable
from dataclasses import replace
from typing import Annotated, Any

from fastapi import Depends, Query
from fastapi.responses import Response
from pydantic import BaseModel

from api.dependencies.context import RequestContext, Reviewer
from api.dependencies.idempotency_key import Idempotent
from api.json_pointer import in_object
from api.merchant_scope import sees
from api.problems import ProblemError, invalid
from api.response import json_response
from api.routes.paths import RefundId
from api.routing import answers, api_router
from api.schemas.case_filters import CaseFilters
from api.schemas.cases import (
    CASE_EXAMPLE,
    DOSSIER_EXAMPLE,
    WHOLE_EXAMPLE,
    Case,
    CaseEvent,
    CasePage,
    WholeCase,
    finding_body,
)
from api.schemas.common import JsonObject
from risk import cases as reviewing
from risk.cases.dossier import dossier as write_dossier
from risk.errors import BadInput, NotFound, Problem
from risk.facts.format import iso

router = api_router("cases")


@router.get(
    "/v1/cases",
    operation_id="cases",
    summary="Read the queue",
    responses=answers({"cases": [CASE_EXAMPLE], "next": None}, "a page"),
)
async def cases(context: Reviewer, filters: Annotated[CaseFilters, Query()]) -> CasePage:
    """Cases in the order of money at stake and time left, a page at a time."""
    return await context.run(lambda: _page(context, filters))


@router.get(
    "/v1/cases/{refund_id}/dossier",
    operation_id="dossier",
    summary="Read a case's dossier",
    responses=answers(DOSSIER_EXAMPLE, "the dossier", 404),
)
async def dossier(context: Reviewer, refund_id: RefundId) -> JsonObject:
    """Facts in time order, evidence and the rule relied on: what goes to the platform."""
    return await context.run(lambda: _dossier(context, refund_id))


@router.get(
    "/v1/cases/{refund_id}",
    operation_id="case",
    summary="Read a case",
    responses=answers(WHOLE_EXAMPLE, "the case", 404),
)
async def case(context: Reviewer, refund_id: RefundId) -> WholeCase:
    """The case, its latest Decision, what was done on it, and a dossier for the platform."""
    return await context.run(lambda: _whole(context, refund_id))


@router.post(
    "/v1/cases/{refund_id}/claim",
    operation_id="claim_case",
    summary="Claim a case",
    response_model=WholeCase,
    responses=answers(WHOLE_EXAMPLE, "the case", 404, 409),
)
async def claim_case(context: Reviewer, refund_id: RefundId, once: Idempotent) -> Response:
    """Nobody else can work on it for half an hour; a 409 says who already does."""

    def claim() -> None:
        reviewing.claim(context.service.history, refund_id, _actor(context))

    return await once.run(context, lambda: _done(context, refund_id, claim))


@router.post(
    "/v1/cases/{refund_id}/outcome",
    operation_id="close_case",
    summary="Close a case with a finding",
    response_model=WholeCase,
    responses=answers(WHOLE_EXAMPLE, "the case", 404, 409),
)
async def close_case(
    context: Reviewer,
    refund_id: RefundId,
    body: Annotated[BaseModel, Depends(finding_body)],
    once: Idempotent,
) -> Response:
    """Stored as an outcome of the request; the finding teaches the next model."""

    def close() -> None:
        finding = _finding(context, body.model_dump())
        reviewing.record_finding(context.service.history, refund_id, _actor(context), finding)

    return await once.run(context, lambda: _done(context, refund_id, close))


def _page(context: RequestContext, filters: CaseFilters) -> CasePage:
    wanted = reviewing.read_filters(filters.given())
    merchant = _merchant(context, wanted.merchant)
    page = reviewing.queue(
        context.service.history, replace(wanted, merchant=merchant), filters.cursor, filters.limit
    )
    rows = [row for row in page.cases if merchant is None or row["merchant_id"] == merchant]
    return CasePage(cases=[Case.of(row) for row in rows], next=page.next)


def _merchant(context: RequestContext, asked: str | None) -> str | None:
    """The merchant whose cases are shown; a bound key sees those of one of its own at a time."""
    own = sorted(context.key.merchants)
    if not own or asked in own:
        return asked
    if asked is not None or len(own) > 1:
        expected = "one of the merchants of this key"
        raise BadInput([Problem("cases", None, "merchant", expected, "another or none")])
    return own[0]


def _check_seen(context: RequestContext, refund_id: str) -> None:
    if not sees(context.service.history, context.key, refund_id):
        raise NotFound(f"no case {refund_id}")


def _dossier(context: RequestContext, refund_id: str) -> dict[str, Any]:
    _check_seen(context, refund_id)
    return write_dossier(context.service.history, refund_id)


def _whole(context: RequestContext, refund_id: str) -> WholeCase:
    _check_seen(context, refund_id)
    history = context.service.history
    view = reviewing.view_case(history, refund_id)
    if view.row is None:
        raise NotFound(f"no case {refund_id}")
    about = {"order_id": view.record.request["order_id"], "customer_id": view.record.customer_id}
    return WholeCase(
        case=Case.of({**view.row, **about}),
        decision=view.decision,
        events=[CaseEvent(**{**event, "at": iso(event["at"])}) for event in view.events],
        dossier=write_dossier(history, refund_id),
    )


def _done(context: RequestContext, refund_id: str, act: Callable[[], None]) -> Response:
    """The case after something was done on it."""
    _check_seen(context, refund_id)
    act()
    return json_response(_whole(context, refund_id))


def _actor(context: RequestContext) -> reviewing.Actor:
    """Who acts: the key, under a name no person can have."""
    return reviewing.Actor(f"key:{context.key.key_id}", (context.key.says,))


def _finding(context: RequestContext, given: dict[str, Any]) -> reviewing.ReviewFinding:
    """The body as a finding. Raises ProblemError (403) for a `decided_by` that is not the key's."""
    says = context.key.says
    if given["decided_by"] not in (None, says):
        problem = Problem("outcomes", None, "decided_by", f"`{says}`", "another")
        errors = invalid([problem], in_object).errors
        raise ProblemError("forbidden", f"decided_by: this key may say `{says}`", errors)
    return reviewing.ReviewFinding(**given)
