"""Inserting facts: idempotent by key and revision, a conflict where the content differs.

Nearly all facts are new and first revisions: they are inserted in one statement. Only what meets a
key that is stored already is compared with it, and added as a later revision where it is one.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import Any

import sqlalchemy as sa

from risk.errors import Conflict
from risk.facts import KINDS, RECORDS, RETRACTIONS
from risk.facts.columns import STORED
from risk.facts.parse_columns import Columns
from risk.facts.revisions import date_revisions
from risk.features.derived import STREAMS
from risk.history.case_state import note_taken_back
from risk.history.connection.connect import Write
from risk.history.connection.driver import Insert, insert
from risk.history.facts.clashes import Clash, retraction_clash
from risk.history.facts.concerned_cases import note_revised, note_subjects
from risk.history.facts.revise import retracted, revise, settle, slices, stored_revisions
from risk.history.schema import FACTS

AFFECTS: dict[str, tuple[str, ...]] = {
    kind: tuple(stream for stream, text in STREAMS.items() if f"{{{kind}}}" in text)
    for kind in KINDS
}
"""Which derived tables a new fact of a kind can change."""


@dataclass(frozen=True, slots=True)
class Added:
    """How many facts were new, how many were stored already with the same content, which are in
    conflict with what is stored, and of how many nothing counts, since they were taken back."""

    new: int
    same: int
    clashing: tuple[Clash, ...] = ()
    retracted: int = 0


def add_facts(write: Write, kind: str, columns: Columns) -> Added:
    """Store facts of one kind (stored columns as `fact_columns.to_stored_columns` makes them).

    Raises Conflict, naming the first key and the columns that hold something else; nothing of the
    transaction is kept then.
    """
    return without_clash(kind, add_consistent(write, kind, columns))


def without_clash(kind: str, stored: Added) -> Added:
    """What was added. Raises Conflict, naming the first key and columns that differ."""
    if stored.clashing:
        raise Conflict(f"{kind}: {stored.clashing[0]}")
    return stored


def add_consistent(
    write: Write, kind: str, columns: Columns, unnumbered: Sequence[bool] | None = None
) -> Added:
    """Store the facts that do not contradict what is stored; the answer names those that do.

    `unnumbered` says which facts state no revision of their own: where one differs from what is
    stored it becomes the next revision, known from now on. None: no fact is a correction unless it
    says so.
    """
    text, rows = inserting(write, kind, columns)
    new = insert(write.connection, text, rows) if rows else 0
    return added(write, kind, columns, new, unnumbered)


def inserting(write: Write, kind: str, columns: Columns) -> Insert:
    """What inserts the facts whose keys are not taken, each by its lowest revision."""
    date_revisions(columns, columns[RECORDS[kind].event_time], write.at)
    return _INSERT[kind], _rows(write, kind, columns, _first_places(kind, columns))


def added(
    write: Write, kind: str, columns: Columns, new: int, unnumbered: Sequence[bool] | None = None
) -> Added:
    """What became of facts of which `new` were inserted: the others are compared with what is
    stored, as `add_consistent` says."""
    size = len(columns["fact_key"])
    if kind == RETRACTIONS.name:
        return _take_back(write, columns, new)
    if new == size and RETRACTIONS.name not in write.filled:
        _touch(write, kind, columns)
        return Added(new, 0)
    keys = set(columns["fact_key"])
    held = stored_revisions(write.connection, kind, keys)
    later, clashing = revise(write, kind, columns, held, unnumbered)
    if new or later:
        revised = {key for key in keys if len(held[key]) > 1}
        revised |= retracted(write.connection, kind, keys)
        ended = settle(write, kind, revised)
        _touch(write, kind, columns)
        touch_revised(write, kind, revised)
    same = size - new - later - len(clashing)
    return Added(new + later, same, tuple(clashing), len(ended) if new or later else 0)


def _first_places(kind: str, columns: Columns) -> list[int]:
    """Where each fact stands first, by its lowest revision."""
    keys = columns["fact_key"]
    places: dict[int, int] = {}
    if kind == RETRACTIONS.name or max(columns["revision"], default=1) == 1:
        for i, key in enumerate(keys):
            places.setdefault(key, i)
        return list(places.values())
    for i in sorted(range(len(keys)), key=columns["revision"].__getitem__):
        places.setdefault(keys[i], i)
    return list(places.values())


def _take_back(write: Write, columns: Columns, new: int) -> Added:
    """Let the retractions end what they cover; of what is not stored they wait."""
    known = retraction_contents(write.connection, columns["fact_key"])
    clashing = tuple(
        retraction_clash(known[key], {name: values[i] for name, values in columns.items()}, i)
        for i, key in enumerate(columns["fact_key"])
        if known[key]["content"] != columns["content"][i]
    )
    write.filled.add(RETRACTIONS.name)
    if new:
        write.sign()
        for kind in sorted(set(columns["kind"])):
            pairs = zip(columns["kind"], columns["target"], strict=True)
            targets = {target for of, target in pairs if of == kind}
            settle(write, kind, targets)
            touch_revised(write, kind, targets)
        note_taken_back(write)
    return Added(new, len(columns["fact_key"]) - new - len(clashing), clashing)


def retraction_contents(
    connection: sa.Connection, keys: Sequence[int]
) -> dict[int, dict[str, Any]]:
    """The stored retractions of these keys, as rows."""
    table = FACTS[RETRACTIONS.name]
    known: dict[int, dict[str, Any]] = {}
    for some in slices(set(keys)):
        found = connection.execute(sa.select(table).where(table.c.fact_key.in_(some)))
        known.update((row["fact_key"], dict(row)) for row in found.mappings())
    return known


def _rows(
    write: Write, kind: str, columns: Columns, places: Sequence[int]
) -> list[tuple[Any, ...]]:
    """The stored rows at these places."""
    chosen = [columns[column.name] for column in STORED[kind]]
    rows: list[tuple[Any, ...]] = list(zip(*chosen, repeat(write.commit_no), strict=False))
    return rows if len(places) == len(rows) else [rows[i] for i in places]


def _insert_fact(kind: str) -> str:
    names = [*(column.name for column in STORED[kind]), "commit_no"]
    marks = ", ".join("?" * len(names))
    return (
        f"INSERT INTO {kind} ({', '.join(names)}) VALUES ({marks}) "
        "ON CONFLICT (fact_key) DO NOTHING"
    )


_INSERT = {kind: _insert_fact(kind) for kind in STORED}


def _touch(write: Write, kind: str, columns: Columns) -> None:
    note_subjects(write, kind, columns)
    if kind == "outcomes":
        write.found.update(columns["refund_id"])
    if kind == "evidence" and "waiting_facts" in write.filled:
        write.evidence.update(columns["evidence_id"])
    if not AFFECTS[kind]:
        return
    if "order_id" in columns:
        orders = set(columns["order_id"])
    else:
        orders = _orders_of(write.connection, set(columns["refund_id"]))
    for stream in AFFECTS[kind]:
        write.touched.setdefault(stream, set()).update(orders)


def touch_revised(write: Write, kind: str, keys: Collection[int]) -> None:
    """Mark the orders and requests of every revision of these facts to be refreshed."""
    c = FACTS[kind].c
    orders, refunds = set[str](), set[str]()
    for some in slices(keys):
        for here in (c.fact_key.in_(some), c.corrects.in_(some)):
            if "order_id" in c:
                orders.update(write.connection.execute(sa.select(c.order_id).where(here)).scalars())
            if "refund_id" in c:
                found = sa.select(c.refund_id).where(here, c.refund_id.is_not(None))
                refunds.update(write.connection.execute(found).scalars())
    if "order_id" not in c:
        orders = _orders_of(write.connection, refunds)
    write.found.update(refunds)
    note_revised(write, kind, keys)
    for stream in AFFECTS[kind]:
        write.touched.setdefault(stream, set()).update(orders)


def _orders_of(connection: sa.Connection, refunds: Collection[str]) -> set[str]:
    c = FACTS["refunds"].c
    orders: set[str] = set()
    for some in slices(refunds):
        query = sa.select(c.order_id).where(c.refund_id.in_(some))
        orders.update(connection.execute(query).scalars())
    return orders
