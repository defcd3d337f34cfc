"""The ring of one case, walked step by step over the index of first sightings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from risk.features.ring import CROWD, EACH, KINDS, LARGEST, MOST, RECENT, SPREAD, WINDOW

Entity = tuple[str, int]

_TOUCHED = sa.text(
    "SELECT x.kind, x.entity, x.known_at FROM sightings x WHERE x.customer_id = :customer "
    f"AND x.kind IN ({', '.join(repr(kind) for kind in KINDS)}) "
    f"ORDER BY x.known_at, x.kind, x.entity LIMIT {SPREAD}"
)
_CROWD = sa.text(
    "SELECT x.customer_id, x.known_at FROM sightings x WHERE x.kind = :kind "
    "AND x.entity = :entity AND x.known_at < :as_of ORDER BY x.known_at, x.customer_id "
    f"LIMIT {CROWD + 1}"
)
_ASKED = sa.text(
    "SELECT COUNT(*), COALESCE(SUM(CASE WHEN b.known_at >= :as_of - "
    f"{RECENT} AND b.currency = :currency THEN CASE WHEN b.amount < {MOST} THEN b.amount "
    f"ELSE {MOST} END ELSE 0 END), 0) FROM ("
    "SELECT e.known_at, e.currency, e.amount FROM requests e WHERE e.customer_id = :customer "
    f"AND e.known_at < :as_of AND e.known_at >= :as_of - {WINDOW} "
    f"ORDER BY e.known_at DESC, e.refund_id DESC LIMIT {EACH}) b"
)
_FOUND = sa.text(
    "SELECT COALESCE(SUM(b.label), 0), COUNT(*) - COALESCE(SUM(b.label), 0) FROM ("
    "SELECT e.label, e.stands_until FROM findings e WHERE e.customer_id = :customer "
    "AND e.known_at < :as_of ORDER BY e.known_at DESC, e.refund_id DESC, e.authority DESC "
    f"LIMIT {EACH}) b WHERE b.stands_until IS NULL OR b.stands_until >= :as_of"
)


def ring_of(connection: sa.Connection, spine: Mapping[str, Any]) -> tuple[int, ...] | None:
    """The ring's numbers in the order of `ring.RING_COLUMNS`; None without a ring."""
    if spine["customer_id"] is None:
        return None
    walk = _Walk(connection, spine)
    own = {(kind, spine[kind]) for kind in KINDS if spine[kind] is not None}
    own |= walk.touched(spine["customer_id"])
    nearest = walk.step(own)
    further = walk.step(e for customer in nearest for e in walk.touched(customer))
    further.pop(spine["customer_id"], None)
    nearest.pop(spine["customer_id"], None)
    ranked = [(1, since, customer) for customer, since in nearest.items()]
    ranked += [(2, s, c) for c, s in further.items() if c not in nearest]
    members = [
        (customer, min(since, further.get(customer, since)))
        for _, since, customer in sorted(
            (step, min(since, further.get(customer, since)), customer)
            for step, since, customer in ranked
        )[:LARGEST]
    ]
    return _numbers(walk, members, walk.links(own, {c for c, _ in members})) if members else None


class _Walk:
    """The look-ups of one walk, none made twice."""

    def __init__(self, connection: sa.Connection, spine: Mapping[str, Any]) -> None:
        self.connection = connection
        self.as_of = spine["as_of"]
        self.currency = spine["currency"]
        self._crowds: dict[Entity, list[tuple[str, int]]] = {}

    def touched(self, customer: str | None) -> set[Entity]:
        """What the customer had touched before `as_of`, the first `SPREAD` of it."""
        rows = self.connection.execute(_TOUCHED, {"customer": customer})
        return {(kind, entity) for kind, entity, at in rows if at < self.as_of}

    def step(self, entities: Iterable[Entity]) -> dict[str, int]:
        """The customers at those entities that are no crowd, with when they came first."""
        reached: dict[str, int] = {}
        for entity in set(entities):
            for customer, since in self._crowd(entity):
                reached[customer] = min(since, reached.get(customer, since))
        return reached

    def links(self, entities: Iterable[Entity], members: set[str]) -> int:
        """How many pairs of one of these entities and a member there are."""
        return sum(c in members for entity in entities for c, _ in self._crowd(entity))

    def _crowd(self, entity: Entity) -> list[tuple[str, int]]:
        if entity not in self._crowds:
            kind, value = entity
            bound = {"kind": kind, "entity": value, "as_of": self.as_of}
            rows = [(c, at) for c, at in self.connection.execute(_CROWD, bound)]
            self._crowds[entity] = rows if len(rows) <= CROWD else []
        return self._crowds[entity]

    def asked(self, customer: str) -> tuple[int, int]:
        bound = {"customer": customer, "as_of": self.as_of, "currency": self.currency}
        number, money = self.connection.execute(_ASKED, bound).one()
        return int(number), int(money)

    def found(self, customer: str) -> tuple[int, int]:
        bound = {"customer": customer, "as_of": self.as_of}
        abuse, honest = self.connection.execute(_FOUND, bound).one()
        return int(abuse), int(honest)


def _numbers(walk: _Walk, members: list[tuple[str, int]], links: int) -> tuple[int, ...]:
    asked = [walk.asked(customer) for customer, _ in members]
    found = [walk.found(customer) for customer, _ in members]
    return (
        len(members),
        sum(n for n, _ in asked),
        sum(1 for n, _ in asked if n),
        sum(abuse for abuse, _ in found),
        sum(1 for abuse, _ in found if abuse),
        sum(honest for _, honest in found),
        max(since for _, since in members),
        links,
        sum(money for _, money in asked),
        min(since for _, since in members),
        sum(1 for _, since in members if since >= walk.as_of - RECENT),
    )
