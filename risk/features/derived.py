"""Facts joined with what they are about: the derived sources, as plain SQL over the fact tables.

A joined row is known when the last of its parts is, so each source has a `known_at` of its own.
`{orders}`, `{shipments}` … stand for the fact tables, or for the part of them that concerns some
orders: the same text fills the store after a write and a whole backfill offline.

Each of those rows also names an epoch of its order, a stretch of time in which nothing about the
order was corrected or taken back: it holds after `since` and up to `until` (see `epochs`). Of what
was never corrected there is one, from 0 to `FOREVER`. What is joined is joined within an epoch, and
a derived row holds for that epoch: `valid_from`, `valid_to`.
"""

from __future__ import annotations

from risk.facts.revisions import FOREVER
from risk.features.visibility import holds_at, is_bounded
from risk.findings import STANDING_HEARD, confirmed

KEYS = (
    "order_id", "customer_id", "merchant_id", "sku", "category",
    "address", "door", "payment", "device", "phone", "payout",
)  # fmt: skip
"""The entities that a request touches, as columns of `requests` and `findings`."""


def _later(a: str, b: str) -> str:
    return f"CASE WHEN {a} > {b} THEN {a} ELSE {b} END"


HEADS = """SELECT * FROM (SELECT o.*, ROW_NUMBER() OVER
  (PARTITION BY o.order_id, o.until ORDER BY o.known_at, o.line_id) AS nth_line FROM {orders} o) o1
  WHERE o1.nth_line = 1"""
"""One row an order: the line known first, which no later line displaces."""

_REQUESTED = "SELECT r1.order_id FROM {refunds} r1"
_RETURNED = "SELECT p1.order_id FROM {shipments} p1 WHERE p1.direction = 'return'"


def _heads_of(orders: str) -> str:
    """The heads of some orders only: few orders have requests."""
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
  h.placed_at, h.account_created_at, {_later("r.known_at", "h.known_at")} AS known_at,
  r.since AS valid_from, r.until AS valid_to
FROM {{refunds}} r JOIN ({_heads_of(_REQUESTED)}) h
  ON h.order_id = r.order_id AND h.until = r.until
LEFT JOIN {{orders}} l ON l.order_id = r.order_id AND l.line_id = r.line_id AND l.until = r.until
  AND l.known_at <= {_later("r.known_at", "h.known_at")}"""
"""Requests with their orders. A withdrawn one has no currency: it counts in counts, and in no sum
of money, since those are over one currency."""

FINDINGS = f"""SELECT t.* FROM (SELECT g.refund_id, {", ".join("q." + key for key in KEYS)},
  g.label, g.fault, g.verdict, g.authority, q.amount, q.currency, q.type, q.reason_code,
  {_later("g.known_at", "q.known_at")} AS known_at, g.stands_until,
  q.valid_from, q.valid_to
FROM ({STANDING_HEARD}) g JOIN ({REQUESTS}) q ON q.refund_id = g.refund_id AND q.valid_to = g.until) t
WHERE t.label IS NOT NULL AND (t.stands_until IS NULL OR t.stands_until > t.known_at)"""

_SENT = "WHERE p.direction = 'outbound' AND p.courier IS NOT NULL"
FIRST_COURIER = f"""SELECT * FROM (SELECT p.order_id, p.courier, p.known_at, p.until, ROW_NUMBER() OVER
  (PARTITION BY p.order_id, p.until ORDER BY p.known_at, p.courier) AS nth FROM {{shipments}} p
  {_SENT}) p1 WHERE p1.nth = 1"""

CLAIMS = f"""SELECT q.refund_id, q.order_id, q.customer_id, c.courier, q.reason_code,
  {_later("q.known_at", "c.known_at")} AS known_at, q.valid_from, q.valid_to
FROM ({REQUESTS}) q JOIN ({FIRST_COURIER}) c
  ON c.order_id = q.order_id AND c.until = q.valid_to"""

RETURNS = f"""SELECT i.refund_id, i.inspected_at, q.order_id, q.customer_id, q.merchant_id,
  i.condition, CASE WHEN {confirmed("q")} THEN 1 ELSE 0 END AS as_claimed, COALESCE(i.inspected_by, 'merchant') AS inspected_by,
  {_later("i.known_at", "q.known_at")} AS known_at, q.valid_from, q.valid_to
