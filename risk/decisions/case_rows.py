"""SQL of a case: the moments at which it is decided, and what is visible of it at each."""

from __future__ import annotations

from dataclasses import replace

import sqlalchemy as sa

from risk.decisions.case_records import UNFOUND, WEIGHTS, OwnRows, StandingVerdict
from risk.decisions.change_rows import CHANGED, HAS_OTHERS
from risk.decisions.line_rows import LINES, WHOLE
from risk.decisions.packing import shows_goods
from risk.decisions.picture_rows import BUYER, GENERATED, SHOWN_KIND, TAKEN_AT, of_another
from risk.facts.units import DAY_MS
from risk.features.order_money import (
    COLUMNS,
    MONEY,
    MONEY_ALONE,
    OrderMoney,
    order_money,
)
from risk.features.own_parcels import OF_REQUEST
from risk.features.sources import of_order
from risk.features.visibility import holds_at, known_before, known_by
from risk.findings import BEYOND_THE_SHOP, OUTCOME_COUNTS, OUTCOME_ORDER, UNDETERMINED, sql_list
from risk.history.case_state import HELD
from risk.history.connection.driver import Call, Row, Rows, of_store, run_together, runner

_STATED = holds_at("e", "e.known_at")
"""A fact as it was when it was first known."""

_FIRST = f"""SELECT r.refund_id, r.requested_at AS as_of, 'request' AS stage FROM refunds r
  JOIN refunds v ON v.refund_id = r.refund_id AND {holds_at("v", "r.requested_at")}
  WHERE r.valid_from = 0"""
_REACHED = f"""SELECT e.refund_id, MIN(e.known_at) AS moment, 'evidence' AS stage FROM evidence e
    WHERE e.submitted_by = 'customer' AND e.refund_id IS NOT NULL AND {_STATED} GROUP BY e.refund_id
  UNION ALL SELECT e.refund_id, MIN(e.known_at) AS moment, 'return' AS stage FROM shipments e
    WHERE e.direction = 'return' AND e.refund_id IS NOT NULL AND {_STATED} GROUP BY e.refund_id
  UNION ALL SELECT e.refund_id, MIN(e.known_at) AS moment, 'inspection' AS stage FROM inspections e
    WHERE {_STATED} GROUP BY e.refund_id"""
_LATER = f"""SELECT m.refund_id, m.moment AS as_of, CASE
    WHEN MAX(CASE WHEN n.stage = 'inspection' THEN 1 ELSE 0 END) = 1 THEN 'inspection'
    WHEN MAX(CASE WHEN n.stage = 'return' THEN 1 ELSE 0 END) = 1 THEN 'return'
    ELSE 'evidence' END AS stage
  FROM ({_REACHED}) m JOIN ({_REACHED}) n ON n.refund_id = m.refund_id AND n.moment <= m.moment
  JOIN refunds r ON r.refund_id = m.refund_id AND r.valid_from = 0
  JOIN refunds v ON v.refund_id = m.refund_id AND {holds_at("v", "m.moment")}
  WHERE m.moment > r.requested_at GROUP BY m.refund_id, m.moment"""

REQUESTS = _FIRST
"""(refund_id, as_of, stage): each request at the moment it was made."""

MOMENTS = f"{_FIRST} UNION ALL {_LATER}"
"""(refund_id, as_of, stage): each moment at which a request is decided, once.

The request itself; then the first proof of the customer, the first parcel back, the first
inspection. The stage is the furthest that the case has reached by then. Facts say when by what was
first stated; of a request that was taken back there are no moments from then on. Plain SQL over the
facts, the same on every engine.
"""


def numbered(moments: str) -> str:
    """The moments with a `row_id` from 0, in the order of time."""
    return (
        "SELECT CAST(ROW_NUMBER() OVER (ORDER BY m.as_of, m.refund_id) - 1 AS BIGINT) AS row_id, "
        f"m.refund_id, m.as_of, m.stage FROM ({moments}) m ORDER BY 1"
    )


LEARNED_FROM = 365 * DAY_MS
"""What an article weighs is learned from the parcels of so long."""

