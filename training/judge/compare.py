"""Comparison of two models on the same rows: metrics, disagreements, gains by segment, plots."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from training.judge.evaluate import SEGMENTS, Evaluation
from training.judge.gate import NOBODY, pool_small_segments
from training.judge.metrics import EPSILON, recall_at_friction
from training.judge.plots import ABUSIVE, HONEST, INK, MARK, canvas
from training.learn.calibrate import log_losses

FRICTION_STEPS = np.linspace(0, 0.2, 81)
LINE_STYLES = ((ABUSIVE, "-"), (HONEST, "--"), (MARK, "-."), (INK, ":"))
CONTEXT = ("refund_id", "reason_code", "type", "channel", "amount", "lane")
TICKS = np.array([0.001, 0.01, 0.05, 0.2, 0.5, 0.8, 0.95, 0.99])


def metric_table(models: Mapping[str, Evaluation]) -> pd.DataFrame:
    """Metrics with 95 % intervals as text: one row a metric, one column a model."""
    return pd.DataFrame(
        {name: {metric: str(one) for metric, one in found.metrics.items()}
         for name, found in models.items()}
    )  # fmt: skip


def largest_disagreements(
    one: Evaluation, other: Evaluation, names: Sequence[str], most: int = 10
) -> pd.DataFrame:
    """The requests with the largest difference in probability, with both probabilities and the
    label. `names` are the columns for the two models, in their order.
    """
    first = (one.rows["stage"] == "request").to_numpy()
    rows = one.rows.loc[first, list(CONTEXT)].reset_index(drop=True)
    found = one.rows.loc[first, "y"].ge(0.5).map({True: "abuse", False: "honest"}).to_numpy()
    chances = [model.rows.loc[first, "probability"].to_numpy() for model in (one, other)]
    rows = rows.assign(found=found, **dict(zip(names, chances, strict=True)))
    order = np.argsort(-np.abs(chances[0] - chances[1]), kind="stable")
    return rows.iloc[order[:most]].reset_index(drop=True)


def segment_gains(one: Evaluation, other: Evaluation) -> pd.DataFrame:
    """By how much the second model's log-loss is lower, by segment, with 95 % intervals clustered
    by customer. `gain` is in nats a request; small segments are pooled as for the gate.
    """
    rows = one.rows.reset_index(drop=True)
    y = rows["y"].to_numpy()
    gain = log_losses(rows["probability"].to_numpy(), y)
    gain = gain - log_losses(other.rows["probability"].to_numpy(), y)
    found = [("all", *_segment_gain(rows, gain, np.ones(len(rows), dtype=bool)))]
    for by in SEGMENTS:
        names = pool_small_segments(rows[by], y) if by in rows else np.array([])
        kinds = pd.unique(names[names != NOBODY])
        if len(kinds) > 1:
            found += [(f"{by} {kind}", *_segment_gain(rows, gain, names == kind)) for kind in kinds]
    return pd.DataFrame(found, columns=["segment", "rows", "gain", "low", "high"])


def _segment_gain(
    rows: pd.DataFrame, gain: np.ndarray, here: np.ndarray
) -> tuple[int, float, float, float]:
    share = rows["weight"].to_numpy()[here]
    share = share / share.sum()
    mean = float(share @ gain[here])
    codes = pd.factorize(rows["customer_id"][here])[0]
    reach = 1.96 * float(np.sqrt((np.bincount(codes, share * (gain[here] - mean)) ** 2).sum()))
    return int(here.sum()), mean, mean - reach, mean + reach


def gain_curves(models: Mapping[str, Evaluation], *, money: bool = True) -> Figure:
    """Gain curves: recall, of requests or of money, against the false-positive rate."""
    worth = "recall of abusive money" if money else "recall of abusive requests"
    figure, axes = canvas("Recall by friction", "honest requests bothered", worth)
    for (name, found), (colour, line) in zip(models.items(), LINE_STYLES, strict=False):
        seen = found.request_rows
        kept = np.clip(seen.probability, EPSILON, 1 - EPSILON)
        score = seen.money * kept / (1 - kept) if money else seen.probability
        won = [recall_at_friction(seen, step, money=money, score=score) for step in FRICTION_STEPS]
        axes.plot(FRICTION_STEPS, won, line, color=colour, linewidth=2, label=name)
    last = float(FRICTION_STEPS[-1])
    axes.set(xlim=(0, last), ylim=(0, 1.02), xticks=np.linspace(0, last, 5))
    axes.xaxis.set_major_formatter(lambda share, _: f"{share:.0%}")
    axes.yaxis.set_major_formatter(lambda share, _: f"{share:.0%}")
    axes.legend(frameon=False, loc="lower right")
    return figure


def score_scatter(one: Evaluation, other: Evaluation, names: Sequence[str]) -> Figure:
    """Both probabilities of each request on a log-odds scale, with the thresholds as lines."""
    first = (one.rows["stage"] == "request").to_numpy()
    across, up = (_log_odds(model.rows.loc[first, "probability"]) for model in (one, other))
    abusive = one.rows.loc[first, "y"].ge(0.5).to_numpy()
    figure, axes = canvas("Probabilities by both models", names[0], names[1], (5.6, 5.4))
    for here, colour, mark, name in (
        (~abusive, HONEST, "o", "honest"),
        (abusive, ABUSIVE, "^", "abuse"),
    ):
        axes.scatter(across[here], up[here], s=16, marker=mark, color=colour, alpha=0.6,
                     linewidths=0, label=f"label: {name}")  # fmt: skip
    low, high = min(across.min(), up.min()) - 0.3, max(across.max(), up.max()) + 0.3
    axes.plot([low, high], [low, high], color=INK, linewidth=0.8, linestyle=":")
    for model, draw in ((one, axes.axvline), (other, axes.axhline)):
        if 0 < model.ask_above < 1:
            draw(float(_log_odds(model.ask_above)), color=INK, linewidth=0.8)
    shown = TICKS[(_log_odds(TICKS) > low) & (_log_odds(TICKS) < high)]
    labels = [f"{tick:g}" for tick in shown]
    axes.set_xticks(_log_odds(shown), labels)
    axes.set_yticks(_log_odds(shown), labels)
    axes.set(xlim=(low, high), ylim=(low, high))
    axes.legend(frameon=False, loc="upper left")
    return figure


def _log_odds(chance: np.ndarray | pd.Series | float) -> np.ndarray:
    kept = np.clip(np.asarray(chance, dtype=float), EPSILON, 1 - EPSILON)
    log_odds: np.ndarray = np.log(kept / (1 - kept))
    return log_odds


def plot_segment_gains(found: pd.DataFrame, names: Sequence[str]) -> Figure:
    """Plot of `segment_gains`: right of the line the second model is better for that segment."""
    figure, axes = canvas(
        "Gain by segment",
        f"← {names[0]} better      log-loss saved (nats a request)      {names[1]} better →", "",
        (7.6, 1.5 + 0.28 * len(found)),
    )  # fmt: skip
    places = np.arange(len(found))[::-1]
    sure = (found["low"] > 0) | (found["high"] < 0)
    axes.axvline(0, color=INK, linewidth=1)
    axes.hlines(places, found["low"], found["high"], color=INK, linewidth=1.3)
    axes.scatter(found["gain"], places, c=np.where(sure, ABUSIVE, HONEST), zorder=3)
    axes.set_yticks(
        places, [f"{row.segment}  ({row.rows:,})" for row in found.itertuples()], fontsize=8
    )
    axes.grid(visible=False, axis="y")
    return figure
