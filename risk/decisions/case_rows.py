"""What stands about one case itself: its proof, parcels and inspections, as of a moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from risk.decisions.case import Circumstances
from risk.findings import OUTCOME_COUNTS, OUTCOME_ORDER
from risk.history.driver import runner

QUERIES: dict[str, str] = {
    "evidence": """SELECT s.row_id, e.kind, e.submitted_by FROM spine s
      JOIN evidence e ON e.refund_id = s.refund_id AND e.known_at <= s.as_of
      ORDER BY s.row_id, e.known_at, e.evidence_id""",
    "parcels": """SELECT s.row_id, e.direction, e.status, e.occurred_at, e.weight_g
      FROM spine s JOIN shipments e ON e.order_id = s.order_id AND e.known_at <= s.as_of
      WHERE (e.line_id IS NULL OR s.line_id IS NULL OR e.line_id = s.line_id)
        AND (e.direction = 'outbound' OR e.refund_id IS NULL OR e.refund_id = s.refund_id)
      ORDER BY s.row_id, e.occurred_at, e.fact_key""",
    "inspections": """SELECT s.row_id, e.condition FROM spine s
      JOIN inspections e ON e.refund_id = s.refund_id AND e.known_at <= s.as_of
      ORDER BY s.row_id, e.known_at, e.inspected_at""",
}
"""Rows of the case itself that are visible at `as_of`, for any number of cases at once."""

OWN_VERDICT = f"""SELECT o.verdict FROM outcomes o WHERE o.refund_id = :refund_id
  AND {OUTCOME_COUNTS} AND o.known_at < :as_of ORDER BY {OUTCOME_ORDER} LIMIT 1"""
"""The finding that stands on the case itself: no feature sees it, a confirmed fault pays."""

_ONE = (
    "(SELECT 0 AS row_id, CAST(:as_of AS BIGINT) AS as_of, CAST(:refund_id AS TEXT) AS refund_id, "
)
_ONE += "CAST(:order_id AS TEXT) AS order_id, CAST(:line_id AS TEXT) AS line_id) s"
_POINT = {name: query.replace("spine s", _ONE) for name, query in QUERIES.items()}
_SHOWN = {
    "evidence": ("row_id", "kind", "submitted_by"),
    "parcels": ("row_id", "direction", "status", "occurred_at", "weight_g"),
    "inspections": ("row_id", "condition"),
}
_STANDS = f"""SELECT ({OWN_VERDICT}) AS verdict,
  EXISTS (SELECT 1 FROM listings l WHERE l.customer_id = :customer_id) AS listed,
  EXISTS (SELECT 1 FROM cases k WHERE k.refund_id = :refund_id) AS queued"""


@dataclass(frozen=True, slots=True)
class Own:
    """The visible rows of one case; whether its customer was ever listed, and it ever queued."""

    seen: Circumstances
    listed: bool
    queued: bool


def own_rows(connection: sa.Connection, spine: Mapping[str, Any]) -> Own:
    """All that stands about the case of this spine row."""
    run = runner(connection)
    rows = {
        name: [dict(zip(_SHOWN[name], row, strict=True)) for row in run(text, spine)]
        for name, text in _POINT.items()
    }
    verdict, listed, queued = run(_STANDS, spine)[0]
    seen = Circumstances(rows["evidence"], rows["parcels"], rows["inspections"], verdict)
    return Own(seen, bool(listed), bool(queued))


def circumstances(connection: sa.Connection, spine: Mapping[str, Any]) -> Circumstances:
    """The visible rows of the case of this spine row."""
    return own_rows(connection, spine).seen
