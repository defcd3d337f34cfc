"""Facts joined with what they are about: the derived sources, as plain SQL over the fact tables.

A joined row is known when the last of its parts is, so each source has a `known_at` of its own.
`{orders}`, `{shipments}` … stand for the fact tables, or for the part of them that concerns some
orders: the same text fills the store after a write and a whole backfill offline.
"""

from __future__ import annotations

from risk.findings import STANDING

KEYS = (
    "order_id", "customer_id", "merchant_id", "sku", "category",
    "address", "door", "payment", "device", "phone", "payout",
)  # fmt: skip
"""The entities that a request touches, as columns of `requests` and `findings`."""


def _later(a: str, b: str) -> str:
    return f"CASE WHEN {a} > {b} THEN {a} ELSE {b} END"


HEADS = """SELECT * FROM (SELECT o.*, ROW_NUMBER() OVER
  (PARTITION BY o.order_id ORDER BY o.known_at, o.line_id) AS nth_line FROM {orders} o) o1
  WHERE o1.nth_line = 1"""
"""One row an order: the line known first, which no later line displaces."""

_RETURNED = "SELECT p1.order_id FROM {shipments} p1 WHERE p1.direction = 'return'"


def _heads_of(orders: str) -> str:
    """The heads of some orders only: few orders are ever asked back."""
    return HEADS.replace("{orders} o)", f"{{orders}} o WHERE o.order_id IN ({orders}))")


def _of_line(column: str) -> str:
    """The requested line's own value; the head's for a whole order or a line that is not known."""
    return f"CASE WHEN l.line_id IS NULL THEN h.{column} ELSE l.{column} END AS {column}"


REQUESTS = f"""SELECT r.refund_id, r.order_id, h.customer_id,
  {_of_line("merchant_id")}, {_of_line("sku")}, {_of_line("category")}, h.address, h.door, h.payment,
  COALESCE(r.device, h.device) AS device, h.phone, r.payout,
  r.text_exact, r.near_1, r.near_2, r.near_3, r.device AS refund_device,
  r.type, r.reason_code, r.amount,
  CASE WHEN r.state = 'withdrawn' THEN NULL ELSE h.currency END AS currency, r.state,
  r.claims_received, r.requested_at,
  h.placed_at, h.account_created_at, {_later("r.known_at", "h.known_at")} AS known_at
FROM {{refunds}} r JOIN ({_heads_of("SELECT r1.order_id FROM {refunds} r1")}) h
  ON h.order_id = r.order_id
LEFT JOIN {{orders}} l ON l.order_id = r.order_id AND l.line_id = r.line_id
  AND l.known_at <= {_later("r.known_at", "h.known_at")}"""
"""Requests with their orders. A withdrawn one has no currency: it counts in counts, and in no sum
of money, since those are over one currency."""

FINDINGS = f"""SELECT t.* FROM (SELECT g.refund_id, {", ".join("q." + key for key in KEYS)},
  g.label, g.fault, g.verdict, g.authority, q.amount, q.currency, q.type, q.reason_code,
  {_later("g.known_at", "q.known_at")} AS known_at, g.stands_until
FROM ({STANDING}) g JOIN ({REQUESTS}) q ON q.refund_id = g.refund_id) t
WHERE t.label IS NOT NULL AND (t.stands_until IS NULL OR t.stands_until > t.known_at)"""

FIRST_COURIER = """SELECT * FROM (SELECT p.order_id, p.courier, p.known_at, ROW_NUMBER() OVER
  (PARTITION BY p.order_id ORDER BY p.known_at, p.courier) AS nth FROM {shipments} p
  WHERE p.direction = 'outbound' AND p.courier IS NOT NULL) p1 WHERE p1.nth = 1"""

CLAIMS = f"""SELECT q.refund_id, q.order_id, q.customer_id, c.courier, q.reason_code,
  {_later("q.known_at", "c.known_at")} AS known_at
FROM ({REQUESTS}) q JOIN ({FIRST_COURIER}) c ON c.order_id = q.order_id"""

