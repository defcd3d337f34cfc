"""Money of an order that a request is about: what was paid, and what is used up of it.

Of a line is used up what outcomes granted (payouts by `system` too), what other open requests ask,
and what lost payment disputes took. A request that names a line counts for that line; one for the
whole order, or for a line that nobody knows, counts for the order: a part of it falls on each line
by what the line cost. Only the price of goods counts, in the currency of the line.

`MONEY` is the definition for any number of cases at once, plain SQL over the facts, the same on
every engine. It returns whole numbers; `order_money` spreads what is about the whole order, since
the product of two amounts may be too large for an engine's integers.

What is meant by "superseded": an earlier revision. A later request does not by itself take the
place of an earlier one, because an earlier one that was approved and not yet reported as paid looks
the same; the earlier one is withdrawn, or an outcome refuses it. A refusal or withdrawal ends what
a request asks, never what was paid.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from risk.facts.units import MONEY_UNIT
from risk.features.visibility import holds_at, known_before, known_by
from risk.findings import CONFIRMED, NEGATIVE_VERDICTS, POSITIVE_CONDITIONS, sql_list

_ARRIVED = f"""SELECT x.row_id, x.refund_id, MIN(x.arrived) AS arrived FROM (
    SELECT c.row_id, c.refund_id, 1 AS arrived FROM requested c JOIN shipments p
      ON p.order_id = c.order_id AND {known_by("p", "c.as_of")}
      WHERE p.direction = 'return' AND p.status = 'delivered' AND {{may_return}}
        AND (p.refund_id IS NULL OR p.refund_id = c.refund_id)
        AND (p.line_id IS NULL OR c.line_id IS NULL OR p.line_id = c.line_id)
    UNION ALL
    SELECT c.row_id, c.refund_id, CASE WHEN i.condition IN ({sql_list(POSITIVE_CONDITIONS)})
        AND NOT ({CONFIRMED}) THEN 0 ELSE 1 END AS arrived
      FROM requested c JOIN inspections i ON i.refund_id = c.refund_id
      WHERE {{may_return}} AND ((c.own = 1 AND {known_by("i", "c.as_of")})
        OR (c.own = 0 AND {known_before("i", "c.as_of")}))) x
  GROUP BY x.row_id, x.refund_id""".format(may_return="(c.type = 'exchange' OR c.own = 0)")
"""Whether the goods of a request came back: a parcel arrived, and no inspection found something
else in it."""

_ANSWERED = f"""SELECT c.row_id, c.refund_id,
    CAST(COALESCE(SUM(o.amount), 0) AS BIGINT) AS paid_back, COALESCE(MAX(o.amount), 0) AS largest,
    MAX(CASE WHEN o.resolution IN ('refunded', 'partly_refunded') AND o.amount IS NULL
      THEN 1 ELSE 0 END) AS unstated,
    CASE WHEN COUNT(o.resolution) + COUNT(o.amount) = 0 THEN 1
      ELSE MAX(CASE WHEN o.resolution = 'exchanged' THEN 1 ELSE 0 END) END AS exchanged
  FROM requested c JOIN outcomes o ON o.refund_id = c.refund_id AND {known_before("o", "c.as_of")}
  WHERE c.own = 0 AND (o.resolution IS NOT NULL OR o.amount IS NOT NULL OR (c.type = 'resend'
    AND COALESCE(c.state, '') <> 'withdrawn' AND o.verdict IN ({sql_list(NEGATIVE_VERDICTS)})))
  GROUP BY c.row_id, c.refund_id"""
"""What outcomes of other requests did; a finding alone did nothing but to send another article."""

_SENT = """CASE WHEN c.type = 'resend' OR c.goods = 0
  THEN COALESCE(c.price, c.goods) ELSE c.goods END"""
"""What another article costs: the amount asked for its exchange, else the line's price."""

_CLAIM_UNLESS_BACK = f"""CASE WHEN c.type = 'repair' THEN 0 WHEN c.type = 'resend' THEN {_SENT}
    WHEN c.type <> 'exchange' THEN c.goods WHEN {{arrived}} = 1 THEN 0 ELSE {_SENT} END"""
_CLAIM = _CLAIM_UNLESS_BACK.format(arrived="b.arrived")
"""What a request asks of the price of goods, by its type."""

