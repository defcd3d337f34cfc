"""The use case: find the person, put tombstones in their place, and keep them from coming back."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass

import orjson
import sqlalchemy as sa

from risk.history import suppression_list
from risk.history.connect import Write
from risk.history.schema import FACTS
from risk.history.schema_privacy import erasures, forgotten
from risk.history.store import History
from risk.identity import SuppressionEntry
from risk.privacy import free_text
from risk.privacy.database_files import compact_files
from risk.privacy.fact_tombstones import Tombs, bury, tombs_of
from risk.privacy.person_rows import DataSubject, find

SETTLE_S = 3.0
"""Running services read the list of the forgotten once a second: after so long all of them have."""


@dataclass(frozen=True, slots=True)
class ForgetReport:
    """What was done: how much of what, since when the person was on the list before (ms), and what
    is left to know about the database's files."""

    counts: dict[str, int]
    before: int | None
    files: str


def names_of(history: History, customer_id: str) -> tuple[str, str]:
    """The id itself, and the stranger's that stands for it once it was forgotten."""
    return customer_id, history.hasher.forgotten.stranger(customer_id)


def count_stored(history: History, customer_id: str) -> dict[str, int]:
    """How many facts of each kind are stored of a customer."""
    with history.read() as connection:
        person = find(connection, names_of(history, customer_id))
    return {kind: len(rows) for kind, rows in person.facts.items() if rows}


def webhook_ids_of(history: History, customer_id: str) -> list[str]:
    """The ids under which hooks brought in customers of this name: not always the same person."""
    customer = FACTS["orders"].c.customer_id
    ends = customer.endswith(f":{customer_id}", autoescape=True)
    with history.read() as connection:
        found = connection.execute(sa.select(customer).where(ends).distinct()).scalars()
        return sorted(name for name in found if name.count(":") >= 2)


def forget(history: History, customer_id: str, *, settle_s: float | None = None) -> ForgetReport:
    """Forget a customer everywhere at once; doing it again changes nothing.

    Counts stay what they were: the person's names, and the things nobody else touched, become
    random tombstones. Words about them go; facts of other people stay as they are. A service that
    has not yet heard of it could still store something under the old name, so after `settle_s`
    seconds (`SETTLE_S`) a second look takes that out too. Raises Unavailable where another writer
    holds the store for too long.
    """
    with history.read() as connection:
        before = _listed_since(connection, history, customer_id)
    wait = SETTLE_S if settle_s is None else settle_s
    counts = _once(history, customer_id)
    if wait:
        time.sleep(wait)
        counts += _once(history, customer_id, always=False)
    with history.read() as connection:
        history.hasher.forgotten.replace_entries(suppression_list.entries(connection))
    return ForgetReport(dict(counts), before, compact_files(history.engine))


def _listed_since(connection: sa.Connection, history: History, customer_id: str) -> int | None:
    mark = history.hasher.forgotten.mark("customer", customer_id)
    return connection.execute(sa.select(forgotten.c.at).where(forgotten.c.mark == mark)).scalar()


def _once(history: History, customer_id: str, *, always: bool = True) -> Counter[str]:
    with history.write() as write:
        person = find(write.connection, names_of(history, customer_id))
        listed = _listed_since(write.connection, history, customer_id)
        if not person.orders and (listed is not None or not always):
            return Counter()
        tombs = tombs_of(write.connection, person)
        counts = _forget(write, person, tombs)
        suppression_list.put(write, _entries(history, write.at, customer_id, person, tombs))
        _audit(write, counts)
    return Counter(counts)


def _forget(write: Write, person: DataSubject, tombs: Tombs) -> dict[str, int]:
    redacted = free_text.redact(write.connection, person, tombs)
    bury(write, person, tombs)
    facts = {kind: len(rows) for kind, rows in person.facts.items() if rows}
    return {**facts, **redacted, "things": len(tombs.things), "shared": tombs.shared}


def _entries(
    history: History, at: int, customer_id: str, person: DataSubject, tombs: Tombs
) -> dict[int, SuppressionEntry]:
    """The list's new lines: the person, their orders and requests, and ids that named them."""
    mark = history.hasher.forgotten.mark
    entries = {mark("customer", customer_id): SuppressionEntry(at)}
    for row in person.facts["orders"]:
        order, customer = str(tombs.id(row["order_id"])), str(tombs.id(row["customer_id"]))
        entries[mark("order", order)] = SuppressionEntry(at, customer)
    for refund in person.refunds:
        entries[mark("refund", str(tombs.id(refund)))] = SuppressionEntry(at)
    for name in person.speaking:
        entries[mark("name", name)] = SuppressionEntry(at, tombs.names[name])
    return entries


def _audit(write: Write, counts: dict[str, int]) -> None:
    """That somebody was forgotten, and how much that was; never who."""
    said = orjson.dumps(counts, option=orjson.OPT_SORT_KEYS).decode()
    write.connection.execute(sa.insert(erasures).values(at=write.at, kind="forget", counts=said))
