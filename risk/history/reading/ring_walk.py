"""The ring of one case, walked step by step over the index of first sightings.

Every bound of its definition holds in each step, so its cost is bounded for customers with any
number of entities.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from risk.features.counting import count_found
from risk.features.ring import (
    KINDS,
    MAX_AMOUNT,
    MAX_ENTITIES,
    MAX_MEMBERS,
    MAX_ROWS,
    MAX_SHARED,
    RECENT,
    WINDOW,
)
from risk.features.visibility import known_before
from risk.history.connection.driver import BatchedLookup, Run

Entity = tuple[str, int]
People = dict[str, int]
"""Customers, with when each was first seen at an entity."""


def before(row: str) -> str:
    """SQL: whether the row is visible at the parameter `as_of`."""
    return known_before(row, ":as_of")


_OF_KIND = (
    "SELECT * FROM (SELECT x.kind, x.entity, x.known_at FROM sightings x "
    f"WHERE x.customer_id = :customer_{{{{i}}}} AND x.kind = '{{kind}}' AND {before('x')} "
    f"ORDER BY x.known_at, x.entity LIMIT {MAX_ENTITIES}) {{kind}}_of"
)
_ENTITIES = BatchedLookup(
    "SELECT {i} AS arm, c.kind, c.entity FROM (SELECT t.* FROM ("
    + " UNION ALL ".join(_OF_KIND.format(kind=kind) for kind in KINDS)
    + f") t ORDER BY t.known_at, t.kind, t.entity LIMIT {MAX_ENTITIES}) c",
    most=4,
)
"""Kind by kind, so that a customer with very many entities costs no more than another."""

_CUSTOMERS = BatchedLookup(
    "SELECT {i} AS arm, c.customer_id, c.known_at FROM (SELECT x.customer_id, x.known_at "
    "FROM sightings x WHERE x.kind = :kind_{i} AND x.entity = :entity_{i} "
    f"AND {before('x')} ORDER BY x.known_at, x.customer_id "
    f"LIMIT {MAX_SHARED + 1}) c"
)
_REQUESTS = BatchedLookup(
    "SELECT {i} AS arm, COUNT(*), CAST(COALESCE(SUM(CASE WHEN b.known_at >= :as_of - "
    f"{RECENT} AND b.currency = :currency THEN CASE WHEN b.amount < {MAX_AMOUNT} THEN b.amount "
    f"ELSE {MAX_AMOUNT} END ELSE 0 END), 0) AS BIGINT) FROM ("
    "SELECT e.known_at, e.currency, e.amount FROM requests e WHERE e.customer_id = :customer_{i} "
    f"AND {before('e')} AND e.known_at >= :as_of - {WINDOW} "
    f"ORDER BY e.known_at DESC, e.refund_id DESC LIMIT {MAX_ROWS}) b"
)
_FINDINGS = BatchedLookup(
    "SELECT {i} AS arm, CAST(COALESCE(SUM(b.label), 0) AS BIGINT), "
    "CAST(COUNT(*) - COALESCE(SUM(b.label), 0) AS BIGINT), "
    f"CAST({count_found('b', ':merchant_id')} AS BIGINT) FROM ("
    "SELECT e.label, e.authority, e.merchant_id, e.stands_until FROM findings e "
    "WHERE e.customer_id = :customer_{i} "
    f"AND {before('e')} ORDER BY e.known_at DESC, e.refund_id DESC, e.authority DESC "
    f"LIMIT {MAX_ROWS}) b WHERE b.stands_until IS NULL OR b.stands_until >= :as_of"
)


def _shared(spine: Mapping[str, Any]) -> dict[str, Any]:
    """What every look-up of a walk may read of the case: a ring is that of the settled moment."""
    named = {name: spine[name] for name in ("currency", "merchant_id")}
    return {"as_of": spine["settled"], **named}


def walked(run: Run, spine: Mapping[str, Any]) -> tuple[int, ...] | None:
    """The ring's numbers in the order of `ring.RING_COLUMNS`; None without a ring."""
    walk = Walk(run, _shared(spine))
    own, members = _members(walk, spine)
    return _numbers(walk, members, walk.links(own, members)) if members else None


