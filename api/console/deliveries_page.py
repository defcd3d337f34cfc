"""Administrators: what was pushed to other systems, what became of it, and pushing it again."""

from __future__ import annotations

from fastapi.responses import Response

from api.console.page_route import pages
from api.console.session import Admin, Sent, Visit, go
from api.console.templating import url
from risk.history.envelope import SecretCipher
from risk.webhooks import deliveries, subscriptions
from risk.webhooks.deliveries import Delivery
from risk.webhooks.subscriptions import Subscription

STATES = ("waiting", "sent", "failed")
PAGE = 50

router = pages()


@router.get("/pushes")
def show(visit: Admin, state: str = "", before: str = "") -> Response:
    wanted = state if state in STATES else ""
    with visit.desk.history.read() as connection:
        found = deliveries.page(
            connection, state=wanted or None, after=_cursor(before), limit=PAGE + 1
        )
        told_to = _receivers(visit, deliveries.counted(connection))
    shown = found[:PAGE]
    return visit.page(
        "pushes.html",
        pushes=shown,
        state=wanted,
        states=STATES,
        receivers=told_to,
        addresses={receiver.receiver_id: receiver.url for receiver, _ in told_to},
        before=_place(shown[-1]) if len(found) > PAGE else "",
        later=bool(before),
    )


def _receivers(
    visit: Visit, counted: dict[str, dict[str, int]]
) -> list[tuple[Subscription, dict[str, int]]]:
    """Who is told, and how many pushes to each are in which state."""
    history = visit.desk.history
    with history.read() as connection:
        every = subscriptions.every(connection, SecretCipher(history.envelope_key))
    return [(one, counted.get(one.receiver_id, {})) for one in every]


def _place(push: Delivery) -> str:
    return f"{push.made_at}-{push.delivery_id}"


def _cursor(text: str) -> tuple[int, str] | None:
    at, _, delivery_id = text.partition("-")
    return (int(at), delivery_id) if at.isdecimal() and len(at) < 16 else None


@router.post("/pushes/again")
def again(visit: Admin, sent: Sent) -> Response:
    """One push, or with `receiver_id` all to it that failed."""
    with visit.desk.history.write() as write:
        named = sent.get("receiver_id")
        wanted = (
            deliveries.failed(write.connection, named) if named else [sent.get("delivery_id", "")]
        )
        for delivery_id in wanted:
            deliveries.resend(write, delivery_id)
    return go(url("pushes", state=sent.get("state", ""), done="again"))
