"""Everything that is stored about one customer: facts of their orders, and ids with their name."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import sqlalchemy as sa

from risk.facts import KINDS, ORDERS, OWN_IDS, Kind
from risk.facts.columns import STORED
from risk.facts.revisions import FOREVER
from risk.history.schema import FACTS

Rows = list[dict[str, Any]]
MIN_LENGTH = 4
"""Shorter ids are not searched for inside other texts: they would match by chance."""

_BATCH = 500


@dataclass(frozen=True)
class DataSubject:
    """A customer under all `names` they are stored under, with the whole rows of their facts.

    `facts` holds their order lines and every fact about those orders and their requests.
    """

    names: tuple[str, ...]
    facts: dict[str, Rows]

    @cached_property
    def orders(self) -> frozenset[str]:
        """Their orders, without those that a correction gave to somebody else."""
        lines = self.facts["orders"]
        others = {fact_of(row) for row in lines if self._is_of_another(row)}
        own = (row for row in lines if row["customer_id"] in self.names)
        return frozenset(row["order_id"] for row in own if fact_of(row) not in others)

    def _is_of_another(self, line: Mapping[str, Any]) -> bool:
        return line["valid_to"] == FOREVER and line["customer_id"] not in self.names

    @cached_property
    def refunds(self) -> frozenset[str]:
        return frozenset(row["refund_id"] for row in self.facts["refunds"])

    @cached_property
    def ids_with_name(self) -> frozenset[str]:
        """The ids of their orders, requests and evidence that contain their customer id."""
        pattern = name_pattern(self.names)
        found = {row.get(name) for rows in self.facts.values() for row in rows for name in OWN_IDS}
        return frozenset(i for i in found if i and pattern and pattern.search(i))


def read_subject(connection: sa.Connection, names: tuple[str, ...]) -> DataSubject:
    """What is stored of a customer known by these names; nothing where there is none."""
    subject = DataSubject(names, {"orders": _lines(connection, names)})
    own: dict[str, Collection[str]] = {"order_id": subject.orders}
    for kind in KINDS.values():
        if kind is not ORDERS:
            found = subject.facts[kind.name] = _about(connection, kind, own)
            own.setdefault(kind.key[0], {row[kind.key[0]] for row in found})
    return subject


def _lines(connection: sa.Connection, names: Collection[str]) -> Rows:
    """Every revision of the lines of which any names the customer."""
    keys = {fact_of(row) for row in _rows(connection, "orders", "customer_id", names)}
    firsts = _rows(connection, "orders", "fact_key", keys)
    return [*firsts, *_rows(connection, "orders", "corrects", keys)]


def fact_of(row: Mapping[str, Any]) -> int:
    """The `fact_key` of the first revision of a row's fact."""
    return int(row["fact_key"] if row["corrects"] is None else row["corrects"])


def _about(connection: sa.Connection, kind: Kind, own: Mapping[str, Collection[str]]) -> Rows:
    """The facts of a kind about some orders and requests, each once, whatever it names."""
    found = {
        row["fact_key"]: row
        for name in kind.about
        for row in _rows(connection, kind.name, name, own[name])
    }
    return [found[key] for key in sorted(found)]


def _rows(connection: sa.Connection, kind: str, key: str, wanted: Collection[Any]) -> Rows:
    table = FACTS[kind]
    columns = [table.c[column.name] for column in STORED[kind]]
    found: Rows = []
    for some in batches(wanted):
        query = sa.select(*columns).where(table.c[key].in_(some)).order_by(table.c.fact_key)
        found += [dict(row) for row in connection.execute(query).mappings()]
    return found


def batches(values: Iterable[Any]) -> Iterable[list[Any]]:
    """Sorted values in lists of at most `_BATCH`, as many as a statement takes."""
    wanted = sorted(values)
    return (wanted[start : start + _BATCH] for start in range(0, len(wanted), _BATCH))


def spellings(names: Iterable[str]) -> list[str]:
    """The names in full and without the prefix of a webhook; too short ones are left out."""
    bare = {name.split(":", 2)[2] for name in names if name.count(":") >= 2}
    return sorted((n for n in {*names, *bare} if len(n) >= MIN_LENGTH), key=len, reverse=True)


def name_pattern(names: Iterable[str], *, within_ids: bool = True) -> re.Pattern[str] | None:
    """A pattern that finds these names in a text; None where all of them are too short.

    `within_ids` finds `C-17` in `C-17-0001` too, which in a sentence is somebody else.
    """
    wanted = "|".join(re.escape(name) for name in spellings(names))
    around = "0-9A-Za-z" if within_ids else "0-9A-Za-z_-"
    return re.compile(f"(?<![{around}])(?:{wanted})(?![{around}])") if wanted else None
