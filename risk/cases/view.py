"""One case as a person sees it: its row in the queue, its folder, its story, who is linked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import orjson
import sqlalchemy as sa

from risk.cases import claim_rows
from risk.cases.folder_rows import Folder, read_folder
from risk.cases.timeline import Moment, story
from risk.errors import NotFound
from risk.history.connect import now_ms, present
from risk.history.list_entries import ListEntry, entry_of
from risk.history.ring_links import Links, links_of
from risk.history.store import History


@dataclass(frozen=True)
class CaseView:
    """A case with everything around it, as of `now` (ms).

    `row` is None for a request that never needed a person. `decision` is the latest Decision,
    None before the first.
    """

    refund_id: str
    now: int
    row: dict[str, Any] | None
    folder: Folder
    events: list[dict[str, Any]]
    moments: list[Moment]
    links: Links | None
    entry: ListEntry | None

    @property
    def decision(self) -> dict[str, Any] | None:
        return self.folder.decisions[-1] if self.folder.decisions else None

    @property
    def currency(self) -> str:
        return str(self.folder.lines[0]["currency"] or "CNY") if self.folder.lines else "CNY"

    @property
    def is_open(self) -> bool:
        return self.row is not None and self.row["state"] == "open"

    def held_by(self) -> str | None:
        """Who works on it right now."""
        if self.row is None or not self.row["held_by"] or self.row["held_until"] <= self.now:
            return None
        return str(self.row["held_by"])


def case(history: History, refund_id: str) -> CaseView:
    """Everything about one request. Raises NotFound."""
    with history.read() as connection:
        return read_case(connection, refund_id)


def read_case(connection: sa.Connection, refund_id: str) -> CaseView:
    """As `case`, within one view of the store."""
    folder = read_folder(connection, refund_id)
    if folder is None:
        raise NotFound(f"no refund request {refund_id}")
    row, now = claim_rows.row_of(connection, refund_id), now_ms()
    events = claim_rows.events(connection, refund_id)
    customer = folder.customer_id
    return CaseView(
        refund_id=refund_id,
        now=now,
        row=None if row is None else {**row, "headline": orjson.loads(row["headline"])},
        folder=folder,
        events=events,
        moments=story(folder, events),
        links=None if customer is None else links_of(connection, customer, present(connection)),
        entry=entry_of(connection, customer, now),
    )
