"""Materialised derived rows, refreshed from the facts for the orders that a write touched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from risk.facts.columns import STORED
from risk.features.derived import STREAMS
from risk.history.connect import Write
from risk.history.derive_sql import STATE, Scope, insert_select
from risk.history.driver import Run, runner
from risk.history.schema import DERIVED, FACTS, sightings

_orders = FACTS["orders"]

_ONE = Scope(":touched_order")
_SOME = Scope("SELECT order_id FROM touched")
_FEW = 3
"""Up to so many orders are made anew one by one, without a list of them in the database."""

MANY_ORDERS = 2_000
"""From so many touched orders on, making a derived table anew as a whole is quicker."""

_RESTS_ON: dict[str, tuple[str, ...]] = {
    "findings": ("inspected", "judged"),
    "returns": ("inspected",),
}
"""Streams that have no rows where none of this is so."""

State = Mapping[str, bool]
_UNKNOWN: State = dict.fromkeys(STATE, True)


def refresh(write: Write) -> None:
    """Make the derived rows of the touched orders anew, from the facts as they now are."""
    touched, connection = write.touched, write.connection
    run = runner(connection)
    states = _states(run, set().union(*touched.values()))
    many = False
    for stream in STREAMS:
        orders = touched.get(stream)
        if orders:
            _refresh(connection, run, stream, orders, states)
            many = many or len(orders) >= MANY_ORDERS
    touched.clear()
    if many and connection.dialect.name == "postgresql":
        _count_anew(connection)


def _states(run: Run, orders: set[str]) -> dict[str, State]:
    """What there is to make anew of each of a few orders; of many it is not asked."""
    if len(orders) > _FEW:
        return {}
    return {
        order: dict(zip(STATE, run(_ONE.state, {"touched_order": order})[0], strict=True))
        for order in orders
    }


def _count_anew(connection: sa.Connection) -> None:
    """Let PostgreSQL know at once how large its tables have become: until it does, by itself and a
    minute later, it reads whole tables where an index would do."""
    connection.exec_driver_sql(f"ANALYZE {', '.join([*FACTS, *DERIVED])}")


def _refresh(
    connection: sa.Connection, run: Run, stream: str, orders: set[str], states: Mapping[str, State]
) -> None:
    if len(orders) >= MANY_ORDERS:
        derive_whole(connection, stream)
    elif len(orders) > _FEW:
        _mark(connection, orders)
        _make_anew(connection, run, stream, _Part(_SOME, {}, _UNKNOWN))
    else:
        for order in sorted(orders):
            part = _Part(_ONE, {"touched_order": order}, states.get(order, _UNKNOWN))
            _make_anew(connection, run, stream, part)


def derive_whole(connection: sa.Connection, stream: str) -> None:
    """Derive every row of a stream again, from all facts."""
    connection.execute(sa.delete(DERIVED[stream]))
    whole = STREAMS[stream].format(**{kind: kind for kind in STORED})
    connection.exec_driver_sql(insert_select(DERIVED[stream], whole))


@dataclass(frozen=True, slots=True)
class _Part:
    """Some orders: how they are said in SQL, with what bound, and what there is of them."""

    scope: Scope
    bound: Mapping[str, str]
    state: State


def _make_anew(connection: sa.Connection, run: Run, stream: str, part: _Part) -> None:
    """Take out what rows there are, and put in what there may be."""
    if stream == "sightings":
        _see_anew(connection, run, part)
        return
    out, into = part.scope.texts[stream]
    if part.state[stream]:
        run(out, part.bound)
    rests_on = _RESTS_ON.get(stream)
    if rests_on is None or any(part.state[name] for name in rests_on):
        run(into, part.bound)


def _see_anew(connection: sa.Connection, run: Run, part: _Part) -> None:
    """Add first sightings; where an order's lines name several customers, all of theirs anew."""
    scope, bound = part.scope, part.bound
    disputed = run(scope.disputed, bound) if part.state["disputed"] else []
    if disputed:
        if bound:
            _mark(connection, set(bound.values()))
        _forget_sightings(connection, [str(row[0]) for row in disputed])
        scope, bound = _SOME, {}
    run(scope.texts["sightings"][1], bound)


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
