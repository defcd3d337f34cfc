"""Cases of which more is known than their decision knew: a finding, an appeal, facts."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa

from risk.history.connect import Write
from risk.history.schema_cases import cases

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


def outdated_cases(connection: sa.Connection, since: int, most: int) -> list[str]:
    """The requests of at most so many of them: those found out or appealed since a moment (ms), and
    those that facts came for at any time, which wait for a decision the longest."""
    found = list(connection.execute(_FOUND_OUT.limit(most), {"since": since}).scalars())
    rest = most - len(found)
    learned = connection.execute(_LEARNED.limit(rest)).scalars() if rest else ()
    return list(dict.fromkeys([*found, *learned]))


def is_outdated(connection: sa.Connection, refund_id: str, since: int) -> bool:
    """Whether a request is among them."""
    values = {"refund_id": refund_id, "since": since}
    return connection.execute(_IS, values).first() is not None


def postpone(write: Write, refund_ids: Collection[str]) -> None:
    """Let cases that cannot be decided now wait behind those that facts came for meanwhile."""
    waits = sa.update(cases).where(_c.refund_id.in_(refund_ids), _WAITS)
    write.connection.execute(waits.values(facts_at=write.at))
