"""The overview: requests by tier, money, friction, deadlines, surges, the model in service."""

from __future__ import annotations

from dataclasses import dataclass, replace

import sqlalchemy as sa

from risk import policy
from risk.cases import overview_rows
from risk.cases.decision_changes import adds_up
from risk.cases.decision_rows import latest_decisions
from risk.cases.overview_rows import DIMENSIONS, RINGS
from risk.cases.part_rows import PARTS, PartCount, counts_by_part
from risk.cases.review_rows import Reviews, reviews
from risk.cases.surges import BEFORE_WEEKS, RECENT_DAYS, Surge, stability_index, surges
from risk.facts.units import DAY_MS
from risk.history import monitor_reports, published_models
from risk.history.connect import now_ms
from risk.history.monitor_reports import ChampionReport, ModelComparison
from risk.history.page_rows import PageOf
from risk.history.published_models import Published
from risk.history.store import History
from risk.policy.situation import TIERS

WINDOW_DAYS = 28
PERIODS = (7, WINDOW_DAYS, 90, 365)
"""The periods that may be asked for, in days."""
LISTED = 6
"""How many values of a dimension are listed."""

CHECKED = 200
"""How many of the latest decisions are checked: their reasons must add up to the score."""


@dataclass(frozen=True)
class DailyTiers:
    """First answers of one day (ms at its beginning), by tier."""

    at: int
    tiers: dict[str, int]


@dataclass(frozen=True)
class Overview:
    """Everything the overview shows, as of `now` (ms), over a period.

    `closed` and `waiting` are numbers by name (see `overview_rows`), money in them is in the
    policy's `currency`. `rings` are (from, to, cases, linked to a finding). `comparison` and
    `champion_report` are the monitor's latest; of the `checked` latest decisions, `inconsistent`
    many have reasons that do not add up to the score.
    """

    now: int
    days: list[DailyTiers]
    tiers: dict[str, int]
    closed: dict[str, float]
    waiting: dict[str, float]
    rings: list[tuple[int, int, int, int]]
    surges: dict[str, list[Surge]]
    drift: float | None
    checked: int
    inconsistent: int
    champion: Published | None
    challenger: Published | None
    comparison: ModelComparison | None
    champion_report: ChampionReport | None
    policy_version: str | None
    currency: str
    parts: dict[str, list[PartCount]]
    reviews: Reviews

    @property
    def requests(self) -> int:
        return sum(self.tiers.values())


def overview(history: History, offset: int = 0, window: int = WINDOW_DAYS) -> Overview:
    """The overview of the last `window` days; days begin on a clock `offset` ms ahead of UTC."""
    now = now_ms()
    since = now - window * DAY_MS
    with history.read() as connection:
        days = _days(connection, now, offset, window)
        in_force = overview_rows.policy_in_force(connection)
        checked = [adds_up(one.body) for one in latest_decisions(connection, PageOf(CHECKED)).rows]
        return Overview(
            now=now,
            days=days,
            tiers={tier: sum(day.tiers[tier] for day in days) for tier in TIERS},
            closed=overview_rows.closed(connection, since),
            waiting=overview_rows.waiting(connection, now),
            rings=[
                (*size, *n)
                for size, n in zip(RINGS, overview_rows.rings(connection, since), strict=True)
            ],
            surges=_surges(connection, now),
            drift=_drift(connection, now),
            checked=len(checked),
            inconsistent=checked.count(False),
            champion=published_models.newest(connection, "champion"),
            challenger=published_models.challenger(connection),
            comparison=monitor_reports.newest_comparison(connection),
            champion_report=monitor_reports.newest_champion_report(connection),
            policy_version=in_force[0] if in_force else None,
            currency=policy.parse_stored(in_force[1]).currency.base if in_force else "CNY",
            parts={part: counts_by_part(connection, part, since) for part in PARTS},
            reviews=reviews(connection, since),
        )


def _days(connection: sa.Connection, now: int, offset: int, window: int) -> list[DailyTiers]:
    today = (now + offset) // DAY_MS
    first = today - window + 1
    found = overview_rows.tiers_by_day(connection, first * DAY_MS - offset, offset)
    return [
        DailyTiers(day * DAY_MS - offset, {tier: found.get((day, tier), 0) for tier in TIERS})
        for day in range(first, today + 1)
    ]


def _surges(connection: sa.Connection, now: int) -> dict[str, list[Surge]]:
    weeks = (BEFORE_WEEKS + 1) * RECENT_DAYS * DAY_MS
    found = surges(overview_rows.requested(connection, now - weeks), now)
    listed: dict[str, list[Surge]] = {}
    for dimension in DIMENSIONS:
        chosen = found[dimension][:LISTED]
        names = [surge.name for surge in chosen]
        sold = overview_rows.ordered(connection, dimension, now - weeks, names) if names else {}
        listed[dimension] = [_rated(surge, sold.get(surge.name)) for surge in chosen]
    return listed


def _rated(surge: Surge, sold: int | None) -> Surge:
    return replace(surge, rate=sum(surge.weeks) / sold) if sold else surge


def _drift(connection: sa.Connection, now: int) -> float | None:
    recent = now - RECENT_DAYS * DAY_MS
    before = recent - BEFORE_WEEKS * RECENT_DAYS * DAY_MS
    old = overview_rows.probability_histogram(connection, before, recent)
    new = overview_rows.probability_histogram(connection, recent, now + 1)
    return stability_index(old, new)
