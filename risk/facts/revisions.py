"""When each revision of a fact counts: its interval, from the fact's revisions and retractions.

Of a fact the highest revision that is known counts, from the moment it is known, in windows at the
moment the fact was first known. A retraction ends the revisions it covers. So every revision counts
for one interval: as of t those with `valid_from < t <= valid_to`, and to the case itself, which
sees what is known at its own moment, those with `valid_from <= t < valid_to`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

FOREVER = 2**47 - 1
"""`valid_to` (ms) of what was never superseded: the year 6429, after every time that is taken."""


@dataclass(frozen=True, slots=True)
class Revision:
    """One revision of a fact: its number and its own `known_at` (ms)."""

    number: int
    known_at: int


@dataclass(frozen=True, slots=True)
class Retraction:
    """A fact taken back from `known_at` (ms) on, up to a revision; None takes back all of them.

    Of several for one fact the latest known is in force, ties by `retracted_at`: one up to a lower
    revision lets the revisions after that count which become known from then on.
    """

    known_at: int
    retracted_at: int
    up_to: int | None = None

    def covers(self, number: int) -> bool:
        return self.up_to is None or number <= self.up_to


@dataclass(frozen=True, slots=True)
class Interval:
    """When a revision counts (ms); `known_at` is that of the first, for windows."""

    known_at: int
    valid_from: int
    valid_to: int


def intervals(
    revisions: Sequence[Revision], retractions: Sequence[Retraction] = ()
) -> list[Interval]:
    """The interval of each revision of one fact, in the order given; numbers are distinct.

    The first revision counts from 0: `known_at` says whether it is known. A revision is known
    no earlier than those below it.

    >>> intervals([Revision(1, 10), Revision(2, 30)])[0]
    Interval(known_at=10, valid_from=0, valid_to=30)
    """
    order = sorted(revisions, key=lambda revision: revision.number)
    moments, latest = [], 0
    for revision in order:
        latest = max(latest, revision.known_at)
        moments.append(latest)
    in_force = sorted(retractions, key=lambda r: (r.known_at, r.retracted_at))
    found = {}
    for place, revision in enumerate(order):
        superseded = moments[place + 1] if place + 1 < len(order) else FOREVER
        ended = _ended(revision.number, moments[place], in_force)
        valid_from = moments[place] if place else 0
        found[revision.number] = Interval(moments[0], valid_from, min(superseded, ended))
    return [found[revision.number] for revision in revisions]


def _ended(number: int, known_at: int, in_force: Sequence[Retraction]) -> int:
    """When the revision was taken back: by the first retraction that covers it, unless one that
    does not replaced that before the revision was known."""
    ended = FOREVER
    for retraction in in_force:
        if retraction.covers(number):
            ended = min(ended, retraction.known_at)
        elif retraction.known_at <= known_at:
            ended = FOREVER
    return ended


def date_revisions(columns: dict[str, list[Any]], happened: Sequence[int], now: int) -> None:
    """Let facts that do not say when they became known be known from now on (ms).

    Those are later revisions; `happened` is when each fact did, and none is known before that.
    """
    known = columns["known_at"]
    columns["known_at"] = [
        max(now, event) if at is None else at for at, event in zip(known, happened, strict=True)
    ]
