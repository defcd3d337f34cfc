"""Cases of which more is known than their decision knew: a finding, an appeal, facts; and approvals
of which somebody was asked who has answered."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa

from risk.facts.units import DAY_MS
from risk.history.connection.connect import Write
from risk.history.schema import FACTS
from risk.history.schema.schema_cases import case_events, cases
from risk.history.schema.schema_decisions import decisions

ANSWERED_WITHIN = 3 * DAY_MS
"""An answer about an approval is looked for so long after somebody was asked."""

_c = cases.c
_FOUND = sa.and_(
    _c.state == "closed",
    _c.closed_at > sa.bindparam("since"),
    _c.closed_at > _c.decided_at,
    _c.verdict.is_not(None),
    _c.ended.is_(None),
)
_APPEALED = sa.and_(
    _c.state == "open",
    _c.appealed_at > sa.bindparam("since"),
    _c.appealed_at > _c.decided_at,
)
_WAITS = _c.facts_at > 0
_FOUND_OUT = sa.union_all(*(sa.select(_c.refund_id).where(new) for new in (_FOUND, _APPEALED)))
_LEARNED = sa.select(_c.refund_id).where(_WAITS).order_by(_c.facts_at)
_IS = sa.select(_c.refund_id).where(
    _c.refund_id == sa.bindparam("refund_id"), sa.or_(_FOUND, _APPEALED, _WAITS)
)

_ask, _answer, _d = case_events.c, FACTS["evidence"].c, decisions.c
_decided = sa.select(sa.func.max(_d.as_of)).where(_d.refund_id == _ask.refund_id).scalar_subquery()
_ANSWERED = (
    sa.select(_ask.refund_id)
    .where(
        _ask.action == "ask",
        _ask.at > sa.bindparam("asked_since"),
        ~sa.exists().where(_c.refund_id == _ask.refund_id, _c.state == "open"),
        sa.exists().where(_answer.refund_id == _ask.refund_id, _answer.known_at > _decided),
    )
    .distinct()
)
"""The approvals, which are no open cases, of which something was given after their decision."""
_IS_ANSWERED = _ANSWERED.where(_ask.refund_id == sa.bindparam("refund_id"))


def outdated_cases(connection: sa.Connection, since: int, most: int) -> list[str]:
    """The requests of at most so many of them: those found out or appealed since a moment (ms),
    those that facts came for at any time, which wait for a decision the longest, and approvals that
    somebody has answered about."""
    found = list(connection.execute(_FOUND_OUT.limit(most), {"since": since}).scalars())
    for query in (_LEARNED, _ANSWERED):
        if rest := most - len(found):
            values = {"asked_since": since - ANSWERED_WITHIN} if query is _ANSWERED else {}
            found += connection.execute(query.limit(rest), values).scalars()
    return list(dict.fromkeys(found))


def is_outdated(connection: sa.Connection, refund_id: str, since: int) -> bool:
    """Whether a request is among them."""
    values = {"refund_id": refund_id, "since": since}
    if connection.execute(_IS, values).first() is not None:
        return True
    values = {"refund_id": refund_id, "asked_since": since - ANSWERED_WITHIN}
    return connection.execute(_IS_ANSWERED, values).first() is not None


def postpone(write: Write, refund_ids: Collection[str]) -> None:
    """Let cases that cannot be decided now wait behind those that facts came for meanwhile."""
    waits = sa.update(cases).where(_c.refund_id.in_(refund_ids), _WAITS)
    write.connection.execute(waits.values(facts_at=write.at))
