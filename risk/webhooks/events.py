"""What is worth pushing: read from the log of decisions and the cases, once for each receiver.

The log itself is the queue: a decision is stored with its facts, so nothing that was decided can
be missed, and the way of a decision is not made longer. Every look goes back a little, for what
another writer committed late.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
import sqlalchemy as sa

from risk.access import ownership
from risk.facts.format import iso
from risk.facts.units import HOUR_MS, SECOND_MS
from risk.history.connect import Write
from risk.history.schema import decisions
from risk.history.schema_cases import cases
from risk.history.schema_webhooks import deliveries, marks
from risk.webhooks import deliveries as outbox
from risk.webhooks.receivers import Receiver

LOOK_BACK_MS = 10 * SECOND_MS
NEAR_MS = 4 * HOUR_MS
"""A deadline is near when so much time is left."""

AT_ONCE = 200

_d, _c = decisions.c, cases.c


@dataclass(frozen=True, slots=True)
class Happening:
    """Something to be told: of which request, when, and all there is to say."""

    event: str
    subject: str
    refund_id: str
    at: int
    data: Mapping[str, Any]

    def body(self) -> dict[str, Any]:
        """As Standard Webhooks lays a message out."""
        return {"type": self.event, "timestamp": iso(self.at), "data": self.data}


@dataclass(slots=True)
class Look:
    """One look at the logs: what was new in each, and what to tell whom."""

    new: dict[str, dict[str, int]]
    telling: list[tuple[Receiver, Happening]] = field(default_factory=list)


@dataclass(slots=True)
class Watch:
    """Looks at the logs again and again, remembering what it saw of their latest stretch."""

    seen: dict[str, dict[str, int]] = field(default_factory=lambda: {n: {} for n in _LOGS})

    def look(self, connection: sa.Connection, receivers: Sequence[Receiver], now: int) -> Look:
        """What these receivers were not told yet, at most `AT_ONCE` of each log."""
        look = Look({name: {} for name in _LOGS})
        if not receivers:
            return look
        since = min(receiver.made_at for receiver in receivers)
        found: list[Happening] = []
        for name, log in _LOGS.items():
            start = max(since, _mark(connection, name) - LOOK_BACK_MS)
            rows = connection.execute(log, {"since": start, "now": now, "until": now + NEAR_MS,
                                            "most": AT_ONCE + len(self.seen[name])})  # fmt: skip
            new = [row for row in rows.all() if row.subject not in self.seen[name]][:AT_ONCE]
            look.new[name] = {row.subject: int(row.at) for row in new}
            for row in new:
                found += _READ[name](connection, row, now)
        look.telling = list(_untold(connection, receivers, found))
        return look

    def tell(self, write: Write, look: Look) -> None:
        """Store what is to be pushed, and how far the logs were read."""
        for receiver, h in look.telling:
            outbox.add(write, receiver, h.event, h.subject, h.refund_id, h.body())
        for name in _MARKED:
            latest = max(look.new[name].values(), default=0)
            if latest > _mark(write.connection, name):
                write.connection.execute(sa.delete(marks).where(marks.c.name == name))
                write.connection.execute(sa.insert(marks).values(name=name, at=latest))

    def remember(self, look: Look) -> None:
        """What was told needs no second look; what lies too far back will not come again."""
        for name, new in look.new.items():
            seen = {**self.seen[name], **new}
            edge = max(seen.values(), default=0) - 2 * LOOK_BACK_MS
            lasting = name == "near"
            self.seen[name] = {key: at for key, at in seen.items() if lasting or at > edge}


def _log(subject: Any, at: Any, *conditions: Any) -> sa.Select[Any]:
    table = subject.table if isinstance(subject, sa.Column) else cases
    query = sa.select(
        subject.label("subject"), table.c.refund_id, at.label("at"), table.c.decision_id
    )
    return query.where(*conditions).order_by(at, table.c.refund_id).limit(sa.bindparam("most"))


def _dated(at: Any) -> Any:
    return _c.refund_id + ":" + sa.cast(at, sa.Text)


_LOGS: dict[str, sa.Select[Any]] = {
    "decisions": _log(_d.decision_id, _d.decided_at, _d.decided_at > sa.bindparam("since")),
    "closed": _log(
        _dated(_c.closed_at), _c.closed_at,
        _c.state == "closed", _c.verdict.is_not(None), _c.closed_at > sa.bindparam("since"),
    ),
    "near": _log(
        _dated(_c.respond_by), _c.respond_by,
        _c.state == "open", _c.respond_by > sa.bindparam("now"),
        _c.respond_by <= sa.bindparam("until"),
    ),
}  # fmt: skip
"""Light rows (subject, refund_id, at, decision_id) of each log, oldest first."""

_MARKED = ("decisions", "closed")
"""Logs that only grow: how far they were read is kept, so that a restart goes on from there."""


def _decided(connection: sa.Connection, row: Any, _: int) -> Iterator[Happening]:
    decision = _decision(connection, row.decision_id)
    yield Happening("decision.made", row.subject, row.refund_id, row.at, decision)
    query = sa.select(_d.tier).where(_d.refund_id == row.refund_id, _d.decided_at < row.at)
    before = connection.execute(query.order_by(_d.as_of.desc()).limit(1)).scalar()
    if before not in (None, decision["tier"]):
        changed = {**decision, "previous_tier": before}
        yield Happening("decision.tier_changed", row.subject, row.refund_id, row.at, changed)


def _closed(connection: sa.Connection, row: Any, _: int) -> Iterator[Happening]:
    query = sa.select(_c.verdict, _c.found_by).where(_c.refund_id == row.refund_id)
    found = connection.execute(query).one()
    data = {
        "refund_id": row.refund_id,
        "verdict": found.verdict,
        "found_by": found.found_by,
        "closed_at": iso(row.at),
        "decision": _decision(connection, row.decision_id),
    }
    yield Happening("case.decided", row.subject, row.refund_id, row.at, data)


def _near(connection: sa.Connection, row: Any, now: int) -> Iterator[Happening]:
    data = {
        "refund_id": row.refund_id,
        "respond_by": iso(row.at),
        "decision": _decision(connection, row.decision_id),
    }
    yield Happening("case.deadline_near", row.subject, row.refund_id, now, data)


_READ = {"decisions": _decided, "closed": _closed, "near": _near}


def _decision(connection: sa.Connection, decision_id: str) -> Any:
    query = sa.select(_d.body).where(_d.decision_id == decision_id)
    return orjson.loads(connection.execute(query).scalar_one())


def _untold(
    connection: sa.Connection, receivers: Sequence[Receiver], found: Sequence[Happening]
) -> Iterator[tuple[Receiver, Happening]]:
    orders = ownership.orders_of(connection, [happening.refund_id for happening in found])
    of_orders = ownership.of_orders(connection, orders.values())
    for happening in found:
        owners = of_orders.get(orders.get(happening.refund_id, ""), set())
        for receiver in receivers:
            wanted = happening.at >= receiver.made_at and receiver.wants(happening.event, owners)
            if wanted and not _told(connection, receiver, happening):
                yield receiver, happening


def _told(connection: sa.Connection, receiver: Receiver, happening: Happening) -> bool:
    query = sa.select(sa.literal(1)).where(
        deliveries.c.receiver_id == receiver.receiver_id,
        deliveries.c.event == happening.event,
        deliveries.c.subject == happening.subject,
    )
    return connection.execute(query).scalar() is not None


def _mark(connection: sa.Connection, name: str) -> int:
    return int(connection.execute(sa.select(marks.c.at).where(marks.c.name == name)).scalar() or 0)