FROM {{inspections}} i JOIN ({REQUESTS}) q
  ON q.refund_id = i.refund_id AND q.valid_to = i.until"""

_TOUCHED_BY_ORDERS = ("address", "door", "payment", "device", "phone", "ip")
_TOUCHED_BY_REQUESTS = (
    ("device", "refund_device"),
    ("payout", "payout"),
    ("text", "text_exact"),
    ("text", "near_1"),
    ("text", "near_2"),
    ("text", "near_3"),
)
TOUCHING = (
    *(("orders", kind, kind) for kind in _TOUCHED_BY_ORDERS),
    *(("requests", kind, column) for kind, column in _TOUCHED_BY_REQUESTS),
    ("parcels", "tracking", "tracking"),
)
"""Where customers touch things: the rows that say so, the kind of the thing, its column."""

PARCELS = f"""SELECT p.order_id, p.tracking, h.customer_id,
  {_later("p.known_at", "h.known_at")} AS known_at, p.since AS valid_from, p.until AS valid_to
FROM {{shipments}} p JOIN ({_heads_of(_RETURNED)}) h
  ON h.order_id = p.order_id AND h.until = p.until
WHERE p.tracking IS NOT NULL AND p.direction = 'return'"""
"""Return parcels with the customer who sent them."""

_ROWS = {"orders": "{orders}", "requests": f"({REQUESTS})", "parcels": f"({PARCELS})"}
TOUCHES = "\nUNION ALL ".join(
    f"SELECT '{kind}' AS kind, e.{column} AS entity, e.customer_id, e.known_at, "
    f"e.valid_from, e.valid_to FROM {_ROWS[rows]} e WHERE e.{column} IS NOT NULL"
    for rows, kind, column in TOUCHING
)
"""Every touch of a thing by a customer, with when it holds."""


def of_one_order(text: str) -> str:
    """The same rows, where all facts are those of one order in one epoch: its head is the first of
    its lines, its courier that of the first parcel, and nothing is numbered."""
    for which in (_REQUESTED, _RETURNED):
        text = text.replace(
            _heads_of(which), "SELECT o.* FROM {orders} o ORDER BY o.known_at, o.line_id LIMIT 1"
        )
    return text.replace(
        FIRST_COURIER,
        f"SELECT p.* FROM {{shipments}} p {_SENT} ORDER BY p.known_at, p.courier LIMIT 1",
    )


def first_seen(touches: str) -> str:
    """First sightings out of touches that all hold for good."""
    return (
        f"SELECT t.kind, t.entity, t.customer_id, MIN(t.known_at) AS known_at, 0 AS valid_from, "
        f"{FOREVER} AS valid_to FROM ({touches}) t GROUP BY t.kind, t.entity, t.customer_id"
    )


def contending(touches: str) -> str:
    """The touches, out of a table of them, that can be the first at some moment.

    One that always holds settles it: of the touches of the same thing by the same customer those
    known later are never the first.
    """
    steady = f"SELECT * FROM {touches} w WHERE NOT {is_bounded('w')}"
    return f"""SELECT t.* FROM {touches} t LEFT JOIN (
  SELECT w.kind, w.entity, w.customer_id, MIN(w.known_at) AS settled FROM ({steady}) w
  GROUP BY w.kind, w.entity, w.customer_id) v
ON v.kind = t.kind AND v.entity = t.entity AND v.customer_id = t.customer_id
WHERE v.settled IS NULL OR t.known_at < v.settled
  OR (t.known_at = v.settled AND NOT {is_bounded("t")})"""


def first_seen_by_time(touches: str) -> str:
    """First sightings out of `contending` touches that may have ended or begun: what is the first
    changes then.

    Each holds between two moments at which a touch of the same thing by the same customer begins
    or ends.
    """
    return f"""SELECT t.kind, t.entity, t.customer_id, MIN(t.known_at) AS known_at,
  s.since AS valid_from, s.until AS valid_to
