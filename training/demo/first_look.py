"""The requests and customers that a first tour of the console should open."""

from __future__ import annotations

import sqlalchemy as sa

from risk.features.visibility import current

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


def frequent_asker(connection: sa.Connection) -> str:
    """The customer with the most requests, of those the one whose name comes first."""
    return str(connection.execute(_FREQUENT).scalar())
