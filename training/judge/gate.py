"""The gate: a list of checks that a version must pass to become champion."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np
import pandas as pd
from scipy.stats import beta, norm

from training.judge.evaluate import SEGMENTS, Evaluation
from training.judge.gate_result import GateCheck, GateResult
from training.judge.metrics import (
    ScoredRows,
    bootstrap_by_customer,
    money_saved_at,
    observed_over_expected,
    recall_at,
)
from training.learn.calibrate import log_losses
from training.learn.lives import by_probability, held_to, reached, request_lives, waiting
from training.learn.promise import cluster_effective_size, customer_and_week_clusters
from training.learn.selection import weight_per_refund

CONFIDENCE = 0.95
CALIBRATION_RANGE = (0.8, 1.25)
MIN_SEGMENT_ROWS = 200
MIN_SEGMENT_CLASS = 25
MAX_HARM = 0.02
MAX_NAMED = 3
OTHER, NOBODY = "(smaller ones)", ""


def gate(
    candidate: Evaluation,
    champion: Evaluation | None,
    *,
    available: Mapping[str, str],
    features: Mapping[str, str],
    weaker_promise: str = "",
    draws: int = 300,
    extra_checks: Sequence[GateCheck] = (),
) -> GateResult:
    """The checks of `candidate`, evaluated on the same rows as `champion` (None: there is none).

    `features` are those the candidate needs and `available` those that exist, by name and hash.
    `weaker_promise` is the reason why it may promise less than the champion; empty: it may not.
    `draws` is the number of bootstrap samples; `extra_checks` are added to the result.
    """
    checks = [check_features(features, available), check_rows(candidate, champion)]
    if champion is not None:
        checks.append(check_promised_share(candidate, champion, weaker_promise))
    if checks[1].passed:
        checks += [check_kept_promise(candidate, champion), check_calibration(candidate, draws)]
        if champion is not None:
            checks += check_improvement(candidate, champion, draws)
            checks.append(check_segments(candidate, champion))
    if champion is None:
        checks = [checks[0], *(passed_without_champion(check) for check in checks[1:])]
    return GateResult((*checks, *extra_checks))


def passed_without_champion(check: GateCheck) -> GateCheck:
    """The check as passed, its reason noted: without a champion any model whose features exist is
    better than none, and the policy's caps hold for it too."""
    return (
        check if check.passed else GateCheck(check.name, True, f"{check.why} (noted: no champion)")
    )


def check_features(features: Mapping[str, str], available: Mapping[str, str]) -> GateCheck:
    """Check that every feature the version needs exists with the same definition."""
    wrong = [name for name, digest in features.items() if available.get(name) != digest]
    all_here = f"all {len(features)} features are here"
    why = f"missing or changed: {', '.join(wrong)}" if wrong else all_here
    return GateCheck("features", not wrong, why)


def check_rows(candidate: Evaluation, champion: Evaluation | None) -> GateCheck:
    """Check that both classes occur in the test rows, and that both models have the same rows."""
    seen, keys = candidate.request_rows, ["refund_id", "as_of"]
    abusive, honest = int(seen.y.sum()), int((1 - seen.y).sum())
    same = champion is None or candidate.rows[keys].equals(champion.rows[keys])
    why = f"{abusive} abusive and {honest} honest held-out requests"
    passed = seen.has_both_classes and same
    return GateCheck("rows", passed, why if same else "evaluated on different rows")


def check_promised_share(candidate: Evaluation, champion: Evaluation, accepted: str) -> GateCheck:
    """Check that the candidate's promise is no weaker than the champion's, or that a reason to
    accept it is given."""
    why = (
        f"at most {candidate.promised:.1%} of honest requests, the champion {champion.promised:.1%}"
    )
    if accepted and candidate.promised > champion.promised:
        return GateCheck("promised share", True, f"{why}; accepted: {accepted}")
    return GateCheck("promised share", candidate.promised <= champion.promised, why)


def check_kept_promise(found: Evaluation, champion: Evaluation | None) -> GateCheck:
    """Check that the share of honest requests bothered in the test period is not significantly
    above the promise, or that it is below the champion's: refusing would make nothing better."""
    allowed, honest = found.promised, _honest_lives(found)
    flag, weight = reached(honest["peak"], found.ask_above), honest["weight"].to_numpy(dtype=float)
    share = float(np.average(flag, weights=weight))
    worth = cluster_effective_size(flag, weight, customer_and_week_clusters(honest))
    low = float(beta.ppf(1 - CONFIDENCE, share * worth, worth * (1 - share) + 1)) if share else 0.0
    waits = float(np.average(waiting(honest, found.ask_above), weights=weight))
    why = (
        f"{share:.1%} of honest requests reach the threshold (lower limit {low:.1%}), "
        f"promised at most {allowed:.1%}; {waits:.1%} wait for the shop or the courier"
    )
    if low <= allowed or champion is None:
        return GateCheck("promise", low <= allowed, why)
    rivals = _honest_lives(champion)
    now = float(np.average(reached(rivals["peak"], champion.ask_above), weights=rivals["weight"]))
    return GateCheck("promise", share < now, f"{why}; the champion: {now:.1%}")