FROM ({touches}) t JOIN (SELECT c.*, LEAD(c.since) OVER
    (PARTITION BY c.kind, c.entity, c.customer_id ORDER BY c.since) AS until
  FROM (SELECT b.kind, b.entity, b.customer_id, b.valid_from AS since FROM ({touches}) b UNION
        SELECT b.kind, b.entity, b.customer_id, b.valid_to AS since FROM ({touches}) b) c) s
  ON s.kind = t.kind AND s.entity = t.entity AND s.customer_id = t.customer_id
WHERE t.valid_from <= s.since AND t.valid_to >= s.until
GROUP BY t.kind, t.entity, t.customer_id, s.since, s.until"""


SIGHTINGS = first_seen(TOUCHES)
"""First sightings: when each customer was first seen at each entity. The identity graph."""

STREAMS: dict[str, str] = {
    "requests": REQUESTS,
    "findings": FINDINGS,
    "claims": CLAIMS,
    "returns": RETURNS,
    "sightings": SIGHTINGS,
}

_ASKED_LINES = f"""FROM (SELECT a1.row_id, a1.as_of, r1.order_id FROM {{moments}} a1 JOIN {{refunds}} r1
    ON r1.refund_id = a1.refund_id AND {holds_at("r1", "a1.as_of")}) v
  JOIN {{orders}} o ON o.order_id = v.order_id AND {holds_at("o", "v.as_of")}"""
_ASKED_HEADS = f"""SELECT * FROM (SELECT o.*, v.row_id, ROW_NUMBER() OVER
  (PARTITION BY v.row_id ORDER BY o.known_at, o.line_id) AS nth_line
  {_ASKED_LINES}) o1 WHERE o1.nth_line = 1"""

SPINE = f"""SELECT a.row_id, a.as_of, {{settled}} AS settled, a.stage,
  r.refund_id, r.order_id, r.line_id,
  l.line_id AS known_line, h.customer_id, {_of_line("merchant_id")},
  {_of_line("sku")}, {_of_line("category")}, {_of_line("channel")}, h.address, h.door, h.payment,
  COALESCE(r.device, h.device) AS device, h.phone, h.ip, r.payout, h.currency,
  h.device AS order_device, r.device AS refund_device,
  h.placed_at, h.account_created_at, h.customer_tier, h.known_at AS order_known_at,
  CASE WHEN h.known_at > a.as_of THEN h.known_at ELSE a.as_of END AS order_seen,
  {_of_line("no_reason_return")}, {_of_line("quantity")},
  CASE WHEN l.line_id IS NULL THEN h.topics ELSE l.topics END AS goods_topics,
  r.requested_at, r.amount, r.type, r.state, r.reason_code, r.claims_received, r.respond_by,
  r.text_length, r.specificity, r.hedging, r.contradiction, r.irrelevance,
  r.story, r.topics AS text_topics,
  r.text_exact, r.near_1, r.near_2, r.near_3, r.agitated, r.words, r.known_at AS request_known_at
FROM {{moments}} a JOIN {{refunds}} r ON r.refund_id = a.refund_id AND {holds_at("r", "a.as_of")}
LEFT JOIN ({_ASKED_HEADS}) h ON h.row_id = a.row_id
LEFT JOIN {{orders}} l ON l.order_id = r.order_id AND l.line_id = r.line_id
  AND {holds_at("l", "a.as_of")}"""
"""The request and its order, always visible to themselves: one row a (refund, as_of) of `moments`.

Of an order that is known later than `as_of` the lines known first are visible: `order_seen`.
What many cases share is visible as it was `settled`: at `AT_ONCE`, or at an earlier moment of its own
where others were deciding meanwhile.
"""

AT_ONCE = "a.as_of"
"""What is `settled` for a case that nobody decided beside."""

SPINE_OF_ONE = SPINE.replace(
    _ASKED_HEADS,
    f"SELECT o.*, v.row_id {_ASKED_LINES} ORDER BY o.known_at, o.line_id LIMIT 1",
)
"""The same where `moments` is a single one."""
