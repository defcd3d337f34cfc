"""The monitor's report: measurements, alarms and warnings, as data and as lines of text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from risk.history.monitor_reports import (
    ChampionReport,
    Estimate,
    MeasureComparison,
    ModelComparison,
)
from training.check.replay import Difference
from training.judge.label_sources import OddMerchant
from training.judge.promise_words import named_rules
from training.monitor.calibration_check import miscalibrated
from training.monitor.drift import RECENT_DAYS, drifted_features, score_drifts
from training.monitor.friction import RECENT_DAYS as FRICTION_DAYS
from training.monitor.friction import Friction

MAX_NAMED = 8
OBSERVED = "observed over expected"
MEASURE_LABELS = {
    "honest_bothered": ("honest requests bothered", "{:.1%}", "{:+.1%}"),
    "honest_waiting": ("honest requests that only wait", "{:.1%}", "{:+.1%}"),
    "abuse_stopped": ("abusive money stopped", "{:.1%}", "{:+.1%}"),
    "auc": ("AUC", "{:.3f}", "{:+.3f}"),
    "log_loss": ("log-loss", "{:.4f}", "{:+.4f}"),
}
"""Label of each measure of a comparison, with the formats of a value and of a difference."""


@dataclass(frozen=True, slots=True)
class MonitorReport:
    """What the monitor measured for the champion `version`.

    `drift` has `psi` and `chance` by feature, largest first, `score` the PSI of the probability;
    `months` and `segments` are calibration; `tiers` counts decisions by day and tier; `replayed`
    counts replayed decisions, `differences` those that came out differently; `agreement` is that of
    deciders, `findings_by_tier` the share found abusive; `comparison_error` is why there is no
    comparison although there is a challenger; `odd_merchants` have findings unlike the others'.
    """

    version: str
    score: Estimate
    drift: pd.DataFrame
    months: pd.DataFrame
    segments: pd.DataFrame
    friction: Friction
    tiers: pd.DataFrame
    replayed: int
    differences: Sequence[Difference]
    agreement: pd.DataFrame
    findings_by_tier: pd.DataFrame
    comparison: ModelComparison | None
    comparison_error: str = ""
    odd_merchants: Sequence[OddMerchant] = ()

    def alarms(self) -> list[str]:
        """Faults that make the command fail."""
        return list(self._alarms())

    def _alarms(self) -> Iterator[str]:
        if self.differences:
            yield f"{len(self.differences):,} stored decisions replay differently"
        if self.friction.broken:
            yield (
                f"the promise is broken: {_share_text(self.friction.recent)} of honest requests "
                f"bothered, {self.friction.promised:.0%} promised"
            ) + self._by_rules()
        if self.friction.shifted:
            yield (
                f"more than the promise allows for: {_share_text(self.friction.reaching)} of the "
                f"requests of the last month reach the threshold, {self.friction.allowed:.1%} may"
            )
        for row in _rows(miscalibrated(self.segments)):
            if row.segment.startswith("top"):
                yield f"miscalibrated in the {row.segment}: {OBSERVED} {_ratio_text(row)}"

    def notes(self) -> list[str]:
        """Warnings: to look into, not necessarily faults."""
        return list(self._notes())

    def _notes(self) -> Iterator[str]:
        if score_drifts(self.score):
            yield f"the score drifts: PSI {self.score.value:.2f} in {RECENT_DAYS} days"
        moved = drifted_features(self.drift)
        if len(moved):
            yield f"{len(moved)} of {len(self.drift)} features drift, PSI " + ", ".join(
                f"{name} {row.psi:.2f}" for name, row in moved.head(MAX_NAMED).iterrows()
            )
        for row in _rows(miscalibrated(self.segments)):
            if not row.segment.startswith("top"):
                yield f"miscalibrated for {row.segment}: {OBSERVED} {_ratio_text(row)}"
        if self.friction.tighter is not None:
            yield (
                f"a threshold of {self.friction.tighter:.3f} instead of "
                f"{self.friction.ask_above:.3f} would keep the promise: "
                "`refund-risk monitor --tighten`"
            )
        yield from (f"findings unlike the others': {one}" for one in self.odd_merchants)
        if self.comparison_error:
            yield f"champion and challenger cannot be compared: {self.comparison_error}"
        if self.comparison is not None:
            for one in self.comparison.measures:
                if one.better:
                    yield f"the {one.better} is significantly better: {_measure_line(one)}"

    def headline(self) -> str:
        """The report in one line, for a log or the subject of a mail."""
        alarms, notes = self.alarms(), self.notes()
        head = f"monitor: version {self.version}: "
        if alarms:
            return f"{head}ALARM: {'; '.join(alarms)}"
        if notes:
            return f"{head}{len(notes)} warnings, first: {notes[0]}"
        return f"{head}no alarms, no warnings"

    def verdict(self) -> str:
        """What somebody who decides has to know, people first, in two sentences."""
        alarms, notes = len(self.alarms()), len(self.notes())
        recent, promised = self.friction.recent, self.friction.promised
        kept = "is not measured yet"
        if self.friction.honest:
            state = "is broken" if self.friction.broken else "is kept"
            told = f"{recent.value:.1%} of honest requests bothered, {promised:.0%} promised"
            kept = f"{state} ({told})"
        act = "Act now" if alarms else "Nothing has to be done"
        look = f"{notes} things to look into" if notes != 1 else "one thing to look into"
        return f"{act}: {alarms or 'no'} alarms, {look}. The promise {kept}."

    def lines(self) -> list[str]:
        """Warnings and measurements, a line each."""
        return [*(f"warning: {note}" for note in self.notes()), *self.numbers()]

    def numbers(self) -> list[str]:
        """The measurements, a line each."""
        return list(self._numbers())

    def _numbers(self) -> Iterator[str]:
        yield (
            f"replay: {self.replayed:,} stored decisions made again, "
            f"{len(self.differences):,} differences"
        )
        score = "too few requests" if np.isnan(self.score.value) else f"PSI {self.score.value:.3f}"
        yield f"score drift: {score} over the last {RECENT_DAYS} days"
        drifted = len(drifted_features(self.drift))
        yield f"feature drift: {drifted} of {len(self.drift)} features drift"
        for row in _rows(self.segments):
            yield f"{OBSERVED}, {row.segment}: {_ratio_text(row)}"
        yield self._friction_line()
        for row in _rows(self.findings_by_tier):
            if row.labelled:
                found = Estimate(row.abusive, row.low, row.high)
                yield (
                    f"{row.tier}: {row.requests:,} requests, {row.labelled:,} labelled, "
                    f"{_share_text(found)} of those abusive"
                )
        for row in _rows(self.agreement):
            found = Estimate(row.agree, row.low, row.high)
            yield f"findings agree, {row.pair}: {_share_text(found)} of {row.requests:,}"
        if self.comparison is not None:
            yield from comparison_lines(self.comparison)

    def _by_rules(self) -> str:
        """The part that rules bother, with their names, as the end of a sentence."""
        found = self.friction
        names = f" ({named_rules(found.by_rule)})" if found.by_rule else ""
        return f"; by rules alone {found.by_rules:.1%}{names}"

    def _friction_line(self) -> str:
        found = self.friction
        if not found.honest:
            return "honest requests bothered: none is known to be honest yet"
        return (
            f"honest requests bothered, {found.source}: {_share_text(found.recent)} of "
            f"{found.honest:,} in the last {FRICTION_DAYS} days, {found.promised:.0%} promised; "
            f"{found.waiting:.1%} more only waited for the shop or the courier" + self._by_rules()
        )

    def to_champion_report(self) -> ChampionReport:
        """The numbers that gauges and pages show, with alarms and warnings."""
        numbers = {
            "score_drift": self.score.value,
            "score_drifting": float(score_drifts(self.score)),
            "features_drifting": float(len(drifted_features(self.drift))),
            "decisions_recomputed": float(self.replayed),
            "decisions_differing": float(len(self.differences)),
            "honest_bothered": self.friction.recent.value,
            "honest_bothered_low": self.friction.recent.low,
            "honest_bothered_high": self.friction.recent.high,
            "honest_waiting": self.friction.waiting,
            "honest_bothered_by_rules": self.friction.by_rules,
            "reaching_threshold": self.friction.reaching.value,
            "honest_bothered_promised": self.friction.promised,
            "ask_above": self.friction.ask_above,
        }
        top = self.segments[self.segments["segment"].str.startswith("top")]
        if len(top):
            numbers["found_over_foretold_top"] = float(top["ratio"].iloc[0])
        known = {name: float(value) for name, value in numbers.items() if np.isfinite(value)}
        return ChampionReport(self.version, known, self.alarms(), self.notes())


def comparison_lines(found: ModelComparison) -> Iterator[str]:
    """The comparison of champion and challenger, as lines."""
    yield (
        f"champion {found.champion} and challenger {found.challenger}: {found.decisions:,} "
        f"decisions, {found.same_tier / found.decisions:.1%} with the same tier, mean absolute "
        f"difference of probabilities {found.moved:.3f}"
    )
    if not found.measures:
        yield (
            f"  {found.labelled:,} labelled requests outside both training sets, "
            f"{found.abusive:,} of them abusive: too few to compare the two"
        )
    for one in found.measures:
        yield f"  {_measure_line(one)}"
    if found.measures:
        count = f"{found.labelled:,} labelled requests outside both training sets"
        yield f"  on {count}, {found.abusive:,} of them abusive"


def _measure_line(one: MeasureComparison) -> str:
    name, written, signed = MEASURE_LABELS[one.name]
    a, b, gap = one.champion, one.challenger, one.difference
    return (
        f"{name}: {written.format(a.value)} champion, {written.format(b.value)} challenger, "
        f"{signed.format(gap.value)} ({signed.format(gap.low)} to {signed.format(gap.high)})"
    )


def _share_text(one: Estimate) -> str:
    return f"{one.value:.1%} ({one.low:.1%} to {one.high:.1%})"


def _rows(frame: pd.DataFrame) -> Iterator[Any]:
    """The rows of a frame, each with its columns as attributes."""
    yield from frame.itertuples()


def _ratio_text(row: Any) -> str:
    return f"{row.ratio:.2f} ({row.low:.2f} to {row.high:.2f})"
