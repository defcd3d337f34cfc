"""What probabilities are worth against the truth: as a whole, by scheme, by innocent group."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.stats import t

from risk.model.pyfunc import frame_probabilities
from training.judge.metrics import METRICS, ScoredRows, average_precision
from training.learn.fit import FittedModel

SHOWN = ("auc", "average_precision", "recall_at_1", "recall_at_5", "money_at_5", "money_at_10",
         "log_loss", "observed_over_expected")  # fmt: skip
FEWEST = 10


def against_truth(later: pd.DataFrame, probability: np.ndarray) -> dict[str, float]:
    """The shown metrics, and the AUC of the seven-day lane."""
    seen = ScoredRows.from_frame(later, probability)
    found = {name: METRICS[name](seen) for name in SHOWN}
    lane = seen.take((later["lane"] == "no_reason").to_numpy())
    return found | {
        "no_reason_auc": METRICS["auc"](lane) if lane.has_both_classes else float("nan")
    }


def above_bar(later: pd.DataFrame, probability: np.ndarray, friction: float) -> np.ndarray:
    """Which requests (n,) lie above the probability that `friction` of the honest reach."""
    honest = (later["y"] < 0.5).to_numpy()
    return np.asarray(probability > np.quantile(probability[honest], 1 - friction))


def by_scheme(later: pd.DataFrame, probability: np.ndarray, friction: float) -> dict[str, float]:
    """Share of each scheme's requests above the bar that `friction` of the honest reach."""
    abusive = (later["y"] >= 0.5).to_numpy()
    above = pd.Series(above_bar(later, probability, friction), later.index)
    return _rates(above[abusive], later.loc[abusive, "scheme"])


def by_group(later: pd.DataFrame, bothered: pd.Series) -> dict[str, float]:
    """Share of each innocent group's requests that the policy bothers; `all` of the honest."""
    groups = later.loc[bothered.index, "innocent_group"].fillna("(others)")
    return {"all": float(bothered.mean())} | _rates(bothered, groups)


def _rates(flag: pd.Series, names: pd.Series) -> dict[str, float]:
    groups = flag.groupby(names)
    return {str(n): float(g.mean()) for n, g in groups if len(g) >= FEWEST}


def selection_bias(fitted: FittedModel) -> dict[str, float]:
    """How far the share of abuse and the average precision of the twin on labelled requests, plain
    and weighted, lie from those on all requests of the same time. The truth counts as the label
    everywhere, so that only the choice of who was looked at makes a difference."""
    period = fitted.test[fitted.test["stage"] == "request"]
    frame = fitted.frame[fitted.frame["stage"] == "request"]
    span = frame["requested_at"].between(period["requested_at"].min(), period["requested_at"].max())
    everybody = frame[span].assign(weight=1.0)
    everybody["probability"] = frame_probabilities(fitted.twin, everybody)
    found = {}
    for name, metric in {"share": _share, "precision": average_precision}.items():
        right = metric(_truly(everybody))
        found[f"{name}_plain"] = metric(_truly(period.assign(weight=1.0))) - right
        found[f"{name}_weighted"] = metric(_truly(period)) - right
    return found


def _truly(rows: pd.DataFrame) -> ScoredRows:
    return ScoredRows.from_frame(rows.assign(y=rows["truth"]))


def _share(seen: ScoredRows) -> float:
    return float(np.average(seen.y, weights=seen.weight))


def interval(differences: Sequence[float]) -> tuple[float, float, float]:
    """Mean and 95 % interval by Student's t over seeds."""
    values = np.asarray(differences, dtype=float)
    values = values[~np.isnan(values)]
    if len(values) < 2:
        return float(values.mean()) if len(values) else float("nan"), float("nan"), float("nan")
    half = t.ppf(0.975, len(values) - 1) * values.std(ddof=1) / np.sqrt(len(values))
    return float(values.mean()), float(values.mean() - half), float(values.mean() + half)
