"""The model card: training data, promise with its assumptions, evaluation (Mitchell et al. 2019,
"Model cards for model reporting")."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from risk.facts.units import DAY_MS
from training.judge.evaluate import Evaluation
from training.judge.promise_words import promise_sentences
from training.judge.verdict import RIVALS, against_baselines
from training.learn.fit import FittedModel
from training.learn.plan import TrainingOptions
from training.learn.promise import Promise
from training.learn.trend import HORIZON_MS

HEADLINE_METRICS = {
    "auc": "an abusive request ranks above an honest one",
    "average_precision": "precision, averaged over all thresholds",
    "recall_at_1": "abuse found with 1% of the honest bothered",
    "recall_at_5": "abuse found with 5% of the honest bothered",
    "brier": "mean squared error of the probability",
    "money_at_5": "abusive money found with 5% of the honest bothered",
    "money_at_10": "abusive money found with 10% of the honest bothered",
}
"""The measures that are shown first, and what each says."""


def model_card(fitted: FittedModel, evaluation: Evaluation, options: TrainingOptions) -> str:
    """The model card of a version, in Markdown."""
    about, table = fitted.about, metrics_table(evaluation)
    parts = [
        ["# refund-risk"],
        _data_section(about),
        ["## Promise", "", *_promise_section(Promise.from_json(about["promise"]), options)],
        ["## Evaluation", "", *_evaluation_section(about), "", "```", *table, "```"],
        ["## Training", "", *_lane_table(about["lanes"])],
    ]
    return "\n\n".join("\n".join(part) for part in parts) + "\n"


EXPERIENCE = {
    "mixed": "Its trees are added to the starter's score, which is made from assumptions, no real "
    "customers; the table below says with what weight.",
    "own": "It learned from the findings of this store alone.",
}


def _data_section(about: Mapping[str, Any]) -> list[str]:
    return [
        f"Trained on what was known on {_day(about['trained_until'])}: {about['requests']:,} "
        f"refund requests, {about['labelled']:,} of them labelled ({about['audited']:,} by the "
        f"random audit). Labels are weighted by inverse propensity; their effective sample size is "
        f"{about['effective_labels']:,.0f}.",
        EXPERIENCE[about["experience"]],
        f"Of what texts say, {about['words']:,} keyed buckets of words have a weight."
        if about.get("words")
        else "What texts say has no weight.",
    ]


def _promise_section(made: Promise, options: TrainingOptions) -> list[str]:
    """The promise with its assumptions, in sentences."""
    told = " ".join(promise_sentences(made))
    if not made.proven:
        return [told]
    return [
        told,
        "",
        "Assumptions:",
        "",
        "- future requests are distributed like past ones, and labelled requests like all requests "
        "once weighted by inverse propensity;",
        "- findings are right: honest requests were honest, abusive ones were not;",
        f"- the requests have an effective sample size of {made.effective:,.0f}, clustered by "
        "customer and by week;",
        f"- for {HORIZON_MS // DAY_MS} days after the training what the score adds grows to at "
        f"most {made.growth:.2f} times its mean, as its trend over all requests projects, with a "
        f"margin of {options.drift_margin:.1%} of honest requests for drift.",
        "",
        "`refund-risk monitor` measures it each month; `--tighten` raises the threshold where the "
        "promise is broken.",
    ]


def _evaluation_section(about: Mapping[str, Any]) -> list[str]:
    if about.get("by_customer"):
        return [
            "The history is too young to test on later requests. The twin, trained the same way on "
            "three quarters of the customers, is evaluated on the requests of the others, as of "
            "their own moments: what changes with time is not in these numbers. Brackets: 95% "
            "bootstrap intervals over customers."
        ]
    return [
        f"The twin, trained the same way on what was known on {_day(about['test_from'])}, is "
        f"evaluated on requests made since, as of their own moments, at least "
        f"{about['gap_days']:.0f} days old so that labels are in. Wrong labels lower the metrics "
        "of all models alike. Brackets: 95% bootstrap intervals over customers."
    ]


def _lane_table(lanes: Mapping[str, Mapping[str, Any]]) -> list[str]:
    rows = [
        f"| {name} | {one['rounds']} × {one['folds']} | {one['shape']['num_leaves']} | "
        f"{one['starter']:.2f} | {one['calibration']} |"
        for name, one in lanes.items()
    ]
    head = ["| lane | trees × folds | leaves | weight of the starter | calibration |"]
    return [*head, "|---|---|---|---|---|", *rows]


def _day(moment: float) -> str:
    return datetime.fromtimestamp(moment / 1000, UTC).date().isoformat()


def default_name(about: Mapping[str, Any]) -> str:
    """What a run is called that nobody named: its day and what it learned from.

    >>> default_name({"trained_until": 1795858991861, "requests": 2000, "labelled": 1243})
    '2026-11-28, 1,243 findings of 2,000 requests'
    """
    day = _day(about["trained_until"])
    return f"{day}, {about['labelled']:,} findings of {about['requests']:,} requests"


def readable_tags(about: Mapping[str, Any], evaluation: Evaluation) -> dict[str, str]:
    """What a person looks for among the tags of a run, beside the hashes."""
    told = {
        "learned from": f"{about['labelled']:,} findings of {about['requests']:,} requests",
        "known until": _minute(about["trained_until"]),
        "judged on requests since": _minute(about["test_from"]),
        "experience": EXPERIENCE[about["experience"]],
        "verdict": against_baselines(evaluation),
    }
    return {name: value for name, value in told.items() if value}


def _minute(moment: float) -> str:
    return f"{datetime.fromtimestamp(moment / 1000, UTC):%Y-%m-%d %H:%M} UTC"


def _title(baseline: str) -> str:
    """A baseline's name without an article."""
    return RIVALS.get(baseline, baseline).removeprefix("a ").removeprefix("an ")


def metrics_table(evaluation: Evaluation) -> list[str]:
    """The headline metrics with intervals, beside the baselines on the same rows, as lines."""
    if not evaluation.metrics:
        return ["the test period has labels of one class only: no metrics yet"]
    titles = {name: _title(name) for name in evaluation.baselines}
    wide = {name: max(12, len(title) + 2) for name, title in titles.items()}
    lines = [f"{'':20}{'refund-risk':>26}" + "".join(f"{titles[n]:>{w}}" for n, w in wide.items())]
    for name in HEADLINE_METRICS:
        if name not in evaluation.metrics:
            continue
        one = evaluation.metrics[name]
        shown = f"{one.value:.3f} ({one.low:.3f} to {one.high:.3f})"
        others = "".join(
            f"{found[name].value:>{wide[other]}.3f}" if name in found else " " * wide[other]
            for other, found in evaluation.baselines.items()
        )
        lines.append(f"{name:20}{shown:>26}{others}")
    told = [
        f"{name}: {meaning}"
        for name, meaning in HEADLINE_METRICS.items()
        if name in evaluation.metrics
    ]
    return [
        *lines,
        *told,
        "of these, money is ranked by the score alone; `backtest` says what a policy stops of it, "
        "with its caps and rules: mostly much less",
    ]
