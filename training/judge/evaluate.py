"""Evaluation of a model on held-out requests: metrics, by segment, beside baselines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from risk.features.spec import NO_REASON_FAMILIES, Feature
from risk.model import Bundle
from risk.model.pyfunc import frame_probabilities
from training.judge.baselines import baseline_scores
from training.judge.metrics import (
    ConfidenceInterval,
    ScoredRows,
    metric_intervals,
    observed_over_expected,
)
from training.learn.boost import TrainingTable
from training.learn.feature_matrix import values_of_rows
from training.learn.fit import FittedModel, selection_columns
from training.learn.lives import group_floors
from training.learn.promise import promised_share
from training.learn.selection import RANDOM_AUDIT, propensity_weights, weight_per_refund
from training.learn.split import fold_of_customers, last_known_at, matured_rows, maturity_gap

SEGMENTS = ("stage", "lane", "reason_code", "type", "channel", "merchant_id", "amount_band")
MIN_ROWS = 50
MIN_AUDITED = 20
BASELINE_METRICS = (
    "auc",
    "average_precision",
    "recall_at_1",
    "recall_at_5",
    "money_at_5",
    "money_at_10",
)


@dataclass(frozen=True)
class Evaluation:
    """A model evaluated on `rows`: labelled rows it was not trained on, with its `probability`
    and the `floor` that it has for their groups.

    `metrics` are those of the request-time rows, weighted by inverse propensity; `audited` the same
    on rows of the random audit only, empty where too few; `baselines` those of other models on the
    same rows. `segments` has one row a segment with enough rows. `digest` identifies the bundle,
    `ask_above` is the lowest threshold that its training found and `promised` the share of honest
    requests it may bother (1 where it promises nothing).
    """

    digest: str
    rows: pd.DataFrame
    metrics: Mapping[str, ConfidenceInterval]
    audited: Mapping[str, ConfidenceInterval]
    segments: pd.DataFrame
    ask_above: float
    promised: float = 1.0
    baselines: Mapping[str, Mapping[str, ConfidenceInterval]] = field(default_factory=dict)

    @property
    def request_rows(self) -> ScoredRows:
        """The request-time rows."""
        return ScoredRows.from_frame(self.rows[self.rows["stage"] == "request"])

    @property
    def request_floors(self) -> NDArray[np.float64]:
        """What the groups of the request-time rows have as their threshold (n,)."""
        return self.rows.loc[self.rows["stage"] == "request", "floor"].to_numpy()

    def flat_metrics(self) -> dict[str, float]:
        """All metrics by name, as MLflow logs them: few at the top (`auc`), and in groups their
        intervals (`interval/auc_low`), the audited rows and the baselines
        (`logistic_regression/auc`)."""
        groups = {"": self.metrics, "audited/": self.audited}
        groups |= {f"{name}/": found for name, found in self.baselines.items()}
        return {
            name: value
            for group, found in groups.items()
            for measure, one in found.items()
            for name, value in (
                (f"{group}{measure}", one.value),
                (f"{group or 'interval/'}{measure}_low", one.low),
                (f"{group or 'interval/'}{measure}_high", one.high),
            )
            if np.isfinite(value)
        }


def unseen_rows(frame: pd.DataFrame, twins: Sequence[Bundle]) -> np.ndarray:
    """Mask (n,) of the rows that none of the twins was trained on: those of requests made since,
    or for a twin that was split by customer, those of the customers that it was tested on."""
    unseen = np.ones(len(frame), dtype=bool)
    for twin in twins:
        later = (frame["requested_at"] >= int(twin.about["trained_until"])).to_numpy()
        if twin.about.get("by_customer"):
            later = later | (fold_of_customers(frame["customer_id"]) == 0)
        unseen &= later
    return unseen


def held_out_rows(
    frame: pd.DataFrame, features: Sequence[Feature], twins: Sequence[Bundle]
) -> pd.DataFrame:
    """The labelled, matured rows that none of the twins was trained on, with `weight`.

    The weight is the request's inverse propensity alone, not divided among the rows of a request:
    only requests that were questioned have later rows, and they must not count less for it.
    """
    selection = propensity_weights(frame, selection_columns(frame, features))
    ready = (
        matured_rows(frame, last_known_at(frame), maturity_gap(frame))
        & frame["y"].notna().to_numpy()
    )
    keep = ready & unseen_rows(frame, twins)
    rows: pd.DataFrame = frame.loc[keep].copy()
    rows["weight"] = selection.weight[keep]
    return rows


def evaluate_bundle(bundle: Bundle, rows: pd.DataFrame) -> Evaluation:
    """The evaluation of a bundle on labelled rows with `weight`."""
    rows = rows.assign(
        probability=frame_probabilities(bundle, rows),
        floor=group_floors(bundle.of_group, rows),
        amount_band=amount_bands(rows),
    )
    first = rows[rows["stage"] == "request"]
    audited = first[first["selected_by"] == RANDOM_AUDIT]
    ask_above = bundle.asks_from
    return Evaluation(
        digest=bundle.digest,
        rows=rows,
        metrics=metric_intervals(ScoredRows.from_frame(first)) if len(first) else {},
        audited=metric_intervals(ScoredRows.from_frame(audited)) if _has_enough(audited) else {},
        segments=segment_table(rows, ask_above),
        ask_above=ask_above,
        promised=promised_share(bundle),
    )


def _has_enough(rows: pd.DataFrame) -> bool:
    abusive = int((rows["y"] >= 0.5).sum())
    return abusive >= MIN_AUDITED and len(rows) - abusive >= MIN_AUDITED


def evaluate_fitted(fitted: FittedModel, features: Sequence[Feature]) -> Evaluation:
    """The evaluation of the twin on the test period, beside baselines trained on the same rows."""
    twin = evaluate_bundle(fitted.twin, fitted.test)
    first = twin.rows[twin.rows["stage"] == "request"]
    used = [feature for feature in features if feature.name in fitted.twin.features]
    train = np.flatnonzero(fitted.plan.holdout.train)
    weight = (weight_per_refund(fitted.frame) * fitted.selection.weight)[train]
    known = mask_by_lane(fitted.frame, train, used)
    table = TrainingTable(known, fitted.frame["y"].to_numpy(float)[train], weight)
    if first.empty or len(np.unique(table.y >= 0.5)) < 2:
        return twin
    tested = mask_by_lane(fitted.frame, first.index.to_numpy(), used)
    scores = baseline_scores(table, tested, used)
    found = {
        name: metric_intervals(ScoredRows.from_frame(first, score), BASELINE_METRICS, draws=100)
        for name, score in scores.items()
    }
    return replace(twin, baselines=found)


def mask_by_lane(frame: pd.DataFrame, rows: np.ndarray, features: Sequence[Feature]) -> np.ndarray:
    """Values (m, k) of the features in `rows` (positions, m), NaN where the row's lane must not use
    them."""
    matrix = values_of_rows(frame, rows, [feature.name for feature in features])
    hidden = np.array([feature.family not in NO_REASON_FAMILIES for feature in features])
    without = (frame["lane"].iloc[rows] == "no_reason").to_numpy()
    matrix[np.ix_(without, hidden)] = np.nan
    return matrix


def amount_bands(rows: pd.DataFrame) -> pd.Series:
    """Quartile of each row's amount within its currency: `q1` (smallest) to `q4`.

    >>> rows = pd.DataFrame({"amount": [1.0, 2.0, 3.0, 4.0, 9.0], "currency": [*"aaaa", "b"]})
    >>> amount_bands(rows).tolist()
    ['q1', 'q2', 'q3', 'q4', 'q4']
    """
    rank = rows.groupby("currency")["amount"].rank(pct=True)
    quarters: pd.Series = np.ceil(rank * 4).clip(1, 4).astype(int).astype(str)
    return "q" + quarters


def segment_table(rows: pd.DataFrame, ask_above: float) -> pd.DataFrame:
    """One row a segment with at least `MIN_ROWS` labelled rows: counts, AUC, observed over
    expected, and the share of its honest requests at or above `ask_above`."""
    found = [
        summary | {"by": by, "segment": str(name)}
        for by in SEGMENTS
        if by in rows
        for name, part in rows.groupby(by, observed=True)
        if len(part) >= MIN_ROWS and (summary := _segment_metrics(part, ask_above))
    ]
    columns = ["by", "segment", "rows", "abusive", "auc", "observed_over_expected", "bothered"]
    return pd.DataFrame(found, columns=columns)


def _segment_metrics(part: pd.DataFrame, ask_above: float) -> dict[str, float]:
    seen = ScoredRows.from_frame(part)
    honest = seen.weight * (1 - seen.y)
    reached = seen.probability >= np.maximum(ask_above, part["floor"].to_numpy())
    ranked = metric_intervals(seen, ("auc",), draws=0) if seen.has_both_classes else {}
    return {
        "rows": len(part),
        "abusive": int(seen.y.sum()),
        "auc": ranked["auc"].value if ranked else np.nan,
        "observed_over_expected": observed_over_expected(seen, 1.0),
        "bothered": float((honest * reached).sum() / honest.sum()) if honest.sum() else np.nan,
    }
