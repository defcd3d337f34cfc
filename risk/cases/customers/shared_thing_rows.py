"""The rows of a thing that customers share."""

from __future__ import annotations

from typing import NamedTuple

import sqlalchemy as sa

from risk.history.schema import latest, sightings

MOST = 100
"""So many of its customers are listed, the earliest first."""


class SeenAt(NamedTuple):
    """A customer and when they were first known to be at the thing (ms)."""

    customer_id: str
    since: int


def seen_at(connection: sa.Connection, kind: str, entity: int) -> list[SeenAt]:
    """The first customers that were seen at a thing."""
    s = sightings.c
    query = (
        sa.select(s.customer_id, sa.func.min(s.known_at).label("since"))
        .where(s.kind == kind, s.entity == entity, latest(sightings))
        .group_by(s.customer_id)
        .order_by(sa.literal_column("since"), s.customer_id)
        .limit(MOST)
    )
    return [SeenAt(row.customer_id, int(row.since)) for row in connection.execute(query)]


def count_seen(connection: sa.Connection, kind: str, entity: int) -> int:
    """How many customers were seen at a thing."""
    s = sightings.c
    query = sa.select(sa.func.count(s.customer_id.distinct()))
    at = query.where(s.kind == kind, s.entity == entity, latest(sightings))
    return int(connection.execute(at).scalar_one())
