"""The ring of a customer: who is within two steps through things that few people share.

A step goes from a customer to another through an entity (address, door, card, device, phone,
payout account) that at most `CROWD` customers had touched at `as_of`. The case's own entities are
part of the first step. At most `LARGEST` customers belong to it, nearest and earliest first; of
each at most the latest `EACH` requests and findings count, so that a ring has a bounded cost.
"""

from __future__ import annotations

from typing import Literal

from risk.facts.units import DAY_MS
from risk.features.spec import Measure

RING = "ring"
CROWD = 12
LARGEST = 200
EACH = 50
MOST = 9 * 10**14
"""A single amount counts at most so much (9 × 10¹⁰ units), so that no sum outgrows 64 bits."""

SPREAD = 60
"""At most this many of a customer's entities are followed, the first seen first."""

WINDOW = 180 * DAY_MS
RECENT = 30 * DAY_MS
KINDS = ("address", "door", "payment", "device", "phone", "payout")
RING_COLUMNS = (
    "customers",
    "requests",
    "asking",
    "abuse",
    "abusers",
    "honest",
    "newest",
    "links",
    "money",
    "oldest",
    "recent",
)


def ring(column: str) -> Measure:
    """One of `RING_COLUMNS` as a measure; the times of members are unknown without any."""
    times: dict[str, Literal["max", "min"]] = {"newest": "max", "oldest": "min"}
    return Measure(RING, times.get(column, "count"), column)


KIND_LIST = ", ".join(f"'{kind}'" for kind in KINDS)
"""`KINDS` as the inside of an SQL `IN (…)`."""


_OWN = " UNION ALL ".join(
    f"SELECT s.row_id, s.as_of, '{kind}' AS kind, s.{kind} AS entity FROM spine s "
    f"WHERE s.{kind} IS NOT NULL"
    for kind in KINDS
)

