"""How high the bar must be so that few honest customers are bothered, and surely so."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd
from scipy.stats import beta

from risk.facts.units import DAY_MS

WEEK_MS = 7 * DAY_MS
NEVER = 1.0


@dataclass(frozen=True)
class Promise:
    """With `confidence`, at most `share` of honest requests reach `ask_above` in their whole life.

    `observed` is the weighted share that reached it among the honest requests it was set on,
    `bound` the upper limit for it; `effective` is what those requests are worth in independent,
    equally weighted ones. Holds for requests like those it was set on, for as much drift as was
    taken off the share before, and where as many as `growth` times `observed` come to reach it.
    """

    ask_above: float
    share: float
    confidence: float
    observed: float
    bound: float
    requests: int
    effective: float
    growth: float = 1.0

    def to_json(self) -> dict[str, float]:
        """As plain numbers."""
        return asdict(self)


def upper_bound(flagged: float, effective: float, confidence: float) -> float:
    """Upper limit of a share seen as `flagged` (0 to 1) among `effective` independent requests.

    Clopper & Pearson 1934, "The use of confidence or fiducial limits", with the effective number
    in place of the count (Korn & Graubard 1998, "Confidence intervals for proportions with small
    expected number of positive counts estimated from survey data").
    """
    hits = flagged * effective
    if hits >= effective:
        return 1.0
    return float(beta.ppf(confidence, hits + 1.0, effective - hits))


def promise(
    peaks: pd.DataFrame,
    share: float = 0.05,
    confidence: float = 0.95,
    drift: float = 0.0,
    growth: float = 1.0,
) -> Promise:
    """The lowest bar that keeps the promise on honest requests not used in training.

    `peaks` has one row an honest request: `peak`, the highest probability in its life, `weight`,
    `customer_id` and `requested_at`. Bars are tried from the highest down, and the first one whose
    upper limit exceeds `share` ends the walk, so trying many costs no confidence (fixed-sequence
    testing in Angelopoulos et al. 2021, "Learn then Test"). `drift` is taken off `share` first,
    and `growth` times the share seen must not exceed what is left either: how far the trend goes on
    is added to what was seen, not to its upper limit, for both at their worst are too rare.
    """
    ranked = peaks.sort_values("peak", ascending=False)
    weight = ranked["weight"].to_numpy(dtype=float)
    peak = ranked["peak"].to_numpy(dtype=float)
    reached = np.cumsum(weight) / weight.sum()
    ends = np.flatnonzero(np.r_[np.diff(peak) < 0, True])
    kept = Promise(
        *(NEVER, share, confidence, 0.0, upper_bound(0.0, len(peak), confidence), len(peak), 0.0),
        growth,
    )
    blocks = customer_week_blocks(ranked)
    for end in _walk(ends):
        flagged = float(reached[end])
        effective = effective_number(np.arange(len(peak)) <= end, weight, blocks)
        bound = upper_bound(flagged, effective, confidence)
        if max(bound, flagged * growth) > share - drift:
            break
        kept = Promise(
            float(peak[end]), share, confidence, flagged, bound, len(peak), effective, growth
        )
    return kept


def _walk(ends: np.ndarray, most: int = 400) -> np.ndarray:
    """At most `most` of the places where a bar can stand, fixed before looking at any of them."""
    return ends if len(ends) <= most else ends[np.linspace(0, len(ends) - 1, most).astype(int)]


def customer_week_blocks(peaks: pd.DataFrame) -> list[np.ndarray]:
    """Who a request is not independent of: its customer, and whoever asked in the same week."""
    week = (peaks["requested_at"] // WEEK_MS).to_numpy()
    return [pd.factorize(peaks["customer_id"])[0], pd.factorize(week)[0]]


def effective_number(flag: np.ndarray, weight: np.ndarray, blocks: list[np.ndarray]) -> float:
    """What weighted, clustered flags are worth in independent ones: p(1-p) over the variance.

    The variance of the weighted mean is taken over blocks, and the larger of the two ways of
    blocking counts; never more than Kish's number.
    """
    total = weight.sum()
    mean = float((weight * flag).sum() / total)
    kish = float(total**2 / (weight**2).sum())
    if mean in (0.0, 1.0):
        return kish
    residual = weight * (flag - mean) / total
    variances = [(np.bincount(block, residual) ** 2).sum() for block in blocks]
    return min(kish, mean * (1 - mean) / max(*variances, 1e-12))