OWN: dict[str, str] = {
    "evidence": f"""SELECT g.row_id, {SHOWN_KIND} AS kind, g.submitted_by, g.of_order,
      {TAKEN_AT} AS captured_at, g.known_at,
      COALESCE(MIN(f.known_at), MIN(CASE WHEN w.submitted_by = 'customer' THEN w.known_at END))
        AS first_seen,
      COALESCE(MIN(CASE WHEN COALESCE(m.order_id, r.order_id) <> g.order_id THEN m.known_at END),
        MIN(CASE WHEN w.submitted_by = 'merchant' AND g.submitted_by = 'merchant'
          AND COALESCE(w.order_id, q.order_id) <> g.order_id THEN w.known_at END))
        AS shown_elsewhere, MAX({GENERATED}) AS generated, g.asked_at,
      MAX(CASE WHEN {of_another("a")} OR {of_another("b")} THEN 1 ELSE 0 END) AS another FROM (
      SELECT s.row_id, s.as_of, s.order_id, e.kind, e.submitted_by, 0 AS of_order,
        e.known_at, e.evidence_id, e.captured_at, e.photo, e.asked_at, {BUYER} FROM spine s
        JOIN evidence e ON e.refund_id = s.refund_id AND {known_by("e", "s.as_of")}
      UNION ALL
      SELECT s.row_id, s.as_of, s.order_id, e.kind, e.submitted_by, 1 AS of_order,
        e.known_at, e.evidence_id, e.captured_at, e.photo, e.asked_at, {BUYER} FROM spine s
        JOIN evidence e ON e.order_id = s.order_id AND {known_by("e", "s.as_of")}
        WHERE {of_order("e")}) g
      LEFT JOIN files v ON v.evidence_id = g.evidence_id AND {known_by("v", "g.as_of")}
      LEFT JOIN files o ON o.picture = v.copied AND o.copied IS NULL
        AND {known_before("o", "g.as_of")}
      LEFT JOIN evidence w ON w.evidence_id = o.evidence_id AND {known_before("w", "g.as_of")}
      LEFT JOIN refunds q ON q.refund_id = w.refund_id AND {known_before("q", "g.as_of")}
      LEFT JOIN evidence f ON f.photo = g.photo AND f.submitted_by = 'customer'
        AND f.known_at < g.known_at AND {known_before("f", "g.as_of")}
      LEFT JOIN requests a ON a.refund_id = f.refund_id AND {known_before("a", "g.as_of")}
      LEFT JOIN requests b ON b.refund_id = q.refund_id AND w.submitted_by = 'customer'
        AND {known_before("b", "g.as_of")}
      LEFT JOIN evidence m ON m.photo = g.photo AND m.submitted_by = 'merchant'
        AND g.submitted_by = 'merchant' AND m.known_at < g.known_at
        AND {known_before("m", "g.as_of")}
      LEFT JOIN refunds r ON r.refund_id = m.refund_id AND {known_before("r", "g.as_of")}
      GROUP BY g.row_id, g.kind, g.submitted_by, g.of_order, g.captured_at, g.known_at,
        g.asked_at, g.evidence_id, v.media_type, v.made_by, v.made_at
      ORDER BY g.row_id, g.known_at, g.evidence_id""",
    "parcels": f"""SELECT s.row_id, e.direction, e.status, e.occurred_at, e.weight_g, e.line_id,
      e.packed_sku, e.packed_quantity, e.courier, e.tracking, e.received_by,
      MAX(CASE WHEN c.customer_id <> s.customer_id THEN 1 ELSE 0 END) AS used_before
      FROM spine s
      JOIN shipments e ON e.order_id = s.order_id AND {known_by("e", "s.as_of")}
      LEFT JOIN shipments b ON e.direction = 'return' AND b.direction = 'return'
        AND b.tracking = e.tracking AND b.order_id <> e.order_id
        AND b.known_at < e.known_at AND {known_before("b", "s.as_of")}
      LEFT JOIN orders c ON c.order_id = b.order_id AND {known_before("c", "s.as_of")}
      WHERE {OF_REQUEST}
        AND (e.direction = 'outbound' OR e.refund_id IS NULL OR e.refund_id = s.refund_id)
      GROUP BY s.row_id, e.direction, e.status, e.occurred_at, e.weight_g, e.line_id, e.packed_sku,
        e.packed_quantity, e.courier, e.tracking, e.received_by, e.fact_key
      ORDER BY s.row_id, e.occurred_at, e.fact_key""",
    "inspections": f"""SELECT s.row_id, e.condition, e.inspected_by, e.known_at FROM spine s
      JOIN inspections e ON e.refund_id = s.refund_id AND {known_by("e", "s.as_of")}
      ORDER BY s.row_id, e.known_at, e.inspected_at""",
    "changed": CHANGED,
    "lines": LINES,
    WEIGHTS: f"""SELECT l.row_id, l.asked, l.weight_g,
      MIN(CASE WHEN e.line_id = x.line_id OR y.line_id IS NULL THEN e.weight_g END) AS learned_g
      FROM (SELECT DISTINCT s.row_id, s.as_of, o.order_id, o.line_id, o.merchant_id, o.sku,
          COALESCE(o.quantity, 1) AS quantity, o.expected_weight_g AS weight_g,
          CASE WHEN s.line_id IS NULL OR o.line_id = s.line_id THEN 1 ELSE 0 END AS asked
        FROM spine s
        JOIN shipments b ON b.order_id = s.order_id AND {known_by("b", "s.as_of")}
          AND (b.line_id IS NULL OR s.line_id IS NULL OR b.line_id = s.line_id)
          AND ((b.direction = 'return' AND b.weight_g IS NOT NULL
              AND (b.refund_id IS NULL OR b.refund_id = s.refund_id))
            OR (b.direction = 'outbound' AND s.reason_code IN ('missing_item', 'wrong_item')
              AND (b.packed_sku IS NOT NULL OR b.packed_quantity IS NOT NULL
                OR b.weight_g IS NOT NULL)))
        JOIN orders o ON o.order_id = s.order_id AND {holds_at("o", "s.as_of")}
        WHERE o.known_at <= s.order_seen OR o.line_id = s.known_line) l
      LEFT JOIN orders x ON x.sku = l.sku AND x.merchant_id = l.merchant_id
        AND COALESCE(x.quantity, 1) = l.quantity AND l.asked = 1 AND l.weight_g IS NULL
        AND x.order_id <> l.order_id AND {known_before("x", "l.as_of")}
        AND x.known_at >= l.as_of - {LEARNED_FROM}
      LEFT JOIN shipments e ON e.order_id = x.order_id AND e.direction = 'outbound'
        AND e.weight_g IS NOT NULL AND (e.line_id IS NULL OR e.line_id = x.line_id)
        AND {known_before("e", "l.as_of")}
      LEFT JOIN orders y ON y.order_id = x.order_id AND y.line_id <> x.line_id
        AND {known_before("y", "l.as_of")}
      GROUP BY l.row_id, l.line_id, l.asked, l.weight_g ORDER BY l.row_id, l.line_id""",
}
"""Rows of the case itself that are visible at `as_of`, for any number of cases at once; after
`row_id` the columns of `OwnRows`.

Evidence `of_order` was recorded of the order before any request, such as its packing video.
`WEIGHTS` has the lines of an order of which a return was weighed, or a parcel that held the wrong
thing was recorded or weighed: what each weighs by the catalogue, else the least that a
parcel of as many of that article weighed before.
"""

