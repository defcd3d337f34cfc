"""The SQL that refreshes the materialised derived rows of some orders from their facts."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import sqlalchemy as sa

from risk.facts.columns import STORED
from risk.features.derived import REQUESTS, STREAMS
from risk.history.schema import DERIVED, FACTS

ROW_STREAMS = ("requests", "findings", "claims", "returns")
"""The streams whose rows of an order are taken out before they are made anew."""

STATE = (*ROW_STREAMS, "inspected", "judged", "disputed")
"""What can be asked of orders: of which streams they hold rows, whether goods or a case of theirs
were looked at, whether their lines name several customers."""


@dataclass(frozen=True)
class Scope:
    """How to make the derived rows of some orders anew: `which` selects the orders' ids.

    `requests` come first, so that what is joined with them reads them from their table.
    """

    which: str

    def select(self, stream: str) -> str:
        """The rows of a stream."""
        text = STREAMS[stream]
        if stream != "requests":
            made = f"(SELECT q0.* FROM requests q0 WHERE q0.order_id IN ({self.which}))"
            text = text.replace(f"({REQUESTS})", made)
        return text.format(**{kind: self._facts(kind) for kind in STORED})

    def _facts(self, kind: str) -> str:
        """The facts of a kind that concern the orders."""
        if "order_id" in FACTS[kind].c:
            return f"(SELECT f.* FROM {kind} f WHERE f.order_id IN ({self.which}))"
        return (
            f"(SELECT f.* FROM {kind} f WHERE f.refund_id IN (SELECT r.refund_id FROM refunds r "
            f"WHERE r.order_id IN ({self.which})))"
        )

    @cached_property
    def texts(self) -> dict[str, tuple[str, str]]:
        """For each stream, what takes the old rows out and what puts the new ones in."""
        return {
            stream: (
                f"DELETE FROM {stream} WHERE order_id IN ({self.which})",
                insert_select(DERIVED[stream], self.select(stream)),
            )
            for stream in STREAMS
        }

    @cached_property
    def state(self) -> str:
        """What there is to make anew, as flags in the order of `STATE`."""
        held = [
            f"EXISTS (SELECT 1 FROM {stream} d WHERE d.order_id IN ({self.which}))"
            for stream in ROW_STREAMS
        ]
        looked = [
            f"EXISTS (SELECT 1 FROM refunds r JOIN {kind} i ON i.refund_id = r.refund_id "
            f"WHERE r.order_id IN ({self.which}))"
            for kind in ("inspections", "outcomes")
        ]
        several = f"EXISTS ({self.disputed})"
        return f"SELECT {', '.join((*held, *looked, several))}"

    @cached_property
    def disputed(self) -> str:
        """The customers of orders whose lines name several."""
        return f"""SELECT DISTINCT o.customer_id FROM orders o WHERE o.order_id IN (
          SELECT d.order_id FROM orders d WHERE d.order_id IN ({self.which})
          GROUP BY d.order_id HAVING MIN(d.customer_id) <> MAX(d.customer_id))"""


def insert_select(table: sa.Table, select: str) -> str:
    """What puts the rows of a select into a derived table; the earlier first sighting stays, and
    where it does no page is touched."""
    names = ", ".join(column.name for column in table.columns)
    statement = f"INSERT INTO {table.name} ({names}) SELECT {names} FROM ({select}) x WHERE 1 = 1"
    if table.name != "sightings":
        return statement
    return (
        f"{statement} ON CONFLICT (kind, entity, customer_id) DO UPDATE SET known_at = "
        "excluded.known_at WHERE excluded.known_at < sightings.known_at"
    )
