"""Why a stored request counts no more."""

from __future__ import annotations

import sqlalchemy as sa

from risk.features.visibility import known_by
from risk.history.connection.driver import runner

_TAKEN_BACK = f"""SELECT t.reason FROM retractions t JOIN refunds r ON r.fact_key = t.target
  WHERE t.kind = 'refunds' AND r.refund_id = :refund_id AND NOT EXISTS (SELECT 1 FROM refunds v
    WHERE v.refund_id = r.refund_id AND {known_by("v", ":unless_at")})
  ORDER BY t.known_at DESC LIMIT 1"""


def reason_taken_back(connection: sa.Connection, refund_id: str, unless_at: int = -1) -> str | None:
    """Why a stored request was last taken back, empty where the words are gone; None if it never
    was, or counts again at `unless_at` (ms)."""
    found = runner(connection)(_TAKEN_BACK, {"refund_id": refund_id, "unless_at": unless_at})
    return (found[0][0] or "") if found else None