_PAID = "MAX(COALESCE({row}.amount, CASE WHEN {row}.resolution = 'refunded' THEN {asked} END))"
"""What outcomes of one request say was paid, those of `system` too: several often report one
payment."""

_REFUSED = f"""CASE WHEN o.verdict = '{UNDETERMINED}' AND o.resolution = 'refused'
    AND o.decided_by IN ({sql_list(BEYOND_THE_SHOP)}) THEN 1 ELSE 0 END"""
"""Whether an outcome refused a request that its finder could not determine: a shop's own refusal is
what the platform is asked about."""

OWN_VERDICTS = f"""SELECT x.row_id, CASE WHEN x.counts = 1 THEN x.verdict END AS verdict, x.paid,
  x.refused, CASE WHEN x.counts = 1 THEN x.resolution END AS resolution
FROM (
  SELECT s.row_id, o.verdict, o.resolution, {_REFUSED} AS refused,
    CASE WHEN {OUTCOME_COUNTS} THEN 1 ELSE 0 END AS counts,
    {_PAID.format(row="o", asked="s.amount")} OVER (PARTITION BY s.row_id) AS paid,
    ROW_NUMBER() OVER (PARTITION BY s.row_id
      ORDER BY CASE WHEN {OUTCOME_COUNTS} THEN 0 ELSE 1 END, {OUTCOME_ORDER}) AS nth
  FROM spine s JOIN outcomes o ON o.refund_id = s.refund_id AND {known_before("o", "s.as_of")}) x
  WHERE x.nth = 1 AND (x.counts = 1 OR x.paid > 0)"""
"""The standing finding of each case itself, what was done, and what was paid, which `system` may
have without any finding: no feature uses it, the policy does."""

OWN_VERDICT = f"""SELECT o.verdict FROM outcomes o WHERE o.refund_id = :refund_id
  AND {OUTCOME_COUNTS} AND {known_before("o", ":as_of")} ORDER BY {OUTCOME_ORDER} LIMIT 1"""
