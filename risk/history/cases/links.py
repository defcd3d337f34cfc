"""Who is linked to a customer through what: a small picture of the ring, with hubs set aside.

The steps are those of `risk.features.ring`: through things that at most `CROWD` customers touched.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa

from risk.features.ring import CROWD, KINDS, SPREAD
from risk.history.schema import findings, requests, sightings

NEAREST = 10
"""How many customers of each step are drawn, those with most findings and requests first."""

HUB_COUNT = 1000
_AROUND = 40
"""How many customers of a step are looked at before the nearest are chosen."""

Entity = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Linked:
    """A customer within two steps: what they asked for, and what was found."""

    customer_id: str
    step: int
    requests: int
    abuse: int
    honest: int


@dataclass(frozen=True, slots=True)
class Links:
    """The picture: customers, what each pair shares (`edges`), the hubs, and how many are left out.

    `edges` are (entity, customer id), the customer in the middle included. `hubs` are things so
    many touched that they link nobody, with the number of their customers (at most `HUB_COUNT`).
    """

    centre: str
    customers: tuple[Linked, ...] = ()
    edges: tuple[tuple[Entity, str], ...] = ()
    hubs: tuple[tuple[Entity, int], ...] = ()
    more: int = 0


def links_of(connection: sa.Connection, customer_id: str) -> Links:
    """The customer's links as they are known now."""
    walk = _Walk(connection)
    own = walk.touched([customer_id])[customer_id]
    nearest = walk.reached(own, without={customer_id})
    first, left_out = _strongest(_weighed(connection, nearest, 1))
    touched = walk.touched([c.customer_id for c in first])
    beyond = walk.reached(
        {entity for entities in touched.values() for entity in entities},
        without={customer_id, *nearest},
    )
    second, more = _strongest(_weighed(connection, beyond, 2))
    members = {customer_id, *(c.customer_id for c in (*first, *second))}
    edges = sorted(
        (entity, customer)
        for entity, customers in walk.crowds.items()
        if len(shown := [c for c in customers if c in members]) > 1
        for customer in shown
    )
    return Links(customer_id, (*first, *second), tuple(edges), walk.hubs(own), left_out + more)


@dataclass
class _Walk:
    connection: sa.Connection
    crowds: dict[Entity, list[str]] = field(default_factory=dict)
    _hubs: set[Entity] = field(default_factory=set)

    def touched(self, customers: Sequence[str]) -> dict[str, set[Entity]]:
        """What each customer touched, at most `SPREAD` things each."""
        return {customer: self._touched(customer) for customer in customers}

    def _touched(self, customer: str) -> set[Entity]:
        s = sightings.c
        query = (
            sa.select(s.kind, s.entity)
            .where(s.customer_id == customer, s.kind.in_(KINDS))
            .order_by(s.known_at, s.kind, s.entity)
            .limit(SPREAD)
        )
        return {(kind, int(entity)) for kind, entity in self.connection.execute(query)}

    def reached(self, entities: Iterable[Entity], without: set[str]) -> list[str]:
        """The customers at these entities that are no hub, at most `_AROUND`."""
        found: dict[str, None] = {}
        for entity in sorted(entities):
            found.update(dict.fromkeys(self._crowd(entity)))
        return [customer for customer in found if customer not in without][:_AROUND]

    def _crowd(self, entity: Entity) -> list[str]:
        if entity not in self.crowds:
            s = sightings.c
            query = (
                sa.select(s.customer_id)
                .where(s.kind == entity[0], s.entity == entity[1])
                .order_by(s.known_at, s.customer_id)
                .limit(CROWD + 1)
            )
            customers = list(self.connection.execute(query).scalars())
            if len(customers) > CROWD:
                self._hubs.add(entity)
                customers = []
            self.crowds[entity] = customers
        return self.crowds[entity]

    def hubs(self, own: set[Entity]) -> tuple[tuple[Entity, int], ...]:
        """The hubs among a customer's own things, with their size."""
        return tuple((entity, self._size(entity)) for entity in sorted(own & self._hubs))

    def _size(self, entity: Entity) -> int:
        s = sightings.c
        some = sa.select(s.customer_id).where(s.kind == entity[0], s.entity == entity[1])
        query = sa.select(sa.func.count()).select_from(some.limit(HUB_COUNT).subquery())
        return int(self.connection.execute(query).scalar_one())


def _weighed(connection: sa.Connection, customers: Sequence[str], step: int) -> list[Linked]:
    counted = connection.execute(
        sa.select(requests.c.customer_id, sa.func.count())
        .where(requests.c.customer_id.in_(customers))
        .group_by(requests.c.customer_id)
    )
    asked = {str(customer): int(number) for customer, number in counted}
    found = connection.execute(
        sa.select(findings.c.customer_id, sa.func.sum(findings.c.label), sa.func.count())
        .where(findings.c.customer_id.in_(customers), findings.c.stands_until.is_(None))
        .group_by(findings.c.customer_id)
    )
    judged = {str(customer): (int(bad), int(number) - int(bad)) for customer, bad, number in found}
    return [Linked(c, step, asked.get(c, 0), *judged.get(c, (0, 0))) for c in customers]


def _strongest(linked: list[Linked]) -> tuple[list[Linked], int]:
    ranked = sorted(linked, key=lambda c: (-c.abuse, -c.requests, c.customer_id))
    return ranked[:NEAREST], max(0, len(ranked) - NEAREST)
