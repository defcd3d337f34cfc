"""The graph of linked customers: columns of customers and of the entities they share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from risk.history.reading.ring_links import LinkedCustomer, Links
from risk.history.reading.ring_walk import Entity

COLUMNS = (64, 220, 380, 530, 680)
"""x of the customer, their entities, customers linked, their entities, customers beyond."""

STEP = 46
MARGIN = 30
MAX_ENTITIES = 12


@dataclass(frozen=True, slots=True)
class Node:
    """A customer or a shared entity. `tone` is what was found: bad, good or empty."""

    x: float
    y: float
    kind: str
    name: str
    tone: str
    title: str


@dataclass(frozen=True, slots=True)
class Network:
    """The drawing: its size, its nodes, and lines between points."""

    width: int
    height: int
    nodes: tuple[Node, ...]
    lines: tuple[tuple[float, float, float, float], ...]


def network(links: Links, entity_labels: Mapping[str, str]) -> Network | None:
    """Lay out the links; `entity_labels` by entity kind. None where nothing is shared."""
    shared = _shared(links)
    if not shared:
        return None
    own = [entity for entity, who in shared.items() if links.centre in who][:MAX_ENTITIES]
    first = _near(links.customers, 1, shared, own)
    further = [e for e in shared if e not in own and shared[e] & set(first)][:MAX_ENTITIES]
    further = _ordered(further, first, shared)
    second = _near(links.customers, 2, shared, further)
    columns: list[Sequence[str | Entity]] = [[links.centre], own, first, further, second]
    while not columns[-1]:
        columns.pop()
    height = 2 * MARGIN + STEP * (max(len(column) for column in columns) - 1)
    places: dict[tuple[int, str | Entity], tuple[float, float]] = {
        (number, name): (float(COLUMNS[number]), _y(at, len(column), height))
        for number, column in enumerate(columns)
        for at, name in enumerate(column)
    }
    nodes = [_node(number, name, xy, links, entity_labels) for (number, name), xy in places.items()]
    width = COLUMNS[len(columns) - 1] + 70
    return Network(width, height, tuple(nodes), _lines(places, shared))


def masked(entity: Entity, entity_labels: Mapping[str, str]) -> str:
    """A shared entity by its kind and four hex digits of its hash."""
    return f"{entity_labels.get(entity[0], entity[0])}\N{NO-BREAK SPACE}#{entity[1] & 0xFFFF:04x}"


def _shared(links: Links) -> dict[Entity, set[str]]:
    shared: dict[Entity, set[str]] = {}
    for entity, customer in links.edges:
        shared.setdefault(entity, set()).add(customer)
    return shared


def _near(
    customers: Sequence[LinkedCustomer],
    step: int,
    shared: Mapping[Entity, set[str]],
    entities: list[Entity],
) -> list[str]:
    """The customers of a step that touched one of `entities`, ordered beside them."""
    chosen = [c.customer_id for c in customers if c.step == step]
    reached = [c for c in chosen if any(c in shared[entity_labels] for entity_labels in entities)]
    return sorted(
        reached, key=lambda c: (fmean(i for i, t in enumerate(entities) if c in shared[t]), c)
    )


def _ordered(
    entities: list[Entity], customers: list[str], shared: Mapping[Entity, set[str]]
) -> list[Entity]:
    return sorted(
        entities, key=lambda t: (fmean(i for i, c in enumerate(customers) if c in shared[t]), t)
    )


def _y(at: int, count: int, height: int) -> float:
    return height / 2 + (at - (count - 1) / 2) * STEP


def _node(
    number: int,
    name: str | Entity,
    xy: tuple[float, float],
    links: Links,
    entity_labels: Mapping[str, str],
) -> Node:
    if not isinstance(name, str):
        return Node(*xy, "entity", masked(name, entity_labels), "", masked(name, entity_labels))
    found = next((c for c in links.customers if c.customer_id == name), None)
    tone = "" if found is None else "bad" if found.abuse else "good" if found.honest else ""
    short = name if len(name) <= 14 else f"{name[:13]}…"
    return Node(*xy, "centre" if number == 0 else "customer", short, tone, name)


def _lines(
    places: Mapping[tuple[int, str | Entity], tuple[float, float]],
    shared: Mapping[Entity, set[str]],
) -> tuple[tuple[float, float, float, float], ...]:
    """Lines from each entity to the customers in the columns beside it."""
    lines = []
    for (number, name), (x, y) in places.items():
        if isinstance(name, str):
            continue
        for (beside, other), (x2, y2) in places.items():
            if abs(beside - number) == 1 and other in shared[name]:
                lines.append((x, y, x2, y2))
    return tuple(lines)
