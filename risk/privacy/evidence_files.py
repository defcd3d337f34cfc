"""Erasure and retention of files of evidence: rows first, then the objects nobody can decrypt."""

from __future__ import annotations

from collections.abc import Iterable

from risk.errors import RefundRiskError
from risk.evidence.file_rows import (
    drop_files,
    drop_unreferenced,
    expired_files,
    kept_names,
    unreferenced_files,
)
from risk.evidence.object_store import ObjectStore
from risk.facts import FILES
from risk.facts.units import DAY_MS
from risk.history.connection.connect import Write, now_ms
from risk.history.store import History
from risk.privacy.fact_tombstones import Tombstones
from risk.privacy.subject_rows import DataSubject

BATCH = 200
"""Files whose rows are deleted in one transaction at most."""

ORPHAN_S = 86_400.0
"""An object that no row names after so long was left by an upload that failed."""


def drop_files_of(write: Write, subject: DataSubject, tombstones: Tombstones) -> list[str]:
    """Delete the files that only this person sent, or others who are forgotten; answers the names
    of their objects."""
    own = {row["digest"] for row in subject.facts[FILES.name]} - {None}
    return drop_unreferenced(write, own - tombstones.shared_files)


def drop_expired_files(history: History, days: int, objects: ObjectStore) -> int:
    """Delete the files known for more than so many days, without what was read of them; answers how
    many. Open cases keep theirs."""
    before, total = now_ms() - days * DAY_MS, 0
    while True:
        with history.read() as connection:
            if not expired_files(connection, before, BATCH):
                return total
        with history.write() as write:
            names = drop_files(write, expired_files(write.connection, before, BATCH))
        delete_objects(objects, names)
        total += len(names)


def delete_objects(objects: ObjectStore, names: Iterable[str]) -> int:
    """Delete objects whose rows are gone; answers how many could not be deleted now: nobody can
    decrypt them, and `delete_orphans` deletes them later."""
    failed = 0
    for name in names:
        try:
            objects.delete(name)
        except (RefundRiskError, OSError):
            failed += 1
    return failed


def delete_orphans(history: History, objects: ObjectStore) -> int:
    """Delete the files that no fact refers to, and the objects that no row names; answers how
    many objects."""
    with history.write() as write:
        unused = drop_files(write, unreferenced_files(write.connection))
    delete_objects(objects, unused)
    old = set(objects.older_than(ORPHAN_S))
    if not old:
        return len(unused)
    with history.read() as connection:
        orphans = old - kept_names(connection)
    return len(unused) + len(orphans) - delete_objects(objects, sorted(orphans))
