"""What became of the pushes."""

from __future__ import annotations

from typing import Any

from api.calls import Ask, Call, Said
from api.problems import invalid
from api.response import Answer, answer
from api.wire.facts import ref
from api.wire.pushes import DELIVERY_EXAMPLE, DELIVERY_FILTERS
from risk.errors import BadInput, Problem
from risk.facts.format import iso
from risk.facts.parse import shown
from risk.history.cursor import decode_cursor, encode_cursor
from risk.webhooks import deliveries
from risk.webhooks.deliveries import Delivery

LIMIT, MOST = 50, 200


def _deliveries(ask: Ask) -> Answer:
    query = ask.query
    problems = []
    limit, state = query.get("limit") or str(LIMIT), query.get("state") or None
    if not (limit.isascii() and limit.isdecimal() and 1 <= int(limit[:9]) <= MOST):
        problems.append(Problem("deliveries", None, "limit", f"1 to {MOST}", shown(limit)))
    if state not in (None, "waiting", "sent", "failed"):
        expected = "one of waiting, sent, failed"
        problems.append(Problem("deliveries", None, "state", expected, shown(state)))
    after = None
    try:
        after = decode_cursor(query.get("cursor"), "deliveries")
    except BadInput as bad:
        problems += bad.problems
    if problems:
        raise invalid(problems, lambda problem: f"?{problem.field}")
    with ask.service.history.read() as connection:
        rows = deliveries.page(
            connection, state=state, receiver_id=query.get("receiver_id"), after=after,
            limit=int(limit) + 1,
        )  # fmt: skip
    shown_rows, more = rows[: int(limit)], len(rows) > int(limit)
    last = shown_rows[-1] if more else None
    following = encode_cursor(last.made_at, last.delivery_id) if last else None
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


def _resend(ask: Ask) -> Answer:
    with ask.service.history.write() as write:
        deliveries.resend(write, ask.path["delivery_id"])
    return answer({"delivery_id": ask.path["delivery_id"], "due_at": iso(write.at)})


CALLS = (
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
                {"delivery_id": "msg_1f", "due_at": DELIVERY_EXAMPLE["made_at"]},
            )
        },
        problems=(404, 409),
    ),
)
