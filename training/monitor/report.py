"""What the monitor found, in numbers, in sentences, and in what is to be looked into."""

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
from training.monitor.calibration_check import significantly_off
from training.monitor.drift import RECENT_DAYS, drifting
from training.monitor.friction import RECENT_DAYS as FRICTION_DAYS
from training.monitor.friction import Friction

NAMED = 8
WORDS = {
    "honest_bothered": ("honest requests bothered", "{:.1%}", "{:+.1%}"),
    "abuse_stopped": ("abusive money stopped", "{:.1%}", "{:+.1%}"),
    "auc": ("AUC", "{:.3f}", "{:+.3f}"),
    "log_loss": ("log-loss", "{:.4f}", "{:+.4f}"),
}
"""How each measure of a comparison is called and written, a value and a difference."""


@dataclass(frozen=True, slots=True)
class Report:
    """What `monitor` found of the champion `version`.

    `drift` has `psi` and `chance` by feature, worst first, `score` the same of the probability;
    `months` and `parts` are calibration; `tiers` counts decisions by day and tier; `served` counts
    decisions made again, `differences` those that came out otherwise; `agreed` and `findings` say
    how people agree with one another and what they found of each tier; `refused` why there is no
    comparison though there is a challenger.
    """

    version: str
    score: Estimate
    drift: pd.DataFrame
    months: pd.DataFrame
    parts: pd.DataFrame
    friction: Friction
    tiers: pd.DataFrame
    served: int
    differences: Sequence[Difference]
    agreed: pd.DataFrame
    findings: pd.DataFrame
    comparison: ModelComparison | None
    refused: str = ""

    def alarms(self) -> list[str]:
        """What must not be: it makes the command fail."""
        return list(self._alarms())

    def _alarms(self) -> Iterator[str]:
        if self.differences:
            yield f"{len(self.differences):,} differences between decisions served and made again"
        if self.friction.broken:
            yield (
                f"the promise is broken: {_share(self.friction.recent)} of honest requests "
                f"bothered, {self.friction.promised:.0%} promised"
            )
        for row in _rows(significantly_off(self.parts)):
            if row.part.startswith("top"):
                yield f"probabilities of the {row.part} are off: {_ratio(row)} for each foretold"

    def notes(self) -> list[str]:
        """What is worth a look and may be in order."""
        return list(self._notes())

    def _notes(self) -> Iterator[str]:
        if self.score.value > self.score.high:
            yield f"the score drifts: PSI {self.score.value:.2f} in {RECENT_DAYS} days"
        moved = drifting(self.drift)
        if len(moved):
            yield f"{len(moved)} of {len(self.drift)} features drift: " + ", ".join(
                f"{name} {row.psi:.2f}" for name, row in moved.head(NAMED).iterrows()
            )
        for row in _rows(significantly_off(self.parts)):
            if not row.part.startswith("top"):
                yield f"probabilities are off for {row.part}: {_ratio(row)} found for each foretold"
        if self.friction.tighter is not None:
            yield (
                f"a bar of {self.friction.tighter:.3f} instead of {self.friction.ask_above:.3f} "
                f"would keep the promise: `refund-risk monitor --tighten`"
            )
        if self.refused:
            yield f"champion and challenger cannot be compared: {self.refused}"
        if self.comparison is not None:
            for one in self.comparison.measures:
                if one.better:
                    yield f"the {one.better} is surely better: {_measured(one)}"

    def headline(self) -> str:
        """One line for a mail's subject or a log."""
        alarms, notes = self.alarms(), self.notes()
        head = f"monitor: version {self.version}: "
        if alarms:
            return f"{head}ALARM: {'; '.join(alarms)}"
        if notes:
            return f"{head}{len(notes)} to look into, first: {notes[0]}"
        return f"{head}all well"

    def lines(self) -> list[str]:
        """What to look into, and everything measured, a line each."""
        return [*(f"to look into: {note}" for note in self.notes()), *self.numbers()]

    def numbers(self) -> list[str]:
        """Everything measured, a line each."""
        return list(self._numbers())

    def _numbers(self) -> Iterator[str]:
        yield (
            f"served against recomputed: {self.served:,} decisions made again, "
            f"{len(self.differences):,} differences"
        )
        score = "too few requests" if np.isnan(self.score.value) else f"PSI {self.score.value:.3f}"
        yield f"score drift: {score} over the last {RECENT_DAYS} days"
        yield f"feature drift: {len(drifting(self.drift))} of {len(self.drift)} features drift"
        yield from (f"found for each foretold, {row.part}: {_ratio(row)}" for row in
                    _rows(self.parts))  # fmt: skip
        yield self._friction_line()
        for row in _rows(self.findings):
            if row.looked_into:
                found = Estimate(row.abusive, row.low, row.high)
                yield (
                    f"{row.tier}: {row.requests:,} requests, {row.looked_into:,} looked into, "
                    f"{_share(found)} of those abusive"
                )
        for row in _rows(self.agreed):
            found = Estimate(row.agree, row.low, row.high)
            yield f"findings agree, {row.pair}: {_share(found)} of {row.requests:,}"
        if self.comparison is not None:
            yield from compared(self.comparison)

    def _friction_line(self) -> str:
        found = self.friction
        if not found.honest:
            return "honest requests bothered: none is known to be honest yet"
        return (
            f"honest requests bothered, {found.source}: {_share(found.recent)} of {found.honest:,} "
            f"in the last {FRICTION_DAYS} days, {found.promised:.0%} promised"
        )

    def watch(self) -> ChampionReport:
        """The numbers a gauge or a page shows."""
        numbers = {
            "score_drift": self.score.value,
            "features_drifting": float(len(drifting(self.drift))),
            "decisions_recomputed": float(self.served),
            "decisions_differing": float(len(self.differences)),
            "honest_bothered": self.friction.recent.value,
            "honest_bothered_low": self.friction.recent.low,
            "honest_bothered_high": self.friction.recent.high,
            "honest_bothered_promised": self.friction.promised,
            "ask_above": self.friction.ask_above,
        }
        top = self.parts[self.parts["part"].str.startswith("top")]
        if len(top):
            numbers["found_over_foretold_top"] = float(top["ratio"].iloc[0])
        known = {name: float(value) for name, value in numbers.items() if np.isfinite(value)}
        return ChampionReport(self.version, known, self.alarms(), self.notes())


