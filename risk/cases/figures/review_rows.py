"""Who found what, how fast, how it agreed with the score, and what an appeal changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from statistics import median
from typing import Any

import orjson
import sqlalchemy as sa

from risk.cases.figures.period import Period
from risk.cases.record.claim_rows import ASSIGNED_MS
from risk.findings import verdict_label
from risk.history.schema.schema_cases import case_events, cases
from risk.history.schema.schema_decisions import decisions

SUSPECTED = 0.5
"""A score from here on says abuse, one below does not."""

_AT_ONCE = 5_000


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


def reviews(connection: sa.Connection, period: Period, merchant: str | None = None) -> Reviews:
    """The reviews of a period, at a merchant or at all: every finding in it, against the score that
    stood at the time."""
    found = _Found(period.since)
    for row in _events(connection, period, merchant):
        found.read(row)
    ranked = sorted(found.people.values(), key=lambda one: (-one.found, one.who))
    return Reviews(ranked, list(found.agreement()))


def _events(
    connection: sa.Connection, period: Period, merchant: str | None
) -> Iterator[tuple[Any, float | None]]:
    """Claims and findings in the order they came, those of a working day before too: a finding of
    the period may have been claimed then. A finding has the probability of its decision, or of the
    last before it."""
    c, d = case_events.c, decisions.c
    before = (
        sa.select(d.probability)
        .where(d.refund_id == c.refund_id, d.decided_at <= c.at)
        .order_by(d.decided_at.desc(), d.decision_id.desc())
        .limit(1)
        .scalar_subquery()
    )
    stood = sa.select(d.decision_id, d.probability)
    query = (
        sa.select(
            c.refund_id, c.at, c.who, c.action, c.body,
            sa.case((c.action == "finding", before)).label("probability"),
        )
        .where(c.at >= period.since - ASSIGNED_MS, c.at < period.until)
        .where(c.action.in_(("claim", "finding")))
        .order_by(c.at, c.event_no)
    )  # fmt: skip
    if merchant:
        own = sa.select(cases.c.refund_id).where(cases.c.merchant_id == merchant)
        query = query.where(c.refund_id.in_(own))
    rows = connection.execute(query.execution_options(yield_per=_AT_ONCE))
    for some in rows.partitions():
        named = {name for row in some if (name := _decision_of(row))}
        query = stood.where(d.decision_id.in_(named))
        known = {row.decision_id: row.probability for row in connection.execute(query)}
        for row in some:
            stands = known.get(_decision_of(row) or "", row.probability)
            yield row, stands


def _decision_of(row: Any) -> str | None:
    """The decision that stood when a finding was made, where its event says so."""
    if row.action != "finding":
        return None
    name: str | None = orjson.loads(row.body).get("decision_id")
    return name


class _Found:
    """What the events of a period add up to."""

    def __init__(self, since: int) -> None:
        self.people: dict[str, Reviewer] = {}
        self._since = since
        self._agreed: dict[str, list[bool]] = defaultdict(list)
        self._claimed: dict[tuple[str, str], int] = {}
        self._before: dict[str, tuple[str, int | None]] = {}

    def read(self, event: tuple[Any, float | None]) -> None:
        row, probability = event
        if row.action == "claim":
            self._claimed[row.refund_id, row.who] = row.at
        elif row.at >= self._since:
            self._finding(row, probability)

    def _finding(self, row: Any, probability: float | None) -> None:
        body = orjson.loads(row.body)
        label = verdict_label(body.get("verdict"))
        reviewer = self.people.setdefault(row.who, Reviewer(row.who))
        reviewer.found += 1
        if (start := self._claimed.pop((row.refund_id, row.who), None)) is not None:
            reviewer.minutes.append((row.at - start) / 60_000)
        earlier = self._before.get(row.refund_id)
        if earlier and earlier[1] is not None and label is not None and earlier[1] != label:
            self.people[earlier[0]].overturned += 1
        self._before[row.refund_id] = (row.who, label)
        if label is not None and probability is not None:
            self._agreed[_seen(body)].append((probability >= SUSPECTED) == bool(label))

    def agreement(self) -> Iterator[Agreement]:
        for how in ("seen", "unseen", "blind"):
            if found := self._agreed.get(how):
                yield Agreement(how, len(found), sum(found))


def _seen(body: dict[str, Any]) -> str:
    if body.get("blind"):
        return "blind"
    return "seen" if body.get("saw_score") else "unseen"
