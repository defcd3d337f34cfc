"""The promise of a model: the lowest threshold at which few honest customers are bothered.

Risk control by fixed-sequence testing, as in Angelopoulos et al. 2021, "Learn then Test", with
weights and clusters. How many may be bothered is the policy's `caps.honest_share`.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import beta

from risk.facts.units import DAY_MS
from risk.model import Bundle

WEEK_MS = 7 * DAY_MS
NEVER = 1.0
"""A threshold that no probability reaches."""

CONFIDENCE = 0.95
MOST_THRESHOLDS = 400

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Promise:
    """With `confidence`, at most `share` of honest requests reach `ask_above` in their whole life.

    `observed` is the weighted share that reached it among the honest requests it was proven on,
    `bound` the upper limit for it; `effective` is what those requests are worth in independent,
    equally weighted ones. Holds for requests like those it was proven on, for as much drift as was
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
        """The fields as plain numbers."""
        return asdict(self)

    @classmethod
    def of(cls, bundle: Bundle) -> Promise | None:
        """The promise a bundle carries; None where it was made without one."""
        made = bundle.about.get("promise")
        if made is None:
            return None
        return cls(**{one.name: made[one.name] for one in fields(cls) if one.name in made})


def promised_share(bundle: Bundle) -> float:
    """The share of honest requests that a bundle may bother; 1 where it promises nothing."""
    made = Promise.of(bundle)
    return 1.0 if made is None else made.share


def upper_bound(flagged: float, effective: float, confidence: float) -> float:
    """Upper confidence limit of a share seen as `flagged` among `effective` independent requests.

    Clopper & Pearson 1934, "The use of confidence or fiducial limits", with the effective number
    in place of the count (Korn & Graubard 1998, "Confidence intervals for proportions with small
    expected number of positive counts estimated from survey data").

    >>> round(upper_bound(0.0, 100, 0.95), 4), round(upper_bound(0.05, 1000, 0.95), 4)
    (0.0295, 0.0629)
    """
    hits = flagged * effective
    if hits >= effective:
        return 1.0
    return float(beta.ppf(confidence, hits + 1.0, effective - hits))


def prove(
    peaks: pd.DataFrame,
    share: float,
    confidence: float = CONFIDENCE,
    drift: float = 0.0,
    growth: float = 1.0,
) -> Promise:
    """The promise with the lowest threshold that honest requests not used in training can prove.

    `peaks` has one row an honest request: `peak`, the highest probability in its life, `weight`,
    `customer_id` and `requested_at`. Thresholds are tried from the highest down, and the first one
    whose upper limit exceeds `share` ends the walk, so trying many costs no confidence. `drift` is
    taken off `share` first, and `growth` times the observed share must not exceed what is left
    either; growth is not applied to the upper limit, since both at their worst are too rare.
    """
    ranked = peaks.sort_values("peak", ascending=False)
    weight = ranked["weight"].to_numpy(dtype=float)
    peak = ranked["peak"].to_numpy(dtype=float)
    reached = np.cumsum(weight) / weight.sum()
    ends = np.flatnonzero(np.r_[np.diff(peak) < 0, True])
    nothing = upper_bound(0.0, len(peak), confidence)
    proven = Promise(NEVER, share, confidence, 0.0, nothing, len(peak), 0.0, growth)
    blocks = customer_week_blocks(ranked)
    for end in _thinned(ends):
        flagged = float(reached[end])
        effective = effective_number(np.arange(len(peak)) <= end, weight, blocks)
        bound = upper_bound(flagged, effective, confidence)
        if max(bound, flagged * growth) > share - drift:
            break
        proven = Promise(
            float(peak[end]), share, confidence, flagged, bound, len(peak), effective, growth
        )
    return proven


def _thinned(ends: NDArray[np.intp]) -> NDArray[np.intp]:
    """At most `MOST_THRESHOLDS` of the places where a threshold can lie, spread evenly."""
    if len(ends) <= MOST_THRESHOLDS:
        return ends
    chosen: NDArray[np.intp] = ends[np.linspace(0, len(ends) - 1, MOST_THRESHOLDS).astype(int)]
    return chosen


def customer_week_blocks(peaks: pd.DataFrame) -> list[NDArray[np.intp]]:
    """Cluster codes (n,) of requests that are not independent: by customer, and by week."""
    week = (peaks["requested_at"] // WEEK_MS).to_numpy()
    return [pd.factorize(peaks["customer_id"])[0], pd.factorize(week)[0]]


def effective_number(
    flag: NDArray[np.float64] | NDArray[np.bool_],
    weight: Floats,
    blocks: list[NDArray[np.intp]],
) -> float:
    """The number of independent, equally weighted flags that these are worth: p(1-p) / variance.

    The variance of the weighted mean is taken over blocks, and the larger of the two clusterings
    counts; never more than Kish's number.
    """
    total = weight.sum()
    mean = float((weight * flag).sum() / total)
    kish = float(total**2 / (weight**2).sum())
    if mean in (0.0, 1.0):
        return kish
    residual = weight * (flag - mean) / total
    variances = [(np.bincount(block, residual) ** 2).sum() for block in blocks]
    return float(min(kish, mean * (1 - mean) / max(*variances, 1e-12)))