def members_of(run: Run, spine: Mapping[str, Any]) -> People:
    """The members of the ring, nearest first, with when each was first seen at a shared entity."""
    walk = Walk(run, _shared(spine))
    return _members(walk, spine)[1]


def _members(walk: Walk, spine: Mapping[str, Any]) -> tuple[set[Entity], People]:
    """The case's own entities, and the members of its ring."""
    customer = spine["customer_id"]
    if customer is None:
        return set(), {}
    own = {(kind, spine[kind]) for kind in KINDS if spine[kind] is not None}
    own |= walk.entities_of([customer])
    nearest = walk.step(own)
    further = walk.step(walk.entities_of(nearest))
    reached = [
        (1 if c in nearest else 2, min(nearest.get(c, since), since), c)
        for c, since in {**nearest, **further}.items()
        if c != customer
    ]
    return own, {c: since for _, since, c in sorted(reached)[:MAX_MEMBERS]}


@dataclass(slots=True)
class Walk:
    """The look-ups of one walk: batched, and cached for the walk."""

    run: Run
    shared: dict[str, Any]
    _entities: dict[str, set[Entity]] = field(default_factory=dict)
    _customers: dict[Entity, People] = field(default_factory=dict)

    def entities_of(self, customers: Iterable[str]) -> set[Entity]:
        """The entities that customers had touched before `as_of`, the first of each."""
        wanted = list(customers)
        new = [c for c in wanted if c not in self._entities]
        found = _ENTITIES(self.run, [{"customer": c} for c in new], self.shared)
        for customer, rows in zip(new, found, strict=True):
            self._entities[customer] = {(kind, entity) for kind, entity in rows}
        return set().union(*(self._entities[c] for c in wanted))

    def step(self, entities: set[Entity]) -> People:
        """The customers at those entities that are no hub, with when each was first seen."""
        new = [entity for entity in entities if entity not in self._customers]
        keys = [{"kind": kind, "entity": value} for kind, value in new]
        for entity, rows in zip(new, _CUSTOMERS(self.run, keys, self.shared), strict=True):
            self._customers[entity] = dict(rows) if len(rows) <= MAX_SHARED else {}
        reached: People = {}
        for entity in entities:
            for customer, since in self._customers[entity].items():
                reached[customer] = min(since, reached.get(customer, since))
        return reached

    def customers_at(self, entity: Entity) -> People:
        """The customers at an entity of an earlier step; none at a hub."""
        return self._customers[entity]

    def links(self, entities: set[Entity], members: People) -> int:
        """How many pairs of one of these entities and a member there are."""
        return sum(len(self._customers[entity].keys() & members.keys()) for entity in entities)

    def requests(self, customers: Iterable[str]) -> list[tuple[int, int]]:
        """The number and the recent money of each customer's requests."""
        found = _REQUESTS(self.run, [{"customer": c} for c in customers], self.shared)
        return [(int(rows[0][0]), int(rows[0][1])) for rows in found]

    def findings(self, customers: Iterable[str]) -> list[tuple[int, int, int]]:
        """The number of findings about each customer: of abuse, of honesty, of abuse that count
        here."""
        found = _FINDINGS(self.run, [{"customer": c} for c in customers], self.shared)
        return [(int(rows[0][0]), int(rows[0][1]), int(rows[0][2])) for rows in found]


def _numbers(walk: Walk, members: People, links: int) -> tuple[int, ...]:
    asked, found = walk.requests(members), walk.findings(members)
    return (
        len(members),
        sum(n for n, _ in asked),
        sum(1 for n, _ in asked if n),
        sum(abuse for abuse, _, _ in found),
        sum(1 for abuse, _, _ in found if abuse),
        sum(honest for _, honest, _ in found),
        max(members.values()),
        links,
        sum(money for _, money in asked),
        min(members.values()),
        sum(1 for since in members.values() if since >= walk.shared["as_of"] - RECENT),
        sum(here for _, _, here in found),
        sum(1 for _, _, here in found if here),
    )
