"""The ring of a customer: who is within two steps through entities that few customers share.

A step goes from a customer to another through an entity (address, door, card, device, phone,
payout account) that at most `MAX_SHARED` customers had touched when the case was `settled`, which
the steps below call `as_of`. The case's own entities
are part of the first step. At most `MAX_MEMBERS` customers belong to it, nearest and earliest
first; of each at most the latest `MAX_ROWS` requests and findings count, so that a ring has a
bounded cost.
"""

from __future__ import annotations

from typing import Literal

from risk.facts.units import DAY_MS
from risk.features.counting import count_found
from risk.features.spec import Measure
from risk.features.visibility import is_bounded, known_before
from risk.findings import sql_list

RING = "ring"
MAX_SHARED = 12
"""An entity that more customers had touched is a hub: it links nobody."""

MAX_MEMBERS = 200
"""Members of a ring at most, the nearest and earliest."""

MAX_ROWS = 50
"""Requests, and findings, of one member that count, the latest."""

MAX_AMOUNT = 9 * 10**14
"""A single amount counts at most so much (9 × 10¹⁰ units), so that no sum outgrows 64 bits."""

MAX_ENTITIES = 60
"""Entities of one customer that are followed, the first seen."""

WINDOW = 180 * DAY_MS
RECENT = 30 * DAY_MS
KINDS = ("address", "door", "payment", "device", "phone", "payout")
RING_COLUMNS = (
    "customers", "requests", "asking", "abuse", "abusers", "honest", "newest", "links", "money",
    "oldest", "recent", "abuse_here", "abusers_here",
)  # fmt: skip


def ring(column: str) -> Measure:
    """One of `RING_COLUMNS` as a measure; the times of members are unknown without any."""
    times: dict[str, Literal["max", "min"]] = {"newest": "max", "oldest": "min"}
    return Measure(RING, times.get(column, "count"), column)


KIND_LIST = sql_list(KINDS)
"""`KINDS` as the inside of an SQL `IN (…)`."""


_OWN = " UNION ALL ".join(
    f"SELECT s.row_id, s.settled AS as_of, '{kind}' AS kind, s.{kind} AS entity FROM spine s "
    f"WHERE s.{kind} IS NOT NULL"
    for kind in KINDS
)

_FIRST_STEP = """SELECT p.row_id, p.as_of, p.customer_id, 1 AS step, MIN(p.known_at) AS since
  FROM pairs p GROUP BY p.row_id, p.as_of, p.customer_id"""


def _numbered(kept: str) -> tuple[tuple[str, str], ...]:
    """The first steps: `edges` numbered by entity and by customer, `hubs`, and the customers `near`
    an entity that is no hub. `kept` restricts the sightings."""
    return (
        (
            "edges",
            f"""SELECT x.kind, x.entity, x.customer_id, x.known_at, x.valid_from, x.valid_to,
    ROW_NUMBER() OVER (PARTITION BY x.kind, x.entity ORDER BY x.known_at, x.customer_id) AS nth,
    ROW_NUMBER() OVER (PARTITION BY x.customer_id ORDER BY x.known_at, x.kind, x.entity) AS place
  FROM sightings x WHERE x.kind IN ({KIND_LIST}){kept}""",
        ),
        (
            "hubs",
            f"""SELECT x.kind, x.entity, x.known_at AS hub_since FROM edges x
  WHERE x.nth = {MAX_SHARED + 1}""",
        ),
        (
            "near",
            f"""SELECT x.kind, x.entity, x.customer_id, x.known_at, x.place, c.hub_since
  FROM edges x LEFT JOIN hubs c ON c.kind = x.kind AND c.entity = x.entity
  WHERE x.nth <= {MAX_SHARED}""",
        ),
    )


