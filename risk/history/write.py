"""Inserting facts: idempotent by key, a conflict where the content differs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import Any

import sqlalchemy as sa

from risk.errors import Conflict
from risk.facts import KINDS
from risk.facts.columns import STORED
from risk.facts.parse_columns import Columns
from risk.features.derived import STREAMS
from risk.history.connect import Write
from risk.history.driver import insert
from risk.history.schema import FACTS

AFFECTS: dict[str, tuple[str, ...]] = {
    kind: tuple(stream for stream, text in STREAMS.items() if f"{{{kind}}}" in text)
    for kind in KINDS
}
"""Which derived tables a new fact of a kind can change."""

_LOOK_UP = 500


@dataclass(frozen=True, slots=True)
class Added:
    """How many facts were new and how many were known already, word for word.

    `clashing` are the positions of those whose key holds another content.
    """

    new: int
    same: int
    clashing: tuple[int, ...] = ()


def add(write: Write, kind: str, columns: Columns) -> Added:
    """Store facts of one kind (stored columns as `door.take_in` makes them).

    Raises Conflict, naming the first key that already holds another content; nothing of the
    transaction is kept then.
    """
    added = add_some(write, kind, columns)
    if added.clashing:
        name = _named(kind, columns, added.clashing[0])
        raise Conflict(f"{kind}: {name} is stored with another content")
    return added


def add_some(write: Write, kind: str, columns: Columns) -> Added:
    """Store the facts that do not contradict what is stored; the answer names those that do."""
    contents = dict(zip(columns["fact_key"], columns["content"], strict=True))
    places = {key: i for i, key in enumerate(columns["fact_key"])}
    new = _insert(write, kind, columns, list(places.values()))
    clashing: list[int] = []
    if new < len(columns["fact_key"]):
        held = _known(write.connection, kind, list(contents))
        clashing = [
            i for i, key in enumerate(columns["fact_key"]) if held[key] != columns["content"][i]
        ]
    if new:
        _touch(write, kind, columns)
    return Added(new, len(columns["fact_key"]) - new - len(clashing), tuple(clashing))


def _named(kind: str, columns: Columns, i: int) -> str:
    """The key of a fact in words; identities and times stay out of it."""
    parts = [f"{k}={columns[k][i]}" for k in KINDS[kind].key if k.endswith("_id") and k in columns]
    return ", ".join(parts)


def _known(connection: sa.Connection, kind: str, keys: Sequence[int]) -> dict[int, int]:
    table = FACTS[kind]
    known: dict[int, int] = {}
    for start in range(0, len(keys), _LOOK_UP):
        some = keys[start : start + _LOOK_UP]
        found = connection.execute(
            sa.select(table.c.fact_key, table.c.content).where(table.c.fact_key.in_(some))
        )
        known.update((int(key), int(content)) for key, content in found)
    return known


def _insert(write: Write, kind: str, columns: Columns, places: Sequence[int]) -> int:
    """Insert the rows at these places whose keys are not taken; answers how many they were."""
    if not places:
        return 0
    chosen = [columns[column.name] for column in STORED[kind]]
    rows: list[tuple[Any, ...]] = list(zip(*chosen, repeat(write.commit_no), strict=False))
    if len(places) < len(rows):
        rows = [rows[i] for i in places]
    return insert(write.connection, _INSERT[kind], rows)


def _insert_fact(kind: str) -> str:
    names = [*(column.name for column in STORED[kind]), "commit_no"]
    marks = ", ".join("?" * len(names))
    return (
        f"INSERT INTO {kind} ({', '.join(names)}) VALUES ({marks}) "
        "ON CONFLICT (fact_key) DO NOTHING"
    )


_INSERT = {kind: _insert_fact(kind) for kind in STORED}


def _touch(write: Write, kind: str, columns: Columns) -> None:
    if kind == "outcomes":
        write.found.update(columns["refund_id"])
    if not AFFECTS[kind]:
        return
    if "order_id" in columns:
        orders: Iterable[str] = set(columns["order_id"])
    else:
        refunds = sorted(set(columns["refund_id"]))
        orders = _orders_of(write.connection, refunds)
    for stream in AFFECTS[kind]:
        write.touched.setdefault(stream, set()).update(orders)


def _orders_of(connection: sa.Connection, refunds: Sequence[str]) -> set[str]:
    table = FACTS["refunds"]
    orders: set[str] = set()
    for start in range(0, len(refunds), _LOOK_UP):
        some = refunds[start : start + _LOOK_UP]
        query = sa.select(table.c.order_id).where(table.c.refund_id.in_(some))
        orders.update(connection.execute(query).scalars())
    return orders