RING_STEPS: tuple[tuple[str, str], ...] = (
    (
        "edges",
        f"""SELECT x.kind, x.entity, x.customer_id, x.known_at,
    ROW_NUMBER() OVER (PARTITION BY x.kind, x.entity ORDER BY x.known_at, x.customer_id) AS nth,
    ROW_NUMBER() OVER (PARTITION BY x.customer_id ORDER BY x.known_at, x.kind, x.entity) AS spread
  FROM sightings x WHERE x.kind IN ({KIND_LIST})""",
    ),
    (
        "crowds",
        f"""SELECT x.kind, x.entity, x.known_at AS crowded_at FROM edges x WHERE x.nth = {CROWD + 1}""",
    ),
    (
        "near",
        f"""SELECT x.kind, x.entity, x.customer_id, x.known_at, x.spread, c.crowded_at
  FROM edges x LEFT JOIN crowds c ON c.kind = x.kind AND c.entity = x.entity
  WHERE x.nth <= {CROWD}""",
    ),
    (
        "touched",
        f"""SELECT DISTINCT o.row_id, o.as_of, o.kind, o.entity FROM ({_OWN}
    UNION ALL
    SELECT s.row_id, s.as_of, x.kind, x.entity FROM spine s
    JOIN edges x ON x.customer_id = s.customer_id
    WHERE x.known_at < s.as_of AND x.spread <= {SPREAD}) o""",
    ),
    (
        "first_step",
        """SELECT t.row_id, t.as_of, n.customer_id, 1 AS step, MIN(n.known_at) AS since
  FROM touched t JOIN near n ON n.kind = t.kind AND n.entity = t.entity
  WHERE n.known_at < t.as_of AND (n.crowded_at IS NULL OR n.crowded_at >= t.as_of)
  GROUP BY t.row_id, t.as_of, n.customer_id""",
    ),
    (
        "second_step",
        f"""SELECT f.row_id, f.as_of, n.customer_id, 2 AS step, MIN(n.known_at) AS since
  FROM first_step f JOIN edges x ON x.customer_id = f.customer_id
  JOIN near n ON n.kind = x.kind AND n.entity = x.entity
  WHERE x.known_at < f.as_of AND x.spread <= {SPREAD} AND n.known_at < f.as_of
    AND (n.crowded_at IS NULL OR n.crowded_at >= f.as_of)
  GROUP BY f.row_id, f.as_of, n.customer_id""",
    ),
    (
        "reached",
        """SELECT r.row_id, r.as_of, r.customer_id, MIN(r.step) AS step, MIN(r.since) AS since
  FROM (SELECT * FROM first_step UNION ALL SELECT * FROM second_step) r
  JOIN spine s ON s.row_id = r.row_id WHERE r.customer_id <> s.customer_id
  GROUP BY r.row_id, r.as_of, r.customer_id""",
    ),
    (
        "members",
        f"""SELECT m.row_id, m.as_of, m.customer_id, m.since FROM (
    SELECT r.*, ROW_NUMBER() OVER (PARTITION BY r.row_id ORDER BY r.step, r.since, r.customer_id)
      AS nth FROM reached r) m WHERE m.nth <= {LARGEST}""",
    ),
    (
        "asked_for",
        f"""SELECT a.row_id, a.customer_id, COUNT(*) AS n, SUM(a.recent) AS money FROM (
    SELECT m.row_id, m.customer_id,
      CASE WHEN e.known_at >= m.as_of - {RECENT} AND e.currency = s.currency THEN
        CASE WHEN e.amount < {MOST} THEN e.amount ELSE {MOST} END ELSE 0 END AS recent,
      ROW_NUMBER() OVER (PARTITION BY m.row_id, m.customer_id
        ORDER BY e.known_at DESC, e.refund_id DESC) AS nth
    FROM members m JOIN spine s ON s.row_id = m.row_id
    JOIN requests e ON e.customer_id = m.customer_id
    WHERE e.known_at < m.as_of AND e.known_at >= m.as_of - {WINDOW}) a
  WHERE a.nth <= {EACH} GROUP BY a.row_id, a.customer_id""",
    ),
    (
        "found",
        f"""SELECT f.row_id, f.customer_id, SUM(f.label) AS abuse, COUNT(*) - SUM(f.label) AS honest FROM (
    SELECT m.row_id, m.customer_id, e.label, ROW_NUMBER() OVER (PARTITION BY m.row_id,
      m.customer_id ORDER BY e.known_at DESC, e.refund_id DESC, e.authority DESC) AS nth,
      e.stands_until, m.as_of
    FROM members m JOIN findings e ON e.customer_id = m.customer_id
    WHERE e.known_at < m.as_of) f
  WHERE f.nth <= {EACH} AND (f.stands_until IS NULL OR f.stands_until >= f.as_of)
  GROUP BY f.row_id, f.customer_id""",
    ),
    (
        "knit",
        """SELECT t.row_id, COUNT(*) AS links FROM touched t
  JOIN near n ON n.kind = t.kind AND n.entity = t.entity
  JOIN members m ON m.row_id = t.row_id AND m.customer_id = n.customer_id
  WHERE n.known_at < t.as_of AND (n.crowded_at IS NULL OR n.crowded_at >= t.as_of)
  GROUP BY t.row_id""",
    ),
)
"""The walk in steps, each over the spine, the streams and the steps before it.

An engine that keeps the result of each step knows how large it is before the next; as one query
DuckDB guessed, and spilled tens of gigabytes for five thousand requests.
"""

RING_NUMBERS = f"""SELECT m.row_id, COUNT(*) AS m0,
  CAST(COALESCE(SUM(a.n), 0) AS BIGINT) AS m1, COUNT(a.n) AS m2,
  CAST(COALESCE(SUM(f.abuse), 0) AS BIGINT) AS m3,
  CAST(COALESCE(SUM(CASE WHEN f.abuse > 0 THEN 1 ELSE 0 END), 0) AS BIGINT) AS m4,
  CAST(COALESCE(SUM(f.honest), 0) AS BIGINT) AS m5,
  MAX(m.since) AS m6, CAST(COALESCE(MAX(k.links), 0) AS BIGINT) AS m7,
  CAST(COALESCE(SUM(a.money), 0) AS BIGINT) AS m8, MIN(m.since) AS m9,
  CAST(SUM(CASE WHEN m.since >= m.as_of - {RECENT} THEN 1 ELSE 0 END) AS BIGINT) AS m10
FROM members m
LEFT JOIN asked_for a ON a.row_id = m.row_id AND a.customer_id = m.customer_id
LEFT JOIN found f ON f.row_id = m.row_id AND f.customer_id = m.customer_id
LEFT JOIN knit k ON k.row_id = m.row_id
GROUP BY m.row_id"""
"""(row_id, m0 …) in the order of `RING_COLUMNS` for every case that has a ring."""


def ring_set_query() -> str:
    """All steps and the numbers as one query."""
    steps = ",\n".join(f"{name} AS ({text})" for name, text in RING_STEPS)
    return f"WITH {steps}\n{RING_NUMBERS}"
