"""The ring of one case, walked step by step over the index of first sightings.

Every bound of its definition holds in each step, so it serves customers with however many things.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from risk.features.ring import CROWD, EACH, KINDS, LARGEST, MOST, RECENT, SPREAD, WINDOW
from risk.features.visibility import known_before
from risk.history.driver import BatchedLookup, Run

Entity = tuple[str, int]
People = dict[str, int]
"""Customers and when each was first seen at a thing."""


def _before(row: str) -> str:
    return known_before(row, ":as_of")


_OF_KIND = (
    "SELECT * FROM (SELECT x.kind, x.entity, x.known_at FROM sightings x "
    f"WHERE x.customer_id = :customer_{{{{i}}}} AND x.kind = '{{kind}}' AND {_before('x')} "
    f"ORDER BY x.known_at, x.entity LIMIT {SPREAD}) {{kind}}_of"
)
_TOUCHED = BatchedLookup(
    "SELECT {i} AS arm, c.kind, c.entity FROM (SELECT t.* FROM ("
    + " UNION ALL ".join(_OF_KIND.format(kind=kind) for kind in KINDS)
    + f") t ORDER BY t.known_at, t.kind, t.entity LIMIT {SPREAD}) c",
    most=4,
)
"""Kind by kind, so that a customer with very many things costs no more than another."""

_CROWD = BatchedLookup(
    "SELECT {i} AS arm, c.customer_id, c.known_at FROM (SELECT x.customer_id, x.known_at "
    "FROM sightings x WHERE x.kind = :kind_{i} AND x.entity = :entity_{i} "
    f"AND {_before('x')} ORDER BY x.known_at, x.customer_id "
    f"LIMIT {CROWD + 1}) c"
)
_ASKED = BatchedLookup(
    "SELECT {i} AS arm, COUNT(*), CAST(COALESCE(SUM(CASE WHEN b.known_at >= :as_of - "
    f"{RECENT} AND b.currency = :currency THEN CASE WHEN b.amount < {MOST} THEN b.amount "
    f"ELSE {MOST} END ELSE 0 END), 0) AS BIGINT) FROM ("
    "SELECT e.known_at, e.currency, e.amount FROM requests e WHERE e.customer_id = :customer_{i} "
    f"AND {_before('e')} AND e.known_at >= :as_of - {WINDOW} "
    f"ORDER BY e.known_at DESC, e.refund_id DESC LIMIT {EACH}) b"
)
_FOUND = BatchedLookup(
    "SELECT {i} AS arm, CAST(COALESCE(SUM(b.label), 0) AS BIGINT), "
    "CAST(COUNT(*) - COALESCE(SUM(b.label), 0) AS BIGINT) FROM ("
    "SELECT e.label, e.stands_until FROM findings e WHERE e.customer_id = :customer_{i} "
    f"AND {_before('e')} ORDER BY e.known_at DESC, e.refund_id DESC, e.authority DESC "
    f"LIMIT {EACH}) b WHERE b.stands_until IS NULL OR b.stands_until >= :as_of"
)


def walked(run: Run, spine: Mapping[str, Any]) -> tuple[int, ...] | None:
    """The ring's numbers in the order of `ring.RING_COLUMNS`; None without a ring."""
    walk = Walk(run, {"as_of": spine["as_of"], "currency": spine["currency"]})
    own, members = _members(walk, spine)
    return _numbers(walk, members, walk.links(own, members)) if members else None


def members_of(run: Run, spine: Mapping[str, Any]) -> People:
    """The customers of the ring, nearest first, with when each was first seen at a shared thing."""
    walk = Walk(run, {"as_of": spine["as_of"], "currency": spine["currency"]})
    return _members(walk, spine)[1]


def _members(walk: Walk, spine: Mapping[str, Any]) -> tuple[set[Entity], People]:
    """The case's own things, and the members of its ring."""
    customer = spine["customer_id"]
    if customer is None:
        return set(), {}
    own = {(kind, spine[kind]) for kind in KINDS if spine[kind] is not None}
    own |= walk.touched([customer])
    nearest = walk.step(own)
    further = walk.step(walk.touched(nearest))
    reached = [
        (1 if c in nearest else 2, min(nearest.get(c, since), since), c)
        for c, since in {**nearest, **further}.items()
        if c != customer
    ]
    return own, {c: since for _, since, c in sorted(reached)[:LARGEST]}


@dataclass(slots=True)
class Walk:
    """The look-ups of one walk, none made twice, several at a time."""

    run: Run
    shared: dict[str, Any]
    _touched: dict[str, set[Entity]] = field(default_factory=dict)
    _crowds: dict[Entity, People] = field(default_factory=dict)

    def touched(self, customers: Iterable[str]) -> set[Entity]:
        """What the customers had touched before `as_of`, of each the first `SPREAD`."""
        wanted = list(customers)
        new = [c for c in wanted if c not in self._touched]
        found = _TOUCHED(self.run, [{"customer": c} for c in new], self.shared)
        for customer, rows in zip(new, found, strict=True):
            self._touched[customer] = {(kind, entity) for kind, entity in rows}
        return set().union(*(self._touched[c] for c in wanted))

    def step(self, entities: set[Entity]) -> People:
        """The customers at those entities that are no crowd, with when they came first."""
        new = [entity for entity in entities if entity not in self._crowds]
        asked = [{"kind": kind, "entity": value} for kind, value in new]
        for entity, rows in zip(new, _CROWD(self.run, asked, self.shared), strict=True):
            self._crowds[entity] = dict(rows) if len(rows) <= CROWD else {}
        reached: People = {}
        for entity in entities:
            for customer, since in self._crowds[entity].items():
                reached[customer] = min(since, reached.get(customer, since))
        return reached

    def crowd(self, entity: Entity) -> People:
        """The customers at an entity that was looked at before; empty at one that is a crowd."""
        return self._crowds[entity]

    def links(self, entities: set[Entity], members: People) -> int:
        """How many pairs of one of these entities and a member there are."""
        return sum(len(self._crowds[entity].keys() & members.keys()) for entity in entities)

    def asked(self, customers: Iterable[str]) -> list[tuple[int, int]]:
        """The number and the recent money of each customer's requests."""
        found = _ASKED(self.run, [{"customer": c} for c in customers], self.shared)
        return [(int(rows[0][0]), int(rows[0][1])) for rows in found]

    def found(self, customers: Iterable[str]) -> list[tuple[int, int]]:
        """The findings of abuse and of honesty about each customer."""
        found = _FOUND(self.run, [{"customer": c} for c in customers], self.shared)
        return [(int(rows[0][0]), int(rows[0][1])) for rows in found]


def _numbers(walk: Walk, members: People, links: int) -> tuple[int, ...]:
    asked, found = walk.asked(members), walk.found(members)
    return (
        len(members),
        sum(n for n, _ in asked),
        sum(1 for n, _ in asked if n),
        sum(abuse for abuse, _ in found),
        sum(1 for abuse, _ in found if abuse),
        sum(honest for _, honest in found),
        max(members.values()),
        links,
        sum(money for _, money in asked),
        min(members.values()),
        sum(1 for since in members.values() if since >= walk.shared["as_of"] - RECENT),
    )
