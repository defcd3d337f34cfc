"""The monitor's report: measurements, alarms and warnings, as data and as lines of text."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from risk.facts.localised import Language
from risk.history.health_verdict import MONEY_HELD, verdict
from risk.history.monitor_reports import ChampionReport
from training.monitor import report_sentences
from training.monitor.drift import drifted_features, score_drifts
from training.monitor.measurements import Measurements


@dataclass(frozen=True, slots=True)
class MonitorReport(Measurements):
    """The measurements, and what they say."""

    def alarms(self, language: Language = "en") -> list[str]:
        """Faults that make the command fail."""
        return [one[language] for one in report_sentences.alarms(self)]

    def notes(self, language: Language = "en") -> list[str]:
        """Warnings: to look into, not necessarily faults."""
        return [one[language] for one in report_sentences.notes(self)]

    def headline(self) -> str:
        """The report in one line, for a log or the subject of a mail."""
        alarms = self.alarms()
        head = f"monitor: version {self.version}: "
        return f"{head}{'ALARM: ' if alarms else ''}{self.verdict()}"

    def verdict(self, language: Language = "en") -> str:
        """What somebody who decides has to know, as the overview says it too."""
        return verdict(self.to_champion_report())[language]

    def lines(self) -> list[str]:
        """Alarms, warnings and measurements, a line each."""
        return [
            *(f"alarm: {one}" for one in self.alarms()),
            *(f"warning: {one}" for one in self.notes()),
            *self.numbers(),
        ]

    def numbers(self, language: Language = "en") -> list[str]:
        """The measurements, a line each."""
        return [one[language] for one in report_sentences.numbers(self)]

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
            MONEY_HELD: self.money_held,
        }
        top = self.segments[self.segments["segment"].str.startswith("top")]
        if len(top):
            numbers["found_over_foretold_top"] = float(top["ratio"].iloc[0])
        known = {name: float(value) for name, value in numbers.items() if np.isfinite(value)}
        alarms, notes = report_sentences.alarms(self), report_sentences.notes(self)
        return ChampionReport(self.version, known, list(alarms), list(notes))
