"""Claims of cases, which never overlap, and their events, which are append-only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import orjson
import sqlalchemy as sa

from risk.facts.units import HOUR_MS, MINUTE_MS
from risk.history.connection.prepared import Prepared
from risk.history.schema import FACTS, latest, requests
from risk.history.schema.schema_cases import case_events, cases

CLAIM_MS = 30 * MINUTE_MS
"""A claim expires after half an hour without an action, so that nobody blocks a case by absence."""


ASSIGNED_MS = 12 * HOUR_MS


_OF_REFUND = sa.bindparam("refund_id", type_=sa.Text)
_CASE = Prepared(sa.select(cases).where(cases.c.refund_id == _OF_REFUND))
_EVENTS = Prepared(
    sa.select(case_events)
    .where(case_events.c.refund_id == _OF_REFUND)
    .order_by(case_events.c.event_no)
)


def row_of(connection: sa.Connection, refund_id: str) -> dict[str, Any] | None:
    """The case of a request; None where it never needed a person."""
    return next(iter(_CASE(connection, refund_id=refund_id)), None)


def claim(connection: sa.Connection, refund_id: str, who: str, at: int) -> bool:
    """Claim the case or extend the claim; False where somebody else has claimed it.

    One conditional update decides, so two concurrent claims cannot both succeed.
    """
    c = cases.c
    free = sa.or_(c.held_by.is_(None), c.held_by == who, c.held_until <= at)
    until = at + CLAIM_MS
    longer = sa.and_(c.held_by == who, c.held_until > until)
    taken = connection.execute(
        sa.update(cases)
        .where(c.refund_id == refund_id, c.state == "open", free)
        .values(held_by=who, held_until=sa.case((longer, c.held_until), else_=until))
    )
    return taken.rowcount == 1


def give(connection: sa.Connection, refund_id: str, to: str, at: int) -> None:
    """Let somebody have the case for a working day, at which they need not look at once."""
    given = {"held_by": to, "held_until": at + ASSIGNED_MS}
    connection.execute(sa.update(cases).where(cases.c.refund_id == refund_id).values(given))


def give_to_team(connection: sa.Connection, refund_id: str, team: str) -> None:
    """Let a team have the case, of whom anybody may claim it."""
    given = {"team": team, "held_by": None, "held_until": None}
    connection.execute(sa.update(cases).where(cases.c.refund_id == refund_id).values(given))


def release(connection: sa.Connection, refund_id: str, who: str) -> bool:
    """Release the case; False where `who` has not claimed it."""
    freed = connection.execute(
        sa.update(cases)
        .where(cases.c.refund_id == refund_id, cases.c.held_by == who)
        .values(held_by=None, held_until=None)
    )
    return freed.rowcount == 1


def add_event(
    connection: sa.Connection,
    refund_id: str,
    at: int,
    who: str,
    action: str,
    body: Mapping[str, Any],
) -> None:
    """Append an event: what somebody did."""
    content = orjson.dumps(dict(body), option=orjson.OPT_SORT_KEYS).decode()
    connection.execute(
        sa.insert(case_events).values(
            refund_id=refund_id, at=at, who=who, action=action, body=content
        )
    )


def events(connection: sa.Connection, refund_id: str) -> list[dict[str, Any]]:
    """The events of a case, oldest first, with `body` parsed."""
    rows = _EVENTS(connection, refund_id=refund_id)
    return [{**row, "body": orjson.loads(row["body"])} for row in rows]


def finders(events: Iterable[Mapping[str, Any]]) -> set[str]:
    """Those who made a finding on a case, by its events.

    >>> finders([{"who": "mei", "action": "claim"}, {"who": "leo", "action": "finding"}])
    {'leo'}
    """
    return {event["who"] for event in events if event["action"] == "finding"}


def saw_score(events: Iterable[Mapping[str, Any]], who: str) -> bool:
    """Whether somebody has looked at tier, probability and contributions of a case, by its events.

    >>> saw_score([{"who": "mei", "action": "score"}], "leo")
    False
    """
    return any(event["who"] == who and event["action"] == "score" for event in events)


def is_known(connection: sa.Connection, refund_id: str) -> bool:
    """Whether the request itself is stored."""
    table = FACTS["refunds"]
    query = sa.select(table.c.refund_id).where(table.c.refund_id == refund_id).limit(1)
    return connection.execute(query).first() is not None


def customer_of(connection: sa.Connection, refund_id: str) -> str | None:
    """Whose request it is; None until its order is known."""
    own = sa.and_(requests.c.refund_id == refund_id, latest(requests))
    query = sa.select(requests.c.customer_id).where(own)
    return connection.execute(query).scalar()
