"""Refreshes the materialised derived rows of the orders that a write touched, from the facts."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import sqlalchemy as sa

from risk.features.derived import STREAMS
from risk.features.epochs import JOINED, epochs, whole
from risk.features.visibility import REVISED
from risk.history.connection.connect import Write
from risk.history.connection.driver import Call, Run, run_together, runner
from risk.history.derived.derive_epochs import MARKED, refresh_by_epoch
from risk.history.derived.derive_sql import STATE, Scope, concerned, insert_select
from risk.history.schema import DERIVED, FACTS
from risk.history.tenants.bound_callers import settle_bound

_ONE = Scope(":touched_order", single=True)
_SOME = Scope(MARKED)
_CHANGING = f"SELECT w.order_id FROM touched w WHERE {Scope('w.order_id').changing}"
_CORRECTED = f"SELECT DISTINCT p.order_id FROM ({epochs()}) p"
_NOT_MARKED = {kind: f"({whole(kind, concerned(kind, f'NOT IN ({MARKED})'))})" for kind in JOINED}
_ALL_BUT_MARKED = {stream: text.format(**_NOT_MARKED) for stream, text in STREAMS.items()}
_FEW = 3
"""Up to so many orders are refreshed one by one, without a list of them in the database."""

MANY_ORDERS = 2_000
"""From so many touched orders on, deriving a whole table again is quicker."""

_RESTS_ON: dict[str, tuple[str, ...]] = {
    "findings": ("inspected", "judged"),
    "returns": ("inspected",),
}
"""Streams that have no rows where none of this is so."""

State = Mapping[str, bool]
_UNKNOWN: State = dict.fromkeys(STATE, True)


def refresh(write: Write) -> None:
    """Derive the rows of the touched orders again, from the facts as they now are."""
    touched, connection = write.touched, write.connection
    if not any(touched.values()):
        return
    if not write.filled.isdisjoint(("request_owners", "waiting_facts")):
        settle_bound(write)
    run = runner(connection)
    if any(len(some) >= MANY_ORDERS for some in touched.values()):
        derive_whole(connection, {stream for stream, some in touched.items() if some})
    else:
        _refresh_some(connection, run, touched)
    touched.clear()


def _refresh_some(connection: sa.Connection, run: Run, touched: Mapping[str, set[str]]) -> None:
    states, changing = _states(connection, run, set[str]().union(*touched.values()))
    calls: list[Call] = []
    for stream in STREAMS:
        orders = touched.get(stream, set()) - changing
        if len(orders) > _FEW:
            run_together(connection, calls)
            _mark(connection, orders)
            calls = _replacing(stream, _SOME, {}, _UNKNOWN)
            continue
        for order in sorted(orders):
            state = states.get(order, _UNKNOWN)
            calls += _replacing(stream, _ONE, {"touched_order": order}, state)
    run_together(connection, calls)
    if changing:
        _mark(connection, changing)
        refresh_by_epoch(run)


def _states(
    connection: sa.Connection, run: Run, orders: set[str]
) -> tuple[dict[str, State], set[str]]:
    """The `STATE` of each of a few orders (of many it is not read), and the orders whose rows must
    be derived epoch by epoch."""
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
    if run(f"SELECT {REVISED}", {})[0][0]:
        corrected = {str(order) for (order,) in run(_CORRECTED, {})}
    _mark(connection, corrected)
    for stream in STREAMS:
        if stream in streams:
            connection.execute(sa.delete(DERIVED[stream]))
            run(insert_select(DERIVED[stream], _ALL_BUT_MARKED[stream]), {})
    if corrected:
        refresh_by_epoch(run)
    if connection.dialect.name == "postgresql":
        _analyse(connection)


def update_statistics(engine: sa.Engine) -> None:
    """Let PostgreSQL look at its tables now, where much was stored in small writes."""
    if engine.dialect.name == "postgresql":
        with engine.connect() as connection:
            _analyse(connection)


def _analyse(connection: sa.Connection) -> None:
    """Update PostgreSQL's statistics of the tables now: it does so itself a minute later, and until
    then reads whole tables where an index would do."""
    connection.exec_driver_sql(f"ANALYZE {', '.join([*FACTS, *DERIVED])}")


def _replacing(stream: str, scope: Scope, bound: Mapping[str, str], state: State) -> list[Call]:
    """What deletes a stream's rows of some orders and inserts what follows from the facts.

    `bound` are the parameters of the scope. First sightings are only added; where the state says
    that there is nothing to delete or to insert, nothing is run.
    """
    delete, insert = scope.texts[stream]
    rests_on = _RESTS_ON.get(stream)
    replaced = stream != "sightings" and state[stream]
    follows = rests_on is None or any(state[name] for name in rests_on)
    return [(text, bound) for text, runs in ((delete, replaced), (insert, follows)) if runs]


def _mark(connection: sa.Connection, orders: set[str]) -> None:
    """List the orders in `touched`.

    PostgreSQL is told how many they are: of a table it never looked at it expects so many that it
    would read all facts instead of theirs.
    """
    postgresql = connection.dialect.name == "postgresql"
    connection.exec_driver_sql("DELETE FROM touched")
    rows = [(order,) for order in sorted(orders)]
    if rows:
        mark = "%s" if postgresql else "?"
        connection.exec_driver_sql(f"INSERT INTO touched (order_id) VALUES ({mark})", rows)
        if postgresql:
            connection.exec_driver_sql("ANALYZE touched")
