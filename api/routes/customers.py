"""A customer: what is known, and the entry of the block or allow list."""

from typing import Annotated

import orjson
from fastapi import Depends
from fastapi.responses import Response

from api.dependencies.context import RequestContext, Reviewer, ServiceReviewer
from api.dependencies.idempotency_key import Idempotent
from api.merchant_scope import MerchantName, in_own_ids
from api.response import json_response
from api.routes.paths import CustomerId
from api.routing import answers, api_router
from api.schemas.cases import AppealBody
from api.schemas.customers import EXAMPLE, Customer, ListingSettings, listing_body
from risk.cases.acts.block_list import appeal_customer_entry, end_customer_entry, enter_customer
from risk.cases.customers.customer import customer_record
from risk.facts.parse import parse_time
from risk.history.tenants.caller import Caller

router = api_router("cases")


@router.get(
    "/v1/customers/{customer_id}",
    operation_id="customer",
    summary="Read what is known of a customer",
    response_model=Customer,
    responses=answers(EXAMPLE, "the customer", 404),
)
async def customer(
    context: Reviewer, customer_id: CustomerId, merchant: MerchantName = None
) -> Response:
    """Orders, requests, findings, how many others share a thing, list entries. A key bound to
    merchants sees what belongs to these alone, and no list entries."""
    caller = context.caller(merchant)
    return await context.run(lambda: _customer(context, caller, customer_id))


@router.put(
    "/v1/customers/{customer_id}/listing",
    operation_id="enter_listing",
    summary="Put a customer on the block or the allow list",
    response_model=Customer,
    responses=answers(EXAMPLE, "the customer", 404),
)
async def enter_listing(
    context: ServiceReviewer,
    customer_id: CustomerId,
    body: Annotated[ListingSettings, Depends(listing_body)],
    once: Idempotent,
) -> Response:
    """It replaces an entry in force, needs a cause and ends by itself. A block asks for evidence or
    prepayment while a finding of abuse stands that the customer was heard on, is told to them, and
    never refuses a refund. Without a finding it bears on no refund. After an appeal somebody other
    than who made it enters it again."""
    return await once.run(context, lambda: _enter(context, customer_id, body))


@router.delete(
    "/v1/customers/{customer_id}/listing",
    operation_id="end_listing",
    summary="Take a customer off the list",
    response_model=Customer,
    responses=answers(EXAMPLE, "the customer", 404, 409),
)
async def end_listing(context: ServiceReviewer, customer_id: CustomerId) -> Response:
    """The entry ends now; what was decided under it stays."""

    def end() -> Response:
        history = context.service.history
        end_customer_entry(history, customer_id, context.actor, "taken off by call")
        return _customer(context, Caller(frozenset()), customer_id)

    return await context.run(end)


@router.post(
    "/v1/customers/{customer_id}/listing/appeal",
    operation_id="appeal_listing",
    summary="Appeal an entry of the block list",
    response_model=Customer,
    responses=answers(EXAMPLE, "the customer", 404, 409),
)
async def appeal_listing(
    context: ServiceReviewer,
    customer_id: CustomerId,
    body: AppealBody,
    once: Idempotent,
) -> Response:
    """The entry rests until somebody else enters it again or ends it."""

    def appeal() -> Response:
        history = context.service.history
        appeal_customer_entry(history, customer_id, context.actor, body.cause)
        return _customer(context, Caller(frozenset()), customer_id)

    return await once.run(context, appeal)


def _enter(context: RequestContext, customer_id: str, body: ListingSettings) -> Response:
    cause = body.cause if body.note is None else f"{body.cause}\n{body.note}"
    until = None if body.expires_at is None else parse_time(body.expires_at)
    history = context.service.history
    enter_customer(
        history, customer_id, context.actor, kind=body.list, cause=cause, asks=body.asks,
        expires_at=until,
    )  # fmt: skip
    return _customer(context, Caller(frozenset()), customer_id)


def _customer(context: RequestContext, caller: Caller, customer_id: str) -> Response:
    history = context.service.history
    found = Customer.of(customer_record(history, customer_id, caller.merchants))
    content = found.model_dump(mode="json")
    ids = {row[name] for row in content["requests"] for name in ("refund_id", "order_id")}
    return json_response(orjson.dumps(in_own_ids(history, caller, content, ids)))
