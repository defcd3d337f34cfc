"""Deliveries: what became of the events that were pushed."""

from typing import Annotated

from fastapi import Query
from fastapi.responses import Response

from api.dependencies.context import Admin, RequestContext
from api.dependencies.idempotency_key import Idempotent
from api.response import json_response
from api.routes.paths import DeliveryId
from api.routing import answers, api_router
from api.schemas.deliveries import EXAMPLE, Delivery, DeliveryFilters, DeliveryPage, DueDelivery
from risk.facts.format import iso
from risk.history.connection.page_rows import PageOf
from risk.webhooks import deliveries as stored

router = api_router("hooks")


@router.get(
    "/v1/deliveries",
    operation_id="deliveries",
    summary="See what was pushed",
    responses=answers({"deliveries": [EXAMPLE], "next": None}, "a page"),
)
async def deliveries(context: Admin, filters: Annotated[DeliveryFilters, Query()]) -> DeliveryPage:
    """The newest first, a page at a time."""
    return await context.run(lambda: _page(context, filters))


@router.post(
    "/v1/deliveries/{delivery_id}/resend",
    operation_id="resend_delivery",
    summary="Push something again",
    response_model=DueDelivery,
    responses=answers({"delivery_id": "msg_1f", "due_at": EXAMPLE["made_at"]}, "due now", 404, 409),
)
async def resend_delivery(context: Admin, delivery_id: DeliveryId, once: Idempotent) -> Response:
    """Whatever became of it before."""
    return await once.run(context, lambda: _resend(context, delivery_id))


def _page(context: RequestContext, filters: DeliveryFilters) -> DeliveryPage:
    wanted = PageOf.at(filters.cursor, filters.limit, "deliveries")
    with context.service.history.read() as connection:
        found = stored.page(
            connection, wanted, state=filters.state, receiver_id=filters.receiver_id
        )
    return DeliveryPage(deliveries=[Delivery.of(row) for row in found.rows], next=found.following)


def _resend(context: RequestContext, delivery_id: str) -> Response:
    with context.service.history.write() as write:
        stored.resend(write, delivery_id)
    return json_response(DueDelivery(delivery_id=delivery_id, due_at=iso(write.at)))
