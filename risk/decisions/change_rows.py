"""SQL of what is another than before of a customer: payout account, device, address."""

from __future__ import annotations

from risk.facts.units import DAY_MS
from risk.features.visibility import known_before
from risk.findings import NEGATIVE_VERDICTS, POSITIVE_VERDICTS, sql_list

UNCONTESTED_MS = 90 * DAY_MS
"""Where nobody said anything for so long, the payout account of a request counts as known."""

SETTLED_IN_MS = 30 * DAY_MS
"""So long after an order its device and its address count as known."""

_PAID = f"""EXISTS (SELECT 1 FROM outcomes o WHERE o.refund_id = q.refund_id
        AND {known_before("o", "s.as_of")} AND o.decided_by <> 'system'
        AND (o.verdict IN ({sql_list(NEGATIVE_VERDICTS)})
          OR (o.resolution IN ('refunded', 'partly_refunded')
            AND o.verdict NOT IN ({sql_list(POSITIVE_VERDICTS)}))))"""
_CONFIRMED = f"""EXISTS (SELECT 1 FROM evidence c WHERE c.refund_id = q.refund_id
        AND {known_before("c", "s.as_of")} AND c.kind = 'chat' AND c.submitted_by = 'customer'
        AND (c.asked_at IS NOT NULL OR c.known_at > q.known_at))"""
_REFUSED = f"""EXISTS (SELECT 1 FROM outcomes o WHERE o.refund_id = q.refund_id
        AND {known_before("o", "s.as_of")} AND (o.verdict IN ({sql_list(POSITIVE_VERDICTS)})
          OR o.resolution IN ('refused', 'withdrawn')))"""
_AGED = f"""(q.known_at < s.as_of - {UNCONTESTED_MS} AND COALESCE(q.state, 'open') <> 'withdrawn'
        AND NOT {_REFUSED})"""


def _of_order(column: str) -> str:
    """A row a line of another order of the customer, with one of its identities."""
    return f"""SELECT s.row_id, '{column}' AS kind, s.{column} AS own, e.{column} AS value,
      e.known_at,
      CASE WHEN e.known_at < s.as_of - {SETTLED_IN_MS} OR {_PAID} OR {_CONFIRMED}
        THEN 1 ELSE 0 END AS known
    FROM spine s JOIN orders e ON e.customer_id = s.customer_id AND {known_before("e", "s.as_of")}
    LEFT JOIN requests q ON q.order_id = e.order_id AND {known_before("q", "s.as_of")}
    WHERE e.order_id <> s.order_id AND s.{column} IS NOT NULL AND e.{column} IS NOT NULL"""


CHANGED = f"""SELECT z.row_id, z.kind FROM (
  SELECT y.row_id, y.kind, y.own, y.value, CASE WHEN y.known = 1 OR y.since = MIN(y.since)
      OVER (PARTITION BY y.row_id, y.kind) THEN 1 ELSE 0 END AS known FROM (
    SELECT x.row_id, x.kind, x.own, x.value, MIN(x.known_at) AS since, MAX(x.known) AS known FROM (
    SELECT s.row_id, 'payout' AS kind, s.payout AS own, q.payout AS value, q.known_at,
      CASE WHEN {_AGED} OR {_PAID} OR {_CONFIRMED} THEN 1 ELSE 0 END AS known
    FROM spine s JOIN requests q ON q.customer_id = s.customer_id AND {known_before("q", "s.as_of")}
    WHERE q.refund_id <> s.refund_id AND s.payout IS NOT NULL AND q.payout IS NOT NULL
    UNION ALL {_of_order("device")}
    UNION ALL {_of_order("address")}) x
    GROUP BY x.row_id, x.kind, x.own, x.value) y) z
  GROUP BY z.row_id, z.kind
  HAVING SUM(CASE WHEN z.value = z.own THEN z.known ELSE 0 END) = 0
    AND SUM(CASE WHEN z.value <> z.own AND (z.kind <> 'payout' OR z.known = 1)
      THEN 1 ELSE 0 END) = 1
  ORDER BY z.row_id, z.kind"""
"""Which of `payout`, `device` and `address` is another than the one that is known of the customer.

Known is the first there was; that of a request that its customer confirmed when asked, that was
found honest or paid (not by a deadline alone), or that nobody refused, took back or said anything
of for long; device and address also of an order of some age. A request whose question nobody
answered makes nothing known, so the next is asked again. Of who has several known accounts, or
several devices and addresses at all, one more says nothing.
"""

_OTHER = (
    "EXISTS (SELECT 1 FROM {rows} q WHERE q.customer_id = :customer_id AND q.{column} <> :{column})"
)
HAS_OTHERS = f"""({_OTHER.format(rows="requests", column="payout")}
    OR ({_OTHER.format(rows="orders", column="device")}
      AND {_OTHER.format(rows="orders", column="address")}))"""
"""Whether anything can have changed of the customer of one case: of nearly all it cannot."""
