"""Ids of bound callers: within their merchant, also where another merchant uses the same one.

An id that another merchant's order, request, evidence or dispute has already gets an alias: the
fact is stored under an id of the merchant's own, by which its later facts find it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

import sqlalchemy as sa

from risk.errors import BadInput, Problem
from risk.facts import EVIDENCE, ORDERS, OWN_IDS, PAYMENT_DISPUTES, REFUNDS
from risk.facts.parse_columns import Columns
from risk.history.connect import Write
from risk.history.ownership import Subject, of_subjects
from risk.history.schema import FACTS
from risk.history.schema_tenants import id_aliases

CREATED = {
    ORDERS.name: ("order_id",),
    REFUNDS.name: ("order_id", "refund_id"),
    EVIDENCE.name: ("evidence_id",),
    PAYMENT_DISPUTES.name: ("dispute_id",),
}
"""The ids by which a fact of a bound caller names what is its merchant's own."""


@dataclass(frozen=True)
class IdScope:
    """The ids of a bound caller's facts: `internal` by name and the caller's id, where they differ,
    and which of them are `new`, by name and id the merchant they belong to."""

    internal: Mapping[Subject, str] = field(default_factory=dict)
    new: Mapping[Subject, str] = field(default_factory=dict)

    def rename(self, columns: Columns) -> None:
        """Put the internal ids in the place of the caller's."""
        for name in OWN_IDS if self.internal else ():
            if name in columns:
                columns[name] = [self.internal.get((name, v), v) for v in columns[name]]

    def store(self, write: Write) -> None:
        """Store the aliases that are new."""
        for (name, value), merchant_id in self.new.items():
            add_alias(write, merchant_id, name, value, self.internal[name, value])


NO_SCOPE = IdScope()
"""The ids of callers that are not bound: as they are."""


def scope_ids(
    connection: sa.Connection, merchants: frozenset[str], facts: Mapping[str, Columns]
) -> IdScope:
    """The internal ids of the facts, by kind, of a caller bound to merchants.

    Raises BadInput where another merchant has an id and the caller speaks for several.
    """
    wanted = {
        (name, str(value))
        for columns in facts.values()
        for name in OWN_IDS
        for value in columns.get(name, ())
        if value is not None
    }
    internal = read_aliases(connection, merchants, wanted)
    created = dict(_created(facts, merchants))
    taken = _taken(connection, created.keys() - internal.keys(), merchants)
    unclear = sorted(value for name, value in taken if not created[name, value])
    if unclear:
        expected = f"one merchant of {', '.join(sorted(merchants))} named"
        raise BadInput([Problem("merchant", None, "merchant", expected, "several")])
    new = {subject: created[subject] for subject in taken}
    internal |= {subject: own_id(new[subject], subject[1]) for subject in taken}
    return IdScope(internal, new)


def _created(
    facts: Mapping[str, Columns], merchants: frozenset[str]
) -> Iterator[tuple[Subject, str]]:
    """What the facts name as the merchant's own, each with the merchant, empty if unclear."""
    only = next(iter(merchants)) if len(merchants) == 1 else ""
    lines = facts.get(ORDERS.name, {})
    of_line = dict(zip(lines.get("order_id", ()), lines.get("merchant_id", ()), strict=True))
    for kind, names in CREATED.items():
        columns = facts.get(kind, {})
        orders = columns.get("order_id", ())
        for name in names:
            for i, value in enumerate(columns.get(name, ())):
                merchant = (of_line.get(orders[i]) if i < len(orders) else None) or only
                yield (name, str(value)), merchant


def _taken(
    connection: sa.Connection, wanted: Collection[Subject], merchants: frozenset[str]
) -> set[Subject]:
    """Which of these ids another merchant has."""
    about = {(name, value): (name, value) for name, value in wanted if name in _DIRECT}
    for kind in (EVIDENCE, PAYMENT_DISPUTES):
        key = kind.key[0]
        values = sorted(value for name, value in wanted if name == key)
        c = FACTS[kind.name].c
        columns = [c[name] for name in kind.about]
        rows = connection.execute(sa.select(c[key], *columns).where(c[key].in_(values)))
        for value, *subjects in rows:
            named = zip(kind.about, subjects, strict=True)
            about[key, str(value)] = next((name, str(v)) for name, v in named if v)
    owners = of_subjects(connection, set(about.values()))
    return {
        subject
        for subject, owned in about.items()
        if (found := owners.get(owned)) and None not in found and not found & merchants
    }


_DIRECT = ("order_id", "refund_id")


def own_id(merchant_id: str, value: str) -> str:
    """The internal id of a merchant for an id that another merchant had before.

    >>> own_id("M-2", "1001")
    '1001@M-2'
    """
    return f"{value}@{merchant_id}"


def add_alias(write: Write, merchant_id: str, name: str, value: str, internal: str) -> None:
    """Store what a merchant's id is in this store; an alias that stands stays."""
    known = read_aliases(write.connection, frozenset((merchant_id,)), {(name, value)})
    if (name, value) not in known:
        row = {"merchant_id": merchant_id, "name": name, "id": value, "internal_id": internal}
        write.connection.execute(sa.insert(id_aliases).values(**row))


def read_aliases(
    connection: sa.Connection, merchants: frozenset[str], wanted: Collection[Subject]
) -> dict[Subject, str]:
    """The aliases among these ids."""
    c = id_aliases.c
    found: dict[Subject, str] = {}
    for name in {name for name, _ in wanted}:
        values = sorted({value for field, value in wanted if field == name})
        query = sa.select(c.id, c.internal_id).where(
            c.merchant_id.in_(sorted(merchants)), c.name == name, c.id.in_(values)
        )
        rows = connection.execute(query)
        found.update(((name, str(value)), str(internal)) for value, internal in rows)
    return found
