"""References of facts that meet nothing, counted with an example of each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from risk.facts import SUBMITTED

OWNERS = {"order_id": "orders", "refund_id": "refunds"}
"""The kind that an id is defined by."""

NOUNS = {"orders": "an order", "refunds": "a request"}
LINE = "line_id"
BETWEEN = "\x1f"

Elsewhere = Callable[[str, list[str]], set[str]]
"""Which of these ids of a kind are known elsewhere; lines are given as `lines`, each with its order
and `BETWEEN` before it."""


@dataclass(frozen=True, slots=True)
class Unmet:
    """How many of the references of a kind meet nothing, the first of them and its row."""

    kind: str
    to: str
    rows: int
    of: int
    example: str
    row: int

    def __str__(self) -> str:
        if self.to == "lines":
            order, _, line = self.example.partition(BETWEEN)
            name, example = "a line that their order does not have", f"{line!r} of {order!r}"
        else:
            name, example = f"{NOUNS[self.to]} that is not there", repr(self.example)
        return f"{self.kind}: {self.rows:,} of {self.of:,} name {name}, e.g. {example}"


def unmet_references(
    facts: Mapping[str, pa.Table], elsewhere: Elsewhere | None = None
) -> Iterator[Unmet]:
    """What of the facts (stored columns) names an order, line or request that is neither among them
    nor known `elsewhere`."""
    for kind in SUBMITTED:
        table = facts.get(kind)
        if table is None or not table.num_rows:
            continue
        for name, to in OWNERS.items():
            if to != kind and name in table.column_names:
                yield from _unmet(kind, table[name], to, _ids(facts, to, name), elsewhere)
        if kind != "orders" and {"order_id", LINE} <= set(table.column_names):
            yield from _unmet_lines(kind, table, facts, elsewhere)


def _ids(facts: Mapping[str, pa.Table], kind: str, name: str) -> pa.Array:
    table = facts.get(kind)
    return pc.unique(table[name]) if table is not None else pa.array([], pa.string())


def _unmet_lines(
    kind: str, table: pa.Table, facts: Mapping[str, pa.Table], elsewhere: Elsewhere | None
) -> Iterator[Unmet]:
    """References to a line, where the order is there."""
    orders = facts.get("orders")
    own = pa.array([], pa.string()) if orders is None else pc.unique(_lines(orders))
    given = _lines(table)
    lines = _missing(given, own, "lines", elsewhere)
    absent = _missing(table["order_id"], _ids(facts, "orders", "order_id"), "orders", elsewhere)
    yield from _told(kind, given, "lines", pc.and_(lines, pc.invert(absent)))


def _lines(table: pa.Table) -> Any:
    return pc.binary_join_element_wise(table["order_id"], table[LINE], BETWEEN)


def _unmet(
    kind: str, given: Any, to: str, own: pa.Array, elsewhere: Elsewhere | None
) -> Iterator[Unmet]:
    yield from _told(kind, given, to, _missing(given, own, to, elsewhere))


def _missing(given: Any, own: pa.Array, to: str, elsewhere: Elsewhere | None) -> Any:
    """Which references are to nothing (a column of booleans; none where nothing is named)."""
    missing = pc.and_(pc.is_valid(given), pc.invert(pc.is_in(given, own)))
    if elsewhere is None or not pc.any(missing).as_py():
        return missing
    asked = pc.unique(given.filter(missing)).to_pylist()
    known = elsewhere(to, asked)
    return pc.and_(missing, pc.invert(pc.is_in(given, pa.array(sorted(known), pa.string()))))


def _told(kind: str, given: Any, to: str, missing: Any) -> Iterator[Unmet]:
    rows = pc.sum(missing).as_py() or 0
    if rows:
        row = pc.index(missing, True).as_py()
        of = len(given) - given.null_count
        yield Unmet(kind, to, int(rows), of, str(given[row].as_py()), row)
