"""What an evaluation comes to, in a sentence: better, worse, or not to be told."""

from __future__ import annotations

from training.judge.evaluate import Evaluation
from training.judge.gate_result import GateResult

MEASURE = "average_precision"
RIVALS = {
    "rule_set": "a set of rules",
    "logistic_regression": "logistic regression",
    "isolation_forest": "an isolation forest",
    "hist_gradient_boosting": "plain gradient boosting",
}


def against_champion(result: GateResult) -> str:
    """Whether the version is better than the champion, by the gate's paired comparisons.

    >>> from training.judge.gate_result import GateCheck
    >>> money = GateCheck("money saved", True, "+0.020", (0.001, 0.041))
    >>> against_champion(GateResult((money,)))
    'verdict: better than the champion (money saved +0.020)'
    """
    compared = [check for check in result.checks if check.interval is not None]
    if not compared:
        return ""
    told = "; ".join(f"{check.name} {check.why}" for check in compared)
    if any(check.interval[1] < 0 for check in compared if check.interval):
        return f"verdict: worse than the champion ({told})"
    if any(check.interval[0] > 0 for check in compared if check.interval):
        return f"verdict: better than the champion ({told})"
    return f"verdict: whether it is better than the champion cannot be told ({told})"


def against_baselines(found: Evaluation) -> str:
    """Which simple models it beats, which beat it, and where that cannot be told: by whether their
    average precision lies outside its interval."""
    own = found.metrics.get(MEASURE)
    if own is None or not found.baselines:
        return ""
    groups: dict[str, list[str]] = {"better than": [], "worse than": [], "not told apart from": []}
    for name, measures in found.baselines.items():
        value = measures[MEASURE].value if MEASURE in measures else own.value
        which = (
            "better than"
            if value < own.low
            else "worse than"
            if value > own.high
            else "not told apart from"
        )
        groups[which].append(RIVALS.get(name, name))
    told = [f"{which} {', '.join(names)}" for which, names in groups.items() if names]
    return f"by average precision {'; '.join(told)}"
