"""One run of the monitor: measure everything, and store what was found."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from risk.decisions import challenger_answers
from risk.decisions.champion import Models
from risk.errors import ModelRefused, NotFound
from risk.facts.units import DAY_MS
from risk.history import monitor_reports, published_models
from risk.history.connection.connect import now_ms
from risk.history.monitor_reports import Estimate, ModelComparison
from risk.history.published_models import Published
from risk.history.store import History
from risk.model import Bundle
from risk.model.pyfunc import frame_probabilities
from risk.policy import Policy
from training.cases.dataset import Dataset, dataset_of, features_in_use
from training.cases.dataset_cache import DatasetCache, labelled_cases
from training.check.replay import replay
from training.facts.snapshot import stored_facts
from training.judge.label_sources import odd_merchants
from training.monitor import agreement, calibration_check
from training.monitor.challenger import compare_with_challenger
from training.monitor.drift import ALERT_PSI, feature_drift, memory_of
from training.monitor.fresh_findings import unseen_scores, weighted_rows
from training.monitor.friction import friction, tightened
from training.monitor.report import MonitorReport
from training.progress import Progress

FRICTION_DAYS = 365
COMPARED_DAYS = 90
SHOWN_DAYS = 60
SCORE = "probability of the champion"
TwinOf = Callable[[str], Bundle | None]


def _no_twin(_version: str) -> None:
    """No twin is available."""


def monitor(
    history: History,
    policy: Policy,
    tell: Progress,
    twin_of: TwinOf = _no_twin,
    cache: DatasetCache | None = None,
) -> MonitorReport:
    """The report on the champion, measured on the stored facts and decisions; kept in the store.

    `twin_of` finds the twin of a version, which scores the requests of the champion's test period.
    Raises NotFound without a champion.
    """
    served_by = Models(history).champion()
    champion, version = served_by.bundle, served_by.published.version
    facts = stored_facts(history.bulk_engine())
    data = dataset_of(labelled_cases(facts, features_in_use(), tell, cache), policy)
    rows = weighted_rows(data)
    rows["probability"] = unseen_scores(champion, twin_of(version), data.frame)
    now = now_ms()
    first = rows[rows["stage"] == "request"]
    served, differences, _ = replay(history, tell)
    with history.read() as connection:
        columns = ["refund_id", "decided_at", "tier"]
        made = pd.DataFrame(challenger_answers.tiers(connection), columns=columns)
    comparison, refused = _comparison(history, data, now - COMPARED_DAYS * DAY_MS, tell)
    report = MonitorReport(
        version=version,
        score=_score_drift(champion, first),
        drift=feature_drift(
            first, [name for name in champion.features if name in first], memory_of(data.features)
        ),
        months=calibration_check.calibration_by_month(first),
        segments=calibration_check.calibration_by_segment(rows[rows["matured"]]),
        friction=friction(history, champion, rows, data, now - FRICTION_DAYS * DAY_MS, policy),
        tiers=tiers_by_day(made),
        replayed=served,
        differences=differences,
        agreement=agreement.reviewer_agreement(facts["outcomes"]),
        findings_by_tier=agreement.findings_by_tier(made, first),
        comparison=comparison,
        comparison_error=refused,
        odd_merchants=odd_merchants(first),
        money_held=agreement.money_held(made, first),
    )
    with history.write() as write:
        monitor_reports.store_report(write, report.to_champion_report())
        if report.comparison is not None:
            monitor_reports.store_report(write, report.comparison)
    return report


def _comparison(
    history: History, data: Dataset, since: int, tell: Progress
) -> tuple[ModelComparison | None, str]:
    """The comparison with the challenger, or why one of the two cannot be loaded."""
    try:
        return compare_with_challenger(history, data, since, tell), ""
    except ModelRefused as refusal:
        return None, str(refusal)


def _score_drift(champion: Bundle, first: pd.DataFrame) -> Estimate:
    """PSI of the probability; `high` is the level above which it counts as drift."""
    scored = first.assign(**{SCORE: frame_probabilities(champion, first)})
    found = feature_drift(scored, [SCORE])[["psi", "chance"]].to_numpy(dtype=np.float64)
    index, chance = found[0]
    return Estimate(float(index), 0.0, max(ALERT_PSI, float(chance)))


def tiers_by_day(made: pd.DataFrame) -> pd.DataFrame:
    """Number of decisions by day and tier, of the last `SHOWN_DAYS` days with decisions."""
    if made.empty:
        return pd.DataFrame()
    day = pd.to_datetime(made["decided_at"], unit="ms").dt.strftime("%Y-%m-%d")
    return made.groupby([day.rename("day"), "tier"]).size().unstack(fill_value=0).tail(SHOWN_DAYS)


def tighten(history: History, report: MonitorReport) -> Published:
    """Publish the champion again with the threshold that keeps the promise: a new digest of the
    same version. Raises NotFound where the promise is kept, or no threshold keeps it."""
    found, champion = report.friction, Models(history).champion()
    if found.tighter is None:
        raise NotFound("there is no higher threshold to set")
    why = (
        f"threshold {found.ask_above:.3f} → {found.tighter:.3f}: {found.recent.value:.1%} of "
        f"{found.honest:,} honest requests bothered, {found.promised:.0%} promised"
    )
    with history.write() as write:
        bundle = tightened(
            champion.bundle, found.tighter, {"from": found.ask_above, "at": write.at}
        )
        return published_models.publish(write, "champion", champion.published.version, bundle, why)