_STEADY_WALK = (
    *_numbered(""),
    (
        "touched",
        f"""SELECT DISTINCT o.row_id, o.as_of, o.kind, o.entity FROM ({_OWN}
    UNION ALL
    SELECT s.row_id, s.settled AS as_of, x.kind, x.entity FROM spine s
    JOIN edges x ON x.customer_id = s.customer_id
    WHERE x.known_at < s.settled AND x.place <= {MAX_ENTITIES}) o""",
    ),
    (
        "pairs",
        """SELECT t.row_id, t.as_of, n.customer_id, n.known_at FROM touched t
  JOIN near n ON n.kind = t.kind AND n.entity = t.entity
  WHERE n.known_at < t.as_of AND (n.hub_since IS NULL OR n.hub_since >= t.as_of)""",
    ),
    ("first_step", _FIRST_STEP),
    (
        "second_step",
        f"""SELECT f.row_id, f.as_of, n.customer_id, 2 AS step, MIN(n.known_at) AS since
  FROM first_step f JOIN edges x ON x.customer_id = f.customer_id
  JOIN near n ON n.kind = x.kind AND n.entity = x.entity
  WHERE x.known_at < f.as_of AND x.place <= {MAX_ENTITIES} AND n.known_at < f.as_of
    AND (n.hub_since IS NULL OR n.hub_since >= f.as_of)
  GROUP BY f.row_id, f.as_of, n.customer_id""",
    ),
)
"""The steps where no sighting was corrected: edges are numbered once for every moment."""


def _entities_of(customers: str) -> str:
    """The entities that customers had touched, `MAX_ENTITIES` each: (row_id, as_of, kind, entity)."""
    return f"""SELECT DISTINCT y.row_id, y.as_of, y.kind, y.entity FROM (
    SELECT f.row_id, f.as_of, x.kind, x.entity, ROW_NUMBER() OVER
      (PARTITION BY f.row_id, f.customer_id ORDER BY x.known_at, x.kind, x.entity) AS place
    FROM {customers} f JOIN follow x ON x.customer_id = f.customer_id
    WHERE {known_before("x", "f.as_of")}) y WHERE y.place <= {MAX_ENTITIES}"""


def _at(entities: str) -> str:
    """The customers at entities that were no hub: (row_id, as_of, customer_id, known_at)."""
    return f"""SELECT z.row_id, z.as_of, z.customer_id, z.known_at FROM (
    SELECT t.row_id, t.as_of, n.customer_id, n.known_at,
      COUNT(*) OVER (PARTITION BY t.row_id, t.kind, t.entity) AS customers
    FROM {entities} t JOIN near n ON n.kind = t.kind AND n.entity = t.entity
    WHERE {known_before("n", "t.as_of")}
      AND (n.hub_since IS NULL OR n.hub_since >= t.as_of)) z WHERE z.customers <= {MAX_SHARED}"""


_BOUNDED = f"""SELECT x.kind, x.entity, x.customer_id, x.known_at, x.valid_from, x.valid_to
  FROM sightings x WHERE x.kind IN ({KIND_LIST}) AND {is_bounded("x")}"""
_REVISED_WALK = (
    *_numbered(f" AND NOT ({is_bounded('x')})")[:2],
    (
        "near",
        f"""SELECT x.*, c.hub_since FROM (SELECT e.kind, e.entity, e.customer_id, e.known_at,
    e.valid_from, e.valid_to FROM edges e WHERE e.nth <= {MAX_SHARED} UNION ALL {_BOUNDED}) x
  LEFT JOIN hubs c ON c.kind = x.kind AND c.entity = x.entity""",
    ),
    (
        "follow",
        f"""SELECT e.kind, e.entity, e.customer_id, e.known_at, e.valid_from, e.valid_to
  FROM edges e WHERE e.place <= {MAX_ENTITIES} UNION ALL {_BOUNDED}""",
    ),
    (
        "touched",
        f"""{_OWN} UNION {_entities_of("(SELECT s.row_id, s.settled AS as_of, s.customer_id FROM spine s)")}""",
    ),
    ("pairs", _at("touched")),
    ("first_step", _FIRST_STEP),
    ("reach", _entities_of("first_step")),
    (
        "second_step",
        f"""SELECT p.row_id, p.as_of, p.customer_id, 2 AS step, MIN(p.known_at) AS since
  FROM ({_at("reach")}) p GROUP BY p.row_id, p.as_of, p.customer_id""",
    ),
)
"""The steps where sightings were corrected: those are added to the numbered ones, and edges and hubs
are determined at each moment."""

