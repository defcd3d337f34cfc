"""Events: read from the log of decisions and from the cases, once for each subscription.

The log itself is the outbox: a decision is stored with its facts, so none can be missed, and
deciding does not take longer for it. Every scan goes back a little, for what another writer
committed late.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
import sqlalchemy as sa

from risk.facts.format import iso
from risk.facts.units import HOUR_MS, SECOND_MS
from risk.history.connection.connect import Write
from risk.history.schema.schema_cases import case_events, cases, surges
from risk.history.schema.schema_decisions import decisions
from risk.history.schema.schema_webhooks import deliveries, marks
from risk.history.tenants import ownership
from risk.history.tenants.caller import Caller
from risk.history.tenants.shared_ids import own_ids, renamed
from risk.webhooks.deliveries import add
from risk.webhooks.event_log_rows import LOGS, TOLD
from risk.webhooks.subscriptions import INTERNAL, Subscription

LOOK_BACK_MS = 10 * SECOND_MS
NEAR_MS = 4 * HOUR_MS
"""A deadline is near when so much time is left."""

AT_ONCE = 200

_d, _c, _e = decisions.c, cases.c, case_events.c


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a request at `at` (ms), with all there is to say of it."""

    name: str
    subject: str
    refund_id: str
    at: int
    data: Mapping[str, Any]

    def body(self) -> dict[str, Any]:
        """As Standard Webhooks lays a message out."""
        return {"type": self.name, "timestamp": iso(self.at), "data": self.data}


@dataclass(slots=True)
class Scan:
    """One scan of the logs: what was new in each, and which events are due to whom."""

    new: dict[str, dict[str, int]]
    undelivered: list[tuple[Subscription, Event]] = field(default_factory=list)


@dataclass(slots=True)
class EventWatch:
    """Scans the logs again and again, remembering what it saw of their latest stretch."""

    seen: dict[str, dict[str, int]] = field(default_factory=lambda: {n: {} for n in LOGS})

    def scan(
        self, connection: sa.Connection, subscriptions: Sequence[Subscription], now: int
    ) -> Scan:
        """The events without a delivery to these subscriptions, at most `AT_ONCE` of each log."""
        scan = Scan({name: {} for name in LOGS})
        if not subscriptions:
            return scan
        since = min(subscription.made_at for subscription in subscriptions)
        found: list[Event] = []
        for name, log in LOGS.items():
            start = max(since, _mark(connection, name) - LOOK_BACK_MS)
            rows = connection.execute(log, {"since": start, "now": now, "until": now + NEAR_MS,
                                            "most": AT_ONCE + len(self.seen[name])})  # fmt: skip
            new = [row for row in rows.all() if row.subject not in self.seen[name]][:AT_ONCE]
            scan.new[name] = {row.subject: int(row.at) for row in new}
            found += _READ[name](connection, new, now)
        scan.undelivered = list(_undelivered(connection, subscriptions, found))
        return scan

    def store(self, write: Write, scan: Scan) -> None:
        """Store the deliveries that are due, and how far the logs were read."""
        add(
            write,
            [
                (to, event.name, event.subject, event.refund_id,
                 _in_own_ids(write.connection, to, event))
                for to, event in scan.undelivered
            ],
        )  # fmt: skip
        for name in _MARKED:
            latest = max(scan.new[name].values(), default=0)
            if latest > _mark(write.connection, name):
                write.connection.execute(sa.delete(marks).where(marks.c.name == name))
                write.connection.execute(sa.insert(marks).values(name=name, at=latest))

    def advance(self, scan: Scan) -> None:
        """Remember what needs no second look; what lies too far back will not come again."""
        for name, new in scan.new.items():
            seen = {**self.seen[name], **new}
            edge = max(seen.values(), default=0) - 2 * LOOK_BACK_MS
            lasting = name == "near"
            self.seen[name] = {key: at for key, at in seen.items() if lasting or at > edge}


_MARKED = ("decisions", "closed", "acts", "surges")
"""Logs that only grow: how far they were read is kept, so that a restart goes on from there."""


_Rows = Sequence[Any]


def _decided(connection: sa.Connection, rows: _Rows, _: int) -> Iterator[Event]:
    made, before = _decisions(connection, rows), _tiers(connection, rows)
    for row in rows:
        decision = made[row.decision_id]
        yield Event("decision.made", row.subject, row.refund_id, row.at, decision)
        earlier = [tier for _, at, tier in before[row.refund_id] if at < row.at]
        if earlier and earlier[-1] != decision["tier"]:
            changed = {**decision, "previous_tier": earlier[-1]}
            yield Event("decision.tier_changed", row.subject, row.refund_id, row.at, changed)


