"""What is known of one customer: orders, requests, findings, shared things, list entries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from risk.cases.customers import customer_rows
from risk.errors import NotFound
from risk.history.connection.connect import now_ms
from risk.history.list_entries import ListEntry
from risk.history.store import History


@dataclass(frozen=True, slots=True)
class CustomerRecord:
    """A customer as of now; times in ms, money in 1/10,000.

    `orders` are totals by currency, `requests` the latest, newest first, `findings` counts of
    their standing verdicts. `shared` counts other customers by the kind of thing shared with them;
    `entries` are those of the block and allow lists, newest first.
    """

    customer_id: str
    orders: list[dict[str, Any]]
    requested: int
    requests: list[dict[str, Any]]
    findings: dict[str, int]
    shared: dict[str, int]
    entries: list[ListEntry]

    @property
    def entry(self) -> ListEntry | None:
        """The list entry in force now; none while it is appealed."""
        newest = self.entries[0] if self.entries else None
        if newest is None or newest.kind in ("withdrawn", "appealed"):
            return None
        ended = newest.expires_at is not None and newest.expires_at <= now_ms()
        return None if ended else newest


def customer_record(
    history: History, customer_id: str, merchants: Collection[str] = ()
) -> CustomerRecord:
    """The record of a customer; with `merchants`, only what belongs to these.

    Raises NotFound for a customer of whom nothing is known, at these merchants.
    """
    with history.read() as connection:
        orders = customer_rows.order_totals(connection, customer_id, merchants)
        rows = customer_rows.latest_requests(connection, customer_id, merchants)
        entries = [] if merchants else customer_rows.list_entries(connection, customer_id)
        if not (orders or rows or entries):
            raise NotFound(f"no customer {customer_id}")
        verdicts = Counter(str(row["verdict"]) for row in rows if row["verdict"])
        return CustomerRecord(
            customer_id=customer_id,
            orders=orders,
            requested=customer_rows.request_count(connection, customer_id, merchants),
            requests=rows,
            findings=dict(sorted(verdicts.items())),
            shared={} if merchants else customer_rows.shared_things(connection, customer_id),
            entries=entries,
        )
