"""Retention: free text is deleted after some days; the features counted from it stay."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import orjson
import sqlalchemy as sa

from risk.facts import RECORDS
from risk.facts.units import DAY_MS
from risk.history.connection.connect import now_ms
from risk.history.schema import FACTS
from risk.history.schema.schema_cases import case_events, cases
from risk.history.schema.schema_privacy import erasures
from risk.history.schema.schema_tenants import waiting_facts
from risk.history.schema.schema_webhooks import file_fetches, inbox
from risk.history.store import History

BATCH = 1_000
"""Rows changed in one transaction at most, so that other writers do not wait long."""

_FREE_TEXT = [(kind.name, column) for kind in RECORDS.values() for column in kind.free_text]
"""(kind, column) of every fact column that holds free text."""


def clear_free_text(history: History, days: int) -> dict[str, int]:
    """Delete the free text of facts and notes known for more than so many days; counts by kind.

    Facts that have waited for longer to be known as a merchant's go whole. Open cases keep theirs:
    reviewers still need it. The digests of facts stay, so that the same facts sent again bring no
    text back. Raises ValueError for less than a day.
    """
    if days < 1:
        raise ValueError("words are kept for at least one day")
    before = now_ms() - days * DAY_MS
    counts: Counter[str] = Counter()
    for kind, column in _FREE_TEXT:
        counts[kind] += _clear_facts(history, kind, column, before)
    counts["remarks"] = _clear_notes(history, before)
    counts["waiting"] = _drop_waiting(history, before)
    if any(counts.values()):
        counted = orjson.dumps(dict(counts), option=orjson.OPT_SORT_KEYS).decode()
        with history.write() as write:
            write.connection.execute(
                sa.insert(erasures).values(at=write.at, kind="tidy", counts=counted)
            )
    return dict(counts)


def drop_pushed(history: History, days: int) -> int:
    """Delete what was pushed more than so many days ago, and what is known of the files that it
    named; answers how many messages."""
    before = now_ms() - days * DAY_MS
    with history.read() as connection:
        oldest = connection.execute(sa.select(sa.func.min(inbox.c.received_at))).scalar()
    if oldest is None or oldest >= before:
        return 0
    with history.write() as write:
        old_files = sa.delete(file_fetches).where(file_fetches.c.made_at < before)
        write.connection.execute(old_files)
        gone = sa.delete(inbox).where(inbox.c.received_at < before)
        return write.connection.execute(gone).rowcount


def _closed(refund_id: sa.Column[Any]) -> sa.ColumnElement[bool]:
    waiting = sa.select(cases.c.refund_id).where(cases.c.state == "open")
    return refund_id.not_in(waiting)


def _about_closed(table: sa.Table) -> sa.ColumnElement[bool]:
    """Whether no open case is about the request or the order that a fact speaks of."""
    if "refund_id" in table.c:
        return _closed(table.c.refund_id)
    if "order_id" not in table.c:
        return sa.true()
    refunds = FACTS["refunds"].c
    waiting = sa.select(cases.c.refund_id).where(cases.c.state == "open")
    orders = sa.select(refunds.order_id).where(refunds.refund_id.in_(waiting))
    return table.c.order_id.not_in(orders)


def _found(history: History, query: sa.Select[Any]) -> Sequence[Any]:
    with history.read() as connection:
        return connection.execute(query.limit(BATCH)).all()


def _clear_facts(history: History, kind: str, name: str, before: int) -> int:
    table, column = FACTS[kind], FACTS[kind].c[name]
    old = sa.and_(column.is_not(None), table.c.known_at < before, _about_closed(table))
    total = 0
    while rows := _found(history, sa.select(table.c.fact_key).where(old)):
        keys = [row.fact_key for row in rows]
        with history.write() as write:
            here = table.c.fact_key.in_(keys)
            write.connection.execute(sa.update(table).where(here).values({column.name: None}))
        total += len(keys)
    return total


def _drop_waiting(history: History, before: int) -> int:
    """Drop the facts of bound callers that have waited since `before` (ms) or longer."""
    c, total = waiting_facts.c, 0
    while rows := _found(history, sa.select(c.waiting_no).where(c.at < before)):
        with history.write() as write:
            gone = c.waiting_no.in_([row.waiting_no for row in rows])
            write.connection.execute(sa.delete(waiting_facts).where(gone))
        total += len(rows)
    return total


def _clear_notes(history: History, before: int) -> int:
    c, last, total = case_events.c, -1, 0
    query = sa.select(c.event_no, c.body).where(c.at < before, _closed(c.refund_id))
    while rows := _found(history, query.where(c.event_no > last).order_by(c.event_no)):
        last = rows[-1].event_no
        stripped = {row.event_no: without_text(row.body) for row in rows}
        changed = [row.event_no for row in rows if stripped[row.event_no] != row.body]
        with history.write() as write:
            for number in changed:
                here = sa.update(case_events).where(c.event_no == number)
                write.connection.execute(here.values(body=stripped[number]))
        total += len(changed)
    return total


def without_text(body: str) -> str:
    """The JSON body of a case event without the text that somebody wrote."""
    content: dict[str, Any] = orjson.loads(body)
    content.pop("text", None)
    return orjson.dumps(content, option=orjson.OPT_SORT_KEYS).decode()
