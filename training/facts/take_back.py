"""Retracting an import, so that what was known before it counts again."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

from risk.errors import NotFound
from risk.facts import KINDS, RETRACTIONS
from risk.facts.columns import STORED
from risk.facts.fact_keys import key_text
from risk.facts.parse_columns import Columns
from risk.facts.revisions import FOREVER
from risk.history.connection.connect import Write
from risk.history.facts.fact_columns import add_digests
from risk.history.facts.imported_rows import brought_by, retractions_of_import, revisions_of
from risk.history.facts.write import add_facts
from risk.history.store import History
from training.progress import Progress

CHUNK = 5_000
Rows = list[dict[str, Any]]


def take_back_import(
    history: History, import_no: int, reason: str, who: str, progress: Progress
) -> Counter[str]:
    """Take back every fact of an import in one transaction; counts by kind, and of what was said
    before it again (`restored`) or by others since (`kept`).

    A fact that the import stated first is retracted up to the revisions that it brought; one that
    it corrected says again what it said before, as the next revision. What others corrected since
    stays. Raises NotFound where there is no such import, or it took back facts itself.
    """
    counts: Counter[str] = Counter()
    with history.write() as write:
        write.who = who
        for kind in KINDS:
            keys = brought_by(write.connection, kind, import_no)
            for start in range(0, len(keys), CHUNK):
                some = keys[start : start + CHUNK]
                counts += _take_back(write, kind, some, import_no, reason)
                progress(kind, start + len(some), len(keys))
        if not counts:
            raise NotFound(
                f"no import {import_no} brought any fact; `refund-risk imports` lists those"
            )
        counts["left"] = retractions_of_import(write.connection, import_no)
    return +counts


def _take_back(
    write: Write, kind: str, keys: list[int], import_no: int, reason: str
) -> Counter[str]:
    back: Rows = []
    again: Rows = []
    counts: Counter[str] = Counter()
    by_fact: dict[int, Rows] = defaultdict(list)
    for row in revisions_of(write.connection, kind, keys, import_no):
        by_fact[row["corrects"] or row["fact_key"]].append(row)
    for key, rows in by_fact.items():
        rows.sort(key=lambda row: int(row["revision"]))
        brought = [row for row in rows if row["of_import"]]
        before = [row for row in rows if row["revision"] < brought[0]["revision"]]
        if not rows[-1]["of_import"]:
            counts["kept"] += 1
        elif not before and rows[-1]["valid_to"] < FOREVER:
            counts["already"] += 1
        elif not before:
            back.append(_retraction(write, kind, key, brought[-1], reason))
            counts[kind] += 1
        elif rows[-1]["valid_to"] == FOREVER:
            again.append(_restored(write, key, before[-1], rows[-1]["revision"] + 1))
            counts["restored"] += 1
        else:
            counts["already"] += 1
    for columns, name in ((_columns(RETRACTIONS.name, back), RETRACTIONS.name),
                          (_columns(kind, again), kind)):  # fmt: skip
        if columns["fact_key"]:
            add_facts(write, name, columns)
    return counts


def _retraction(
    write: Write, kind: str, key: int, row: dict[str, Any], reason: str
) -> dict[str, Any]:
    """A retraction of a fact up to a revision, as stored but for its digests."""
    definition = KINDS[kind]
    shown = {f.name: row[f.name] for f in definition.fields
             if f.name in definition.key and not f.identity}  # fmt: skip
    return {
        "kind": kind, "target": key, "key": key_text(definition, shown), "reason": reason,
        "revision": row["revision"], "retracted_at": write.at, "known_at": write.at,
        "fact_key": 0, "content": 0,
    }  # fmt: skip


def _restored(write: Write, key: int, row: dict[str, Any], number: int) -> dict[str, Any]:
    """What an earlier revision says, as the next one."""
    return {**row, "fact_key": key, "revision": number, "known_at": write.at, "corrects": None,
            "valid_from": 0, "valid_to": FOREVER}  # fmt: skip


def _columns(kind: str, rows: Rows) -> Columns:
    columns: Columns = {c.name: [row[c.name] for row in rows] for c in STORED[kind]}
    if kind == RETRACTIONS.name:
        add_digests(RETRACTIONS, columns)
    return columns


def lines_of(counts: Counter[str], import_no: int) -> Iterator[str]:
    """What was taken back, in words."""
    for kind in KINDS:
        if counts[kind]:
            yield f"{kind}: {counts[kind]:,} taken back"
    if counts["restored"]:
        yield f"{counts['restored']:,} corrections undone: what was said before counts again"
    if counts["kept"]:
        yield f"{counts['kept']:,} corrected since by others: left as they are"
    if counts["already"]:
        yield f"{counts['already']:,} had been taken back already"
    if counts["left"]:
        yield f"{counts['left']:,} retractions of import {import_no} stay in force"
