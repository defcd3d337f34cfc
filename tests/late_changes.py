"""Histories with and without what became known after a moment: corrections, retractions, facts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from risk.facts import KINDS, RETRACTIONS
from risk.facts.fact_keys import key_text
from risk.history.facts.fact_columns import add_digests
from tests.naive import own_request
from tests.naive_revisions import Fact, Facts
from tests.revised_worlds import Dice
from tests.worlds import Asked

Change = Callable[[Facts, int, Dice], Facts]


def facts_of(facts: Facts, kind: str) -> Iterator[list[Fact]]:
    """Of each fact of a kind its revisions, lowest first."""
    by_fact: dict[int, list[Fact]] = defaultdict(list)
    for row in facts[kind]:
        by_fact[row["fact_key"]].append(row)
    return (sorted(rows, key=lambda row: int(row["revision"])) for rows in by_fact.values())


def without_withdrawn_retractions(facts: Facts) -> Facts:
    """The facts without retractions that a later one replaced before what they take back was known.

    A request sees the lowest revision of its order also before that is known, but for the time in
    which it was taken back; of a fact that came back before it was known this time is not kept.
    """
    known: dict[int, int] = {}
    for kind in KINDS:
        for rows in facts_of(facts, kind):
            known[rows[0]["fact_key"]] = rows[0]["known_at"]
    early: dict[int, list[Fact]] = defaultdict(list)
    for row in facts["retractions"]:
        if row["known_at"] <= known.get(row["target"], 0):
            early[row["target"]].append(row)
    replaced = {key for key, rows in early.items() if len({row["revision"] for row in rows}) > 1}
    kept = [row for row in facts["retractions"] if row["target"] not in replaced]
    return {**facts, "retractions": kept}


def without_late(facts: Facts, moment: int, _: Dice | None = None) -> Facts:
    """Only what is known by the moment; of every request and order the lowest revision.

    A revision is known no earlier than those below it.
    """
    kept: dict[str, list[Fact]] = {
        "retractions": [row for row in facts["retractions"] if row["known_at"] <= moment]
    }
    for kind in KINDS:
        kept[kind] = []
        for rows in facts_of(facts, kind):
            known = [row for i, row in enumerate(rows)
                     if max(r["known_at"] for r in rows[: i + 1]) <= moment]  # fmt: skip
            kept[kind] += known or (rows[:1] if kind in ("orders", "refunds") else [])
    return kept


def with_late(facts: Facts, moment: int, dice: Dice) -> Facts:
    """Most facts corrected or taken back once more, after the moment."""
    more: dict[str, list[Fact]] = {kind: list(rows) for kind, rows in facts.items()}
    for kind in KINDS:
        everything = facts[kind]
        for rows in facts_of(facts, kind):
            last, other = rows[-1], dice.pick(everything)
            at = moment + 1 + dice.below(3)
            if dice.below(3):
                number = last["revision"] + 1 + dice.below(2)
                said = {name: other[name] for name in other if name not in _kept(kind)}
                more[kind].append({**last, **said, "revision": number, "known_at": at})
            if dice.below(3) == 0:
                taken_back = retraction(kind, last, at, dice.pick((None, 1, 9)))
                if all(row["known_at"] <= at for row in rows):
                    more["retractions"].append(taken_back)
    return more


def _kept(kind: str) -> frozenset[str]:
    """The columns that another revision of a fact has from the fact itself."""
    about = ("refund_id", "order_id") if kind == "evidence" else ()
    return frozenset({*KINDS[kind].key, *about, "fact_key", "tracking", "content"})


def retraction(kind: str, fact: Mapping[str, Any], at: int, up_to: int | None) -> Fact:
    """A retraction of a stored fact that becomes known at a moment, as it is stored."""
    shown = {name: fact[name] for name in KINDS[kind].key if name in fact}
    row = {"kind": kind, "target": fact["fact_key"], "key": key_text(KINDS[kind], shown),
           "reason": "late", "revision": up_to, "retracted_at": at, "known_at": at}  # fmt: skip
    columns = {name: [value] for name, value in row.items()}
    add_digests(RETRACTIONS, columns)
    return {name: values[0] for name, values in columns.items()}


def restated(facts: Facts, at: int) -> Facts:
    """Every fact that was known before, and never taken back, stated once more at a moment, with
    the content it has."""
    back = {row["target"] for row in facts["retractions"]}
    more: dict[str, list[Fact]] = {kind: list(rows) for kind, rows in facts.items()}
    for kind in KINDS:
        for rows in facts_of(facts, kind):
            last = rows[-1]
            known = max(row["known_at"] for row in rows) < at
            if known and last["fact_key"] not in back:
                more[kind].append({**last, "revision": last["revision"] + 1, "known_at": at})
    return more


def asked_at(facts: Facts, moment: int) -> list[Asked]:
    """Every request that exists at a moment, asked about then."""
    names = {row["refund_id"] for row in facts["refunds"]}
    return [(name, moment, "request") for name in sorted(names) if own_request(facts, name, moment)]
