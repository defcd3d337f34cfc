"""The logs that events are read from: light rows (subject, refund_id, at, decision_id), oldest
first."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from risk.history.schema.schema_cases import case_events, cases, surges
from risk.history.schema.schema_decisions import decisions
from risk.webhooks.subscriptions import EventName

_d, _c, _e = decisions.c, cases.c, case_events.c
TOLD: dict[str, EventName] = {
    "ask": "case.asked", "call": "case.call_asked", "offer": "case.offered",
    "escalate": "case.escalated",
}  # fmt: skip
"""What people do that somebody else acts on, by the event that tells it."""


def _log(subject: Any, at: Any, *conditions: Any) -> sa.Select[Any]:
    table = subject.table if isinstance(subject, sa.Column) else cases
    query = sa.select(
        subject.label("subject"), table.c.refund_id, at.label("at"), table.c.decision_id
    )
    return query.where(*conditions).order_by(at, table.c.refund_id).limit(sa.bindparam("most"))


def _acts() -> sa.Select[Any]:
    """What people did that somebody else acts on."""
    mentions = sa.and_(_e.action == "note", _e.body.contains('"mentions"'))
    return (
        sa.select(
            sa.cast(_e.event_no, sa.Text).label("subject"), _e.refund_id, _e.at.label("at"),
            sa.null().label("decision_id"),
        )
        .where(_e.at > sa.bindparam("since"), sa.or_(_e.action.in_(tuple(TOLD)), mentions))
        .order_by(_e.at, _e.event_no)
        .limit(sa.bindparam("most"))
    )  # fmt: skip


def _surging() -> sa.Select[Any]:
    """Surges as they were noticed; they are about no one request."""
    c = surges.c
    return (
        sa.select(
            sa.cast(c.surge_no, sa.Text).label("subject"), sa.literal("").label("refund_id"),
            c.at.label("at"), sa.null().label("decision_id"),
        )
        .where(c.at > sa.bindparam("since"))
        .order_by(c.at, c.surge_no)
        .limit(sa.bindparam("most"))
    )  # fmt: skip


def _dated(at: Any) -> Any:
    return _c.refund_id + ":" + sa.cast(at, sa.Text)


LOGS: dict[str, sa.Select[Any]] = {
    "decisions": _log(_d.decision_id, _d.decided_at, _d.decided_at > sa.bindparam("since")),
    "closed": _log(
        _dated(_c.closed_at), _c.closed_at,
        _c.state == "closed", sa.or_(_c.verdict.is_not(None), _c.ended.is_not(None)),
        _c.closed_at > sa.bindparam("since"),
    ),
    "near": _log(
        _dated(_c.respond_by), _c.respond_by,
        _c.state == "open", _c.respond_by > sa.bindparam("now"),
        _c.respond_by <= sa.bindparam("until"),
    ),
    "acts": _acts(),
    "surges": _surging(),
}  # fmt: skip