def _honest_lives(found: Evaluation) -> pd.DataFrame:
    """The lives of the honest requests: by the policy with all its rules where rows have bars, else
    by probability."""
    rows = found.rows[found.rows["y"] < 0.5]
    bars = rows if "held" in rows else by_probability(rows["probability"].to_numpy())
    return request_lives(rows, held_to(bars, rows["floor"].to_numpy()))


def check_calibration(found: Evaluation, draws: int) -> GateCheck:
    """Check that the interval of observed over expected abuse in the top 5 % overlaps
    `CALIBRATION_RANGE`."""
    seen = found.request_rows
    value = observed_over_expected(seen)
    drawn = [
        observed_over_expected(seen.take(rows))
        for rows in bootstrap_by_customer(seen.customer, draws)
    ]
    low, high = np.quantile(drawn, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
    passed = bool(low <= CALIBRATION_RANGE[1] and high >= CALIBRATION_RANGE[0])
    why = f"observed over expected {value:.2f} in the top 5 % ({low:.2f} to {high:.2f})"
    return GateCheck("calibration", passed, why)


def check_improvement(
    candidate: Evaluation, champion: Evaluation, draws: int
) -> Iterator[GateCheck]:
    """Check that money saved and recall are not significantly worse than the champion's.

    A bootstrap over customers, paired; both at the false-positive rate that the stricter of the two
    promises allows.
    """
    new, old = candidate.request_rows, champion.request_rows
    friction = min(candidate.promised, champion.promised)
    metrics: Mapping[str, Callable[[ScoredRows, float], float]] = {
        "money saved": money_saved_at,
        "abuse found": recall_at,
    }
    samples = bootstrap_by_customer(new.customer, draws)
    for name, metric in metrics.items():
        pairs = [(new.take(rows), old.take(rows)) for rows in samples]
        gains = [metric(a, friction) - metric(b, friction) for a, b in pairs if a.has_both_classes]
        gain = metric(new, friction) - metric(old, friction)
        low, high = (float(np.quantile(gains, q)) for q in (1 - CONFIDENCE, CONFIDENCE))
        why = (
            f"{gain:+.1%} of all against the champion ({low:+.1%} to {high:+.1%}), "
            f"with {friction:.0%} of the honest bothered"
        )
        yield GateCheck(name, high >= 0, why, (low, high))


def check_segments(candidate: Evaluation, champion: Evaluation) -> GateCheck:
    """Check that no segment with enough rows gets a significantly higher log-loss.

    Standard errors are clustered by customer; Holm's correction for multiple tests (1979, "A simple
    sequentially rejective multiple test procedure").
    """
    found = sorted(_segment_losses(candidate.rows, champion.rows), key=lambda harm: harm[1])
    hurt = []
    for at, (name, chance, loss) in enumerate(found):
        if chance > (1 - CONFIDENCE) / (len(found) - at):
            break
        if loss > MAX_HARM:
            hurt.append(f"{name} (log-loss {loss:+.3f})")
    more = f" and {len(hurt) - MAX_NAMED} more" if hurt[MAX_NAMED:] else ""
    worst = ", ".join(hurt[:MAX_NAMED]) + more
    why = f"worse for {worst}" if hurt else f"none of {len(found)} is significantly worse"
    return GateCheck("segments", not hurt, why)


def _segment_losses(new: pd.DataFrame, old: pd.DataFrame) -> Iterator[tuple[str, float, float]]:
    """Name, p-value and mean increase of log-loss (nats) of every segment."""
    y = new["y"].to_numpy()
    worse = log_losses(new["probability"].to_numpy(), y)
    worse = worse - log_losses(old["probability"].to_numpy(), y)
    weight = new["weight"].to_numpy() * weight_per_refund(new)
    for by in SEGMENTS:
        names = pool_small_segments(new[by], y) if by in new else np.array([])
        for name in pd.unique(names[names != NOBODY]):
            here = names == name
            mean = float(np.average(worse[here], weights=weight[here]))
            codes = pd.factorize(new["customer_id"][here])[0]
            share = weight[here] / weight[here].sum()
            error = np.sqrt((np.bincount(codes, share * (worse[here] - mean)) ** 2).sum())
            yield f"{by} {name}", float(norm.sf(mean / max(error, 1e-12))), mean


def pool_small_segments(names: pd.Series, y: np.ndarray) -> np.ndarray:
    """Segment names (n,) with the small segments pooled into `OTHER`; `NOBODY` for their rows where
    even the pool is too small."""
    counts = pd.DataFrame({"name": names.astype(str).to_numpy(), "abusive": y >= 0.5})
    small = _is_small(counts)
    counts["name"] = counts["name"].mask(small, OTHER)
    return counts["name"].mask(_is_small(counts), NOBODY).to_numpy(dtype=object)


def _is_small(counts: pd.DataFrame) -> pd.Series:
    groups = counts.groupby("name")["abusive"]
    rows, abusive = groups.transform("size"), groups.transform("sum")
    rarer = np.minimum(abusive, rows - abusive)
    return (rows < MIN_SEGMENT_ROWS) | (rarer < MIN_SEGMENT_CLASS)
