"""Whom we push to."""

from __future__ import annotations

from typing import Any

from api.authentication import from_here
from api.calls import Ask, Call, Said, Sent
from api.response import Answer, answer
from api.wire.facts import ref
from api.wire.pushes import RECEIVER_EXAMPLE
from risk.facts.format import iso
from risk.facts.validation import validated
from risk.webhooks import subscriptions
from risk.webhooks.subscriptions import Subscription, SubscriptionSettings, subscribe


def _shown(receiver: Subscription) -> dict[str, Any]:
    return {
        "receiver_id": receiver.receiver_id,
        "url": receiver.url,
        "events": sorted(receiver.events),
        "merchants": sorted(receiver.merchants),
        "private": receiver.private,
        "made_at": iso(receiver.made_at),
    }


def _add(ask: Ask) -> Answer:
    settings = validated(SubscriptionSettings, ask.json(), "receiver")
    service, local = ask.service, from_here(ask.request)
    made = subscribe(service.history, service.cipher, settings, local=local)
    return answer({**_shown(made), "secret": made.secret}, 201)


def _list(ask: Ask) -> Answer:
    with ask.service.history.read() as connection:
        return answer([_shown(r) for r in subscriptions.every(connection, ask.service.cipher)])


def _stop(ask: Ask) -> Answer:
    with ask.service.history.write() as write:
        subscriptions.stop(write, ask.path["receiver_id"])
    return answer({"receiver_id": ask.path["receiver_id"], "stopped_at": iso(write.at)})


_PUSHES = (
    "Pushes follow Standard Webhooks: POST with `webhook-id`, `webhook-timestamp` and "
    "`webhook-signature`, body `{type, timestamp, data}`; `data` of a decision's events is the "
    "whole Decision. Answer 2xx within 15 seconds; otherwise it is tried again for a day with "
    "growing pauses. The same push may come twice: know it by its `webhook-id`. 410 stops them."
)
CALLS = (
    Call(
        method="POST",
        path="/v1/receivers",
        name="add_receiver",
        scope="admin",
        tag="hooks",
        summary="Have events pushed to an address",
        text="The secret in the answer is shown only now. " + _PUSHES,
        work=_add,
        says={201: Said(ref("Receiver"), "from now on", {**RECEIVER_EXAMPLE, "secret": "whsec_…"})},
        sent=Sent(
            ref("ReceiverSetUp"),
            {
                "all": {"url": "https://tickets.example.com/hooks/refund-risk"},
                "some": {
                    "url": "https://tickets.example.com/hooks/refund-risk",
                    "events": ["decision.made"],
                    "merchants": ["M-3"],
                },
            },
        ),
    ),
    Call(
        method="GET",
        path="/v1/receivers",
        name="receivers",
        scope="admin",
        tag="hooks",
        summary="List whom we push to",
        text="Without their secrets.",
        work=_list,
        says={200: Said({"type": "array", "items": ref("Receiver")}, "all", [RECEIVER_EXAMPLE])},
    ),
    Call(
        method="DELETE",
        path="/v1/receivers/{receiver_id}",
        name="stop_receiver",
        scope="admin",
        tag="hooks",
        summary="Push no more to a receiver",
        text="What waits for it is given up.",
        work=_stop,
        says={
            200: Said(
                {"type": "object"},
                "stopped",
                {"receiver_id": "rcv_1f", "stopped_at": RECEIVER_EXAMPLE["made_at"]},
            )
        },
        problems=(404,),
    ),
)
