"""Facts of a person without the person: tombstones for identities, nothing where words were."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from risk.facts import KINDS
from risk.facts.columns import STORED
from risk.facts.parse import Columns
from risk.features.derived import STREAMS
from risk.history.connect import Write
from risk.history.fact_columns import digest
from risk.history.schema import DERIVED, FACTS, sightings
from risk.privacy.person_rows import IDS, DataSubject, Rows, slices

TOMB = "forgotten:"
THINGS: dict[str, dict[str, str]] = {
    kind: {column.name: column.entity for column in columns if column.entity}
    for kind, columns in STORED.items()
}
"""The columns that hold hashes of things, and the kind of thing each is."""

Thing = tuple[str, int]


@dataclass(frozen=True)
class Tombs:
    """What takes the place of what: of customers and ids by name, of things by their hash.

    A thing that others have touched too is theirs as well, and stays: `shared` counts those.
    """

    names: Mapping[str, str]
    things: Mapping[Thing, int] = field(default_factory=dict)
    shared: int = 0

    def id(self, value: str | None) -> str | None:
        return None if value is None else self.names.get(value, value)


def is_tombstone(customer_id: str | None) -> bool:
    """Whether an id stands for somebody who was forgotten."""
    return customer_id is not None and customer_id.startswith(TOMB)


def tombs_of(connection: sa.Connection, person: DataSubject) -> Tombs:
    """Random tombstones for a person's names and for the things that nobody else touched."""
    named = {name: TOMB + secrets.token_hex(16) for name in (*person.names, *person.speaking)}
    things = {
        (THINGS[kind][column], row[column])
        for kind, rows in person.facts.items()
        for row in rows
        for column in THINGS[kind]
        if row[column] is not None
    }
    shared = _shared(connection, person, things)
    made = {thing: secrets.randbits(64) - 2**63 for thing in things - shared}
    return Tombs(named, made, len(shared))


def _shared(connection: sa.Connection, person: DataSubject, things: set[Thing]) -> set[Thing]:
    found: set[Thing] = set()
    for kind in {kind for kind, _ in things}:
        others = _OTHERS.get(kind, _others_seen)
        for some in slices(value for own, value in things if own == kind):
            query = others(person, kind, some)
            found |= {(kind, int(value)) for value in connection.execute(query).scalars()}
    return found


def _others_seen(person: DataSubject, kind: str, values: list[int]) -> sa.Select[Any]:
    c = sightings.c
    own = c.customer_id.in_(person.names)
    return sa.select(c.entity).where(c.kind == kind, c.entity.in_(values), ~own).distinct()


def _others_returned(person: DataSubject, _: str, values: list[int]) -> sa.Select[Any]:
    """Parcels are counted on their way back, whosever they are."""
    c = FACTS["shipments"].c
    back = sa.and_(c.direction == "return", c.tracking.in_(values))
    return sa.select(c.tracking).where(back, c.order_id.not_in(_own_orders(person))).distinct()


def _others_shown(person: DataSubject, _: str, values: list[int]) -> sa.Select[Any]:
    c, refunds = FACTS["evidence"].c, FACTS["refunds"].c
    ours = sa.select(refunds.refund_id).where(refunds.order_id.in_(_own_orders(person)))
    return sa.select(c.photo).where(c.photo.in_(values), c.refund_id.not_in(ours)).distinct()


def _own_orders(person: DataSubject) -> sa.Select[Any]:
    c = FACTS["orders"].c
    return sa.select(c.order_id).where(c.customer_id.in_(person.names))


_OTHERS = {"photo": _others_shown, "tracking": _others_returned}
"""How to tell what others touched too, where first sightings do not."""


def bury(write: Write, person: DataSubject, tombs: Tombs) -> None:
    """Put the tombstones in the place of the person, in facts and in all that is made of them."""
    for kind, rows in person.facts.items():
        if rows:
            _rewrite(write.connection, kind, rows, tombs)
    for some in slices(person.speaking):
        for name, table in DERIVED.items():
            if name != "sightings":
                write.connection.execute(sa.delete(table).where(table.c.order_id.in_(some)))
    write.connection.execute(sa.delete(sightings).where(sightings.c.customer_id.in_(person.names)))
    orders = {str(tombs.id(order)) for order in person.orders}
    for stream in STREAMS:
        write.touched.setdefault(stream, set()).update(orders)


def _rewrite(connection: sa.Connection, kind: str, rows: Rows, tombs: Tombs) -> None:
    table = FACTS[kind]
    stored = _buried(kind, rows, tombs)
    stored.update(_digests(kind, rows, stored))
    names = [column.name for column in STORED[kind]]
    values = [
        {"was": row["fact_key"], **{f"to_{name}": stored[name][i] for name in names}}
        for i, row in enumerate(rows)
    ]
    changed: dict[str, Any] = {name: sa.bindparam(f"to_{name}") for name in names}
    connection.execute(
        sa.update(table).where(table.c.fact_key == sa.bindparam("was")).values(changed), values
    )


def _buried(kind: str, rows: Rows, tombs: Tombs) -> Columns:
    """The rows as columns, with tombstones in place of names and things and without words."""
    columns: Columns = {c.name: [row[c.name] for row in rows] for c in STORED[kind]}
    for name in {*IDS, "customer_id"} & columns.keys():
        columns[name] = [tombs.id(value) for value in columns[name]]
    for name, thing in THINGS[kind].items():
        columns[name] = [tombs.things.get((thing, value), value) for value in columns[name]]
    for name in KINDS[kind].free_text:
        columns[name] = [None] * len(rows)
    return columns


def _digests(kind: str, rows: Rows, buried: Columns) -> Columns:
    """Key and content as the door would make them of the same fact, were it to come in again.

    There what happened before is concealed: without words and things, but for those of a key.
    """
    again = dict(buried)
    for field_ in KINDS[kind].fields:
        for column in STORED[kind]:
            if column.field == field_.name and field_.identity:
                in_key = field_.name in KINDS[kind].key
                again[column.name] = [row[column.name] if in_key else None for row in rows]
    digest(KINDS[kind], again)
    return {name: again[name] for name in ("fact_key", "content")}