_STATED = """CASE WHEN g.refund_id IS NULL THEN 0 WHEN g.paid_back <= c.goods THEN g.paid_back
    WHEN g.largest > c.amount THEN g.largest - c.amount + c.goods ELSE c.goods END"""
"""What outcomes granted of the price of goods. Several outcomes of one request often report one
payment (a payout, then a finding about it): together they count up to what it asked, or up to the
largest of them. Of a part the price of goods is paid first, postage and compensation last."""

_EXTRAS_USED = """CASE WHEN c.state = 'withdrawn' AND g.refund_id IS NULL THEN 0
    WHEN g.refund_id IS NULL OR g.unstated = 1 OR g.paid_back >= c.amount THEN c.amount - c.goods
    WHEN g.paid_back > c.goods THEN g.paid_back - c.goods ELSE 0 END"""
"""What a request uses up of postage and compensation: asked while it is open, else what outcomes
granted beyond the price of goods."""

_LINES = f"""goods AS (
  SELECT s.row_id, o.line_id, o.customer_id, o.amount, o.currency, o.delivery_amount FROM spine s
    JOIN orders o ON o.order_id = s.order_id AND {holds_at("o", "s.as_of")}
    WHERE o.known_at <= s.order_seen OR o.line_id = s.known_line),
scope AS (
  SELECT s.row_id, s.as_of, s.refund_id, s.order_id, s.known_line, s.currency AS order_currency,
    MAX(CASE WHEN l.line_id = s.known_line THEN l.currency END) AS line_currency,
    MAX(CASE WHEN l.line_id = s.known_line THEN l.amount END) AS line_paid,
    CAST(SUM(CASE WHEN l.currency = s.currency THEN l.amount END) AS BIGINT) AS order_paid,
    CAST(COALESCE(SUM(CASE WHEN l.currency = s.currency AND l.line_id < s.known_line
      THEN l.amount END), 0) AS BIGINT) AS before_line,
    CAST(COALESCE(SUM(CASE WHEN l.currency = s.currency AND (s.known_line IS NULL
      OR l.line_id = s.known_line) THEN l.delivery_amount END), 0) AS BIGINT) AS delivery,
    CAST(COUNT(DISTINCT l.customer_id) AS BIGINT) AS customers
  FROM spine s LEFT JOIN goods l ON l.row_id = s.row_id
  GROUP BY s.row_id, s.as_of, s.refund_id, s.order_id, s.known_line, s.currency)"""
"""The visible lines of each case's order, and a row a case with what they cost: `before_line` is
what the lines before its own cost, in the order of their ids."""

_GOODS = "q.amount - COALESCE(q.postage, 0) - COALESCE(q.compensation, 0)"
"""What a request asks of the price of goods, by its amount."""

_REQUESTED = f"""requested AS (
  SELECT a.row_id, a.as_of, q.refund_id, q.order_id, q.line_id, q.type, q.reason_code, q.state,
    q.amount, {_GOODS} AS goods, COALESCE(l.amount, a.order_paid) AS price,
    CASE WHEN q.refund_id = a.refund_id THEN 1 ELSE 0 END AS own,
    CASE WHEN q.line_id = a.known_line THEN 1 WHEN q.line_id IS NULL OR a.known_line IS NULL THEN 0
      ELSE 2 END AS of_line
  FROM scope a JOIN refunds q ON q.order_id = a.order_id AND {holds_at("q", "a.as_of")}
  LEFT JOIN goods l ON l.row_id = a.row_id AND l.line_id = q.line_id
  WHERE (q.refund_id = a.refund_id OR q.known_at <= a.as_of)
    AND (q.line_id = a.known_line
      OR (a.known_line IS NULL AND (l.currency IS NULL OR l.currency = a.order_currency))
      OR (a.line_currency = a.order_currency
        AND (q.line_id IS NULL OR COALESCE(l.currency, a.order_currency) = a.order_currency))))"""
"""The requests that count for a case, its own among them: of its line (`of_line` 1), of the whole
order (0), and of other lines (2), which use up what is left of the order only."""

