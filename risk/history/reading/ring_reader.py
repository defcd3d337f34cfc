"""Reads the ring of one case: by one statement where its hubs are small, else step by step."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from risk.features.counting import count_found
from risk.features.ring import (
    KIND_LIST,
    KINDS,
    MAX_AMOUNT,
    MAX_ENTITIES,
    MAX_MEMBERS,
    MAX_ROWS,
    MAX_SHARED,
    RECENT,
    WINDOW,
)
from risk.history.connection.driver import Call, Rows, Run, of_store
from risk.history.reading.ring_walk import before, walked

_PACKED = 64
"""Findings of one customer as one number in three digits to this base: how many, how many of abuse
that count here, how many of abuse."""

_OWN_ENTITIES = " UNION ALL ".join(f"SELECT '{kind}' AS kind, :{kind} AS entity" for kind in KINDS)


def _more(customer: str) -> str:
    """1 where a customer has more entities than are followed, else NULL."""
    return (
        f"(SELECT 1 FROM sightings w WHERE w.customer_id = {customer} "
        f"AND w.kind IN ({KIND_LIST}) AND {before('w')} LIMIT 1 OFFSET {MAX_ENTITIES})"
    )


def _at(entities: str, columns: str) -> str:
    """The customers at entities that are no hub."""
    return f"""SELECT {columns} FROM {entities} o
    JOIN sightings n ON n.kind = o.kind AND n.entity = o.entity
    WHERE {before("n")} AND (SELECT 1 FROM sightings c WHERE c.kind = o.kind
      AND c.entity = o.entity AND {before("c")}
      LIMIT 1 OFFSET {MAX_SHARED}) IS NULL"""


_MEMBERS = f"""WITH own AS MATERIALIZED (
  SELECT t.kind, t.entity FROM ({_OWN_ENTITIES}) t WHERE t.entity IS NOT NULL
  UNION
  SELECT x.kind, x.entity FROM sightings x WHERE x.customer_id = :customer_id
    AND x.kind IN ({KIND_LIST}) AND {before("x")} AND {_more(":customer_id")} IS NULL),
pairs AS MATERIALIZED ({_at("own", "n.customer_id, n.known_at")}),
nearest AS MATERIALIZED (
  SELECT p.customer_id, p.since, {_more("p.customer_id")} AS more
  FROM (SELECT q.customer_id, MIN(q.known_at) AS since FROM pairs q GROUP BY q.customer_id) p),
theirs AS MATERIALIZED (
  SELECT x.kind, x.entity FROM nearest f JOIN sightings x ON x.customer_id = f.customer_id
  WHERE f.more IS NULL AND x.kind IN ({KIND_LIST}) AND {before("x")}
  EXCEPT SELECT o.kind, o.entity FROM own o),
members AS MATERIALIZED (
  SELECT r.customer_id, MIN(r.step) AS step, MIN(r.since) AS since
  FROM (SELECT f.customer_id, 1 AS step, f.since FROM nearest f UNION ALL
    {_at("theirs", "n.customer_id, 2 AS step, n.known_at AS since")}) r
  WHERE r.customer_id <> :customer_id
  GROUP BY r.customer_id ORDER BY 2, 3, 1 LIMIT {MAX_MEMBERS})"""
"""The steps of `features.ring`. The case's own entities are not followed twice; a customer with
more entities than are followed is not followed here at all, but marked as `more`."""

_REQUESTS = f"""SELECT COUNT(*) FROM (SELECT 1 FROM requests e WHERE e.customer_id = m.customer_id
    AND {before("e")} AND e.known_at >= :as_of - {WINDOW} LIMIT {MAX_ROWS}) b"""
_MONEY = f"""SELECT SUM(CASE WHEN b.currency = :currency THEN
    CASE WHEN b.amount < {MAX_AMOUNT} THEN b.amount ELSE {MAX_AMOUNT} END ELSE 0 END) FROM (
    SELECT e.currency, e.amount FROM requests e WHERE e.customer_id = m.customer_id
    AND {before("e")} AND e.known_at >= :as_of - {RECENT}
    ORDER BY e.known_at DESC, e.refund_id DESC LIMIT {MAX_ROWS}) b"""
_HERE = count_found("b", ":merchant_id")
_FINDINGS = f"""SELECT SUM({_PACKED**2} + b.label) + {_PACKED} * ({_HERE}) FROM (
    SELECT e.label, e.authority, e.merchant_id, e.stands_until FROM findings e
    WHERE e.customer_id = m.customer_id AND {before("e")}
    ORDER BY e.known_at DESC, e.refund_id DESC, e.authority DESC
    LIMIT {MAX_ROWS}) b WHERE b.stands_until IS NULL OR b.stands_until >= :as_of"""

_RING = of_store(f"""{_MEMBERS},
counted AS MATERIALIZED (
  SELECT m.since, CAST(({_REQUESTS}) AS BIGINT) AS asked,
    CAST(COALESCE(({_MONEY}), 0) AS BIGINT) AS money,
    CAST(COALESCE(({_FINDINGS}), 0) AS BIGINT) AS found FROM members m)
SELECT COUNT(*), CAST(SUM(t.asked) AS BIGINT), COUNT(CASE WHEN t.asked > 0 THEN 1 END),
  CAST(SUM(t.found % {_PACKED}) AS BIGINT), COUNT(CASE WHEN t.found % {_PACKED} > 0 THEN 1 END),
  CAST(SUM(t.found / {_PACKED**2} - t.found % {_PACKED}) AS BIGINT), MAX(t.since),
  (SELECT COUNT(*) FROM pairs p WHERE p.customer_id IN (SELECT m.customer_id FROM members m)),
  CAST(SUM(t.money) AS BIGINT), MIN(t.since),
  COUNT(CASE WHEN t.since >= :as_of - {RECENT} THEN 1 END),
  CAST(SUM(t.found / {_PACKED} % {_PACKED}) AS BIGINT),
  COUNT(CASE WHEN t.found / {_PACKED} % {_PACKED} > 0 THEN 1 END),
  COALESCE({_more(":customer_id")}, (SELECT MAX(f.more) FROM nearest f)) AS more
FROM counted t""")


def ring_call(spine: Mapping[str, Any]) -> Call:
    """The statement that reads a case's ring, for `ring_numbers`; its customer is known."""
    return _RING[bool(spine["revised"])], {**spine, "as_of": spine["settled"]}


def ring_numbers(run: Run, spine: Mapping[str, Any], read: Rows) -> tuple[int, ...] | None:
    """The ring's numbers in the order of `ring.RING_COLUMNS`; None without a ring.

    `read` is what its statement gave: where that was too much to follow, the ring is walked.
    """
    *numbers, more = read[0]
    if more:
        return walked(run, spine)
    return tuple(numbers) if numbers[0] else None


def ring_of(run: Run, spine: Mapping[str, Any]) -> tuple[int, ...] | None:
    """The ring's numbers, read by themselves."""
    if spine["customer_id"] is None:
        return None
    return ring_numbers(run, spine, run(*ring_call(spine)))
