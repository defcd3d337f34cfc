"""What is known of each request's truth at the training moment, by the contract's rule."""

from __future__ import annotations

import duckdb
import pandas as pd

from risk.findings import OUTCOME_COUNTS, OUTCOME_ORDER, STANDING

LABELS = f"""SELECT g.refund_id, CAST(g.label AS DOUBLE) AS y, g.known_at AS label_known_at
FROM ({STANDING.format(outcomes="outcomes", inspections="inspections", refunds="refunds")}) g
JOIN refunds r ON r.refund_id = g.refund_id WHERE g.stands_until IS NULL AND g.label IS NOT NULL"""
"""The standing finding of each stored request, whether or not its order is stored too."""

SELECTED = f"""SELECT refund_id, selected_by, selection_probability FROM (
  SELECT o.refund_id, o.selected_by, o.selection_probability, ROW_NUMBER() OVER (
    PARTITION BY o.refund_id ORDER BY CASE WHEN o.selected_by = 'random_audit' THEN 0 ELSE 1 END,
      {OUTCOME_ORDER}) AS nth
  FROM outcomes o WHERE {OUTCOME_COUNTS}) x WHERE x.nth = 1"""
"""How a request was selected for review: by random audit if it ever was, else as the standing
finding says."""


def labels(db: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """One row a request with a label: refund_id, y (1 abuse or fraud), label_known_at (ms),
    selected_by and selection_probability."""
    found: pd.DataFrame = db.sql(
        f"SELECT l.*, COALESCE(s.selected_by, 'unknown') AS selected_by, s.selection_probability "
        f"FROM ({LABELS}) l LEFT JOIN ({SELECTED}) s ON s.refund_id = l.refund_id"
    ).df()
    return found
