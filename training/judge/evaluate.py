"""How good a model is on requests it has never seen, as a whole and where it may hurt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from risk.features.spec import NO_REASON_FAMILIES, Feature
from risk.model import Bundle
from risk.model.pyfunc import frame_probabilities
from training.judge.baselines import rivals
from training.judge.metrics import Interval, ScoredRows, metric_intervals, observed_over_expected
from training.learn.boost import TrainingTable
from training.learn.fit import FittedModel
from training.learn.promise import promised_share
from training.learn.selection import RANDOM_AUDIT, propensity_weights, weight_per_refund
from training.learn.split import last_known_at, matured_rows, maturity_gap

SEGMENTS = ("stage", "lane", "reason_code", "type", "channel", "merchant_id", "amount_band")
SMALLEST = 50
FEWEST_AUDITED = 20
COMPARED = ("auc", "average_precision", "recall_at_1", "recall_at_5", "money_at_5", "money_at_10")


@dataclass(frozen=True)
class Evaluation:
    """A model judged on `rows`: labelled rows it has not learned from, with its `probability`.

    `metrics` are headline numbers on request-time rows, weighted for how labels were chosen;
    `audited` the same on rows of the random audit only, empty where too few. `segments` has one
    row a segment large enough to speak of. `digest` names the bundle, `ask_above` its threshold and
    `promised` the share of honest requests it may bother (1: it promises nothing).
    """

    digest: str
    rows: pd.DataFrame
    metrics: Mapping[str, Interval]
    audited: Mapping[str, Interval]
    segments: pd.DataFrame
    ask_above: float
    promised: float = 1.0
    rivals: Mapping[str, Mapping[str, Interval]] = field(default_factory=dict)

    def flat(self) -> dict[str, float]:
        """Every number under a name of its own: `auc`, `auc_low`, `auc_high` and so on."""
        groups = {"": self.metrics, "audited_": self.audited}
        groups |= {f"{name}_": found for name, found in self.rivals.items()}
        return {
            f"{prefix}{name}{end}": value
            for prefix, found in groups.items()
            for name, one in found.items()
            for end, value in (("", one.value), ("_low", one.low), ("_high", one.high))
            if np.isfinite(value)
        }


def held_out_rows(frame: pd.DataFrame, names: Sequence[str], since: int) -> pd.DataFrame:
    """The labelled, matured rows asked at or after `since` (ms), with what their requests speak
    for: one counted by a single row must not count less for having later ones, since that is what
    those have whom evidence was asked of."""
    selection = propensity_weights(frame, [name for name in names if name in frame])
    ready = (
        matured_rows(frame, last_known_at(frame), maturity_gap(frame))
        & frame["y"].notna().to_numpy()
    )
    keep = ready & (frame["requested_at"] >= since).to_numpy()
    rows = frame.loc[keep].copy()
    rows["weight"] = selection.weight[keep]
    return rows


def judge(bundle: Bundle, rows: pd.DataFrame) -> Evaluation:
    """Score `rows` (labelled, with `weight`) and measure."""
    rows = rows.assign(
        probability=frame_probabilities(bundle, rows), amount_band=amount_bands(rows)
    )
    first = rows[rows["stage"] == "request"]
    audited = first[first["selected_by"] == RANDOM_AUDIT]
    ask_above = bundle.thresholds.get("ask_above", 1.0)
    return Evaluation(
        digest=bundle.digest,
        rows=rows,
        metrics=metric_intervals(ScoredRows.of(first)) if len(first) else {},
        audited=metric_intervals(ScoredRows.of(audited)) if _enough(audited) else {},
        segments=segments(rows, ask_above),
        ask_above=ask_above,
        promised=promised_share(bundle),
    )


def _enough(rows: pd.DataFrame) -> bool:
    abusive = int((rows["y"] >= 0.5).sum())
    return abusive >= FEWEST_AUDITED and len(rows) - abusive >= FEWEST_AUDITED


def judge_fitted(fitted: FittedModel, features: Sequence[Feature]) -> Evaluation:
    """The twin on the test period, beside every baseline learned from the same rows."""
    mine = judge(fitted.twin, fitted.test)
    first = mine.rows[mine.rows["stage"] == "request"]
    used = [feature for feature in features if feature.name in fitted.twin.features]
    matrix = permitted(fitted.frame, used)
    learn = fitted.plan.holdout.train
    weight = (weight_per_refund(fitted.frame) * fitted.selection.weight)[learn]
    table = TrainingTable(matrix[learn], fitted.frame["y"].to_numpy(float)[learn], weight)
    scores = rivals(table, matrix[first.index], used)
    found = {
        name: metric_intervals(ScoredRows.of(first, score), COMPARED, draws=100)
        for name, score in scores.items()
    }
    return replace(mine, rivals=found)


def permitted(frame: pd.DataFrame, features: Sequence[Feature]) -> np.ndarray:
    """Values (n, k) of the features, unknown where the row's lane must not look at them."""
    matrix = frame[[feature.name for feature in features]].to_numpy(dtype=float, copy=True)
    hidden = np.array([feature.family not in NO_REASON_FAMILIES for feature in features])
    matrix[np.ix_((frame["lane"] == "no_reason").to_numpy(), hidden)] = np.nan
    return matrix


def amount_bands(rows: pd.DataFrame) -> pd.Series:
    """Quarter of its currency's amounts each row falls in: `q1` the smallest to `q4`."""
    rank = rows.groupby("currency")["amount"].rank(pct=True)
    quarters: pd.Series = np.ceil(rank * 4).clip(1, 4).astype(int).astype(str)
    return "q" + quarters


def segments(rows: pd.DataFrame, ask_above: float) -> pd.DataFrame:
    """One row a segment with at least 50 labelled rows: counts, AUC, observed over expected in
    all of it, and the share of its honest requests at or above `ask_above`."""
    found = [
        summary | {"by": by, "segment": str(name)}
        for by in SEGMENTS
        if by in rows
        for name, part in rows.groupby(by, observed=True)
        if len(part) >= SMALLEST and (summary := _summary(part, ask_above))
    ]
    columns = ["by", "segment", "rows", "abusive", "auc", "observed_over_expected", "bothered"]
    return pd.DataFrame(found, columns=columns)


def _summary(part: pd.DataFrame, ask_above: float) -> dict[str, float]:
    seen = ScoredRows.of(part)
    honest = seen.weight * (1 - seen.y)
    reached = seen.probability >= ask_above
    ranked = metric_intervals(seen, ("auc",), draws=0) if seen.both else {}
    return {
        "rows": len(part),
        "abusive": int(seen.y.sum()),
        "auc": ranked["auc"].value if ranked else np.nan,
        "observed_over_expected": observed_over_expected(seen, 1.0),
        "bothered": float((honest * reached).sum() / honest.sum()) if honest.sum() else np.nan,
    }