MONEY = f"""WITH {_LINES},
{_REQUESTED},
returned AS ({_ARRIVED}),
answered AS ({_ANSWERED}),
valued AS (
  SELECT c.row_id, c.own, c.of_line, c.amount - c.goods AS extras, {_CLAIM} AS claim,
    CASE WHEN c.state = 'withdrawn' OR g.refund_id IS NOT NULL THEN 0 ELSE 1 END AS is_open,
    {_STATED} AS stated, CASE WHEN g.unstated = 1 THEN {_CLAIM} ELSE 0 END AS in_full,
    CASE WHEN g.exchanged = 1 AND (c.type = 'resend' OR (c.type <> 'repair'
      AND COALESCE(b.arrived, 0) = 0)) THEN {_SENT} ELSE 0 END AS sent, {_EXTRAS_USED} AS extras_used
  FROM requested c LEFT JOIN returned b ON b.row_id = c.row_id AND b.refund_id = c.refund_id
  LEFT JOIN answered g ON g.row_id = c.row_id AND g.refund_id = c.refund_id),
used AS (
  SELECT w.row_id, w.own, w.of_line, w.extras, w.extras_used,
    CASE WHEN w.is_open = 1 THEN w.claim ELSE 0 END AS asks,
    CASE WHEN w.stated >= w.in_full AND w.stated >= w.sent THEN w.stated
      WHEN w.in_full >= w.sent THEN w.in_full ELSE w.sent END AS granted FROM valued w),
disputed AS (
  SELECT d.row_id, SUM(CASE WHEN d.stage = 'lost' THEN d.amount END) AS amount,
    SUM(CASE WHEN d.stage = 'opened' THEN d.amount END) AS pending FROM (
    SELECT a.row_id, p.stage, p.amount, ROW_NUMBER() OVER (PARTITION BY a.row_id, p.dispute_id
      ORDER BY CASE WHEN p.stage = 'opened' THEN 1 ELSE 0 END, p.occurred_at DESC,
      p.known_at DESC, p.stage) AS nth
    FROM scope a JOIN payment_disputes p
      ON p.order_id = a.order_id AND {known_before("p", "a.as_of")}
    WHERE a.line_currency IS NULL OR a.line_currency = a.order_currency) d
  WHERE d.nth = 1 AND d.stage IN ('lost', 'opened') GROUP BY d.row_id)
SELECT a.row_id, COALESCE(a.line_currency, a.order_currency) AS currency, a.line_paid, a.order_paid,
  a.before_line,
  CAST(SUM(CASE WHEN u.own = 1 THEN u.asks ELSE 0 END) AS BIGINT) AS asked,
  CAST(SUM(CASE WHEN u.own = 0 AND u.of_line = 1 THEN u.asks ELSE 0 END) AS BIGINT) AS line_asked,
  CAST(SUM(CASE WHEN u.own = 0 AND u.of_line = 0 THEN u.asks ELSE 0 END) AS BIGINT) AS order_asked,
  CAST(SUM(CASE WHEN u.own = 0 AND u.of_line = 1 THEN u.granted ELSE 0 END) AS BIGINT)
    AS line_granted,
  CAST(SUM(CASE WHEN u.own = 0 AND u.of_line = 0 THEN u.granted ELSE 0 END)
    + COALESCE(MAX(d.amount), 0) AS BIGINT) AS order_granted,
  CASE WHEN a.line_currency <> a.order_currency THEN NULL ELSE CAST(SUM(CASE WHEN u.own = 0
    AND u.of_line = 2 THEN u.asks + u.granted ELSE 0 END) AS BIGINT) END AS other_lines,
  CAST(SUM(CASE WHEN u.own = 1 THEN u.extras ELSE 0 END) AS BIGINT) AS extras, a.delivery,
  CAST(COALESCE(MAX(d.pending), 0) AS BIGINT) AS disputed, a.customers,
  CAST(SUM(CASE WHEN u.own = 0 THEN u.extras_used ELSE 0 END) AS BIGINT) AS extras_before
FROM scope a JOIN used u ON u.row_id = a.row_id LEFT JOIN disputed d ON d.row_id = a.row_id
GROUP BY a.row_id, a.line_currency, a.order_currency, a.line_paid, a.order_paid, a.before_line,
  a.delivery, a.customers"""
"""One row a case of the table `spine`, with `COLUMNS`: `line_…` is about the line of the case,
`order_…` about its whole order."""

