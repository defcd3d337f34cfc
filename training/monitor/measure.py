"""Looking at everything once, and keeping what was seen."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from risk.decisions import challenger_answers
from risk.decisions.champion import Models
from risk.errors import ModelRefused, NotFound
from risk.facts.units import DAY_MS
from risk.features.catalog import catalogue
from risk.history import monitor_reports, published_models
from risk.history.connect import now_ms
from risk.history.monitor_reports import Estimate, ModelComparison
from risk.history.published_models import Published
from risk.history.store import History
from risk.model import Bundle
from risk.model.pyfunc import frame_probabilities
from risk.policy import Policy
from training.cases.dataset import Dataset, build
from training.check.replay import replay
from training.facts.snapshot import stored_facts
from training.monitor import agreement, calibration_check
from training.monitor.challenger import compare
from training.monitor.drift import LOOK_INTO, drift
from training.monitor.fresh_findings import fair_scores, weighted_findings
from training.monitor.friction import friction, tightened
from training.monitor.report import Report
from training.progress import Progress

YEAR_DAYS = 365
COMPARED_DAYS = 90
SHOWN_DAYS = 60
SCORE = "probability of the champion"
TwinOf = Callable[[str], Bundle | None]


def _nobody(_version: str) -> None:
    """There is no twin to ask."""


def monitor(history: History, policy: Policy, tell: Progress, twin_of: TwinOf = _nobody) -> Report:
    """Measure the champion on what is stored, and keep what was found in the store.

    `twin_of` finds the twin of a version, which stands in for the champion on the last requests it
    has learned from. Raises NotFound without a champion.
    """
    served_by = Models(history).champion()
    champion, version = served_by.bundle, served_by.published.version
    facts = stored_facts(history.engine)
    data = build(facts, [f for f in catalogue() if not f.retired], policy, tell)
    rows = weighted_findings(data)
    rows["probability"] = fair_scores(champion, twin_of(version), data.frame)
    now = now_ms()
    first = rows[rows["stage"] == "request"]
    served, differences, _ = replay(history, tell)
    with history.read() as connection:
        columns = ["refund_id", "decided_at", "tier"]
        made = pd.DataFrame(challenger_answers.tiers(connection), columns=columns)
    comparison, refused = _compared(history, data, now - COMPARED_DAYS * DAY_MS, tell)
    report = Report(
        version=version,
        score=_score_drift(champion, first),
        drift=drift(first, [name for name in champion.features if name in first]),
        months=calibration_check.by_month(first),
        parts=calibration_check.by_part(rows[rows["matured"]]),
        friction=friction(history, champion, rows, data, now - YEAR_DAYS * DAY_MS, policy),
        tiers=by_day(made),
        served=served,
        differences=differences,
        agreed=agreement.reviewer_agreement(facts["outcomes"]),
        findings=agreement.findings_by_tier(made, first),
        comparison=comparison,
        refused=refused,
    )
    with history.write() as write:
        monitor_reports.store_report(write, report.watch())
        if report.comparison is not None:
            monitor_reports.store_report(write, report.comparison)
    return report


def _compared(
    history: History, data: Dataset, since: int, tell: Progress
) -> tuple[ModelComparison | None, str]:
    """The comparison, or why one of the two cannot be asked any more."""
    try:
        return compare(history, data, since, tell), ""
    except ModelRefused as refusal:
        return None, str(refusal)


def _score_drift(champion: Bundle, first: pd.DataFrame) -> Estimate:
    """PSI of the probability, from nothing to what must not be passed: 0.25 or luck."""
    scored = first.assign(**{SCORE: frame_probabilities(champion, first)})
    found = drift(scored, [SCORE])[["psi", "chance"]].to_numpy(dtype=np.float64)
    index, chance = found[0]
    return Estimate(float(index), 0.0, max(LOOK_INTO, float(chance)))


def by_day(made: pd.DataFrame) -> pd.DataFrame:
    """How many decisions of each tier were made each of the last days."""
    if made.empty:
        return pd.DataFrame()
    day = pd.to_datetime(made["decided_at"], unit="ms").dt.strftime("%Y-%m-%d")
    return made.groupby([day.rename("day"), "tier"]).size().unstack(fill_value=0).tail(SHOWN_DAYS)


def tighten(history: History, report: Report) -> Published:
    """Put the champion back in service with the bar that keeps the promise: a new digest of the
    same version. Raises NotFound where the promise is kept, or no bar keeps it."""
    found, champion = report.friction, Models(history).champion()
    if found.tighter is None:
        raise NotFound("there is no tighter bar to set")
    why = (
        f"bar {found.ask_above:.3f} → {found.tighter:.3f}: {found.recent.value:.1%} of "
        f"{found.honest:,} honest requests bothered, {found.promised:.0%} promised"
    )
    with history.write() as write:
        bundle = tightened(
            champion.bundle, found.tighter, {"from": found.ask_above, "at": write.at}
        )
        return published_models.publish(write, "champion", champion.published.version, bundle, why)