_MEASURES: tuple[tuple[str, str], ...] = (
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
      AS nth FROM reached r) m WHERE m.nth <= {MAX_MEMBERS}""",
    ),
    (
        "claimed",
        f"""SELECT a.row_id, a.customer_id, COUNT(*) AS n, SUM(a.recent) AS money FROM (
    SELECT m.row_id, m.customer_id,
      CASE WHEN e.known_at >= m.as_of - {RECENT} AND e.currency = s.currency THEN
        CASE WHEN e.amount < {MAX_AMOUNT} THEN e.amount ELSE {MAX_AMOUNT} END ELSE 0 END AS recent,
      ROW_NUMBER() OVER (PARTITION BY m.row_id, m.customer_id
        ORDER BY e.known_at DESC, e.refund_id DESC) AS nth
    FROM members m JOIN spine s ON s.row_id = m.row_id
    JOIN requests e ON e.customer_id = m.customer_id
    WHERE {known_before("e", "m.as_of")} AND e.known_at >= m.as_of - {WINDOW}) a
  WHERE a.nth <= {MAX_ROWS} GROUP BY a.row_id, a.customer_id""",
    ),
    (
        "found",
        f"""SELECT f.row_id, f.customer_id, SUM(f.label) AS abuse, COUNT(*) - SUM(f.label) AS honest,
  {count_found("f", "f.shop")} AS here FROM (
    SELECT m.row_id, m.customer_id, e.label, e.authority, e.merchant_id, s.merchant_id AS shop,
      ROW_NUMBER() OVER (PARTITION BY m.row_id, m.customer_id
        ORDER BY e.known_at DESC, e.refund_id DESC, e.authority DESC) AS nth, e.stands_until, m.as_of
    FROM members m JOIN spine s ON s.row_id = m.row_id
    JOIN findings e ON e.customer_id = m.customer_id
    WHERE {known_before("e", "m.as_of")}) f
  WHERE f.nth <= {MAX_ROWS} AND (f.stands_until IS NULL OR f.stands_until >= f.as_of)
  GROUP BY f.row_id, f.customer_id""",
    ),
    (
        "linked_pairs",
        """SELECT p.row_id, COUNT(*) AS links FROM pairs p
  JOIN members m ON m.row_id = p.row_id AND m.customer_id = p.customer_id GROUP BY p.row_id""",
    ),
)


def ring_steps(*, revised: bool) -> tuple[tuple[str, str], ...]:
    """The steps as (name, SQL), each over the spine, the derived rows and the steps before it.

    An engine that stores the result of each step knows its size before the next; as one query
    DuckDB misjudged it, and spilled tens of gigabytes for five thousand requests. `revised` says
    whether first sightings may be bounded, by corrections or retractions.
    """
    return (*(_REVISED_WALK if revised else _STEADY_WALK), *_MEASURES)


RING_NUMBERS = f"""SELECT m.row_id, COUNT(*) AS m0,
  CAST(COALESCE(SUM(a.n), 0) AS BIGINT) AS m1, COUNT(a.n) AS m2,
  CAST(COALESCE(SUM(f.abuse), 0) AS BIGINT) AS m3,
  CAST(COALESCE(SUM(CASE WHEN f.abuse > 0 THEN 1 ELSE 0 END), 0) AS BIGINT) AS m4,
  CAST(COALESCE(SUM(f.honest), 0) AS BIGINT) AS m5,
  MAX(m.since) AS m6, CAST(COALESCE(MAX(k.links), 0) AS BIGINT) AS m7,
  CAST(COALESCE(SUM(a.money), 0) AS BIGINT) AS m8, MIN(m.since) AS m9,
  CAST(SUM(CASE WHEN m.since >= m.as_of - {RECENT} THEN 1 ELSE 0 END) AS BIGINT) AS m10,
  CAST(COALESCE(SUM(f.here), 0) AS BIGINT) AS m11,
  CAST(COALESCE(SUM(CASE WHEN f.here > 0 THEN 1 ELSE 0 END), 0) AS BIGINT) AS m12
FROM members m
LEFT JOIN claimed a ON a.row_id = m.row_id AND a.customer_id = m.customer_id
LEFT JOIN found f ON f.row_id = m.row_id AND f.customer_id = m.customer_id
LEFT JOIN linked_pairs k ON k.row_id = m.row_id
GROUP BY m.row_id"""
"""(row_id, m0 …) in the order of `RING_COLUMNS` for every case that has a ring."""


def ring_set_query(*, revised: bool) -> str:
    """All steps and the numbers as one query."""
    steps = ",\n".join(f"{name} AS ({text})" for name, text in ring_steps(revised=revised))
    return f"WITH {steps}\n{RING_NUMBERS}"