def compared(found: ModelComparison) -> Iterator[str]:
    """A comparison in lines."""
    yield (
        f"champion {found.champion} and challenger {found.challenger}: {found.decisions:,} "
        f"decisions, {found.same_tier / found.decisions:.1%} with the same tier, probabilities "
        f"{found.moved:.3f} apart on average"
    )
    if not found.measures:
        yield (
            f"  {found.labelled:,} requests have a finding neither has learned from, "
            f"{found.abusive:,} of them abusive: too few to say who is better"
        )
    for one in found.measures:
        yield f"  {_measured(one)}"
    if found.measures:
        count = f"{found.labelled:,} requests neither has learned from"
        yield f"  on {count}, {found.abusive:,} of them abusive"


def _measured(one: MeasureComparison) -> str:
    name, written, signed = WORDS[one.name]
    a, b, gap = one.champion, one.challenger, one.difference
    return (
        f"{name}: {written.format(a.value)} champion, {written.format(b.value)} challenger, "
        f"{signed.format(gap.value)} ({signed.format(gap.low)} to {signed.format(gap.high)})"
    )


def _share(one: Estimate) -> str:
    return f"{one.value:.1%} ({one.low:.1%} to {one.high:.1%})"


def _rows(frame: pd.DataFrame) -> Iterator[Any]:
    """The rows of a frame, each with its columns as attributes."""
    yield from frame.itertuples()


def _ratio(row: Any) -> str:
    return f"{row.ratio:.2f} ({row.low:.2f} to {row.high:.2f})"
