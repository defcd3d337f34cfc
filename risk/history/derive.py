"""Materialised derived rows, refreshed from the facts for the orders that a write touched."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from risk.features.derived import STREAMS
from risk.features.epochs import JOINED, epochs, whole
from risk.history.bound_callers import settle_bound
from risk.history.connect import Write
from risk.history.derive_epochs import MARKED, refresh_by_epoch
from risk.history.derive_sql import STATE, Scope, concerned, insert_select
from risk.history.driver import Run, runner
from risk.history.schema import DERIVED, FACTS

_ONE = Scope(":touched_order")
_SOME = Scope(MARKED)
_CHANGING = f"SELECT w.order_id FROM touched w WHERE {Scope('w.order_id').changing}"
_ANY_CORRECTED = "SELECT " + " OR ".join(
    ("EXISTS (SELECT 1 FROM retractions)",
     *(f"EXISTS (SELECT 1 FROM {kind} f WHERE f.corrects IS NOT NULL)" for kind in JOINED))
)  # fmt: skip
_CORRECTED = f"SELECT DISTINCT p.order_id FROM ({epochs()}) p"
_NOT_MARKED = {kind: f"({whole(kind, concerned(kind, f'NOT IN ({MARKED})'))})" for kind in JOINED}
_ALL_BUT_MARKED = {stream: text.format(**_NOT_MARKED) for stream, text in STREAMS.items()}
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
    if not any(touched.values()):
        return
    settle_bound(write)
    run = runner(connection)
    if any(len(some) >= MANY_ORDERS for some in touched.values()):
        derive_whole(connection, {stream for stream, some in touched.items() if some})
    else:
        _refresh_some(connection, run, touched)
    touched.clear()


def _refresh_some(connection: sa.Connection, run: Run, touched: Mapping[str, set[str]]) -> None:
    states, changing = _states(connection, run, set[str]().union(*touched.values()))
    for stream in STREAMS:
        _refresh(connection, run, stream, touched.get(stream, set()) - changing, states)
    if changing:
        _mark(connection, changing)
        refresh_by_epoch(run)


def _states(
    connection: sa.Connection, run: Run, orders: set[str]
) -> tuple[dict[str, State], set[str]]:
    """What there is to make anew of each of a few orders, of many it is not asked; and the orders
    whose rows must be made epoch by epoch."""
    if len(orders) > _FEW:
        _mark(connection, orders)
        return {}, {str(order) for (order,) in run(_CHANGING, {})}
    states: dict[str, State] = {
        order: dict(zip(STATE, run(_ONE.state, {"touched_order": order})[0], strict=True))
        for order in orders
    }
    return states, {order for order, state in states.items() if state["changing"]}


def derive_whole(connection: sa.Connection, streams: Collection[str]) -> None:
    """Derive every row of these streams again, from all facts."""
    run = runner(connection)
    corrected: set[str] = set()
    if run(_ANY_CORRECTED, {})[0][0]:
        corrected = {str(order) for (order,) in run(_CORRECTED, {})}
    _mark(connection, corrected)
    for stream in STREAMS:
        if stream in streams:
            connection.execute(sa.delete(DERIVED[stream]))
            run(insert_select(DERIVED[stream], _ALL_BUT_MARKED[stream]), {})
    if corrected:
        refresh_by_epoch(run)
    if connection.dialect.name == "postgresql":
        _count_anew(connection)


def _count_anew(connection: sa.Connection) -> None:
    """Let PostgreSQL know at once how large its tables have become: until it does, by itself and a
    minute later, it reads whole tables where an index would do."""
    connection.exec_driver_sql(f"ANALYZE {', '.join([*FACTS, *DERIVED])}")


def _refresh(
    connection: sa.Connection, run: Run, stream: str, orders: set[str], states: Mapping[str, State]
) -> None:
    if len(orders) > _FEW:
        _mark(connection, orders)
        _make_anew(run, stream, _Part(_SOME, {}, _UNKNOWN))
        return
    for order in sorted(orders):
        part = _Part(_ONE, {"touched_order": order}, states.get(order, _UNKNOWN))
        _make_anew(run, stream, part)


@dataclass(frozen=True, slots=True)
class _Part:
    """Some orders: how they are said in SQL, with what bound, and what there is of them."""

    scope: Scope
    bound: Mapping[str, str]
    state: State


def _make_anew(run: Run, stream: str, part: _Part) -> None:
    """Take out what rows there are, and put in what there may be; first sightings are added."""
    out, into = part.scope.texts[stream]
    if stream != "sightings" and part.state[stream]:
        run(out, part.bound)
    rests_on = _RESTS_ON.get(stream)
    if rests_on is None or any(part.state[name] for name in rests_on):
        run(into, part.bound)


def _mark(connection: sa.Connection, orders: set[str]) -> None:
    mark = "%s" if connection.dialect.name == "postgresql" else "?"
    connection.exec_driver_sql("DELETE FROM touched")
    rows = [(order,) for order in sorted(orders)]
    if rows:
        connection.exec_driver_sql(f"INSERT INTO touched (order_id) VALUES ({mark})", rows)
