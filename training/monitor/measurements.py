"""What the monitor measured."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from risk.history.monitor_reports import Estimate, ModelComparison
from training.check.replay import Difference
from training.judge.label_sources import OddMerchant
from training.monitor.friction import Friction


@dataclass(frozen=True, slots=True)
class Measurements:
    """What the monitor measured for the champion `version`.

    `drift` has `psi` and `chance` by feature, largest first, `score` the PSI of the probability;
    `months` and `segments` are calibration; `tiers` counts decisions by day and tier; `replayed`
    counts replayed decisions, `differences` those that came out differently; `agreement` is that of
    deciders, `findings_by_tier` the share found abusive; `comparison_error` is why there is no
    comparison although there is a challenger; `odd_merchants` have findings unlike the others';
    `money_held` is the share of the money of requests found abusive that was not paid at their
    first decision.
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
    money_held: float = float("nan")
