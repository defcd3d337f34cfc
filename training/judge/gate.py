"""The gate: whether a version may become champion, and why, as a list of small checks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import beta, norm

from training.judge.evaluate import SEGMENTS, Evaluation
from training.judge.metrics import (
    ScoredRows,
    bootstrap_by_customer,
    money_saved,
    observed_over_expected,
    recall,
)
from training.learn.calibrate import log_losses
from training.learn.promise import cluster_effective_size, customer_and_week_clusters
from training.learn.selection import weight_per_refund

CONFIDENCE = 0.95
CALIBRATED = (0.8, 1.25)
SEGMENT_ROWS = 200
SEGMENT_KIND = 25
HARM = 0.02
NAMED = 3
OTHER, NOBODY = "(smaller ones)", ""


@dataclass(frozen=True)
class Check:
    """One check of a version: its name, whether it passed, and why in a sentence."""

    name: str
    passed: bool
    why: str


@dataclass(frozen=True)
class GateResult:
    """All checks; a version may become champion when every one passed."""

    checks: tuple[Check, ...]

    @property
    def allowed(self) -> bool:
        """Whether every check passed."""
        return all(check.passed for check in self.checks)

    @property
    def refusals(self) -> tuple[str, ...]:
        """Why not, a sentence each."""
        return tuple(f"{check.name}: {check.why}" for check in self.checks if not check.passed)

    def to_json(self) -> dict[str, Any]:
        """For the ledger."""
        return {"allowed": self.allowed, "checks": [asdict(check) for check in self.checks]}


def gate(
    rival: Evaluation,
    champion: Evaluation | None,
    *,
    available: Mapping[str, str],
    features: Mapping[str, str],
    weaker_promise: str = "",
    draws: int = 300,
    others: Sequence[Check] = (),
) -> GateResult:
    """Run every check of `rival`, judged on the same rows as `champion` (None: there is none).

    `features` are those the rival needs and `available` those that exist, by name and hash.
    `weaker_promise` says why the rival may promise less than the champion; empty: it may not.
    `others` are checks made elsewhere, of drift for instance.
    """
    checks = [check_features(features, available), check_rows(rival, champion)]
    if champion is not None:
        checks.append(check_promised(rival, champion, weaker_promise))
    if checks[1].passed:
        checks += [check_promise(rival, champion), check_calibration(rival, draws)]
        if champion is not None:
            checks += check_against(rival, champion, draws)
            checks.append(check_segments(rival, champion))
    if champion is None:
        checks = [checks[0], *(noted(check) for check in checks[1:])]
    return GateResult((*checks, *others))


def noted(check: Check) -> Check:
    """The check as passed, with its reason noted: where there is no champion, any model whose
    features exist is better than no answer, and the policy's own caps hold for it too."""
    return check if check.passed else Check(check.name, True, f"{check.why} (noted: no rival)")


def check_features(features: Mapping[str, str], available: Mapping[str, str]) -> Check:
    """Every feature the version needs exists with the same definition."""
    wrong = [name for name, digest in features.items() if available.get(name) != digest]
    why = f"missing or changed: {', '.join(wrong)}" if wrong else f"all {len(features)} are here"
    return Check("features", not wrong, why)


def check_rows(rival: Evaluation, champion: Evaluation | None) -> Check:
    """There is something to judge by, and both were judged by the same."""
    seen, keys = _first(rival), ["refund_id", "as_of"]
    abusive, honest = int(seen.y.sum()), int((1 - seen.y).sum())
    same = champion is None or rival.rows[keys].equals(champion.rows[keys])
    why = f"{abusive} abusive and {honest} honest requests neither has learned from"
    return Check("rows", seen.both and same, why if same else "judged on different rows")


def check_promised(rival: Evaluation, champion: Evaluation, accepted: str) -> Check:
    """The rival promises honest customers at least as much as the champion, unless a reason to
    accept less is given."""
    why = f"at most {rival.promised:.1%} of honest requests, the champion {champion.promised:.1%}"
    if accepted and rival.promised > champion.promised:
        return Check("promised share", True, f"{why}; accepted: {accepted}")
    return Check("promised share", rival.promised <= champion.promised, why)


def check_promise(found: Evaluation, champion: Evaluation | None) -> Check:
    """Not surely more honest requests were bothered in the test period than promised, or at least
    fewer than the champion bothers: keeping the worse one back would keep nobody's promise."""
    allowed = found.promised
    flag, peak = _bothered(found)
    weight = peak["weight"].to_numpy(dtype=float)
    share = float(np.average(flag, weights=weight))
    worth = cluster_effective_size(flag, weight, customer_and_week_clusters(peak))
    low = float(beta.ppf(1 - CONFIDENCE, share * worth, worth * (1 - share) + 1)) if share else 0.0
    why = f"{share:.1%} of honest requests reach the bar (at least {low:.1%}), {allowed:.1%} may"
    if low <= allowed or champion is None:
        return Check("promise", low <= allowed, why)
    flag, peak = _bothered(champion)
    now = float(np.average(flag, weights=peak["weight"]))
    return Check("promise", share < now, f"{why}; {now:.1%} reach the champion's")


