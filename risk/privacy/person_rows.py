"""Everything that is stored about one person: the facts of their orders, and what names them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import sqlalchemy as sa

from risk.facts import KINDS, ORDERS, REFUNDS, Kind
from risk.facts.columns import STORED
from risk.history.schema import FACTS

Rows = list[dict[str, Any]]
IDS = ("order_id", "refund_id", "evidence_id")
SHORTEST = 4
"""An id of fewer characters says nobody's name where it stands inside something longer."""

_AT_ONCE = 500


@dataclass(frozen=True)
class DataSubject:
    """A customer under all `names` they are stored under, with the whole rows of their facts.

    `facts` has the lines they bought and all that is known about those orders and their requests.
    """

    names: tuple[str, ...]
    facts: dict[str, Rows]

    @cached_property
    def orders(self) -> frozenset[str]:
        return frozenset(row["order_id"] for row in self.facts["orders"])

    @cached_property
    def refunds(self) -> frozenset[str]:
        return frozenset(row["refund_id"] for row in self.facts["refunds"])

    @cached_property
    def speaking(self) -> frozenset[str]:
        """The ids of their orders, requests and evidence in which their own id stands."""
        pattern = naming(self.names)
        found = {row.get(name) for rows in self.facts.values() for row in rows for name in IDS}
        return frozenset(i for i in found if i and pattern and pattern.search(i))


def find(connection: sa.Connection, names: tuple[str, ...]) -> DataSubject:
    """What is stored of a customer known by these names; nothing where there is none."""
    lines = _rows(connection, "orders", "customer_id", names)
    facts = {"orders": lines}
    own = {"order_id": {row["order_id"] for row in lines}, "refund_id": set[str]()}
    for kind in KINDS.values():
        if kind is not ORDERS:
            facts[kind.name] = _about(connection, kind, own)
        if kind is REFUNDS:
            own["refund_id"] = {row["refund_id"] for row in facts["refunds"]}
    return DataSubject(names, facts)


def _about(connection: sa.Connection, kind: Kind, own: Mapping[str, Collection[str]]) -> Rows:
    """The facts of a kind about some orders and requests, each once, whatever it names."""
    found = {
        row["fact_key"]: row
        for name in kind.about
        for row in _rows(connection, kind.name, name, own[name])
    }
    return [found[key] for key in sorted(found)]


def _rows(connection: sa.Connection, kind: str, key: str, wanted: Collection[str]) -> Rows:
    table = FACTS[kind]
    columns = [table.c[column.name] for column in STORED[kind]]
    found: Rows = []
    for some in slices(wanted):
        query = sa.select(*columns).where(table.c[key].in_(some)).order_by(table.c.fact_key)
        found += [dict(row) for row in connection.execute(query).mappings()]
    return found


def slices(values: Iterable[Any]) -> Iterable[list[Any]]:
    """Sorted values, as many at a time as a statement takes."""
    wanted = sorted(values)
    return (wanted[start : start + _AT_ONCE] for start in range(0, len(wanted), _AT_ONCE))


def spellings(names: Iterable[str]) -> list[str]:
    """The names as others would write them: whole, and without the prefix of a hook."""
    bare = {name.split(":", 2)[2] for name in names if name.count(":") >= 2}
    return sorted((n for n in {*names, *bare} if len(n) >= SHORTEST), key=len, reverse=True)


def naming(names: Iterable[str], *, within_ids: bool = True) -> re.Pattern[str] | None:
    """What finds these names in a text; None where they are too short to be told from chance.

    `within_ids` finds `C-17` in `C-17-0001` too, which in a sentence is somebody else.
    """
    wanted = "|".join(re.escape(name) for name in spellings(names))
    around = "0-9A-Za-z" if within_ids else "0-9A-Za-z_-"
    return re.compile(f"(?<![{around}])(?:{wanted})(?![{around}])") if wanted else None
