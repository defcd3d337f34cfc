"""Webhook deliveries to subscribers, for administrators: their state, and sending them again."""

from __future__ import annotations

from fastapi.responses import Response

from api.console.page_route import page_router
from api.console.session import Administrator, PageContext, VerifiedForm, redirect
from api.console.templating import url
from risk.history.connection.page_rows import PageOf
from risk.history.envelope import SecretCipher
from risk.webhooks import deliveries, subscriptions
from risk.webhooks.subscriptions import Subscription

STATES = ("waiting", "sent", "failed")
PAGE = 50

router = page_router()


@router.get("/pushes")
def moved(state: str = "") -> Response:
    """The page's former address."""
    return redirect(url("deliveries", state=state))


@router.get("/deliveries")
def show(context: Administrator, state: str = "", before: str = "") -> Response:
    wanted = state if state in STATES else ""
    with context.resources.history.read() as connection:
        found = deliveries.page(connection, PageOf.at_or_newest(before, PAGE), state=wanted or None)
        subscribers = _subscribers(context, deliveries.counted(connection))
    return context.page(
        "deliveries.html",
        deliveries=found.rows,
        state=wanted,
        states=STATES,
        subscribers=subscribers,
        addresses={one.receiver_id: one.url for one, _ in subscribers},
        before=found.following or "",
        later=bool(before),
    )


def _subscribers(
    context: PageContext, counted: dict[str, dict[str, int]]
) -> list[tuple[Subscription, dict[str, int]]]:
    """Every subscription with the number of its deliveries by state."""
    history = context.resources.history
    with history.read() as connection:
        every = subscriptions.every(connection, SecretCipher(history.envelope_key))
    return [(one, counted.get(one.receiver_id, {})) for one in every]


@router.post("/deliveries/resend")
def resend(context: Administrator, form: VerifiedForm) -> Response:
    """Send one delivery again, or with `receiver_id` all failed ones of a subscription."""
    with context.resources.history.write() as write:
        named = form.get("receiver_id")
        wanted = (
            deliveries.failed(write.connection, named) if named else [form.get("delivery_id", "")]
        )
        for delivery_id in wanted:
            deliveries.resend(write, delivery_id)
    return redirect(url("deliveries", state=form.get("state", ""), done="resent"))
