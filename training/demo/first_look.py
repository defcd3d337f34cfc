"""The requests and customers that a first tour of the console should open."""

from __future__ import annotations

import sqlalchemy as sa

from risk.features.visibility import current

_SINCE = sa.text(
    f"SELECT r.refund_id, r.known_at FROM requests r WHERE {current('r')} AND r.known_at >= :since "
    "ORDER BY r.known_at, r.refund_id"
)
_OPEN = sa.text("SELECT 1 FROM cases c WHERE c.refund_id = :refund_id AND c.closed_at IS NULL")
_LATEST = sa.text(
    "SELECT x.refund_id FROM (SELECT r.refund_id, r.known_at FROM requests r "
    f"WHERE {current('r')} ORDER BY r.known_at DESC, r.refund_id LIMIT :most) x "
    "ORDER BY x.known_at, x.refund_id"
)
_FREQUENT = sa.text(
    f"SELECT r.customer_id FROM requests r WHERE {current('r')} GROUP BY r.customer_id "
    "ORDER BY COUNT(*) DESC, r.customer_id LIMIT 1"
)


def latest_requests(connection: sa.Connection, most: int) -> list[str]:
    """The requests known last, oldest first."""
    return list(connection.execute(_LATEST, {"most": most}).scalars())


def requests_since(connection: sa.Connection, since: int) -> list[tuple[str, int]]:
    """The requests known since a moment (ms), with the moment of each, oldest first."""
    rows = connection.execute(_SINCE, {"since": since})
    return [(str(row.refund_id), int(row.known_at)) for row in rows]


def is_open(connection: sa.Connection, refund_id: str) -> bool:
    """Whether a request has a case that is not closed."""
    return connection.execute(_OPEN, {"refund_id": refund_id}).first() is not None


def frequent_asker(connection: sa.Connection) -> str:
    """The customer with the most requests, of those the one whose name comes first."""
    return str(connection.execute(_FREQUENT).scalar())
