"""Everything that is stored about one customer: facts of their orders, and ids with their name."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import sqlalchemy as sa

from risk.facts import EVIDENCE, KINDS, ORDERS, OWN_IDS, PAYMENT_DISPUTES, REFUNDS, Kind
from risk.facts.columns import STORED
from risk.facts.revisions import FOREVER
from risk.history.schema import FACTS

Rows = list[dict[str, Any]]
Subject = tuple[str, str]
"""A field that holds an id, and the id."""
BRINGING_UP = (ORDERS, REFUNDS, EVIDENCE, PAYMENT_DISPUTES)
"""The kinds of fact that bring up the ids of `OWN_IDS`."""

MIN_LENGTH = 4
"""Shorter ids are not searched for inside other texts: they would match by chance."""

_BATCH = 500


@dataclass(frozen=True)
class DataSubject:
    """A customer under all `names` they are stored under, with the whole rows of their facts.

    `orders` are theirs, without those that a correction gave to somebody else; `facts` holds their
    order lines and every fact about those orders and their requests. `shared` are the ids of
    orders, requests, evidence and disputes of which a row is somebody else's as well.
    """

    names: tuple[str, ...]
    orders: frozenset[str]
    facts: dict[str, Rows]
    shared: frozenset[Subject] = frozenset()

    @cached_property
    def refunds(self) -> frozenset[str]:
        return frozenset(row["refund_id"] for row in self.facts["refunds"])

    @cached_property
    def listed_ids(self) -> frozenset[Subject]:
        """The ids of their orders, requests, evidence and disputes, each with the field that holds
        it."""
        stored = {(k.key[0], row[k.key[0]]) for k in BRINGING_UP for row in self.facts[k.name]}
        found = {of for of in _named(self.facts) if of in stored or of not in self.shared}
        return frozenset(of for of in found if of[0] != "order_id" or of[1] in self.orders)

    @cached_property
    def own_ids(self) -> frozenset[Subject]:
        """The ids that are theirs alone, or contain their customer id."""
        pattern = name_pattern(self.names)
        kept = set(self.shared)
        for kind in KINDS.values():
            for row in self.facts[kind.name]:
                named = {(name, row[name]) for name in OWN_IDS if row.get(name)}
                if named & kept:
                    kept |= {(kind.key[0], row[kind.key[0]])} & named
        with_name = {of for of in self.listed_ids if pattern and pattern.search(of[1])}
        return frozenset(self.listed_ids - kept | with_name)


def read_subject(
    connection: sa.Connection, names: tuple[str, ...], known: Collection[Subject] = ()
) -> DataSubject:
    """What is stored of a customer known by these names; nothing where there is none.

    `known` are ids of theirs that no line of an order leads to any more.
    """
    lines = _lines(connection, names)
    given = {fact_of(row) for row in lines if _is_given_away(row, names)}
    mine = [row for row in lines if row["customer_id"] in names]
    orders = {row["order_id"] for row in mine if fact_of(row) not in given}
    ids = {*known, *(("order_id", order) for order in orders)}
    orders |= {value for name, value in known if name == "order_id"}
    subject = _with_facts(connection, names, frozenset(orders), mine, ids)
    while more := subject.listed_ids - ids:
        ids |= more
        subject = _with_facts(connection, names, frozenset(orders), mine, ids)
    return subject


def _with_facts(
    connection: sa.Connection,
    names: tuple[str, ...],
    orders: frozenset[str],
    lines: Rows,
    ids: Collection[Subject],
) -> DataSubject:
    """The customer with what is about their orders, these `ids`, and what is about that."""
    facts, own = {ORDERS.name: lines}, {n: {v for of, v in ids if of == n} for n in OWN_IDS}
    for kind in KINDS.values():
        if kind is not ORDERS:
            found = facts[kind.name] = _about(connection, kind, own)
            if kind in BRINGING_UP:
                own[kind.key[0]] |= {row[kind.key[0]] for row in found}
    return DataSubject(names, orders, facts, frozenset(_shared(connection, facts)))


def _is_given_away(line: Mapping[str, Any], names: Collection[str]) -> bool:
    return line["valid_to"] == FOREVER and line["customer_id"] not in names


def _named(facts: Mapping[str, Rows]) -> set[Subject]:
    """Every id that facts name, with the field that holds it."""
    return {
        (name, row[name])
        for rows in facts.values()
        for row in rows
        for name in OWN_IDS
        if row.get(name)
    }


def _shared(connection: sa.Connection, facts: Mapping[str, Rows]) -> Iterator[Subject]:
    """The ids under which more rows are stored than these."""
    named = _named(facts)
    for kind in BRINGING_UP:
        name, column = kind.key[0], FACTS[kind.name].c[kind.key[0]]
        here = Counter(row[name] for row in facts[kind.name])
        for some in batches(value for of, value in named if of == name):
            query = sa.select(column, sa.func.count()).where(column.in_(some)).group_by(column)
            for value, number in connection.execute(query):
                if number > here[value]:
                    yield name, value


def _lines(connection: sa.Connection, names: Collection[str]) -> Rows:
    """Every revision of the lines of which any names the customer."""
    keys = {fact_of(row) for row in _rows(connection, "orders", "customer_id", names)}
    firsts = _rows(connection, "orders", "fact_key", keys)
    return [*firsts, *_rows(connection, "orders", "corrects", keys)]


def fact_of(row: Mapping[str, Any]) -> int:
    """The `fact_key` of the first revision of a row's fact."""
    return int(row["fact_key"] if row["corrects"] is None else row["corrects"])


def _about(connection: sa.Connection, kind: Kind, own: Mapping[str, Collection[str]]) -> Rows:
    """The facts of a kind that name some orders, requests or evidence, each once."""
    found = {
        row["fact_key"]: row
        for name in OWN_IDS
        if name in FACTS[kind.name].c
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


def batches(values: Iterable[Any], size: int = _BATCH) -> Iterable[list[Any]]:
    """Sorted values in lists of at most `size`; by default as many as a statement takes."""
    wanted = sorted(values)
    return (wanted[start : start + size] for start in range(0, len(wanted), size))


def spellings(names: Iterable[str]) -> list[str]:
    """The names in full and without the prefix of a webhook; too short ones are left out."""
    bare = {name.split(":", 2)[2] for name in names if name.count(":") >= 2}
    return sorted((n for n in {*names, *bare} if len(n) >= MIN_LENGTH), key=len, reverse=True)


def name_pattern(
    names: Iterable[str], *, within_ids: bool = True, ids: Iterable[str] = ()
) -> re.Pattern[str] | None:
    """A pattern that finds these names and ids in a text; None where all names are too short.

    `within_ids` finds `C-17` in `C-17-0001` too, which in a sentence is somebody else.
    """
    wanted = "|".join(map(re.escape, [*sorted(ids, key=len, reverse=True), *spellings(names)]))
    around = "0-9A-Za-z" if within_ids else "0-9A-Za-z_-"
    return re.compile(f"(?<![{around}])(?:{wanted})(?![{around}])") if wanted else None
