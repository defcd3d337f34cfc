"""Receivers: whom events are pushed to."""

from typing import Annotated

from fastapi import Depends
from fastapi.responses import Response

from api.authentication import is_local
from api.dependencies.context import Admin, RequestContext
from api.dependencies.idempotency_key import Idempotent
from api.response import json_response
from api.routes.paths import ReceiverId
from api.routing import answers, api_router
from api.schemas.receivers import (
    EXAMPLE,
    Receiver,
    ReceiverSetUp,
    StoppedReceiver,
    receiver_body,
)
from risk.facts.format import iso
from risk.webhooks import subscriptions

router = api_router("hooks")


@router.post(
    "/v1/receivers",
    operation_id="add_receiver",
    summary="Have events pushed to an address",
    status_code=201,
    response_model=Receiver,
    responses=answers({**EXAMPLE, "secret": "whsec_…"}, "from now on", status=201),
)
async def add_receiver(
    context: Admin, body: Annotated[ReceiverSetUp, Depends(receiver_body)], once: Idempotent
) -> Response:
    """The secret in the answer is shown only now. Pushes follow Standard Webhooks: POST with
    `webhook-id`, `webhook-timestamp` and `webhook-signature`, body `{type, timestamp, data}`;
    `data` of a decision's events is the whole Decision. Answer 2xx within 15 seconds; otherwise it
    is tried again for a day with growing pauses. The same push may come twice: know it by its
    `webhook-id`. 410 stops them."""
    return await once.run(context, lambda: _add(context, body))


@router.get(
    "/v1/receivers",
    operation_id="receivers",
    summary="List whom we push to",
    response_model_exclude_unset=True,
    responses=answers([EXAMPLE], "all"),
)
async def receivers(context: Admin) -> list[Receiver]:
    """Without their secrets."""
    return await context.run(lambda: _all(context))


@router.post(
    "/v1/receivers/{receiver_id}/rotate-secret",
    operation_id="rotate_receiver_secret",
    summary="Give a receiver a new secret",
    response_model=Receiver,
    responses=answers({**EXAMPLE, "secret": "whsec_…"}, "from now on", 404),
)
async def rotate_receiver_secret(
    context: Admin, receiver_id: ReceiverId, once: Idempotent
) -> Response:
    """The secret in the answer is shown only now. For a day deliveries are signed with the one
    before too: `webhook-signature` holds both, separated by a space."""
    return await once.run(context, lambda: _rotate(context, receiver_id))


@router.delete(
    "/v1/receivers/{receiver_id}",
    operation_id="stop_receiver",
    summary="Push no more to a receiver",
    responses=answers({"receiver_id": "rcv_1f", "stopped_at": EXAMPLE["made_at"]}, "stopped", 404),
)
async def stop_receiver(context: Admin, receiver_id: ReceiverId) -> StoppedReceiver:
    """What waits for it is given up."""
    return await context.run(lambda: _stop(context, receiver_id))


def _add(context: RequestContext, settings: ReceiverSetUp) -> Response:
    service, local = context.service, is_local(context.request)
    made = subscriptions.subscribe(service.history, service.cipher, settings, local=local)
    return json_response(Receiver.of(made, secret=made.secret), 201)


def _all(context: RequestContext) -> list[Receiver]:
    with context.service.history.read() as connection:
        every = subscriptions.every(connection, context.service.cipher)
    return [Receiver.of(one) for one in every]


def _rotate(context: RequestContext, receiver_id: str) -> Response:
    with context.service.history.write() as write:
        made = subscriptions.rotate(write, context.service.cipher, receiver_id)
    return json_response(Receiver.of(made, secret=made.secret))


def _stop(context: RequestContext, receiver_id: str) -> StoppedReceiver:
    with context.service.history.write() as write:
        subscriptions.stop(write, receiver_id)
    return StoppedReceiver(receiver_id=receiver_id, stopped_at=iso(write.at))
