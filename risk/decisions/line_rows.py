"""SQL of the lines of an order that is asked back as a whole."""

from __future__ import annotations

from risk.features.visibility import holds_at
from risk.findings import sql_list

WHOLE = ("return_and_refund", "exchange")
"""The types of request by which goods go back, and the right of return counts for each article."""

LINES = f"""SELECT s.row_id, o.category, o.no_reason_return FROM spine s
  JOIN orders o ON o.order_id = s.order_id AND {holds_at("o", "s.as_of")}
  WHERE s.line_id IS NULL AND s.type IN ({sql_list(WHOLE)}) AND o.known_at <= s.order_seen
    AND EXISTS (SELECT 1 FROM orders x WHERE x.order_id = o.order_id AND x.line_id <> o.line_id)
  ORDER BY s.row_id, o.line_id"""
"""Each line of an order of several that a request asks back as a whole: what is known of its right
of return."""
