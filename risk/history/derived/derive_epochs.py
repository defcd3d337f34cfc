"""Derived rows of orders that have several epochs, and the first sightings they change.

What such orders touch, or touched before a correction, may be seen first by another order from then
on: those sightings are derived again from all that can be the first of them, and no others. What
another order showed before and for good stays, so that a correction is cheap however much its
customer ordered.
"""

from __future__ import annotations

from collections.abc import Iterable

from risk.facts.revisions import FOREVER
from risk.features.derived import (
    PARCELS,
    REQUESTS,
    STREAMS,
    TOUCHING,
    contending,
    first_seen_by_time,
)
from risk.features.epochs import JOINED, by_epoch, epochs
from risk.features.visibility import is_bounded
from risk.history.connection.driver import Run
from risk.history.derived.derive_sql import ROW_STREAMS, Scope, insert_select
from risk.history.schema import DERIVED

MARKED = "SELECT order_id FROM touched"
_SCOPE = Scope(MARKED)
_BY_EPOCH = {kind: f"({by_epoch(kind)})" for kind in JOINED}


def _select(stream: str) -> str:
    text = STREAMS[stream]
    if stream != "requests":
        text = text.replace(f"({REQUESTS})", _SCOPE.stored_requests)
    return text.format(**_BY_EPOCH)


_FILL_EPOCHS = (
    f"INSERT INTO epochs (order_id, since, until) {epochs(MARKED)}",
    f"INSERT INTO epochs (order_id, since, until) SELECT w.order_id, 0, {FOREVER} "
    "FROM touched w WHERE w.order_id NOT IN (SELECT p.order_id FROM epochs p)",
)
"""Inserts the epochs of the marked orders, including the one of orders never corrected."""


def _entities(kind: str, columns: Iterable[tuple[str, str]], also: str = "") -> str:
    """What any revision of the marked orders' facts of a kind touched."""
    return " UNION ".join(
        f"SELECT f.order_id, '{thing}' AS kind, f.{column} AS entity, f.known_at FROM {kind} f "
        f"WHERE f.order_id IN ({MARKED}) AND f.{column} IS NOT NULL{also}"
        for thing, column in columns
    )


def _touched(rows: str) -> list[tuple[str, str]]:
    """The kinds of entities that these rows touch, with their columns."""
    return [(kind, column) for source, kind, column in TOUCHING if source == rows]


_OF_REFUNDS = [
    (kind, "device" if column == "refund_device" else column)
    for kind, column in _touched("requests")
]
_SEEN = f"""INSERT INTO seen (customer_id, kind, entity, known_at)
SELECT o.customer_id, x.kind, x.entity, MIN(x.known_at) FROM orders o JOIN (
  {_entities("orders", _touched("orders"))} UNION {_entities("refunds", _OF_REFUNDS)} UNION
  {_entities("shipments", _touched("parcels"), " AND f.direction = 'return'")}) x
ON x.order_id = o.order_id WHERE o.order_id IN ({MARKED})
GROUP BY o.customer_id, x.kind, x.entity"""
"""Every customer whom a line of the orders names, with everything the orders ever touched, and the
earliest moment at which they can have done so."""

_HELD = (
    "FROM sightings x WHERE x.kind = seen.kind AND x.entity = seen.entity "
    "AND x.customer_id = seen.customer_id AND x.known_at < seen.known_at"
)
_SETTLED = f"DELETE FROM seen WHERE EXISTS (SELECT 1 {_HELD} AND NOT {is_bounded('x')})"
"""What another order showed before, for good: nothing about these orders changes who was first."""

_EARLIEST = f"""UPDATE seen SET settled = {FOREVER},
  known_at = COALESCE((SELECT MIN(x.known_at) {_HELD}), known_at)"""
"""No touch became known before the first of the sightings that it is part of."""

_SENT_BACK = """SELECT DISTINCT p.order_id FROM seen t CROSS JOIN shipments p
  WHERE t.kind = 'tracking' AND p.tracking = t.entity AND p.direction = 'return'
    AND p.order_id NOT IN (SELECT e.order_id FROM epochs e)"""
"""Other orders with the same return parcels: who sent those depends on their epochs."""


def _of_customer(rows: str, seen: str) -> str:
    """Whether a row `e` that names its customer is a touch of what `seen` names."""
    columns: dict[str, list[str]] = {}
    for kind, column in _touched(rows):
        columns.setdefault(kind, []).append(f"e.{column}")
    same = " ".join(
        f"WHEN '{k}' THEN {seen}.entity IN ({', '.join(c)})" for k, c in columns.items()
    )
    return (
        f"e.customer_id = {seen}.customer_id AND e.known_at >= {seen}.known_at "
        f"AND CASE {seen}.kind {same} END"
    )


def _settle(rows: str) -> str:
    """What notes when a touch that always holds settles who was first: the rows of a customer are
    read in the order in which they became known, up to that."""
    return f"""UPDATE seen SET settled = COALESCE((SELECT e.known_at FROM {rows} e
  WHERE {_of_customer(rows, "seen")} AND e.known_at < seen.settled AND NOT {is_bounded("e")}
  ORDER BY e.known_at LIMIT 1), settled)"""


def _by_customer(rows: str) -> str:
    """The touches of the customers seen up to the one that settles who was first."""
    return (
        "SELECT t.kind, t.entity, t.customer_id, e.known_at, e.valid_from, e.valid_to "
        f"FROM seen t CROSS JOIN {rows} e WHERE {_of_customer(rows, 't')} "
        "AND e.known_at <= t.settled AND e.valid_from < e.valid_to"
    )


_PARCELS = f"""SELECT t.kind, t.entity, t.customer_id, e.known_at, e.valid_from, e.valid_to
FROM seen t JOIN ({PARCELS.format(**_BY_EPOCH)}) e ON e.tracking = t.entity
  AND e.customer_id = t.customer_id WHERE t.kind = 'tracking'"""
_TOUCHES = f"""INSERT INTO touches (kind, entity, customer_id, known_at, valid_from, valid_to)
{_by_customer("orders")} UNION ALL {_by_customer("requests")} UNION ALL {_PARCELS}"""
_TAKE_OUT = """DELETE FROM sightings WHERE (kind, entity, customer_id) IN
  (SELECT t.kind, t.entity, t.customer_id FROM seen t)"""
_PUT_IN = insert_select(DERIVED["sightings"], first_seen_by_time(contending("touches")))

_STATEMENTS = (
    "DELETE FROM epochs", "DELETE FROM seen", "DELETE FROM touches",
    *_FILL_EPOCHS,
    *(
        statement
        for stream in ROW_STREAMS
        for statement in (
            _SCOPE.texts[stream][0], insert_select(DERIVED[stream], _select(stream))
        )
    ),
    _SEEN, _SETTLED, _EARLIEST, _settle("orders"), _settle("requests"),
    "DELETE FROM touched", f"INSERT INTO touched (order_id) {_SENT_BACK}", *_FILL_EPOCHS,
    _TOUCHES, _TAKE_OUT, _PUT_IN,
)  # fmt: skip


def refresh_by_epoch(run: Run) -> None:
    """Derive every row of the orders in `touched` again, epoch by epoch, and empty `touched`."""
    for statement in _STATEMENTS:
        run(statement, {})
