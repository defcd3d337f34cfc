"""Everything the case page shows: queue row, record, timeline, linked customers, list entry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from risk.cases.policies.used_policy import used_policy
from risk.cases.record import claim_rows
from risk.cases.record.case_record_rows import CaseRecord, read_case_record
from risk.cases.record.closing import readable
from risk.cases.record.corrections import corrections
from risk.cases.record.open_request_rows import AskedThere, asked_there, open_for_same_goods
from risk.cases.record.revision_rows import revised_facts
from risk.cases.record.timeline import currency_of, timeline
from risk.cases.record.timeline_entry import TimelineEntry
from risk.decisions.log import situation_behind
from risk.errors import NotFound
from risk.facts.parse import parse_time
from risk.facts.revisions import FOREVER
from risk.facts.units import DAY_MS
from risk.history.connection.connect import now_ms, present
from risk.history.list_entries import ListEntry, newest_entry
from risk.history.reading.ring_links import Links, links_of
from risk.history.store import History
from risk.policy import Policy, Situation

FOLLOW_UP_AFTER = 3 * DAY_MS
"""So long after the end of a case its customer is asked how it went."""


@dataclass(frozen=True)
class CaseView:
    """A case with its context, as of `now` (ms).

    `row` is None for a request that never needed a person. `decision` is the latest Decision,
    None before the first; `situation` is what it was made of, by `policy`. `entry` is in force, or
    rests while it is appealed. `same_goods` are the other open requests for what this is about,
    `asked_there` the one of them on which the customer was asked which stands.
    """

    refund_id: str
    now: int
    row: dict[str, Any] | None
    record: CaseRecord
    events: list[dict[str, Any]]
    timeline: list[TimelineEntry]
    links: Links | None
    entry: ListEntry | None
    situation: Situation | None = None
    policy: Policy | None = None
    same_goods: tuple[dict[str, Any], ...] = ()
    asked_there: AskedThere | None = None

    @property
    def decided_at(self) -> int | None:
        """What was known until then (ms) the latest decision rests on."""
        return None if self.decision is None else parse_time(self.decision["as_of"])

    @property
    def decision(self) -> dict[str, Any] | None:
        return self.record.decisions[-1] if self.record.decisions else None

    @property
    def currency(self) -> str:
        return currency_of(self.record)

    @property
    def ended(self) -> TimelineEntry | None:
        """What ended the request: its withdrawal or retraction, if it does not stand."""
        request = self.record.request
        if request["valid_to"] == FOREVER and request["state"] != "withdrawn":
            return None
        ended = (entry for entry in self.timeline if entry.ends_request)
        return next(ended, None)

    @property
    def follow_up_at(self) -> int | None:
        """When to ask the customer how it went (ms); None while the case is open, after a
        withdrawal, and once they have answered."""
        row = self.row
        if row is None or row["state"] != "closed" or row["closed_at"] is None or self.ended:
            return None
        answered = any(entry.kind == "feedback" and entry.own for entry in self.timeline)
        return None if answered else int(row["closed_at"]) + FOLLOW_UP_AFTER

    @property
    def is_open(self) -> bool:
        return self.row is not None and self.row["state"] == "open"

    def held_by(self) -> str | None:
        """Who has claimed it right now; None where nobody has."""
        if self.row is None or not self.row["held_by"] or self.row["held_until"] <= self.now:
            return None
        return str(self.row["held_by"])


def view_case(history: History, refund_id: str) -> CaseView:
    """The view of one request. Raises NotFound."""
    with history.read() as connection:
        return read_case_view(connection, refund_id)


def read_case_view(connection: sa.Connection, refund_id: str) -> CaseView:
    """As `view_case`, within an open read snapshot."""
    record = read_case_record(connection, refund_id)
    if record is None:
        raise NotFound(f"no refund request {refund_id}")
    row, now = claim_rows.row_of(connection, refund_id), now_ms()
    events = claim_rows.events(connection, refund_id)
    customer = record.customer_id
    changes = corrections(revised_facts(connection, record.request), currency_of(record))
    decision = record.decisions[-1] if record.decisions else None
    same_goods = open_for_same_goods(connection, [refund_id]).get(refund_id, [])
    return CaseView(
        refund_id=refund_id,
        now=now,
        row=None if row is None else readable(row),
        record=record,
        events=events,
        timeline=timeline(record, events, changes),
        links=None if customer is None else links_of(connection, customer, present(connection)),
        entry=newest_entry(connection, customer, now),
        situation=situation_behind(connection, decision["decision_id"]) if decision else None,
        policy=used_policy(connection, decision),
        same_goods=tuple(same_goods),
        asked_there=asked_there(connection, decision, same_goods),
    )
