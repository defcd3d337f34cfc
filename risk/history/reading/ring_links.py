"""The customers linked to one through shared entities, for a drawing: the ring without its hubs.

The steps are those of the ring itself (`risk.history.reading.ring_walk`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from risk.history.connection.driver import runner
from risk.history.reading.ring_walk import Entity, People, Walk
from risk.history.schema import findings, latest, requests, sightings

NEAREST = 10
"""How many customers of each step are drawn, those with most findings and requests first."""

HUB_COUNT = 1000
_MAX_STEP = 40
"""Customers of a step that are considered before the nearest are chosen."""


@dataclass(frozen=True, slots=True)
class LinkedCustomer:
    """A customer within two steps, with the number of requests and findings."""

    customer_id: str
    step: int
    requests: int
    abuse: int
    honest: int


@dataclass(frozen=True, slots=True)
class Links:
    """The drawing: customers, the entities they share (`edges`), hubs, and how many are left out.

    `edges` are (entity, customer id), the customer in the centre included. `hubs` are entities of
    too many customers to link anybody, with the number of those (at most `HUB_COUNT`).
    """

    centre: str
    customers: tuple[LinkedCustomer, ...] = ()
    edges: tuple[tuple[Entity, str], ...] = ()
    hubs: tuple[tuple[Entity, int], ...] = ()
    more: int = 0


def links_of(connection: sa.Connection, customer_id: str, as_of: int) -> Links:
    """The customer's links as they were known before a moment (ms)."""
    walk = Walk(runner(connection), {"as_of": as_of})
    own = walk.entities_of([customer_id])
    nearest = _earliest(walk.step(own), without={customer_id})
    first, left_out = _strongest(weighed(connection, nearest, 1))
    theirs = walk.entities_of(linked.customer_id for linked in first)
    beyond = _earliest(walk.step(theirs), without={customer_id, *nearest})
    second, more = _strongest(weighed(connection, beyond, 2))
    members = {customer_id, *(linked.customer_id for linked in (*first, *second))}
    hubs = [entity for entity in sorted(own) if not walk.customers_at(entity)]
    return Links(
        centre=customer_id,
        customers=(*first, *second),
        edges=_edges(walk, own | theirs, members),
        hubs=tuple((entity, _size(connection, entity)) for entity in hubs),
        more=left_out + more,
    )


def _earliest(people: People, without: set[str]) -> list[str]:
    """At most `_MAX_STEP` of these customers, those seen first at a shared entity first."""
    ordered = sorted((since, customer) for customer, since in people.items())
    return [customer for _, customer in ordered if customer not in without][:_MAX_STEP]


def _edges(walk: Walk, entities: set[Entity], members: set[str]) -> tuple[tuple[Entity, str], ...]:
    """Each of the entities that at least two of the members share, with each of those members."""
    shared = ((entity, walk.customers_at(entity).keys() & members) for entity in entities)
    return tuple(
        sorted((entity, member) for entity, those in shared if len(those) > 1 for member in those)
    )


def _size(connection: sa.Connection, entity: Entity) -> int:
    """How many customers touched an entity, at most `HUB_COUNT`."""
    s = sightings.c
    some = sa.select(s.customer_id).where(
        s.kind == entity[0], s.entity == entity[1], latest(sightings)
    )
    query = sa.select(sa.func.count()).select_from(some.limit(HUB_COUNT).subquery())
    return int(connection.execute(query).scalar_one())


def weighed(connection: sa.Connection, customers: Sequence[str], step: int) -> list[LinkedCustomer]:
    """These customers with how many requests they made, and what was found of them."""
    if not customers:
        return []
    of = {"customers": list(customers)}
    asked = {str(one): int(number) for one, number in connection.execute(_ASKED, of)}
    found = connection.execute(_FOUND, of)
    judged = {str(one): (int(bad), int(number) - int(bad)) for one, bad, number in found}
    return [LinkedCustomer(c, step, asked.get(c, 0), *judged.get(c, (0, 0))) for c in customers]


_CUSTOMERS: sa.BindParameter[str] = sa.bindparam("customers", expanding=True)
_ASKED = (
    sa.select(requests.c.customer_id, sa.func.count())
    .where(requests.c.customer_id.in_(_CUSTOMERS), latest(requests))
    .group_by(requests.c.customer_id)
)
_FOUND = (
    sa.select(findings.c.customer_id, sa.func.sum(findings.c.label), sa.func.count())
    .where(
        findings.c.customer_id.in_(_CUSTOMERS), findings.c.stands_until.is_(None), latest(findings)
    )
    .group_by(findings.c.customer_id)
)


def _strongest(linked: list[LinkedCustomer]) -> tuple[list[LinkedCustomer], int]:
    ranked = sorted(linked, key=lambda c: (-c.abuse, -c.requests, c.customer_id))
    return ranked[:NEAREST], max(0, len(ranked) - NEAREST)