RETURNS = f"""SELECT i.refund_id, i.inspected_at, q.order_id, q.customer_id, i.condition,
  {_later("i.known_at", "q.known_at")} AS known_at
FROM {{inspections}} i JOIN ({REQUESTS}) q ON q.refund_id = i.refund_id"""

_ORDER_TOUCHES = "\nUNION ALL ".join(
    f"SELECT '{kind}' AS kind, o.{kind} AS entity, o.customer_id, o.known_at "
    f"FROM {{orders}} o WHERE o.{kind} IS NOT NULL"
    for kind in ("address", "door", "payment", "device", "phone", "ip")
)
_REQUEST_TOUCHES = "\nUNION ALL ".join(
    f"SELECT '{kind}' AS kind, q.{column} AS entity, q.customer_id, q.known_at "
    f"FROM ({REQUESTS}) q WHERE q.{column} IS NOT NULL"
    for kind, column in (
        ("device", "refund_device"),
        ("payout", "payout"),
        ("text", "text_exact"),
        ("text", "near_1"),
        ("text", "near_2"),
        ("text", "near_3"),
    )
)
_PARCEL_TOUCHES = f"""SELECT 'tracking' AS kind, p.tracking AS entity, h.customer_id,
  {_later("p.known_at", "h.known_at")} AS known_at
FROM {{shipments}} p JOIN ({_heads_of(_RETURNED)}) h ON h.order_id = p.order_id
WHERE p.tracking IS NOT NULL AND p.direction = 'return'"""

SIGHTINGS = f"""SELECT t.kind, t.entity, t.customer_id, MIN(t.known_at) AS known_at
FROM ({_ORDER_TOUCHES} UNION ALL {_REQUEST_TOUCHES} UNION ALL {_PARCEL_TOUCHES}) t
GROUP BY t.kind, t.entity, t.customer_id"""
"""First sightings: when each customer was first seen at each entity. The identity graph."""

STREAMS: dict[str, str] = {
    "requests": REQUESTS,
    "findings": FINDINGS,
    "claims": CLAIMS,
    "returns": RETURNS,
    "sightings": SIGHTINGS,
}

SPINE = f"""SELECT a.row_id, a.as_of, a.stage, r.refund_id, r.order_id, r.line_id,
  l.line_id AS known_line, h.customer_id, {_of_line("merchant_id")},
  {_of_line("sku")}, {_of_line("category")}, {_of_line("channel")}, h.address, h.door, h.payment,
  COALESCE(r.device, h.device) AS device, h.phone, h.ip, r.payout, h.currency,
  h.device AS order_device, r.device AS refund_device,
  h.placed_at, h.account_created_at, h.customer_tier, h.known_at AS order_known_at,
  CASE WHEN h.known_at > a.as_of THEN h.known_at ELSE a.as_of END AS order_seen,
  {_of_line("no_reason_return")}, {_of_line("quantity")},
  CASE WHEN l.line_id IS NULL THEN h.topics ELSE l.topics END AS goods_topics,
  r.requested_at, r.amount, r.type, r.reason_code, r.claims_received, r.respond_by,
  r.text_length, r.specificity, r.hedging, r.contradiction, r.irrelevance,
  r.story, r.topics AS text_topics,
  r.text_exact, r.near_1, r.near_2, r.near_3, r.agitated, r.known_at AS request_known_at
FROM asked a JOIN {{refunds}} r ON r.refund_id = a.refund_id
LEFT JOIN ({HEADS}) h ON h.order_id = r.order_id
LEFT JOIN {{orders}} l ON l.order_id = r.order_id AND l.line_id = r.line_id"""
"""The request and its order, always visible to themselves: one row a (refund, as_of) of `asked`.

Of an order that is known later than `as_of` the lines known first are visible: `order_seen`.
"""
