"""Which revision of a fact counts at a moment, by the contract's words over plain lists of rows.

A row is a revision as it was stated: `fact_key` of its fact, its own `known_at`. What is seen is
one row a fact, with the `known_at` of the first revision.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from risk.history.facts.fact_columns import revision_key

Fact = dict[str, Any]
Facts = dict[str, list[Fact]]


def seen(
    facts: Facts, kind: str, at: int, *, own: bool = False, always: bool = False
) -> list[Fact]:
    """Every fact of a kind that is visible at a moment.

    To its own case (`own`) also what is known at that very moment; of the request and its order
    (`always`) the lowest revision even where nothing is known yet.
    """
    by_fact: dict[int, list[Fact]] = defaultdict(list)
    for row in facts.get(kind, []):
        by_fact[row["fact_key"]].append(row)
    back: dict[int, list[Fact]] = defaultdict(list)
    for taken in facts.get("retractions", []):
        if taken["kind"] == kind:
            back[taken["target"]].append(taken)
    found = (_visible(rows, back[key], at, own, always) for key, rows in by_fact.items())
    return [row for row in found if row]


def as_first_known(facts: Facts, kind: str) -> list[Fact]:
    """Every fact of a kind as its case saw it at the moment it was first known, if it did."""
    numbers: dict[int, Fact] = {}
    for row in sorted(facts.get(kind, []), key=lambda row: -int(row["revision"])):
        numbers[row["fact_key"]] = row
    moments = {row["known_at"] for row in numbers.values()}
    return [row for at in moments for row in seen(facts, kind, at, own=True)
            if row["known_at"] == at]  # fmt: skip


def as_first_stated(facts: Facts, kind: str) -> list[Fact]:
    """The lowest revision of every fact of a kind."""
    rows = sorted(facts.get(kind, []), key=lambda row: -int(row["revision"]))
    return list({row["fact_key"]: row for row in rows}.values())


def _visible(
    rows: Sequence[Fact], back: Sequence[Fact], at: int, own: bool, always: bool
) -> Fact | None:
    rows = sorted(rows, key=lambda row: row["revision"])
    known_at, latest = {}, 0
    for row in rows:
        latest = known_at[row["revision"]] = max(latest, row["known_at"])
    last = at if own else at - 1
    known = [row for row in rows if known_at[row["revision"]] <= last]
    if not known and always:
        known = rows[:1]
    if not known:
        return None
    row = known[-1]
    number, first = row["revision"], rows[0]["revision"]
    if _taken_back(number, known_at[number], back, last):
        return None
    key = row["fact_key"] if number == first else revision_key(row["fact_key"], number)
    return {**row, "known_at": known_at[first], "fact_key": key}


def _taken_back(number: int, known_at: int, back: Sequence[Fact], last: int) -> bool:
    """Whether a retraction known by `last` covers the revision, and none that does not cover it
    replaced that one before the revision became known: of several the latest known is in force."""
    in_force = sorted(back, key=lambda r: (r["known_at"], r["retracted_at"]))
    for place, taken in enumerate(in_force):
        replaced = any(
            not _covers(later, number) and later["known_at"] <= known_at
            for later in in_force[place + 1 :]
        )
        if _covers(taken, number) and not replaced and taken["known_at"] <= last:
            return True
    return False


def _covers(retraction: Fact, number: int) -> bool:
    return retraction["revision"] is None or number <= retraction["revision"]
