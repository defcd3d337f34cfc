"""Whom we push to, and what became of the pushes."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

import orjson

from api.answers import Answer, answer
from api.auth import from_here
from api.calls import Ask, Call, Said, Sent
from api.problems import Trouble, invalid
from api.pushes.sender import refusal
from api.wire.facts import ref
from api.wire.pushes import DELIVERY_EXAMPLE, DELIVERY_FILTERS, RECEIVER_EXAMPLE
from risk.errors import BadInput, Problem
from risk.history import outbox, receivers
from risk.history.outbox import Delivery
from risk.history.receivers import Receiver
from risk.parse import shown
from risk.render import iso

LIMIT, MOST = 50, 200
_FIELDS = ("url", "events", "merchants", "private")


def _shown(receiver: Receiver) -> dict[str, Any]:
    return {
        "receiver_id": receiver.receiver_id,
        "url": receiver.url,
        "events": sorted(receiver.events),
        "merchants": sorted(receiver.merchants),
        "private": receiver.private,
        "made_at": iso(receiver.made_at),
    }


def _add(ask: Ask) -> Answer:
    try:
        wanted = _wanted(ask.json())
        if wanted["private"] and not from_here(ask.request):
            raise Trouble("forbidden", "private: only a call from this machine may allow it")
        if why := refusal(wanted["url"], private=wanted["private"]):
            raise BadInput([Problem("receiver", None, "url", why, shown(wanted["url"]))])
        with ask.service.history.write() as write:
            receiver = receivers.add(write, ask.service.seal, **wanted)
    except BadInput as bad:
        raise invalid(bad.problems, lambda problem: f"#/{problem.field or ''}") from bad
    return answer({**_shown(receiver), "secret": receiver.secret}, 201)


def _wanted(body: Any) -> dict[str, Any]:
    """What is asked for. Raises BadInput."""
    if not isinstance(body, Mapping):
        raise BadInput([Problem("receiver", None, None, "an object", shown(body))])
    wanted = {
        "url": body.get("url"),
        "events": body.get("events") or [],
        "merchants": body.get("merchants") or [],
        "private": body.get("private") or False,
    }
    expected = {"url": "an address", "private": "true or false"}
    problems = [
        Problem("receiver", None, name, expected.get(name, "a list of strings"), shown(value))
        for name, value in wanted.items()
        if not _fits(name, value)
    ]
    problems += [
        Problem("receiver", None, str(name)[:80], "one of " + ", ".join(_FIELDS), "unknown")
        for name in body
        if name not in _FIELDS
    ]
    if problems:
        raise BadInput(problems)
    return wanted


def _fits(name: str, value: Any) -> bool:
    if name == "url":
        return isinstance(value, str) and 0 < len(value) <= 2_000
    if name == "private":
        return isinstance(value, bool)
    return isinstance(value, list) and all(isinstance(v, str) and len(v) <= 200 for v in value)


def _list(ask: Ask) -> Answer:
    with ask.service.history.read() as connection:
        return answer([_shown(r) for r in receivers.every(connection, ask.service.seal)])


def _stop(ask: Ask) -> Answer:
    with ask.service.history.write() as write:
        receivers.stop(write, ask.path["receiver_id"])
    return answer({"receiver_id": ask.path["receiver_id"], "stopped_at": iso(write.at)})


def _deliveries(ask: Ask) -> Answer:
    query = ask.query
    problems = []
    limit, state = query.get("limit") or str(LIMIT), query.get("state") or None
    if not (limit.isascii() and limit.isdecimal() and 1 <= int(limit[:9]) <= MOST):
        problems.append(Problem("deliveries", None, "limit", f"1 to {MOST}", shown(limit)))
    if state not in (None, "waiting", "sent", "failed"):
        expected = "one of waiting, sent, failed"
        problems.append(Problem("deliveries", None, "state", expected, shown(state)))
    after = _opened(query.get("cursor"), problems)
    if problems:
        raise invalid(problems, lambda problem: f"?{problem.field}")
    with ask.service.history.read() as connection:
        rows = outbox.page(
            connection, state=state, receiver_id=query.get("receiver_id"), after=after,
            limit=int(limit) + 1,
        )  # fmt: skip
    shown_rows, more = rows[: int(limit)], len(rows) > int(limit)
    following = _closed(shown_rows[-1]) if more else None
    return answer({"deliveries": [_delivery(row) for row in shown_rows], "next": following})


def _delivery(row: Delivery) -> dict[str, Any]:
    times = {name: getattr(row, name) for name in ("made_at", "due_at", "done_at")}
    same = (
        "delivery_id",
        "receiver_id",
        "event",
        "refund_id",
        "state",
        "tries",
        "status",
        "trouble",
    )
    return {
        **{name: getattr(row, name) for name in same},
        **{name: None if at is None else iso(at) for name, at in times.items()},
    }


def _closed(row: Delivery) -> str:
    return base64.urlsafe_b64encode(orjson.dumps([row.made_at, row.delivery_id])).decode()


def _opened(cursor: str | None, problems: list[Problem]) -> tuple[int, str] | None:
    if not cursor:
        return None
    try:
        at, delivery_id = orjson.loads(base64.urlsafe_b64decode(cursor))
        return int(at), str(delivery_id)
    except (ValueError, TypeError):
        expected = "the `next` of a page"
        problems.append(Problem("deliveries", None, "cursor", expected, shown(cursor)))
        return None


def _resend(ask: Ask) -> Answer:
    with ask.service.history.write() as write:
        outbox.resend(write, ask.path["delivery_id"])
    return answer({"delivery_id": ask.path["delivery_id"], "due_at": iso(write.at)})


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
    Call(
        method="GET",
        path="/v1/deliveries",
        name="deliveries",
        scope="admin",
        tag="hooks",
        summary="See what was pushed",
        text="The newest first, a page at a time.",
        work=_deliveries,
        says={
            200: Said(
                ref("DeliveryPage"), "a page", {"deliveries": [DELIVERY_EXAMPLE], "next": None}
            )
        },
        problems=(422,),
        parameters=DELIVERY_FILTERS,
    ),
    Call(
        method="POST",
        path="/v1/deliveries/{delivery_id}/resend",
        name="resend_delivery",
        scope="admin",
        tag="hooks",
        summary="Push something again",
        text="Whatever became of it before.",
        work=_resend,
        says={
            200: Said(
                {"type": "object"},
                "due now",
                {"delivery_id": "msg_1f", "due_at": RECEIVER_EXAMPLE["made_at"]},
            )
        },
        problems=(404, 409),
    ),
)
