"""The right to erasure: tombstones in place of a customer, and an entry in the suppression list."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

import orjson
import sqlalchemy as sa

from risk.evidence.object_store import ObjectStore
from risk.history import suppression_list
from risk.history.connection.connect import Write
from risk.history.envelope import SecretCipher
from risk.history.schema import FACTS
from risk.history.schema.schema_privacy import erasures, forgotten
from risk.history.store import History
from risk.identity import ID_TYPES, SuppressionEntry
from risk.privacy import free_text
from risk.privacy.bound_rows import redact_bound
from risk.privacy.database_files import compact_files
from risk.privacy.evidence_files import delete_objects, drop_files_of
from risk.privacy.fact_tombstones import Tombstones, make_tombstones, write_tombstones
from risk.privacy.inbox_messages import erase_messages
from risk.privacy.subject_rows import DataSubject, Subject, read_subject

FORGET = "forget"
SETTLE_S = 3.0
"""Running services read the suppression list once a second; after so long all of them have."""


@dataclass(frozen=True, slots=True)
class ForgetReport:
    """What was erased, by kind; `before` is since when the customer had been on the list (ms).

    `files` says what the database's files, logs and backups still hold.
    """

    counts: dict[str, int]
    before: int | None
    files: str


def names_of(history: History, customer_id: str) -> tuple[str, str]:
    """The id itself, and the pseudonym of a forgotten customer who comes back."""
    return customer_id, history.hasher.suppression_list.returning_id(customer_id)


def count_stored(history: History, customer_id: str) -> dict[str, int]:
    """How many facts of each kind are stored of a customer."""
    with history.read() as connection:
        subject = read_subject(connection, names_of(history, customer_id))
    return {kind: len(rows) for kind, rows in subject.facts.items() if rows}


def webhook_ids_of(history: History, customer_id: str) -> list[str]:
    """The prefixed ids under which webhooks stored this customer id: maybe other people."""
    customer = FACTS["orders"].c.customer_id
    ends = customer.endswith(f":{customer_id}", autoescape=True)
    with history.read() as connection:
        found = connection.execute(sa.select(customer).where(ends).distinct()).scalars()
        return sorted(name for name in found if name.count(":") >= 2)


def forget(
    history: History,
    customer_id: str,
    *,
    settle_s: float | None = None,
    objects: ObjectStore | None = None,
) -> ForgetReport:
    """Forget a customer everywhere at once; doing it again changes nothing.

    Counts stay what they were: the customer's ids, those of their orders, requests, evidence and
    disputes, and the entities nobody else touched, become random tombstones; of the ids keyed
    hashes go onto the suppression list. Free text about them is deleted; facts of other people stay
    as they are. Files that only they sent cannot be decrypted any more, and are deleted from
    `objects` where that is given, else by `tidy`. A service that has not read the list yet could
    still store something under the old ids, so a second pass after `settle_s` seconds (`SETTLE_S`)
    erases that too. Raises Unavailable where another writer holds the store for too long.
    """
    with history.read() as connection:
        before = _listed_since(connection, history, customer_id)
    wait = SETTLE_S if settle_s is None else settle_s
    counts, ids = _erase_once(history, customer_id, objects)
    if wait:
        time.sleep(wait)
        counts += _erase_once(history, customer_id, objects, ids)[0]
    with history.read() as connection:
        history.hasher.suppression_list.replace_entries(suppression_list.entries(connection))
    return ForgetReport(dict(counts), before, compact_files(history.engine))


def last_erasure(history: History) -> int:
    """The number of the latest erasure of a customer; 0 where nobody was forgotten."""
    latest = sa.select(sa.func.max(erasures.c.erasure_no)).where(erasures.c.kind == FORGET)
    with history.read() as connection:
        return int(connection.execute(latest).scalar() or 0)


def _listed_since(connection: sa.Connection, history: History, customer_id: str) -> int | None:
    mark = history.hasher.suppression_list.mark("customer", customer_id)
    return connection.execute(sa.select(forgotten.c.at).where(forgotten.c.mark == mark)).scalar()


def _erase_once(
    history: History,
    customer_id: str,
    objects: ObjectStore | None,
    known: Collection[Subject] = (),
) -> tuple[Counter[str], Collection[Subject]]:
    """Erase what is stored now, also under ids `known` from the time before; returns the counts and
    the ids."""
    with history.write() as write:
        subject = read_subject(write.connection, names_of(history, customer_id), known)
        listed = _listed_since(write.connection, history, customer_id)
        if listed is not None and not any(subject.facts.values()):
            return Counter(), ()
        tombstones = make_tombstones(write.connection, subject, history.hasher)
        counts = _forget(write, subject, tombstones)
        cipher = SecretCipher(history.envelope_key)
        counts |= erase_messages(write.connection, cipher, subject)
        suppression_list.add(write, _entries(history, write.at, customer_id, subject))
        if names := drop_files_of(write, subject, tombstones):
            counts["originals"] = len(names)
        _audit(write, counts)
    if objects is not None:
        delete_objects(objects, names)
    return Counter(counts), subject.listed_ids


def _forget(write: Write, subject: DataSubject, tombstones: Tombstones) -> dict[str, int]:
    redacted = free_text.redact(write.connection, subject, tombstones)
    redacted |= redact_bound(write.connection, subject, tombstones)
    write_tombstones(write, subject, tombstones)
    facts = {kind: len(rows) for kind, rows in subject.facts.items() if rows}
    return {**facts, **redacted, "things": len(tombstones.entities), "shared": tombstones.shared}


def _entries(
    history: History, at: int, customer_id: str, subject: DataSubject
) -> dict[int, SuppressionEntry]:
    """New entries of the suppression list: the customer and every id of theirs."""
    mark = history.hasher.suppression_list.mark
    marks = {mark("customer", customer_id)}
    marks |= {mark(ID_TYPES[name], value) for name, value in subject.listed_ids}
    return dict.fromkeys(marks, SuppressionEntry(at))


def _audit(write: Write, counts: dict[str, int]) -> None:
    """Record that a customer was forgotten and how much was erased; never who."""
    counted = orjson.dumps(counts, option=orjson.OPT_SORT_KEYS).decode()
    write.connection.execute(sa.insert(erasures).values(at=write.at, kind=FORGET, counts=counted))
