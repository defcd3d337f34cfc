"""The SQL that refreshes the materialised derived rows of some orders from their facts."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import sqlalchemy as sa

from risk.features.derived import REQUESTS, STREAMS, of_one_order
from risk.features.epochs import JOINED, whole
from risk.features.visibility import is_bounded
from risk.history.schema import DERIVED, FACTS

ROW_STREAMS = ("requests", "findings", "claims", "returns")
"""The streams whose rows of an order are deleted before they are derived again."""

STATE = (*ROW_STREAMS, "inspected", "judged", "changing")
"""Flags of some orders: the streams they have rows of, whether goods were inspected or a request
judged, and whether rows derived before may end (`Scope.changing`)."""


def concerned(kind: str, orders: str) -> str:
    """Whether the fact `f` concerns orders, given as what may follow `order_id`.

    The facts of a request concern every order it was ever about.
    """
    if "order_id" in FACTS[kind].c:
        return f"f.order_id {orders}"
    within = orders.removeprefix("NOT ")
    requests = f"(SELECT r.refund_id FROM refunds r WHERE r.order_id {within})"
    return f"f.refund_id {'NOT ' if within != orders else ''}IN {requests}"


@dataclass(frozen=True)
class Scope:
    """The statements that refresh the derived rows of some orders; `which` selects their ids;
    `single` says that it is one order.

    `requests` come first, so that what is joined with them reads them from their table.
    """

    which: str
    single: bool = False

    def select(self, stream: str) -> str:
        """The rows of a stream, of orders that were never corrected."""
        text = STREAMS[stream]
        if stream != "requests":
            text = text.replace(f"({REQUESTS})", self.stored_requests)
        text = of_one_order(text) if self.single else text
        return text.format(**{kind: self._facts(kind) for kind in JOINED})

    @property
    def stored_requests(self) -> str:
        """The requests of the orders, read from their derived table."""
        return f"(SELECT q0.* FROM requests q0 WHERE q0.order_id IN ({self.which}))"

    def _facts(self, kind: str) -> str:
        """The facts of a kind that concern the orders."""
        return f"({whole(kind, self._concerned(kind))})"

    def _concerned(self, kind: str) -> str:
        return concerned(kind, f"IN ({self.which})")

    @cached_property
    def texts(self) -> dict[str, tuple[str, str]]:
        """For each stream, what deletes the old rows and what inserts the new ones."""
        return {
            stream: (
                f"DELETE FROM {stream} WHERE order_id IN ({self.which})",
                insert_select(DERIVED[stream], self.select(stream)),
            )
            for stream in STREAMS
        }

    @cached_property
    def state(self) -> str:
        """Selects the flags of `STATE` in one row."""
        held = [
            f"EXISTS (SELECT 1 FROM {stream} d WHERE d.order_id IN ({self.which}))"
            for stream in ROW_STREAMS
        ]
        judged = [
            f"EXISTS (SELECT 1 FROM refunds r JOIN {kind} i ON i.refund_id = r.refund_id "
            f"WHERE r.order_id IN ({self.which}))"
            for kind in ("inspections", "outcomes")
        ]
        return f"SELECT {', '.join((*held, *judged, self.changing))}"

    @cached_property
    def changing(self) -> str:
        """Whether the orders have several epochs, or touch what may be seen first by another.

        Their lines name several customers: the one known first has the requests. Or a first
        sighting of their customers' ended or began late. For an `EXISTS` over facts PostgreSQL
        would read every fact there is, once for all orders.
        """
        revised = [
            f"(SELECT 1 FROM {kind} f WHERE {self._concerned(kind)} AND {is_bounded('f')} "
            "LIMIT 1) IS NOT NULL"
            for kind in JOINED
        ]
        several = (
            f"EXISTS (SELECT 1 FROM orders d WHERE d.order_id IN ({self.which}) "
            "GROUP BY d.order_id HAVING MIN(d.customer_id) <> MAX(d.customer_id))"
        )
        bounded = (
            f"EXISTS (SELECT 1 FROM orders o JOIN sightings x ON x.customer_id = o.customer_id "
            f"WHERE o.order_id IN ({self.which}) AND {is_bounded('x')})"
        )
        return f"({' OR '.join((*revised, several, bounded))})"


def insert_select(table: sa.Table, select: str) -> str:
    """Inserts the rows of a select into a derived table. Of two first sightings the earlier stays;
    where that is the stored one, no page is written."""
    names = ", ".join(column.name for column in table.columns)
    statement = f"INSERT INTO {table.name} ({names}) SELECT {names} FROM ({select}) x WHERE 1 = 1"
    if table.name != "sightings":
        return statement
    return (
        f"{statement} ON CONFLICT (kind, entity, customer_id, valid_from) DO UPDATE SET known_at = "
        "excluded.known_at WHERE excluded.known_at < sightings.known_at"
    )
