"""Deliveries of events: stored before they are sent, tried again for a day with growing pauses.

When a delivery is due is decided by the machine's clock: the store's stands still while the
machine's is behind it, and pauses would not end.
"""

from __future__ import annotations

import random
import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import orjson
import sqlalchemy as sa

from risk.errors import Conflict, NotFound
from risk.facts.units import MINUTE_MS
from risk.history.connection.connect import Write, now_ms
from risk.history.connection.page_rows import Page, PageOf
from risk.history.schema.schema_webhooks import deliveries, receivers
from risk.webhooks.subscriptions import Subscription

PAUSES_S = (5, 30, 120, 600, 1_800, 3_600, 7_200, 14_400, 21_600, 28_800, 7_200)
"""Seconds between tries: a day in all."""

HOLD_MS = MINUTE_MS
"""For so long a delivery is its sender's; if that one dies, another takes it up."""

State = Literal["waiting", "sent", "failed"]


@dataclass(frozen=True, slots=True)
class Delivery:
    """One event for one receiver; times in ms."""

    delivery_id: str
    receiver_id: str
    event: str
    refund_id: str
    body: str
    made_at: int
    state: State
    due_at: int
    tries: int
    status: int | None
    trouble: str | None
    done_at: int | None


_DELIVERY = [deliveries.c[name] for name in Delivery.__dataclass_fields__]


_ADD = sa.text(
    "INSERT INTO deliveries (delivery_id, receiver_id, event, subject, refund_id, body, made_at, "
    "state, due_at, tries) VALUES (:delivery_id, :receiver_id, :event, :subject, :refund_id, "
    ":body, :made_at, 'waiting', :due_at, 0) "
    "ON CONFLICT (receiver_id, event, subject) DO NOTHING"
)


def add(write: Write, waiting: Sequence[tuple[Subscription, str, str, str, Any]]) -> None:
    """Store deliveries (to whom, event, subject, request, body), each once for each subject."""
    rows = [
        {
            "delivery_id": "msg_" + secrets.token_hex(12),
            "receiver_id": to.receiver_id,
            "event": event,
            "subject": subject,
            "refund_id": refund_id,
            "body": orjson.dumps(body).decode(),
            "made_at": write.at,
            "due_at": now_ms(),
        }
        for to, event, subject, refund_id, body in waiting
    ]
    if rows:
        write.connection.execute(_ADD, rows)


def is_due(connection: sa.Connection, now: int, to: Collection[str]) -> bool:
    """Whether anything is to be sent now to these receivers."""
    return connection.execute(_due(now, 1, to)).first() is not None


def take(write: Write, limits: Mapping[str, int], limit: int) -> list[Delivery]:
    """Take what is to be sent now, the longest waiting first: so many to each receiver, and in all.

    Who takes writes alone, so that nobody else takes the same.
    """
    now, left = now_ms(), dict(limits)
    taken: list[Delivery] = []
    for delivery in _rows(write.connection, _due(now, limit, limits)):
        if left[delivery.receiver_id] > 0:
            left[delivery.receiver_id] -= 1
            taken.append(delivery)
    held = [delivery.delivery_id for delivery in taken]
    if held:
        holding = sa.update(deliveries).where(deliveries.c.delivery_id.in_(held))
        write.connection.execute(holding.values(due_at=now + HOLD_MS))
    return taken


def _due(now: int, limit: int, to: Collection[str]) -> sa.Select[Any]:
    return (
        sa.select(*_DELIVERY)
        .where(deliveries.c.state == "waiting", deliveries.c.due_at <= now)
        .where(deliveries.c.receiver_id.in_(to))
        .order_by(deliveries.c.due_at, deliveries.c.delivery_id)
        .limit(limit)
    )


def _rows(connection: sa.Connection, query: sa.Select[Any]) -> list[Delivery]:
    return [Delivery(*row) for row in connection.execute(query)]


def sent(write: Write, arrived: Sequence[tuple[Delivery, int]]) -> None:
    """These arrived, each answered by a status."""
    if arrived:
        rows = [
            {"id": one.delivery_id, "status": status, "tries": one.tries + 1, "done_at": write.at}
            for one, status in arrived
        ]
        write.connection.execute(_SENT, rows)


_SENT = sa.text(
    "UPDATE deliveries SET state = 'sent', status = :status, trouble = NULL, tries = :tries, "
    "done_at = :done_at WHERE delivery_id = :id"
)


def not_sent(write: Write, delivery: Delivery, status: int | None, trouble: str) -> None:
    """It did not arrive: tried again later, or given up after a day."""
    if delivery.tries >= len(PAUSES_S) or status == 410:
        _change(
            write, delivery.delivery_id, state="failed", status=status, trouble=trouble,
            tries=delivery.tries + 1, done_at=write.at,
        )  # fmt: skip
        return
    _change(
        write, delivery.delivery_id, due_at=now_ms() + pause_ms(delivery.tries),
        tries=delivery.tries + 1, status=status, trouble=trouble,
    )  # fmt: skip


def pause_ms(tries: int) -> int:
    """How long to wait after so many tries and another one, a little more or less each time."""
    return int(PAUSES_S[tries] * 1_000 * random.uniform(0.9, 1.1))


def resend(write: Write, delivery_id: str) -> None:
    """Send it again from the start, whatever became of it.

    Raises NotFound, and Conflict where its receiver was stopped.
    """
    query = (
        sa.select(receivers.c.stopped_at)
        .join(deliveries, deliveries.c.receiver_id == receivers.c.receiver_id)
        .where(deliveries.c.delivery_id == delivery_id)
    )
    if write.connection.execute(query).scalar() is not None:
        raise Conflict("its receiver was stopped")
    _change(
        write, delivery_id, state="waiting", due_at=now_ms(), tries=0, done_at=None, trouble=None
    )


def _change(write: Write, delivery_id: str, **values: Any) -> None:
    changed = write.connection.execute(
        sa.update(deliveries).where(deliveries.c.delivery_id == delivery_id).values(**values)
    )
    if changed.rowcount == 0:
        raise NotFound(f"no delivery {delivery_id}")


def page(
    connection: sa.Connection,
    wanted: PageOf,
    *,
    state: str | None = None,
    receiver_id: str | None = None,
) -> Page[Delivery]:
    """A page of deliveries, the newest first."""
    c, query = deliveries.c, sa.select(*_DELIVERY)
    if state:
        query = query.where(c.state == state)
    if receiver_id:
        query = query.where(c.receiver_id == receiver_id)
    return wanted.read(connection, query, c.made_at, c.delivery_id, lambda row: Delivery(*row))


def counted(connection: sa.Connection) -> dict[str, dict[str, int]]:
    """How many deliveries of each receiver are in each state."""
    c = deliveries.c
    query = sa.select(c.receiver_id, c.state, sa.func.count()).group_by(c.receiver_id, c.state)
    found: dict[str, dict[str, int]] = {}
    for receiver_id, state, number in connection.execute(query):
        found.setdefault(receiver_id, {})[state] = int(number)
    return found


def failed(connection: sa.Connection, receiver_id: str) -> list[str]:
    """The deliveries to a receiver that were given up, the oldest first."""
    c = deliveries.c
    query = sa.select(c.delivery_id).where(c.receiver_id == receiver_id, c.state == "failed")
    return list(connection.execute(query.order_by(c.made_at, c.delivery_id)).scalars())
