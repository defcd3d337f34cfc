"""The reviewers' queue, for systems that show it in a place of their own."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Any

import orjson
from fastapi import Depends, Query
from fastapi.responses import Response
from pydantic import BaseModel

from api.dependencies.context import RequestContext, Reviewer
from api.dependencies.idempotency_key import Idempotency, Idempotent
from api.json_pointer import in_object
from api.merchant_scope import MerchantName, in_own_ids
from api.problems import ProblemError, invalid
from api.response import json_response
from api.routes.paths import RefundId
from api.routing import answers, api_router
from api.schemas.case_filters import CaseFilters
from api.schemas.cases import (
    CASE_EXAMPLE,
    DOSSIER_EXAMPLE,
    WHOLE_EXAMPLE,
    AppealBody,
    Case,
    CaseEvent,
    CasePage,
    WholeCase,
    finding_body,
)
from api.schemas.common import JsonObject
from risk import cases as reviewing
from risk.cases.papers.dossier import dossier as write_dossier
from risk.errors import BadInput, NotFound, Problem
from risk.facts.format import iso
from risk.history.tenants.caller import Caller
from risk.history.tenants.id_scope import IdScope
from risk.history.tenants.shared_ids import locate_request, may_see

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
    responses=answers(DOSSIER_EXAMPLE, "the dossier", 404, 409),
)
async def dossier(
    context: Reviewer, refund_id: RefundId, merchant: MerchantName = None
) -> JsonObject:
    """Facts in time order, evidence and the rule relied on: what goes to the platform."""
    caller = context.caller(merchant)
    return await context.run(lambda: _dossier(context, caller, refund_id))


@router.get(
    "/v1/cases/{refund_id}",
    operation_id="case",
    summary="Read a case",
    response_model=WholeCase,
    responses=answers(WHOLE_EXAMPLE, "the case", 404, 409),
)
async def case(context: Reviewer, refund_id: RefundId, merchant: MerchantName = None) -> Any:
    """The case, its latest Decision, what was done on it, and a dossier for the platform."""
    caller = context.caller(merchant)
    return await context.run(lambda: _whole(context, caller, refund_id))


@router.post(
    "/v1/cases/{refund_id}/claim",
    operation_id="claim_case",
    summary="Claim a case",
    response_model=WholeCase,
    responses=answers(WHOLE_EXAMPLE, "the case", 404, 409),
)
async def claim_case(
    context: Reviewer, refund_id: RefundId, once: Idempotent, merchant: MerchantName = None
) -> Response:
    """Nobody else can work on it for half an hour; a 409 says who already does."""

    def claim(internal_id: str) -> None:
        reviewing.claim(context.service.history, internal_id, context.actor)

    return await _act(context, refund_id, once, merchant, claim)


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
    merchant: MerchantName = None,
) -> Response:
    """Stored as an outcome of the request; the finding teaches the next model. `undetermined` needs
    a `resolution`: what is done with the money."""

    def close(internal_id: str) -> None:
        finding = _finding(context, body.model_dump())
        reviewing.record_finding(context.service.history, internal_id, context.actor, finding)

    return await _act(context, refund_id, once, merchant, close)


@router.post(
    "/v1/cases/{refund_id}/appeal",
    operation_id="appeal_case",
    summary="Appeal the finding of a closed case",
    response_model=WholeCase,
    responses=answers(WHOLE_EXAMPLE, "the case", 404, 409),
)
async def appeal_case(
    context: Reviewer,
    refund_id: RefundId,
    body: AppealBody,
    once: Idempotent,
    merchant: MerchantName = None,
) -> Response:
    """The case is open again, for somebody other than who made the finding. A finding against the
    customer rests until then: it counts for no other request."""

    def reopen(internal_id: str) -> None:
        reviewing.appeal(context.service.history, internal_id, context.actor, body.cause)

    return await _act(context, refund_id, once, merchant, reopen)


def _page(context: RequestContext, filters: CaseFilters) -> CasePage:
    wanted = reviewing.read_filters(filters.given())
    merchant = _merchant(context, wanted.merchant)
    page = reviewing.queue(
        context.service.history, replace(wanted, merchant=merchant), filters.cursor, filters.limit
    )
    caller = context.caller(merchant)
    rows = _own(context, caller, page.cases)
    return CasePage(cases=[Case.of(row) for row in rows], next=page.next)


def _own(
    context: RequestContext, caller: Caller, rows: Sequence[dict[str, Any]]
) -> list[dict[str, Any]]:
    """The rows that the key may see, by the ids it uses."""
    if not context.key.merchants:
        return list(rows)
    history = context.service.history
    with history.read() as connection:
        seen = [row for row in rows if may_see(connection, caller, row["refund_id"])]
    return [in_own_ids(history, caller, row, _ids_of(row)) for row in seen]


def _ids_of(row: Mapping[str, Any]) -> set[str]:
    return {str(row[name]) for name in ("refund_id", "order_id") if row.get(name)}


def _merchant(context: RequestContext, asked: str | None) -> str | None:
    """The merchant whose cases are shown; a bound key sees those of one of its own at a time."""
    own = sorted(context.key.merchants)
    if not own or asked in own:
        return asked
    if asked is not None or len(own) > 1:
        expected = "one of the merchants of this key"
        raise BadInput([Problem("cases", None, "merchant", expected, "another or none")])
    return own[0]


def _located(context: RequestContext, caller: Caller, refund_id: str) -> str:
    """The internal id of a request that the call names. Raises NotFound or Conflict."""
    with context.service.history.read() as connection:
        return locate_request(connection, caller, refund_id)


def _dossier(context: RequestContext, caller: Caller, refund_id: str) -> Any:
    internal = _located(context, caller, refund_id)
    found = write_dossier(context.service.history, internal)
    ids = {internal, found["subject"]["order_id"]}
    return in_own_ids(context.service.history, caller, found, ids)


def _whole(context: RequestContext, caller: Caller, refund_id: str) -> Any:
    history = context.service.history
    internal_id = _located(context, caller, refund_id)
    view = reviewing.view_case(history, internal_id)
    if view.row is None:
        raise NotFound(f"no case {refund_id}")
    about = {"order_id": view.record.request["order_id"], "customer_id": view.record.customer_id}
    whole = WholeCase(
        case=Case.of({**view.row, **about}),
        decision=view.decision,
        events=[CaseEvent(**{**event, "at": iso(event["at"])}) for event in view.events],
        follow_up_at=None if view.follow_up_at is None else iso(view.follow_up_at),
        dossier=write_dossier(history, internal_id),
    )
    ids = {internal_id, str(about["order_id"])}
    return in_own_ids(history, caller, whole.model_dump(mode="json"), ids)


async def _act(
    context: RequestContext,
    refund_id: str,
    once: Idempotency,
    merchant: str | None,
    act: Callable[[str], None],
) -> Response:
    """The case after `act` was done on it, which takes its internal id."""
    caller = context.caller(merchant)

    def done() -> Response:
        internal = _located(context, caller, refund_id)
        with IdScope({("refund_id", refund_id): internal}).own_words():
            act(internal)
        return json_response(orjson.dumps(_whole(context, caller, refund_id)))

    return await once.run(context, done)


def _finding(context: RequestContext, given: dict[str, Any]) -> reviewing.ReviewFinding:
    """The body as a finding. Raises ProblemError (403) for a `decided_by` that is not the key's,
    and BadInput for `undetermined` without what was done."""
    says = context.key.says
    if given["decided_by"] not in (None, says):
        problem = Problem("outcomes", None, "decided_by", f"`{says}`", "another")
        errors = invalid([problem], in_object).errors
        raise ProblemError("forbidden", f"decided_by: this key may say `{says}`", errors)
    finding = reviewing.ReviewFinding(**given)
    finding.check_concluded()
    return finding
