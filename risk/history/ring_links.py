"""Who is linked to a customer through what: a small picture of the ring, with hubs set aside.

The steps are those of `risk.features.ring`: through things that at most `CROWD` customers touched.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypeVar

import sqlalchemy as sa

from risk.features.ring import CROWD, KINDS, SPREAD
from risk.history.schema import findings, requests, sightings

NEAREST = 10
"""How many customers of each step are drawn, those with most findings and requests first."""

HUB_COUNT = 1000
_AROUND = 40
"""How many customers of a step are looked at before the nearest are chosen."""

_TOGETHER = 32
"""How many look-ups go into one statement."""

Entity = tuple[str, int]
T = TypeVar("T")


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
    own = walk.touched([customer_id])
    nearest = walk.reached(own, without={customer_id})
    first, left_out = _strongest(_weighed(connection, nearest, 1))
    touched = walk.touched([c.customer_id for c in first])
    beyond = walk.reached(touched, without={customer_id, *nearest})
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
    """The look-ups of one walk, many to a statement and none made twice."""

    connection: sa.Connection
    crowds: dict[Entity, list[str]] = field(default_factory=dict)
    _hubs: set[Entity] = field(default_factory=set)

    def touched(self, customers: Sequence[str]) -> list[Entity]:
        """What these customers touched, at most `SPREAD` things each."""
        found: dict[Entity, None] = {}
        for some in batched(customers):
            bound = {f"customer_{i}": customer for i, customer in enumerate(some)}
            rows = self.connection.execute(_all_of(_TOUCHED, len(some)), bound)
            found.update(dict.fromkeys((str(kind), int(entity)) for kind, entity in rows))
        return sorted(found)

    def reached(self, entities: Sequence[Entity], without: set[str]) -> list[str]:
        """The customers at these entities that are no hub, at most `_AROUND`."""
        self._gather([entity for entity in entities if entity not in self.crowds])
        found: dict[str, None] = {}
        for entity in entities:
            found.update(dict.fromkeys(self.crowds[entity]))
        return [customer for customer in found if customer not in without][:_AROUND]

    def _gather(self, entities: Sequence[Entity]) -> None:
        for some in batched(entities):
            bound: dict[str, str | int] = {f"kind_{i}": kind for i, (kind, _) in enumerate(some)}
            bound |= {f"entity_{i}": entity for i, (_, entity) in enumerate(some)}
            met: dict[Entity, list[str]] = {entity: [] for entity in some}
            for kind, entity, customer in self.connection.execute(
                _all_of(_CROWD, len(some)), bound
            ):
                met[str(kind), int(entity)].append(str(customer))
            hubs = {entity for entity, crowd in met.items() if len(crowd) > CROWD}
            self._hubs |= hubs
            self.crowds |= {e: [] if e in hubs else crowd for e, crowd in met.items()}

    def hubs(self, own: Sequence[Entity]) -> tuple[tuple[Entity, int], ...]:
        """The hubs among a customer's own things, with their size."""
        return tuple((entity, self._size(entity)) for entity in own if entity in self._hubs)

    def _size(self, entity: Entity) -> int:
        s = sightings.c
        some = sa.select(s.customer_id).where(s.kind == entity[0], s.entity == entity[1])
        query = sa.select(sa.func.count()).select_from(some.limit(HUB_COUNT).subquery())
        return int(self.connection.execute(query).scalar_one())


_KIND_LIST = ", ".join(f"'{kind}'" for kind in KINDS)
_TOUCHED = (
    "SELECT x.kind, x.entity FROM sightings x WHERE x.customer_id = :customer_{i} "
    f"AND x.kind IN ({_KIND_LIST}) ORDER BY x.known_at, x.kind, x.entity LIMIT {SPREAD}"
)
_CROWD = (
    "SELECT x.kind, x.entity, x.customer_id FROM sightings x WHERE x.kind = :kind_{i} "
    "AND x.entity = :entity_{i} "
    f"ORDER BY x.known_at, x.customer_id LIMIT {CROWD + 1}"
)


@lru_cache(maxsize=128)
def _all_of(part: str, count: int) -> sa.TextClause:
    """Many bounded look-ups as one statement."""
    parts = (f"SELECT * FROM ({part.format(i=i)}) t{i}" for i in range(count))
    return sa.text(" UNION ALL ".join(parts))


def batched(items: Sequence[T]) -> Iterator[Sequence[T]]:
    """As many at a time as one statement looks up."""
    for start in range(0, len(items), _TOGETHER):
        yield items[start : start + _TOGETHER]


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