_OWN_SETTLED = f"""SELECT {_PAID.format(row="o", asked="CAST(:amount AS BIGINT)")},
  ({OWN_VERDICT.replace("o.verdict", _REFUSED, 1)}),
  ({OWN_VERDICT.replace("o.verdict", "o.resolution", 1)})
  FROM outcomes o WHERE o.refund_id = :refund_id AND {known_before("o", ":as_of")}"""

_ONE = (
    "(SELECT 0 AS row_id, CAST(:as_of AS BIGINT) AS as_of, CAST(:refund_id AS TEXT) AS refund_id, "
    "CAST(:order_id AS TEXT) AS order_id, CAST(:line_id AS TEXT) AS line_id, "
    "CAST(:type AS TEXT) AS type, "
    "CAST(:known_line AS TEXT) AS known_line, CAST(:order_seen AS BIGINT) AS order_seen, "
    "CAST(:currency AS TEXT) AS currency, CAST(:reason_code AS TEXT) AS reason_code, "
    "CAST(:customer_id AS TEXT) AS customer_id, CAST(:payout AS BIGINT) AS payout, "
    "CAST(:merchant_id AS TEXT) AS merchant_id, CAST(:sku AS TEXT) AS sku, "
    "CAST(:device AS BIGINT) AS device, CAST(:address AS BIGINT) AS address) s"
)
_POINT = {name: of_store(query.replace("spine s", _ONE)) for name, query in OWN.items()}
_MONEY = of_store(MONEY.replace("spine s", _ONE))
_SETTLED = of_store(_OWN_SETTLED)
_STANDS = of_store(f"""SELECT ({OWN_VERDICT}) AS verdict,
  EXISTS (SELECT 1 FROM listings l WHERE l.customer_id = :customer_id) AS listed,
  EXISTS (SELECT 1 FROM outcomes o WHERE o.refund_id = :refund_id) AS answered,
  EXISTS (SELECT 1 FROM cases k WHERE k.refund_id = :refund_id) AS queued,
  EXISTS (SELECT 1 FROM cases k WHERE k.refund_id = :refund_id AND {HELD}) AS held,
  (EXISTS (SELECT 1 FROM refunds q WHERE q.order_id = :order_id AND q.refund_id <> :refund_id)
    OR EXISTS (SELECT 1 FROM payment_disputes p WHERE p.order_id = :order_id)) AS shared,
  (EXISTS (SELECT 1 FROM evidence v WHERE v.refund_id = :refund_id)
    OR EXISTS (SELECT 1 FROM evidence v WHERE v.order_id = :order_id)) AS shown,
  EXISTS (SELECT 1 FROM inspections i WHERE i.refund_id = :refund_id) AS inspected,
  (SELECT COUNT(*) FROM orders y WHERE y.order_id = :order_id) AS lines,
  {HAS_OTHERS} AS others, m.* FROM ({MONEY_ALONE.replace("spine s", _ONE)}) m""")


def own_rows(
    connection: sa.Connection, spine: Row, *more: Call
) -> tuple[OwnRows, OrderMoney, list[Rows]]:
    """The own rows of the case of this spine row, the money of the lines it is about, and the rows
    of `more` statements, sent together with the first."""
    run, revised = runner(connection), bool(spine["revised"])
    first = [(_STANDS[revised], spine), (_POINT["parcels"][revised], spine)]
    stands, parcels, *others_found = run_together(connection, [*first, *more])
    verdict, listed, answered, queued, held, shared, shown, inspected, lines, others, *money = (
        stands[0]
    )
    found = {"parcels": [row[1:] for row in parcels]}
    several = lines > 1 and spine["line_id"] is None and spine["type"] in WHOLE
    read = {"evidence": shown, "inspections": inspected, "changed": others, "lines": several}
    for name, there in read.items():
        if there:
            found[name] = [row[1:] for row in run(_POINT[name][revised], spine)]
    if shows_goods(found["parcels"], spine["reason_code"]):
        found[WEIGHTS] = [row[1:] for row in run(_POINT[WEIGHTS][revised], spine)]
    if shared or spine["type"] == "exchange":
        money = list(run(_MONEY[revised], spine)[0])
    paid, refused, done = run(_SETTLED[revised], spine)[0] if answered else (None, None, None)
    finding = StandingVerdict(verdict, paid, bool(refused), done) if verdict or paid else UNFOUND
    of_case = OwnRows.of(found, finding)
    own = replace(
        of_case, listed=bool(listed), queued=bool(queued), held=bool(held), shared=bool(shared)
    )
    return own, order_money(dict(zip(COLUMNS, money, strict=True))), others_found