MONEY_ALONE = f"""WITH {_LINES},
own AS (
  SELECT a.*, q.type, q.state, q.amount - ({_GOODS}) AS extras, {_GOODS} AS goods, COALESCE(a.line_paid, a.order_paid) AS price
  FROM scope a JOIN refunds q ON q.refund_id = a.refund_id AND {holds_at("q", "a.as_of")})
SELECT c.row_id, COALESCE(c.line_currency, c.order_currency) AS currency, c.line_paid, c.order_paid,
  c.before_line, CASE WHEN c.state = 'withdrawn' THEN 0
    ELSE {_CLAIM_UNLESS_BACK.format(arrived="0")} END AS asked,
  0 AS line_asked, 0 AS order_asked, 0 AS line_granted, 0 AS order_granted,
  CASE WHEN c.line_currency <> c.order_currency THEN NULL ELSE 0 END AS other_lines,
  c.extras, c.delivery, 0 AS disputed, c.customers, 0 AS extras_before
FROM own c"""
"""The same for requests, nearly all, of whose order no other request and no payment dispute is
stored, and which are no exchanges: less is computed."""

COLUMNS = (
    "row_id", "currency", "line_paid", "order_paid", "before_line", "asked", "line_asked", "order_asked",
    "line_granted", "order_granted", "other_lines", "extras", "delivery", "disputed",
    "customers", "extras_before",
)  # fmt: skip

_HUNDREDTH = MONEY_UNIT // 100


@dataclass(frozen=True, slots=True)
class OrderMoney:
    """Money of the lines that a request is about, in ten-thousandths of a unit of `currency`.

    `paid` is None where no line of the order is known. Used up before this request are
    `asked_before`, by open requests, and `granted_before`, by outcomes and lost payment disputes.
    `order_left` is what is left of all lines of the order, where the lines have its currency: what
    was asked for the whole order may have been for what is left of another line. `extras` are the
    postage and the compensation that are asked, `extras_before` those that other requests of the
    order ask or were granted, `delivery` is what delivery of the lines cost, and
    `disputed` what payment disputes that nobody has settled ask of the bank. `customers` are those
    whom the lines of the order name, which is no money: two cases with the same money are equal.
    """

    paid: int | None
    asked: int
    asked_before: int
    granted_before: int
    currency: str
    order_left: int | None = None
    extras: int = 0
    delivery: int = 0
    disputed: int = 0
    customers: int = field(default=1, compare=False)
    extras_before: int = 0


def order_money(row: Mapping[str, Any]) -> OrderMoney:
    """The money of a case from its row of `MONEY`."""
    line_paid, asked, granted = row["line_paid"], row["order_asked"], row["order_granted"]
    of_order = row["order_paid"] is not None and row["other_lines"] is not None
    used = asked + granted + row["line_asked"] + row["line_granted"] + (row["other_lines"] or 0)
    if line_paid is not None:
        start = row["before_line"]
        line = (start, start + line_paid, row["order_paid"] or 0)
        asked, granted = spread(asked, *line), spread(granted, *line)
    return OrderMoney(
        row["order_paid"] if line_paid is None else line_paid,
        row["asked"],
        row["line_asked"] + asked,
        row["line_granted"] + granted,
        row["currency"] or "CNY",
        row["order_paid"] - used if of_order else None,
        row["extras"],
        row["delivery"],
        row["disputed"],
        row.get("customers") or 1,  # tables kept by a release before have none
        row.get("extras_before") or 0,
    )


def spread(amount: int, start: int, end: int, total: int) -> int:
    """The part of an amount about a whole order that falls on one of its lines.

    Of the `total` paid for the order in the order of its lines, the line cost what lies from
    `start` to `end`. The parts of all lines add up to the amount. They are whole hundredths where
    amount and total are. Nothing falls on the lines of an order that cost nothing.

    >>> [spread(1_000_000, at, at + 333_300, 999_900) for at in (0, 333_300, 666_600)]
    [333300, 333300, 333400]
    """
    if not total:
        return 0
    step = 1 if amount % _HUNDREDTH or total % _HUNDREDTH else _HUNDREDTH
    steps = amount // step
    return (steps * end // total - steps * start // total) * step
