"""Adding facts: idempotent by key, refused where the content differs, derived rows kept in step."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import Any

import sqlalchemy as sa

from risk.door import STORED
from risk.errors import Conflict
from risk.facts import KINDS
from risk.features.streams import STREAMS
from risk.history.connect import Write
from risk.history.raw import insert, runner
from risk.history.schema import DERIVED, FACTS, sightings
from risk.history.scope import Scope, insert_select
from risk.parse import Columns

ROW_STREAMS = ("requests", "findings", "claims", "returns")
AFFECTS: dict[str, tuple[str, ...]] = {
    "orders": (*ROW_STREAMS, "sightings"),
    "refunds": (*ROW_STREAMS, "sightings"),
    "shipments": ("claims", "sightings"),
    "evidence": (),
    "inspections": ("findings", "returns"),
    "outcomes": ("findings",),
}
"""Which derived tables a new fact of a kind can change."""

_LOOK_UP = 500
_orders = FACTS["orders"]


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
    if "order_id" in columns:
        orders: Iterable[str] = set(columns["order_id"])
    else:
        refunds = sorted(set(columns["refund_id"]))
        orders = _orders_of(write.connection, refunds) if AFFECTS[kind] else ()
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


_ONE = Scope(":touched_order")
_SOME = Scope("SELECT order_id FROM touched")
_FEW = 3
"""Up to so many orders are made anew one by one, without a list of them in the database."""

MANY_ORDERS = 2_000
"""From so many touched orders on, making a derived table anew as a whole is quicker."""


def refresh(write: Write) -> None:
    """Make the derived rows of the touched orders anew, from the facts as they now are."""
    many = False
    for stream in STREAMS:
        orders = write.touched.get(stream)
        if orders:
            _refresh(write.connection, stream, orders)
            many = many or len(orders) >= MANY_ORDERS
    write.touched.clear()
    if many and write.connection.dialect.name == "postgresql":
        _count_anew(write.connection)


def _count_anew(connection: sa.Connection) -> None:
    """Let PostgreSQL know at once how large its tables have become: until it does, by itself and a
    minute later, it reads whole tables where an index would do."""
    connection.exec_driver_sql(f"ANALYZE {', '.join([*FACTS, *DERIVED])}")


def _refresh(connection: sa.Connection, stream: str, orders: set[str]) -> None:
    if len(orders) >= MANY_ORDERS:
        connection.execute(sa.delete(DERIVED[stream]))
        whole = STREAMS[stream].format(**{kind: kind for kind in STORED})
        connection.exec_driver_sql(insert_select(DERIVED[stream], whole))
    elif len(orders) > _FEW:
        _mark(connection, orders)
        _make_anew(connection, stream, _SOME, {})
    else:
        for order in sorted(orders):
            _make_anew(connection, stream, _ONE, {"touched_order": order})


def _make_anew(
    connection: sa.Connection, stream: str, scope: Scope, bound: Mapping[str, str]
) -> None:
    run = runner(connection)
    out, into = scope.texts[stream]
    if stream != "sightings":
        run(out, bound)
    elif customers := [str(row[0]) for row in run(scope.disputed, bound)]:
        if bound:
            _mark(connection, set(bound.values()))
        _forget_sightings(connection, customers)
        into, bound = _SOME.texts[stream][1], {}
    run(into, bound)


def _forget_sightings(connection: sa.Connection, customers: Sequence[str]) -> None:
    """Mark every order of these customers as well, and take what they were first seen at away.

    Where the lines of an order name several customers, a line that is known earlier than the others
    moves the order's requests to its customer, so a first sighting can vanish; elsewhere it can
    only become earlier.
    """
    others = sa.select(_orders.c.order_id).where(_orders.c.customer_id.in_(customers))
    connection.execute(sa.delete(sightings).where(sightings.c.customer_id.in_(customers)))
    rows = [{"order_id": order} for order in connection.execute(others.distinct()).scalars()]
    marked = sa.text("INSERT INTO touched VALUES (:order_id) ON CONFLICT DO NOTHING")
    connection.execute(marked, rows)


def _mark(connection: sa.Connection, orders: set[str]) -> None:
    mark = "%s" if connection.dialect.name == "postgresql" else "?"
    connection.exec_driver_sql("DELETE FROM touched")
    connection.exec_driver_sql(
        f"INSERT INTO touched (order_id) VALUES ({mark})", [(order,) for order in sorted(orders)]
    )
