"""Cases whose finding or appeal is newer than their decision."""

from __future__ import annotations

import sqlalchemy as sa

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
_OUTDATED = sa.union_all(
    sa.select(_c.refund_id).where(_FOUND), sa.select(_c.refund_id).where(_APPEALED)
)


def outdated_cases(connection: sa.Connection, since: int, most: int) -> list[str]:
    """The requests of at most so many of them, found out or appealed since a moment (ms)."""
    return list(connection.execute(_OUTDATED.limit(most), {"since": since}).scalars())


def is_outdated(connection: sa.Connection, refund_id: str, since: int) -> bool:
    """Whether a request is among them."""
    found = _OUTDATED.subquery()
    query = sa.select(found.c.refund_id).where(found.c.refund_id == refund_id)
    return connection.execute(query, {"since": since}).first() is not None