def _bothered(found: Evaluation) -> tuple[np.ndarray, pd.DataFrame]:
    """Whether each honest request (n,) was bothered in its life, and its row: by the policy with
    all its rules where rows have a `bar`, else by probability."""
    rows = found.rows[found.rows["y"] < 0.5]
    if "bar" in rows:
        rows = rows.assign(probability=rows["bar"])[rows["bar"].notna()]
    peak = rows.sort_values("probability").groupby("refund_id", sort=False).last()
    return (peak["probability"] >= found.ask_above).to_numpy(), peak


def check_calibration(found: Evaluation, draws: int) -> Check:
    """Observed over expected abuse in the top 5 % may lie within 0.8 and 1.25."""
    seen = _first(found)
    value = observed_over_expected(seen)
    drawn = [
        observed_over_expected(seen.take(rows))
        for rows in bootstrap_by_customer(seen.customer, draws)
    ]
    low, high = np.quantile(drawn, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
    passed = bool(low <= CALIBRATED[1] and high >= CALIBRATED[0])
    why = f"{value:.2f} found for each foretold in the top 5 % ({low:.2f} to {high:.2f})"
    return Check("calibration", passed, why)


def check_against(rival: Evaluation, champion: Evaluation, draws: int) -> Iterator[Check]:
    """Not significantly worse on money and on recall, by a bootstrap paired over customers.

    Both may bother as many honest requests as the stricter of the two promises allows.
    """
    new, old = _first(rival), _first(champion)
    friction = min(rival.promised, champion.promised)
    metrics: Mapping[str, Callable[[ScoredRows, float], float]] = {
        "money": money_saved,
        "recall": recall,
    }
    samples = bootstrap_by_customer(new.customer, draws)
    for name, metric in metrics.items():
        pairs = [(new.take(rows), old.take(rows)) for rows in samples]
        gains = [metric(a, friction) - metric(b, friction) for a, b in pairs if a.both]
        gain, high = metric(new, friction) - metric(old, friction), np.quantile(gains, CONFIDENCE)
        low = np.quantile(gains, 1 - CONFIDENCE)
        why = f"{gain:+.3f} against the champion ({low:+.3f} to {high:+.3f}) at {friction:.0%}"
        yield Check(name, bool(high >= 0), why)


def check_segments(rival: Evaluation, champion: Evaluation) -> Check:
    """No segment with enough rows gets surely worse probabilities than it had.

    Log-loss is compared by customer; Holm's correction (1979, "A simple sequentially rejective
    multiple test procedure") keeps many segments from raising a false alarm.
    """
    found = sorted(_harms(rival.rows, champion.rows), key=lambda harm: harm[1])
    hurt = []
    for at, (name, chance, loss) in enumerate(found):
        if chance > (1 - CONFIDENCE) / (len(found) - at):
            break
        if loss > HARM:
            hurt.append(f"{name} (log-loss {loss:+.3f})")
    worst = ", ".join(hurt[:NAMED]) + (f" and {len(hurt) - NAMED} more" if hurt[NAMED:] else "")
    why = f"worse for {worst}" if hurt else f"none of {len(found)} is surely worse off"
    return Check("segments", not hurt, why)


def _harms(new: pd.DataFrame, old: pd.DataFrame) -> Iterator[tuple[str, float, float]]:
    """Name, chance of such a loss by luck, and mean loss in nats, of every segment."""
    y = new["y"].to_numpy()
    worse = log_losses(new["probability"].to_numpy(), y)
    worse = worse - log_losses(old["probability"].to_numpy(), y)
    weight = new["weight"].to_numpy() * weight_per_refund(new)
    for by in SEGMENTS:
        names = pooled(new[by], y) if by in new else np.array([])
        for name in pd.unique(names[names != NOBODY]):
            here = names == name
            mean = float(np.average(worse[here], weights=weight[here]))
            codes = pd.factorize(new["customer_id"][here])[0]
            share = weight[here] / weight[here].sum()
            error = np.sqrt((np.bincount(codes, share * (worse[here] - mean)) ** 2).sum())
            yield f"{by} {name}", float(norm.sf(mean / max(error, 1e-12))), mean


def pooled(names: pd.Series, y: np.ndarray) -> np.ndarray:
    """Segment names (n,), those too small for a rate to mean something put together; empty for
    rows of all the small ones when even together they are too few."""
    counts = pd.DataFrame({"name": names.astype(str).to_numpy(), "abusive": y >= 0.5})
    small = _small(counts)
    counts["name"] = counts["name"].mask(small, OTHER)
    return counts["name"].mask(_small(counts), NOBODY).to_numpy(dtype=object)


def _small(counts: pd.DataFrame) -> pd.Series:
    groups = counts.groupby("name")["abusive"]
    rows, abusive = groups.transform("size"), groups.transform("sum")
    return (rows < SEGMENT_ROWS) | (abusive < SEGMENT_KIND) | (rows - abusive < SEGMENT_KIND)


def _first(found: Evaluation) -> ScoredRows:
    return ScoredRows.of(found.rows[found.rows["stage"] == "request"])
