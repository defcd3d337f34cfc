"""The model card: what a version learned from, what it promises and assumes, how it was judged."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from risk.facts.units import DAY_MS
from training.judge.evaluate import Evaluation
from training.learn.fit import FittedModel
from training.learn.plan import TrainingOptions
from training.learn.promise import NO_THRESHOLD
from training.learn.trend import HORIZON_MS

SHOWN = (
    "auc",
    "average_precision",
    "recall_at_1",
    "recall_at_5",
    "brier",
    "money_at_5",
    "money_at_10",
)


def card(fitted: FittedModel, evaluation: Evaluation, options: TrainingOptions) -> str:
    """The card of a version, in Markdown."""
    about = fitted.about
    parts = [
        ["# refund-risk"],
        _learned(about),
        ["## What it promises", "", *_promised(about["promise"], options)],
        ["## How it was judged", "", *_judged(about), "", "```", *table(evaluation), "```"],
        ["## How it was made", "", *_lanes(about["lanes"])],
    ]
    return "\n\n".join("\n".join(part) for part in parts) + "\n"


def _learned(about: Mapping[str, Any]) -> list[str]:
    return [
        f"Learned from what was known on {_day(about['trained_until'])}: {about['requests']:,} "
        f"refund requests, {about['labelled']:,} of them looked into ({about['audited']:,} by the "
        f"random audit). Weighted for how they were chosen, those are worth "
        f"{about['effective_labels']:,.0f} drawn at random."
    ]


def _promised(made: Mapping[str, float], options: TrainingOptions) -> list[str]:
    """The promise in words, and everything it rests on."""
    if made["ask_above"] >= NO_THRESHOLD:
        return [
            f"Nothing: {made['requests']:,} requests found honest prove no threshold. The policy's "
            "own floor for an unproven model holds."
        ]
    return [
        f"Asked above {made['ask_above']:.3f}, with {made['confidence']:.0%} confidence at most "
        f"{made['share']:.1%} of honest requests are bothered in their whole life, all rules of "
        f"the policy counted. Of {made['requests']:,} requests found honest, each judged by trees "
        f"that never saw its customer, {made['observed']:.2%} were, {made['bound']:.2%} at most.",
        "",
        "That rests on these assumptions:",
        "",
        "- requests to come are like those so far, and those looked into like the others once "
        "weighted by their chance to be;",
        "- what was found honest was honest, and what was found abusive was not;",
        f"- {made['effective']:,.0f} of the requests are independent of one another, no customer's "
        "and no week's counted twice;",
        f"- until {HORIZON_MS // DAY_MS} days after the training the share above the threshold "
        f"grows to no more than {made['growth']:.2f} times its mean, as its trend among all "
        f"requests says, with {options.drift_margin:.1%} of honest requests to spare.",
        "",
        "`refund-risk monitor` counts it again each month, and `--tighten` raises the threshold "
        "where it is not kept.",
    ]


def _judged(about: Mapping[str, Any]) -> list[str]:
    return [
        f"A twin, made in the same way from what was known on {_day(about['test_from'])}, answers "
        f"the requests asked since, as of their own moments, where {about['gap_days']:.0f} days "
        "have let findings mature. Findings are sometimes wrong, which costs every model of the "
        "table alike; 95% intervals draw customers anew."
    ]


def _lanes(lanes: Mapping[str, Mapping[str, Any]]) -> list[str]:
    rows = [
        f"| {name} | {one['rounds']} × {one['seeds']} | {one['shape']['num_leaves']} | "
        f"{one['calibration']} |"
        for name, one in lanes.items()
    ]
    return ["| lane | trees × seeds | leaves | calibration |", "|---|---|---|---|", *rows]


def _day(moment: float) -> str:
    return datetime.fromtimestamp(moment / 1000, UTC).date().isoformat()


def table(evaluation: Evaluation) -> list[str]:
    """The headline metrics with intervals, beside the baselines on the same rows."""
    if not evaluation.metrics:
        return ["the later requests hold findings of one kind only: nothing can be measured yet"]
    wide = {name: max(12, len(name) + 2) for name in evaluation.rivals}
    lines = [f"{'':20}{'refund-risk':>26}" + "".join(f"{n:>{w}}" for n, w in wide.items())]
    for name in SHOWN:
        if name not in evaluation.metrics:
            continue
        one = evaluation.metrics[name]
        shown = f"{one.value:.3f} ({one.low:.3f} to {one.high:.3f})"
        rivals = "".join(
            f"{found[name].value:>{wide[rival]}.3f}" if name in found else " " * wide[rival]
            for rival, found in evaluation.rivals.items()
        )
        lines.append(f"{name:20}{shown:>26}{rivals}")
    return lines
