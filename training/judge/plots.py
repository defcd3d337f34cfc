"""Pictures of a model for the people who answer for it. Each function makes one figure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import cycle
from typing import Any

import numpy as np
import pandas as pd
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter
from sklearn.metrics import precision_recall_curve

from risk.explain.feature_title import feature_title
from risk.features.spec import Feature
from risk.model import Bundle
from risk.model.pyfunc import frame_rows
from training.judge.evaluate import Evaluation
from training.judge.metrics import average_precision

INK, PAPER, GRID = "#22303c", "#ffffff", "#dde3e8"
HONEST, ABUSIVE, MARK = "#4c8fb5", "#c8553d", "#e0a030"
FAMILY_COLOURS: Mapping[str, str] = {
    "purchase_pattern": "#c8553d",
    "shared_identity": "#8e5ea2",
    "reason": "#e0a030",
    "evidence": "#5a9367",
    "logistics": "#4c8fb5",
    "returned_goods": "#7d6b5d",
    "order_context": "#9aa5b1",
}
MAX_EXPLAINED = 2_000
MAX_TITLE = 64
CLASSES = ("abusive", "honest")


def evaluation_figures(
    found: Evaluation, bundle: Bundle, features: Sequence[Feature]
) -> dict[str, Figure]:
    """The figures of an evaluation by file name; `features` are at least those of the bundle.

    Precision and recall are left out where only one class occurs.
    """
    ranked = {"precision_recall.png": precision_recall(found)} if found.metrics else {}
    return ranked | {
        "reliability.png": reliability(found),
        "importance.png": importance(bundle, found.rows, features),
        "tier_mix.png": tier_mix(found),
        "scores.png": score_histogram(found),
    }


def canvas(
    title: str, across: str, up: str, size: tuple[float, float] = (7, 4.4)
) -> tuple[Figure, Axes]:
    """An empty figure in the common style: title, labels of both axes, `size` in inches."""
    figure = Figure(figsize=size, dpi=140, facecolor=PAPER, layout="constrained")
    axes = figure.subplots()
    axes.set_title(title, loc="left", color=INK, fontsize=12, fontweight="bold", pad=12)
    axes.set_xlabel(across, color=INK)
    axes.set_ylabel(up, color=INK)
    axes.grid(color=GRID, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.tick_params(colors=INK, length=0)
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(GRID)
    return figure, axes


def precision_recall(found: Evaluation) -> Figure:
    """Precision-recall curve, with the prevalence as a line."""
    seen = found.request_rows
    precision, recall, _ = precision_recall_curve(
        seen.y, seen.probability, sample_weight=seen.weight
    )
    best = np.maximum.accumulate(precision[:-1])  # recall falls along the array
    figure, axes = canvas("Precision and recall", "recall", "precision at this recall or more")
    axes.plot(recall[:-1], best, color=ABUSIVE, linewidth=2)
    base = float(np.average(seen.y, weights=seen.weight))
    axes.axhline(base, color=INK, linewidth=1, linestyle=":")
    axes.annotate(f"prevalence {base:.1%}", (1, base), ha="right", va="bottom", color=INK)
    label = f"average precision {average_precision(seen):.3f}"
    axes.annotate(label, (0.98, 0.94), xycoords="axes fraction", ha="right", color=ABUSIVE)
    axes.set(xlim=(0, 1), ylim=(0, 1.02))
    return figure


def reliability(found: Evaluation, bins: int = 12) -> Figure:
    """Reliability diagram: predicted probability against observed rate in bins of equal count, with
    95 % intervals."""
    seen = found.request_rows
    order = np.argsort(seen.probability, kind="stable")
    predicted, observed, error = [], [], []
    for rows in np.array_split(order, bins):
        weight = seen.weight[rows]
        rate = float(np.average(seen.y[rows], weights=weight))
        worth = weight.sum() ** 2 / (weight**2).sum()
        predicted.append(float(np.average(seen.probability[rows], weights=weight)))
        observed.append(rate)
        error.append(1.96 * np.sqrt(max(rate * (1 - rate), 0.25 / worth) / worth))
    figure, axes = canvas("Reliability", "predicted probability", "observed rate", (5.2, 5))
    axes.plot([1e-3, 1], [1e-3, 1], color=INK, linewidth=1, linestyle=":")
    axes.errorbar(predicted, observed, yerr=error, fmt="o", color=HONEST, ecolor=HONEST, capsize=3)
    top = min(1.0, 1.15 * max(*predicted, *observed))
    axes.set(xlim=(0, top), ylim=(0, top))
    return figure


def mean_contributions(bundle: Bundle, rows: pd.DataFrame) -> pd.Series:
    """Mean absolute contribution of each feature in log-odds, over a sample of rows: exact Shapley
    values of trees (Lundberg et al. 2020, "From local explanations to global understanding with
    explainable AI for trees")."""
    sample = rows.sample(min(MAX_EXPLAINED, len(rows)), random_state=0)
    matrix = frame_rows(bundle, sample)
    total = np.zeros(len(bundle.features))
    for row, lane in zip(matrix, sample["lane"], strict=True):
        total += np.abs(bundle.score(row, lane).contributions)
    return pd.Series(total / len(sample), index=list(bundle.features)).sort_values(ascending=False)


def importance(
    bundle: Bundle, rows: pd.DataFrame, features: Sequence[Feature], top: int = 20
) -> Figure:
    """The features with the largest mean contribution, in words, coloured by family."""
    ranked = mean_contributions(bundle, rows).head(top)[::-1]
    known = {feature.name: feature for feature in features}
    size = (9.2, 1.4 + 0.27 * len(ranked))
    figure, axes = canvas("What moves the score", "mean |contribution| (log-odds)", "", size)
    own = [known[name].family for name in ranked.index]
    axes.barh(range(len(ranked)), ranked, color=[FAMILY_COLOURS[family] for family in own])
    titles = [short_title(known[name]) for name in ranked.index]
    axes.set_yticks(range(len(ranked)), titles, fontsize=8)
    axes.grid(visible=False, axis="y")
    for family in dict.fromkeys(reversed(own)):
        axes.barh(0, 0, color=FAMILY_COLOURS[family], label=family.replace("_", " "))
    axes.set_xlim(left=0)
    axes.legend(frameon=False, fontsize=8, loc="lower right")
    return figure


def short_title(feature: Feature, language: str = "en") -> str:
    """What a feature is called on an axis."""
    title = feature_title(feature, language)
    return title if len(title) <= MAX_TITLE else f"{title[: MAX_TITLE - 1].rstrip(' ,:')}…"


def tier_mix(found: Evaluation) -> Figure:
    """Shares of requests questioned and approved at each threshold, by class: the ranking alone,
    before the policy's costs and rules."""
    seen = found.request_rows
    bars = np.linspace(0, 1, 201) ** 2
    total = seen.weight.sum()
    over = seen.probability[None, :] >= bars[:, None]
    asked_bad = (over * (seen.weight * seen.y)).sum(axis=1) / total
    asked_good = (over * (seen.weight * (1 - seen.y))).sum(axis=1) / total
    bad = float((seen.weight * seen.y).sum() / total)
    figure, axes = canvas("Requests questioned by threshold", "threshold", "share of requests")
    axes.stackplot(
        bars, asked_bad, asked_good, bad - asked_bad, 1 - bad - asked_good,
        labels=[f"{what}, {who}" for what in ("questioned", "approved") for who in CLASSES],
        colors=[ABUSIVE, MARK, "#e7b3a7", "#cfe1ec"],
    )  # fmt: skip
    axes.set(xlim=(0, 1), ylim=(0, 1))
    axes.legend(frameon=True, facecolor=PAPER, edgecolor=GRID, fontsize=8, loc="center right")
    return figure


def score_histogram(found: Evaluation) -> Figure:
    """Histograms of honest and abusive requests over the probability, on a log-odds scale."""
    seen = found.request_rows
    line = np.log(seen.probability / (1 - seen.probability))
    edges = np.linspace(line.min() - 1e-6, line.max() + 1e-6, 41)
    figure, axes = canvas(
        "Scores of honest and abusive requests", "probability", "share of the class"
    )
    for kind, colour, name in ((0, HONEST, "honest"), (1, ABUSIVE, "abusive")):
        here = seen.y == kind
        weight = seen.weight[here] / seen.weight[here].sum()
        axes.hist(line[here], edges.tolist(), weights=weight, color=colour, alpha=0.65, label=name)
    ticks = np.array([0.001, 0.01, 0.05, 0.2, 0.5, 0.8, 0.95, 0.99])
    places = np.log(ticks / (1 - ticks))
    shown = (places >= edges[0]) & (places <= edges[-1])
    axes.set_xticks(places[shown], [f"{tick:g}" for tick in ticks[shown]])
    axes.legend(frameon=False)
    return figure


def policy_frontier(numbers: Mapping[str, Mapping[str, Any]]) -> Figure:
    """Policies by honest requests bothered and abusive money stopped, with intervals."""
    figure, axes = canvas("Policies compared", "honest requests bothered", "abusive money stopped")
    shades = colormaps["viridis"](np.linspace(0.05, 0.85, len(numbers)))
    points = [(one["honest_bothered"], one["saved_share"]) for one in numbers.values()]
    axes.plot([x.value for x, _ in points], [y.value for _, y in points], color=GRID, zorder=1)
    for name, (x, y), shade, mark in zip(numbers, points, shades, cycle("os^Dv"), strict=False):
        axes.hlines(y.value, x.low, x.high, color=shade, alpha=0.5, linewidth=1.2)
        axes.vlines(x.value, y.low, y.high, color=shade, alpha=0.5, linewidth=1.2)
        axes.plot(x.value, y.value, mark, color=shade, markersize=7, label=name)
    axes.set_xlim(left=0)
    axes.set_ylim(0, 1)
    axes.xaxis.set_major_formatter(PercentFormatter(1))
    axes.yaxis.set_major_formatter(PercentFormatter(1))
    axes.legend(fontsize=8, frameon=False, loc="lower right")
    return figure
