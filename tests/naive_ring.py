"""The ring walked by hand: who is within two steps through entities that few customers share."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

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

Fact = dict[str, Any]
REVIEWER = 2
"""The authority of a reviewer; that of a merchant is lower."""
Entity = tuple[str, int]


class Walk:
    """The graph of first sightings as it stood before the case's moment."""

    def __init__(self, sightings: Iterable[Fact]) -> None:
        self.at: dict[Entity, dict[str, int]] = {}
        self.of: dict[str, list[tuple[int, str, int]]] = {}
        for seen in sightings:
            if seen["kind"] in KINDS:
                entity = (seen["kind"], seen["entity"])
                self.at.setdefault(entity, {})[seen["customer_id"]] = seen["known_at"]
                touch = (seen["known_at"], *entity)
                self.of.setdefault(seen["customer_id"], []).append(touch)

    def touched(self, customer: str) -> set[Entity]:
        """What a customer touched, the first `MAX_ENTITIES` of it."""
        return {
            (kind, entity) for _, kind, entity in sorted(self.of.get(customer, ()))[:MAX_ENTITIES]
        }

    def customers_at(self, entity: Entity) -> dict[str, int]:
        """Who touched it, and when; nobody where they are too many."""
        people = self.at.get(entity, {})
        return people if len(people) <= MAX_SHARED else {}

    def step(self, entities: Iterable[Entity]) -> dict[str, int]:
        """Everybody there, with when they were first seen at any of these."""
        reached: dict[str, int] = {}
        for entity in entities:
            for customer, since in self.customers_at(entity).items():
                reached[customer] = min(since, reached.get(customer, since))
        return reached


def ring_numbers(
    s: Fact, sightings: list[Fact], requests: list[Fact], findings: list[Fact]
) -> dict[str, int | None]:
    """The numbers of the ring by name; empty without a ring."""
    if s["customer_id"] is None:
        return {}
    walk, as_of = Walk(sightings), s["as_of"]
    own = {(kind, s[kind]) for kind in KINDS if s[kind] is not None}
    own |= walk.touched(s["customer_id"])
    first = walk.step(own)
    second = walk.step(e for customer in first for e in walk.touched(customer))
    reached = [
        (1 if c in first else 2, min(step[c] for step in (first, second) if c in step), c)
        for c in {*first, *second} - {s["customer_id"]}
    ]
    members = sorted(reached)[:MAX_MEMBERS]
    people = [customer for _, _, customer in members]
    if not members:
        return {}
    asked = {
        c: _latest([r for r in requests if r["customer_id"] == c
                    and r["known_at"] >= as_of - WINDOW], "refund_id")
        for c in people
    }  # fmt: skip
    found = {
        c: [f for f in _latest([f for f in findings if f["customer_id"] == c],
                               "refund_id", "authority")
            if f["stands_until"] is None or f["stands_until"] >= as_of]
        for c in people
    }  # fmt: skip
    return {
        "customers": len(people),
        "requests": sum(len(rows) for rows in asked.values()),
        "asking": sum(1 for rows in asked.values() if rows),
        "abuse": sum(f["label"] for rows in found.values() for f in rows),
        "abusers": sum(any(f["label"] for f in rows) for rows in found.values()),
        "abuse_here": sum(counted_here(s, rows) for rows in found.values()),
        "abusers_here": sum(counted_here(s, rows) > 0 for rows in found.values()),
        "honest": sum(1 - f["label"] for rows in found.values() for f in rows),
        "newest": max(since for _, since, _ in members),
        "oldest": min(since for _, since, _ in members),
        "recent": sum(since >= as_of - RECENT for _, since, _ in members),
        "links": sum(c in walk.customers_at(entity) for entity in own for c in people),
        "money": sum(min(r["amount"], MAX_AMOUNT) for rows in asked.values() for r in rows
                     if r["known_at"] >= as_of - RECENT and r["currency"] == s["currency"]),
    }  # fmt: skip


def counted_here(s: Fact, rows: Iterable[Fact]) -> int:
    """How many findings of abuse about one customer count at the shop of the case `s`."""
    abuse = [f for f in rows if f["label"] and f["authority"] > 0]
    shops = [f["merchant_id"] for f in abuse if f["authority"] <= REVIEWER and f["merchant_id"]]
    anywhere = len(abuse) - len(shops)
    return anywhere + (len(shops) if len(set(shops)) >= 2 else shops.count(s["merchant_id"]))


def _latest(rows: list[Fact], *ties: str) -> list[Fact]:
    return sorted(rows, key=lambda row: (row["known_at"], *(row[t] for t in ties)))[-MAX_ROWS:]
