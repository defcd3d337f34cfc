"""Reads the ring of one case: by one statement where its hubs are small, else step by step."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from risk.features.ring import CROWD, EACH, KIND_LIST, KINDS, LARGEST, MOST, RECENT, SPREAD, WINDOW
from risk.features.visibility import known_before
from risk.history.driver import Run
from risk.history.ring_walk import walked

_PACKED = 64
"""Findings of one customer as one number: so many for each, and one more for each of abuse."""

_THINGS = " UNION ALL ".join(f"SELECT '{kind}' AS kind, :{kind} AS entity" for kind in KINDS)


def _before(row: str) -> str:
    return known_before(row, ":as_of")


def _more(customer: str) -> str:
    """1 where a customer has more things than are followed, else NULL; a few rows are read."""
    return (
        f"(SELECT 1 FROM sightings w WHERE w.customer_id = {customer} "
        f"AND w.kind IN ({KIND_LIST}) AND {_before('w')} LIMIT 1 OFFSET {SPREAD})"
    )


def _at(things: str, columns: str) -> str:
    """Who was first seen when at things that are no crowd."""
    return f"""SELECT {columns} FROM {things} o
    JOIN sightings n ON n.kind = o.kind AND n.entity = o.entity
    WHERE {_before("n")} AND (SELECT 1 FROM sightings c WHERE c.kind = o.kind
      AND c.entity = o.entity AND {_before("c")}
      LIMIT 1 OFFSET {CROWD}) IS NULL"""


_MEMBERS = f"""WITH own AS MATERIALIZED (
  SELECT t.kind, t.entity FROM ({_THINGS}) t WHERE t.entity IS NOT NULL
  UNION
  SELECT x.kind, x.entity FROM sightings x WHERE x.customer_id = :customer_id
    AND x.kind IN ({KIND_LIST}) AND {_before("x")} AND {_more(":customer_id")} IS NULL),
pairs AS MATERIALIZED ({_at("own", "n.customer_id, n.known_at")}),
nearest AS MATERIALIZED (
  SELECT p.customer_id, p.since, {_more("p.customer_id")} AS more
  FROM (SELECT q.customer_id, MIN(q.known_at) AS since FROM pairs q GROUP BY q.customer_id) p),
theirs AS MATERIALIZED (
  SELECT x.kind, x.entity FROM nearest f JOIN sightings x ON x.customer_id = f.customer_id
  WHERE f.more IS NULL AND x.kind IN ({KIND_LIST}) AND {_before("x")}
  EXCEPT SELECT o.kind, o.entity FROM own o),
members AS MATERIALIZED (
  SELECT r.customer_id, MIN(r.step) AS step, MIN(r.since) AS since
  FROM (SELECT f.customer_id, 1 AS step, f.since FROM nearest f UNION ALL
    {_at("theirs", "n.customer_id, 2 AS step, n.known_at AS since")}) r
  WHERE r.customer_id <> :customer_id
  GROUP BY r.customer_id ORDER BY 2, 3, 1 LIMIT {LARGEST})"""
"""The walk of `features.ring`. Things of the case itself need no second look, and a customer with
more things than are followed is not followed at all but told of."""

_ASKED = f"""SELECT COUNT(*) FROM (SELECT 1 FROM requests e WHERE e.customer_id = m.customer_id
    AND {_before("e")} AND e.known_at >= :as_of - {WINDOW} LIMIT {EACH}) b"""
_MONEY = f"""SELECT SUM(CASE WHEN b.currency = :currency THEN
    CASE WHEN b.amount < {MOST} THEN b.amount ELSE {MOST} END ELSE 0 END) FROM (
    SELECT e.currency, e.amount FROM requests e WHERE e.customer_id = m.customer_id
    AND {_before("e")} AND e.known_at >= :as_of - {RECENT}
    ORDER BY e.known_at DESC, e.refund_id DESC LIMIT {EACH}) b"""
_FOUND = f"""SELECT SUM({_PACKED} + b.label) FROM (
    SELECT e.label, e.stands_until FROM findings e WHERE e.customer_id = m.customer_id
    AND {_before("e")} ORDER BY e.known_at DESC, e.refund_id DESC, e.authority DESC
    LIMIT {EACH}) b WHERE b.stands_until IS NULL OR b.stands_until >= :as_of"""

_RING = f"""{_MEMBERS},
told AS MATERIALIZED (
  SELECT m.since, CAST(({_ASKED}) AS BIGINT) AS asked,
    CAST(COALESCE(({_MONEY}), 0) AS BIGINT) AS money,
    CAST(COALESCE(({_FOUND}), 0) AS BIGINT) AS found FROM members m)
SELECT COUNT(*), CAST(SUM(t.asked) AS BIGINT), COUNT(CASE WHEN t.asked > 0 THEN 1 END),
  CAST(SUM(t.found % {_PACKED}) AS BIGINT), COUNT(CASE WHEN t.found % {_PACKED} > 0 THEN 1 END),
  CAST(SUM(t.found / {_PACKED} - t.found % {_PACKED}) AS BIGINT), MAX(t.since),
  (SELECT COUNT(*) FROM pairs p WHERE p.customer_id IN (SELECT m.customer_id FROM members m)),
  CAST(SUM(t.money) AS BIGINT), MIN(t.since),
  COUNT(CASE WHEN t.since >= :as_of - {RECENT} THEN 1 END),
  COALESCE({_more(":customer_id")}, (SELECT MAX(f.more) FROM nearest f)) AS more
FROM told t"""


def ring_of(run: Run, spine: Mapping[str, Any]) -> tuple[int, ...] | None:
    """The ring's numbers in the order of `ring.RING_COLUMNS`; None without a ring."""
    if spine["customer_id"] is None:
        return None
    *numbers, more = run(_RING, spine)[0]
    if more:
        return walked(run, spine)
    return tuple(numbers) if numbers[0] else None
