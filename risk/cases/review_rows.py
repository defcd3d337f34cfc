"""Who found what, how fast, how it agreed with the score, and what an appeal changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from statistics import median
from typing import Any

import orjson
import sqlalchemy as sa

from risk.findings import verdict_label
from risk.history.schema_cases import case_events, cases

MOST = 50_000
"""So many of the latest events of a period are read."""

SUSPECTED = 0.5
"""A score from here on says abuse, one below does not."""


@dataclass(slots=True)
class Reviewer:
    """What somebody found in a period: how often, in how many minutes from claim to finding, and
    how many of these findings an appeal turned round."""

    who: str
    found: int = 0
    minutes: list[float] = field(default_factory=list)
    overturned: int = 0

    @property
    def median_minutes(self) -> float | None:
        return median(self.minutes) if self.minutes else None


@dataclass(frozen=True, slots=True)
class Agreement:
    """How many findings say what the score said, of `found` with a clear verdict; by how the
    reviewer saw the case: `seen`, `unseen` (nobody pressed) or `blind`."""

    how: str
    found: int
    agreed: int


@dataclass(frozen=True, slots=True)
class Reviews:
    """The reviewers of a period and how findings agreed with the score."""

    reviewers: list[Reviewer]
    agreement: list[Agreement]


def reviews(connection: sa.Connection, since: int) -> Reviews:
    """The reviews since (ms)."""
    c = case_events.c
    query = (
        sa.select(c.refund_id, c.at, c.who, c.action, c.body, cases.c.probability)
        .join_from(case_events, cases, cases.c.refund_id == c.refund_id)
        .where(c.at >= since, c.action.in_(("claim", "finding")))
        .order_by(c.at, c.event_no)
        .limit(MOST)
    )
    people: dict[str, Reviewer] = {}
    agreed: dict[str, list[bool]] = defaultdict(list)
    claimed: dict[tuple[str, str], int] = {}
    before: dict[str, tuple[str, int | None]] = {}
    for row in connection.execute(query):
        if row.action == "claim":
            claimed[row.refund_id, row.who] = row.at
            continue
        body = orjson.loads(row.body)
        label = verdict_label(body.get("verdict"))
        reviewer = people.setdefault(row.who, Reviewer(row.who))
        reviewer.found += 1
        if (start := claimed.pop((row.refund_id, row.who), None)) is not None:
            reviewer.minutes.append((row.at - start) / 60_000)
        earlier = before.get(row.refund_id)
        if earlier and earlier[1] is not None and label is not None and earlier[1] != label:
            people[earlier[0]].overturned += 1
        before[row.refund_id] = (row.who, label)
        if label is not None:
            agreed[_seen(body)].append((row.probability >= SUSPECTED) == bool(label))
    ranked = sorted(people.values(), key=lambda one: (-one.found, one.who))
    return Reviews(ranked, list(_agreement(agreed)))


def _seen(body: dict[str, Any]) -> str:
    if body.get("blind"):
        return "blind"
    return "seen" if body.get("saw_score") else "unseen"


def _agreement(agreed: dict[str, list[bool]]) -> Iterator[Agreement]:
    for how in ("seen", "unseen", "blind"):
        if found := agreed.get(how):
            yield Agreement(how, len(found), sum(found))
