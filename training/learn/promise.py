"""The promise of a model: the lowest threshold at which few honest customers are bothered.

Risk control by fixed-sequence testing (Angelopoulos et al. 2021, "Learn then Test"), with weights
and clusters. The share that may be bothered is the policy's `caps.honest_share`.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

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

LEFT = 0.2
"""The part of what is allowed that is the score's, however much rules bother."""

CONFIDENCE = 0.975
MAX_THRESHOLDS = 400
MOST_FINDINGS = 10_000_000

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Promise:
    """With `confidence`, at most `share` of honest requests are bothered in their whole life where
    nobody is asked below `ask_above`.

    `observed` is the weighted share bothered among the `requests` it was proven on, `rules` the
    part that rules bother whatever the threshold (`by_rule`: how many requests each), `waiting` the
    share that only waits for shop or courier. `bound` is the upper confidence limit of `observed`,
    on `effective` independent requests. It holds for requests of the same distribution, for as much
    drift as was subtracted from the share, and while what the score adds grows to at most `growth`
    times: `above` is the share of all requests not found abusive whose score reaches the threshold.
    `expected_above` is the lowest threshold at which the score is expected to bother no more than
    what is `left` (`training.learn.expected_share`); nothing is proven for it. Nobody of a group is
    asked below its threshold in `of_group`.
    `needed` findings of honest requests prove it where the score bothers hardly anybody; None: no
    number does. `at_floor`: every threshold passed at which the policy still asks anybody, so that
    the policy's own floor holds it and not the proof.

    Where rules alone bother more than `share` it is `broken`, and `bound` and `effective` are those
    of what the score adds.
    """

    ask_above: float
    share: float
    confidence: float
    observed: float
    bound: float
    requests: int
    effective: float
    growth: float = 1.0
    rules: float = 0.0
    by_rule: Mapping[str, int] = field(default_factory=dict)
    waiting: float = 0.0
    above: float = 0.0
    needed: int | None = None
    at_floor: bool = False
    expected_above: float | None = None
    of_group: Mapping[str, float] = field(default_factory=dict)

    @property
    def asked_from(self) -> float:
        """The threshold that a model asks from: the expected one, also where a lower one is proven;
        the proven one where none is expected."""
        expected = NO_THRESHOLD if self.expected_above is None else self.expected_above
        return expected if expected < NO_THRESHOLD else self.ask_above

    @property
    def proven(self) -> bool:
        """Whether a threshold is proven."""
        return self.ask_above < NO_THRESHOLD

    @property
    def left(self) -> float:
        """The share of honest requests that the score may bother: what rules leave, and never less
        than a fifth of what is allowed."""
        return max(self.share - self.rules, LEFT * self.share)

    @property
    def broken(self) -> bool:
        """Whether rules alone bother more than is allowed."""
        return self.rules > self.share

    def to_json(self) -> dict[str, Any]:
        """The fields as plain values."""
        return asdict(self)

    @classmethod
    def from_json(cls, made: Mapping[str, Any]) -> Promise:
        """The promise of this release or an earlier one."""
        return cls(**{one.name: made[one.name] for one in fields(cls) if one.name in made})

    @classmethod
    def from_bundle(cls, bundle: Bundle) -> Promise | None:
        """The promise a bundle carries; None where it was made without one."""
        made = bundle.about.get("promise")
        return None if made is None else cls.from_json(made)


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


def findings_needed(flagged: float, limit: float, confidence: float) -> int | None:
    """How many independent requests, a share of `flagged` of them bothered, prove at most `limit`;
    None where no number does.

    >>> findings_needed(0.0, 0.05, 0.95), findings_needed(0.03, 0.05, 0.95)
    (59, 343)
    >>> findings_needed(0.05, 0.05, 0.95)
    """
    counts = range(1, MOST_FINDINGS)
    at = bisect_left(
        counts, True, key=lambda n: clopper_pearson_upper(flagged, n, confidence) <= limit
    )
    return counts[at] if flagged < limit and at < len(counts) else None


def fixed_sequence_test(
    peaks: pd.DataFrame,
    share: float,
    confidence: float = CONFIDENCE,
    drift_margin: float = 0.0,
    growth: float = 1.0,
) -> Promise:
    """The promise with the lowest threshold that out-of-fold scores of honest requests prove.

    `peaks` has one row an honest request: `peak`, the highest threshold in its life at which it is
    bothered (1: by a rule, whatever the threshold), `weight`, `customer_id` and `requested_at`.
    Thresholds are tested from the highest down until the first whose upper confidence limit exceeds
    `share` less `drift_margin`; a fixed sequence needs no correction for multiple tests. Nor may
    what rules bother with `growth` times what the score adds: rules do not grow with scores. Growth
    is not applied to the upper limit, because both worst cases together are too rare. Where rules
    alone exceed `share`, what the score adds is tested by itself, against what is `left`.
    """
    if peaks.empty:
        return Promise(NO_THRESHOLD, share, confidence, 0.0, 1.0, 0, 0.0, growth)
    ranked = peaks.sort_values("peak", ascending=False)
    weight, peak = (ranked[name].to_numpy(dtype=float) for name in ("weight", "peak"))
    blocks, limit = customer_and_week_clusters(ranked), share - drift_margin
    proven = _of_rules_alone(ranked, share, confidence, limit, growth)
    tested = peak < NO_THRESHOLD if proven.broken else np.ones(len(peak), dtype=bool)
    limit = proven.left - drift_margin if proven.broken else limit
    counted = np.cumsum(weight * tested) / weight.sum()
    ends = np.flatnonzero(np.r_[np.diff(peak) < 0, True] & tested)
    for end in evenly_spaced(ends, MAX_THRESHOLDS):
        flagged = float(counted[end])
        fixed = 0.0 if proven.broken else proven.rules
        flags = tested & (np.arange(len(peak)) <= end)
        effective = cluster_effective_size(flags, weight, blocks)
        bound = clopper_pearson_upper(flagged, effective, confidence)
        if max(bound, fixed + (flagged - fixed) * growth) > limit:
            break
        observed = flagged + proven.rules - fixed
        proven = replace(
            proven, ask_above=float(peak[end]), observed=observed, bound=bound, effective=effective
        )
    asked = peak[tested & (peak > 0) & (peak < NO_THRESHOLD)]
    return replace(proven, at_floor=bool(len(asked) and proven.ask_above == asked.min()))


def _of_rules_alone(
    ranked: pd.DataFrame, share: float, confidence: float, limit: float, growth: float
) -> Promise:
    """A promise without a threshold: what rules bother, and how many findings it would take."""
    by_rules = (ranked["peak"] >= NO_THRESHOLD).to_numpy()
    weight = ranked["weight"].to_numpy(dtype=float)
    rules = float(weight[by_rules].sum() / weight.sum())
    worth = cluster_effective_size(by_rules, weight, customer_and_week_clusters(ranked))
    needed = findings_needed(rules, limit, confidence)
    named = ranked.reindex(columns=["rule"])["rule"][by_rules].value_counts()
    return Promise(
        NO_THRESHOLD,
        share,
        confidence,
        observed=rules,
        bound=clopper_pearson_upper(rules, worth, confidence),
        requests=len(ranked),
        effective=worth,
        growth=growth,
        rules=rules,
        by_rule={str(rule): int(n) for rule, n in named.items()},
        needed=None if needed is None else round(needed * len(ranked) / worth),
    )


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
