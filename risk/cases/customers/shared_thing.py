"""A thing that customers share, such as an address: who was seen there, and what was found."""

from __future__ import annotations

from dataclasses import dataclass

from risk.cases.customers.shared_thing_rows import SeenAt, count_seen, seen_at
from risk.errors import NotFound
from risk.history.reading.ring_links import LinkedCustomer, weighed
from risk.history.store import History


@dataclass(frozen=True, slots=True)
class SharedThing:
    """A thing by its kind and keyed hash: how many customers it has, the earliest of them with when
    they came (ms), their requests and findings, and their entries on the lists."""

    kind: str
    entity: int
    customers: int
    seen: list[tuple[SeenAt, LinkedCustomer]]

    @property
    def requests(self) -> int:
        return sum(one.requests for _, one in self.seen)

    @property
    def abuse(self) -> int:
        return sum(one.abuse for _, one in self.seen)


def shared_thing(history: History, kind: str, entity: int) -> SharedThing:
    """The record of a shared thing. Raises NotFound where nobody was seen at it."""
    with history.read() as connection:
        people = seen_at(connection, kind, entity)
        if not people:
            raise NotFound("nobody was seen at this")
        found = weighed(connection, [one.customer_id for one in people], 1)
        by_name = {one.customer_id: one for one in found}
        return SharedThing(
            kind=kind,
            entity=entity,
            customers=count_seen(connection, kind, entity),
            seen=[(one, by_name[one.customer_id]) for one in people],
        )
