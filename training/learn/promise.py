"""The promise of a model: the lowest threshold at which few honest customers are bothered.

Risk control by fixed-sequence testing (Angelopoulos et al. 2021, "Learn then Test"), with weights
and clusters. The share that may be bothered is the policy's `caps.honest_share`.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import beta

from risk.facts.units import DAY_MS
from risk.model import Bundle
from training.learn.sampling import evenly_spaced

WEEK_MS = 7 * DAY_MS
NO_THRESHOLD = 1.0
"""A threshold that no probability reaches."""

CONFIDENCE = 0.95
MAX_THRESHOLDS = 400

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Promise:
    """With `confidence`, at most `share` of honest requests reach `ask_above` in their whole life.

    `observed` is the weighted share that reached it among the `requests` it was proven on, `bound`
    its upper confidence limit, `effective` their effective sample size. It holds for requests of
    the same distribution, for as much drift as was subtracted from the share, and while at most
    `growth` times `observed` reach the threshold.
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
    def from_bundle(cls, bundle: Bundle) -> Promise | None:
        """The promise a bundle carries; None where it was made without one."""
        made = bundle.about.get("promise")
        if made is None:
            return None
        return cls(**{one.name: made[one.name] for one in fields(cls) if one.name in made})


def promised_share(bundle: Bundle) -> float:
    """The share of honest requests that a bundle may bother; 1 where it promises nothing."""
    made = Promise.from_bundle(bundle)
    return 1.0 if made is None else made.share


def clopper_pearson_upper(flagged: float, effective: float, confidence: float) -> float:
    """Upper confidence limit of a share seen as `flagged` among `effective` independent requests.

    Clopper & Pearson 1934, "The use of confidence or fiducial limits", with the effective number
    in place of the count (Korn & Graubard 1998, "Confidence intervals for proportions with small
    expected number of positive counts estimated from survey data").

    >>> round(clopper_pearson_upper(0.0, 100, 0.95), 4)
    0.0295
    >>> round(clopper_pearson_upper(0.05, 1000, 0.95), 4)
    0.0629
    """
    hits = flagged * effective
    if hits >= effective:
        return 1.0
    return float(beta.ppf(confidence, hits + 1.0, effective - hits))


def fixed_sequence_test(
    peaks: pd.DataFrame,
    share: float,
    confidence: float = CONFIDENCE,
    drift_margin: float = 0.0,
    growth: float = 1.0,
) -> Promise:
    """The promise with the lowest threshold that out-of-fold scores of honest requests prove.

    `peaks` has one row an honest request: `peak`, the highest probability in its life, `weight`,
    `customer_id` and `requested_at`. Thresholds are tested from the highest down until the first
    whose upper confidence limit exceeds `share` less `drift`; a fixed sequence needs no correction
    for multiple tests. `growth` times the observed share must not exceed it either; growth is not
    applied to the upper limit, because both worst cases together are too rare.
    """
    if peaks.empty:
        return Promise(NO_THRESHOLD, share, confidence, 0.0, 1.0, 0, 0.0, growth)
    ranked = peaks.sort_values("peak", ascending=False)
    weight = ranked["weight"].to_numpy(dtype=float)
    peak = ranked["peak"].to_numpy(dtype=float)
    reached = np.cumsum(weight) / weight.sum()
    ends = np.flatnonzero(np.r_[np.diff(peak) < 0, True])
    nothing = clopper_pearson_upper(0.0, len(peak), confidence)
    proven = Promise(NO_THRESHOLD, share, confidence, 0.0, nothing, len(peak), 0.0, growth)
    blocks = customer_and_week_clusters(ranked)
    for end in evenly_spaced(ends, MAX_THRESHOLDS):
        flagged = float(reached[end])
        effective = cluster_effective_size(np.arange(len(peak)) <= end, weight, blocks)
        bound = clopper_pearson_upper(flagged, effective, confidence)
        if max(bound, flagged * growth) > share - drift_margin:
            break
        proven = Promise(
            float(peak[end]), share, confidence, flagged, bound, len(peak), effective, growth
        )
    return proven


def customer_and_week_clusters(peaks: pd.DataFrame) -> list[NDArray[np.intp]]:
    """Cluster codes (n,) of requests, by customer and by week, within which they are dependent."""
    week = (peaks["requested_at"] // WEEK_MS).to_numpy()
    return [pd.factorize(peaks["customer_id"])[0], pd.factorize(week)[0]]


def cluster_effective_size(
    flag: NDArray[np.float64] | NDArray[np.bool_],
    weight: Floats,
    clusters: list[NDArray[np.intp]],
) -> float:
    """Effective sample size of a weighted share of flags (n,): p(1-p) / variance.

    The variance of the weighted mean is cluster-robust; the clustering in `blocks` with the larger
    variance counts. Never more than Kish's effective sample size.
    """
    total = weight.sum()
    mean = float((weight * flag).sum() / total)
    kish = float(total**2 / (weight**2).sum())
    if mean in (0.0, 1.0):
        return kish
    residual = weight * (flag - mean) / total
    variances = [(np.bincount(block, residual) ** 2).sum() for block in clusters]
    return float(min(kish, mean * (1 - mean) / max(*variances, 1e-12)))
