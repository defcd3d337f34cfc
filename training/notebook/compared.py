"""Answers of the notebook that trains two models and compares them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from training.judge.evaluate import Evaluation
from training.judge.gate_result import GateResult
from training.judge.metrics import ConfidenceInterval
from training.notebook.workbench import Answer


def counts(frame: pd.DataFrame) -> pd.DataFrame:
    """Requests of a training set by what is known of them."""
    first = frame[frame["stage"] == "request"]
    found = {
        "requests": len(first),
        "found abusive": int((first["y"] >= 0.5).sum()),
        "found honest": int((first["y"] < 0.5).sum()),
        "looked into at random": int((first["selected_by"] == "random_audit").sum()),
    }
    return pd.Series(found, name="requests").to_frame()


def enough(frame: pd.DataFrame, models: Mapping[str, Evaluation]) -> Answer:
    """What there is to learn from, and how much can be told apart on what is left to judge by."""
    first = frame[frame["stage"] == "request"]
    known = int(first["y"].notna().sum())
    seen = next(iter(models.values())).request_rows
    abusive = int(seen.y.sum())
    few = "; with so few, only large differences can be told" if abusive < 100 else ""
    return Answer(
        f"{known:,} of {len(first):,} requests ({known / len(first):.0%}) have a finding. Both "
        f"models are judged on {len(seen.y):,} later ones, {abusive:,} of them abusive{few}."
    )


def difference(
    models: Mapping[str, Evaluation], groups: pd.DataFrame, measure: str = "average_precision"
) -> Answer:
    """Whether the second model is better than the first, by the log-loss of the same requests."""
    (before, one), (after, other) = models.items()
    [whole] = groups[groups["segment"] == "all"].to_dict("records")
    told = (
        f"Yes: {after} is better"
        if whole["low"] > 0
        else f"No: {before} is better"
        if whole["high"] < 0
        else "It cannot be told on these requests"
    )
    old, new = (found.metrics[measure].value for found in (one, other))
    return Answer(
        f"{told}. {after.capitalize()}, the log-loss a request is {_lower(whole['gain'])} "
        f"(95 %: {_lower(whole['low'])} to {_lower(whole['high'])}); {measure.replace('_', ' ')} "
        f"is {new:.3f}, {before} {old:.3f}."
    )


def _lower(gain: float) -> str:
    return f"{abs(gain):.3f} nats {'lower' if gain >= 0 else 'higher'}"


def by_group(groups: pd.DataFrame) -> Answer:
    """Which groups the second model is surely better or worse for."""
    parts = groups[groups["segment"] != "all"]
    if parts.empty:
        return Answer("No group has enough findings of both kinds to be judged by itself.")
    better, worse = parts[parts["low"] > 0], parts[parts["high"] < 0]
    told = [
        f"surely {word} for {', '.join(rows['segment'])}"
        for word, rows in (("better", better), ("worse", worse))
        if len(rows)
    ]
    return Answer(
        f"Of {len(parts)} groups the second model is {' and '.join(told)}."
        if told
        else f"For none of {len(parts)} groups can a difference be told."
    )


def meant(models: Mapping[str, Evaluation], measure: str = "observed_over_expected") -> Answer:
    """Whether high probabilities say what they mean."""
    told = [
        f"{name} {100 * one.value:.0f} were ({100 * one.low:.0f} to {100 * one.high:.0f}): "
        f"{_meaning(one)}"
        for name, found in models.items()
        for one in [found.metrics[measure]]
    ]
    return Answer(
        "Of every hundred that the highest 5 % of probabilities foretell to be abusive, "
        f"{'; '.join(told)}."
    )


def _meaning(one: ConfidenceInterval) -> str:
    if one.low > 1:
        return "the probabilities are too low"
    return (
        "the probabilities are too high" if one.high < 1 else "as foretold, as far as can be told"
    )


def may_serve(result: GateResult) -> Answer:
    """What the gate says, with what it holds against the version."""
    if result.allowed:
        return Answer(f"Yes, it may become champion: all {len(result.checks)} checks are passed.")
    return Answer(f"No, the gate refuses it: {'; '.join(result.refusals)}.")


def check_table(result: GateResult) -> pd.DataFrame:
    """The checks of the gate, a row each."""
    rows: Sequence[tuple[str, str, str]] = [
        (one.name, "passed" if one.passed else "failed", one.why) for one in result.checks
    ]
    return pd.DataFrame(rows, columns=["check", "result", "why"])
