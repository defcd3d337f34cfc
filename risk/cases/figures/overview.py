"""The overview: requests by tier, money, friction, deadlines, surges, the model in service."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from risk.cases.figures import overview_rows
from risk.cases.figures.forecast import SalesForecast, sales_forecast
from risk.cases.figures.overview_rows import DIMENSIONS, RINGS
from risk.cases.figures.part_rows import Part, PartCount, counts_by_part
from risk.cases.figures.period import Period
from risk.cases.figures.review_rows import Reviews, reviews
from risk.cases.figures.surges import BEFORE_WEEKS, RECENT_DAYS, Surge, surges, whole_market
from risk.cases.figures.target_rows import TargetLine, target_lines
from risk.cases.figures.workload_rows import Workload, workload
from risk.cases.lists.decision_changes import adds_up
from risk.cases.lists.decision_rows import latest_bodies
from risk.cases.policies.used_policy import parsed_policy
from risk.facts.localised import LocalisedText
from risk.facts.units import DAY_MS
from risk.history import monitor_reports, published_models
from risk.history.connection.connect import now_ms
from risk.history.health_verdict import verdict
from risk.history.monitor_reports import ChampionReport, ModelComparison
from risk.history.published_models import Published
from risk.history.store import History
from risk.policy.situation import TIERS

LISTED = 6
"""How many values of a dimension are listed."""

SURGE_MS = (BEFORE_WEEKS + 1) * RECENT_DAYS * DAY_MS
"""So far back requests are compared by week."""

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
    many have reasons that do not add up to the score. `targets` are what the policy aims at beside
    what is; `sales` is what the orders of late foretell, None for a young shop. Of one merchant
    there are neither. `market` are all requests by week, beside the `surges`. `workload` says with
    whom the open cases are.
    """

    now: int
    days: list[DailyTiers]
    tiers: dict[str, int]
    closed: dict[str, float]
    waiting: dict[str, float]
    rings: list[tuple[int, int, int, int]]
    surges: dict[str, list[Surge]]
    market: Surge
    checked: int
    inconsistent: int
    champion: Published | None
    challenger: Published | None
    comparison: ModelComparison | None
    champion_report: ChampionReport | None
    policy_version: str | None
    currency: str
    parts: dict[Part, list[PartCount]]
    reviews: Reviews
    targets: list[TargetLine]
    sales: SalesForecast | None
    workload: list[Workload]

    @property
    def score_drifts(self) -> bool:
        """Whether the monitor found the score to drift: its own verdict, told wherever it is."""
        report = self.champion_report
        return report is not None and bool(report.numbers.get("score_drifting"))

    @property
    def requests(self) -> int:
        return sum(self.tiers.values())

    @property
    def verdict(self) -> LocalisedText | None:
        """What the monitor's latest report comes to; None without one."""
        return verdict(self.champion_report) if self.champion_report else None


def overview(
    history: History, offset: int = 0, period: Period | None = None, merchant: str | None = None
) -> Overview:
    """The overview of a period (`WINDOW_DAYS` up to now), of a merchant or of all; days begin on a
    clock `offset` ms ahead of UTC."""
    now, of = now_ms(), period or Period.last()
    with history.read_for_report() as connection:
        rings = overview_rows.rings(connection, of, merchant)
        days = _days(connection, of, offset, merchant)
        parts = counts_by_part(connection, of, merchant)
        in_force = overview_rows.policy_in_force(connection)
        used = parsed_policy(in_force[1]) if in_force else None
        targets = used.targets if used else None
        checked = [adds_up(body) for body in latest_bodies(connection, CHECKED)]
        asked = overview_rows.requested(connection, now - SURGE_MS, merchant)
        return Overview(
            now=now,
            days=days,
            tiers={tier: sum(day.tiers[tier] for day in days) for tier in TIERS},
            closed=overview_rows.closed(connection, of, merchant),
            waiting=overview_rows.waiting(connection, now, merchant),
            rings=[(*size, *n) for size, n in zip(RINGS, rings, strict=True)],
            surges=_surges(connection, asked, now, merchant),
            market=whole_market(asked, now),
            checked=len(checked),
            inconsistent=checked.count(False),
            champion=published_models.newest(connection, "champion"),
            challenger=published_models.challenger(connection),
            comparison=monitor_reports.newest_comparison(connection),
            champion_report=monitor_reports.newest_champion_report(connection),
            policy_version=in_force[0] if in_force else None,
            currency=used.currency.base if used else "CNY",
            parts=parts,
            reviews=reviews(connection, of, merchant),
            targets=[] if merchant else target_lines(connection, targets, of, parts["category"]),
            sales=None if merchant else sales_forecast(connection, now, offset),
            workload=workload(connection, now, merchant),
        )


def _days(
    connection: sa.Connection, of: Period, offset: int, merchant: str | None
) -> list[DailyTiers]:
    first, last = ((at + offset) // DAY_MS for at in (of.since, of.until - 1))
    found = overview_rows.tiers_by_day(connection, of, offset, merchant)
    return [
        DailyTiers(day * DAY_MS - offset, {tier: found.get((day, tier), 0) for tier in TIERS})
        for day in range(first, last + 1)
    ]


def _surges(
    connection: sa.Connection, asked: list[Any], now: int, merchant: str | None
) -> dict[str, list[Surge]]:
    found = surges(asked, now)
    listed: dict[str, list[Surge]] = {}
    for dimension in DIMENSIONS:
        chosen = found[dimension][:LISTED]
        names = [surge.name for surge in chosen]
        known = names and not (merchant and dimension == "courier")
        since = now - SURGE_MS
        sold = overview_rows.ordered(connection, dimension, since, names, merchant) if known else {}
        listed[dimension] = [_rated(surge, sold.get(surge.name)) for surge in chosen]
    return listed


def _rated(surge: Surge, sold: int | None) -> Surge:
    return replace(surge, rate=sum(surge.weeks) / sold) if sold else surge