def _tiers(connection: sa.Connection, rows: _Rows) -> dict[str, list[tuple[int, int, str]]]:
    """All (as_of, decided_at, tier) that the requests of these rows were given, in order."""
    query = sa.select(_d.refund_id, _d.as_of, _d.decided_at, _d.tier)
    asked = query.where(_d.refund_id.in_({row.refund_id for row in rows}))
    found: dict[str, list[tuple[int, int, str]]] = {}
    for refund_id, *tier in connection.execute(asked.order_by(_d.as_of, _d.decided_at)):
        found.setdefault(refund_id, []).append((tier[0], tier[1], tier[2]))
    return found


def _closed(connection: sa.Connection, rows: _Rows, _: int) -> Iterator[Event]:
    made = _decisions(connection, rows)
    for row in rows:
        query = sa.select(_c.verdict, _c.found_by, _c.ended).where(_c.refund_id == row.refund_id)
        found = connection.execute(query).one()
        data = {
            "refund_id": row.refund_id,
            "closed_at": iso(row.at),
            "decision": made[row.decision_id],
        }
        if found.ended is not None:
            ended = {**data, "closed_because": found.ended}
            yield Event("case.closed", row.subject, row.refund_id, row.at, ended)
        else:
            data |= {"verdict": found.verdict, "found_by": found.found_by}
            yield Event("case.decided", row.subject, row.refund_id, row.at, data)


def _near(connection: sa.Connection, rows: _Rows, now: int) -> Iterator[Event]:
    made = _decisions(connection, rows)
    for row in rows:
        data = {
            "refund_id": row.refund_id,
            "respond_by": iso(row.at),
            "decision": made[row.decision_id],
        }
        yield Event("case.deadline_near", row.subject, row.refund_id, now, data)


def _acted(connection: sa.Connection, rows: _Rows, _: int) -> Iterator[Event]:
    for row in rows:
        query = sa.select(_e.action, _e.who, _e.body).where(_e.event_no == int(row.subject))
        act = connection.execute(query).one()
        data = {"refund_id": row.refund_id, "by": act.who, **orjson.loads(act.body)}
        name = TOLD.get(act.action, "case.mentioned")
        yield Event(name, row.subject, row.refund_id, row.at, data)


def _surged(connection: sa.Connection, rows: _Rows, _: int) -> Iterator[Event]:
    for row in rows:
        query = sa.select(surges.c.body).where(surges.c.surge_no == int(row.subject))
        data = orjson.loads(connection.execute(query).scalar_one())
        yield Event("requests.surging", row.subject, row.refund_id, row.at, data)


_READ = {
    "decisions": _decided, "closed": _closed, "near": _near, "acts": _acted, "surges": _surged,
}  # fmt: skip


def _decisions(connection: sa.Connection, rows: _Rows) -> dict[str, Any]:
    """The decisions of these rows, by id."""
    wanted = {row.decision_id for row in rows}
    query = sa.select(_d.decision_id, _d.body).where(_d.decision_id.in_(wanted))
    return {name: orjson.loads(body) for name, body in connection.execute(query)} if wanted else {}


def _undelivered(
    connection: sa.Connection, subscriptions: Sequence[Subscription], found: Sequence[Event]
) -> Iterator[tuple[Subscription, Event]]:
    own = any(to.merchants for to in subscriptions)
    named = {event.refund_id for event in found} if own else set()
    of_requests = ownership.of_requests(connection, named)
    delivered = _delivered(connection, subscriptions, found)
    for event in found:
        owners = of_requests.get(event.refund_id, set())
        for to in subscriptions:
            wanted = event.at >= to.made_at and to.wants(event.name, owners)
            wanted = wanted and not (event.name in INTERNAL and to.merchants)
            if wanted and (to.receiver_id, event.name, event.subject) not in delivered:
                yield to, event


def _in_own_ids(connection: sa.Connection, to: Subscription, event: Event) -> dict[str, Any]:
    """The event's message, by the ids that the receiver's merchants use."""
    own = own_ids(connection, Caller(to.merchants), "refund_id", [event.refund_id])
    return {**event.body(), "data": renamed(event.data, own)} if own else event.body()


def _delivered(
    connection: sa.Connection, to: Sequence[Subscription], found: Sequence[Event]
) -> set[tuple[str, str, str]]:
    """Which of these events have a delivery to whom: (receiver, event, subject)."""
    c, subjects = deliveries.c, {event.subject for event in found}
    if not subjects:
        return set()
    query = sa.select(c.receiver_id, c.event, c.subject).where(
        c.receiver_id.in_([one.receiver_id for one in to]),
        c.event.in_({event.name for event in found}),
        c.subject.in_(subjects),
    )
    return {(row.receiver_id, row.event, row.subject) for row in connection.execute(query)}


def _mark(connection: sa.Connection, name: str) -> int:
    return int(connection.execute(sa.select(marks.c.at).where(marks.c.name == name)).scalar() or 0)
