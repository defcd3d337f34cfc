"""What is known of each request's truth at the training moment, by the contract's rule."""

from __future__ import annotations

import duckdb
import pandas as pd

from risk.facts.revisions import FOREVER
from risk.features.epochs import whole
from risk.features.visibility import current
from risk.findings import OUTCOME_COUNTS, OUTCOME_ORDER, STANDING

_LATEST = {
    kind: f"({whole(kind, current('f'))})" for kind in ("outcomes", "inspections", "refunds")
}
_CHANGES = " UNION ALL ".join(
    f"SELECT f.refund_id, f.{column} AS at FROM {kind} f "
    f"WHERE f.{column} BETWEEN 1 AND {FOREVER - 1}"
    for kind in _LATEST
    for column in ("valid_from", "valid_to")
)
"""The moments at which a finding, or the request it is about, was corrected or taken back."""

LABELS = f"""SELECT g.refund_id, CAST(g.label AS DOUBLE) AS y,
  CASE WHEN c.at > g.known_at THEN c.at ELSE g.known_at END AS label_known_at
FROM ({STANDING.format(**_LATEST)}) g JOIN {_LATEST["refunds"]} r ON r.refund_id = g.refund_id
LEFT JOIN (SELECT x.refund_id, MAX(x.at) AS at FROM ({_CHANGES}) x GROUP BY x.refund_id) c
  ON c.refund_id = g.refund_id
WHERE g.stands_until IS NULL AND g.label IS NOT NULL"""
"""The standing finding of each stored request, whether or not its order is stored too.

Of facts that were corrected the latest revision counts, of those taken back none, and the label is
known from the last of these changes on.
"""

SELECTED = f"""SELECT refund_id, selected_by, selection_probability FROM (
  SELECT o.refund_id, o.selected_by, o.selection_probability, ROW_NUMBER() OVER (
    PARTITION BY o.refund_id ORDER BY CASE WHEN o.selected_by = 'random_audit' THEN 0 ELSE 1 END,
      {OUTCOME_ORDER}) AS nth
  FROM outcomes o WHERE {OUTCOME_COUNTS} AND {current("o")}) x WHERE x.nth = 1"""
"""How a request was selected for review: by random audit if it ever was, else as the standing
finding says."""


KNOWN = f"""SELECT l.*, COALESCE(s.selected_by, 'unknown') AS selected_by,
  s.selection_probability
FROM ({LABELS}) l LEFT JOIN ({SELECTED}) s ON s.refund_id = l.refund_id"""
"""One row a request with a label: refund_id, y (1 abuse or fraud), label_known_at (ms),
selected_by and selection_probability."""


def labels(db: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """The rows of `KNOWN`."""
    found: pd.DataFrame = db.sql(KNOWN).df()
    return found
