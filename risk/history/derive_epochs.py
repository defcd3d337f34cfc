"""Derived rows of orders that have several epochs, and the first sightings they change.

What such orders touch, or touched before a correction, may be seen first by another order from then
on: those sightings are derived again from all that supports them, and no others.
"""

from __future__ import annotations

from collections.abc import Iterable

from risk.facts.revisions import FOREVER
from risk.features.derived import PARCELS, REQUESTS, STREAMS, TOUCHING, first_seen_by_time
from risk.features.epochs import JOINED, by_epoch, epochs
from risk.history.derive_sql import ROW_STREAMS, Scope, insert_select
from risk.history.driver import Run
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
        f"SELECT f.order_id, '{thing}' AS kind, f.{column} AS entity FROM {kind} f "
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
_SEEN = f"""INSERT INTO seen (customer_id, kind, entity)
SELECT DISTINCT o.customer_id, x.kind, x.entity FROM orders o JOIN (
  {_entities("orders", _touched("orders"))} UNION {_entities("refunds", _OF_REFUNDS)} UNION
  {_entities("shipments", _touched("parcels"), " AND f.direction = 'return'")}) x
ON x.order_id = o.order_id WHERE o.order_id IN ({MARKED})"""
"""Every customer whom a line of the orders names, with everything the orders ever touched."""

_SENT_BACK = """SELECT DISTINCT p.order_id FROM seen t CROSS JOIN shipments p
  WHERE t.kind = 'tracking' AND p.tracking = t.entity AND p.direction = 'return'
    AND p.order_id NOT IN (SELECT e.order_id FROM epochs e)"""
"""Other orders with the same return parcels: who sent those depends on their epochs."""


def _by_customer(rows: str) -> str:
    """The touches of the customers seen, through rows that name them: each is read once."""
    columns: dict[str, list[str]] = {}
    for kind, column in _touched(rows):
        columns.setdefault(kind, []).append(f"e.{column}")
    same = " ".join(f"WHEN '{k}' THEN t.entity IN ({', '.join(c)})" for k, c in columns.items())
    return (
        "SELECT t.kind, t.entity, t.customer_id, e.known_at, e.valid_from, e.valid_to "
        f"FROM (SELECT DISTINCT s.customer_id FROM seen s) c CROSS JOIN {rows} e "
        "CROSS JOIN seen t WHERE e.customer_id = c.customer_id AND e.valid_from < e.valid_to "
        f"AND t.customer_id = e.customer_id AND CASE t.kind {same} END"
    )


_PARCELS = f"""SELECT t.kind, t.entity, t.customer_id, e.known_at, e.valid_from, e.valid_to
FROM seen t JOIN ({PARCELS.format(**_BY_EPOCH)}) e ON e.tracking = t.entity
  AND e.customer_id = t.customer_id WHERE t.kind = 'tracking'"""
_TOUCHES = f"""INSERT INTO touches (kind, entity, customer_id, known_at, valid_from, valid_to)
{_by_customer("orders")} UNION ALL {_by_customer("requests")} UNION ALL {_PARCELS}"""
_TAKE_OUT = """DELETE FROM sightings WHERE EXISTS (SELECT 1 FROM seen t
  WHERE t.customer_id = sightings.customer_id AND t.kind = sightings.kind
    AND t.entity = sightings.entity) AND customer_id IN (SELECT s.customer_id FROM seen s)"""
_PUT_IN = insert_select(DERIVED["sightings"], first_seen_by_time("SELECT * FROM touches"))

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
    _SEEN, "DELETE FROM touched", f"INSERT INTO touched (order_id) {_SENT_BACK}", *_FILL_EPOCHS,
    _TOUCHES, _TAKE_OUT, _PUT_IN,
)  # fmt: skip


def refresh_by_epoch(run: Run) -> None:
    """Derive every row of the orders in `touched` again, epoch by epoch, and empty `touched`."""
    for statement in _STATEMENTS:
        run(statement, {})
