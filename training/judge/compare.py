"""Two models on the same rows: where they differ, for whom, and by how much."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from training.judge.evaluate import SEGMENTS, Evaluation
from training.judge.gate import NOBODY, pooled
from training.judge.metrics import LIMIT, ScoredRows, recall_at_friction
from training.judge.plots import ABUSIVE, HONEST, INK, MARK, canvas
from training.learn.calibrate import log_losses

STEPS = np.linspace(0, 0.2, 81)
LINES = ((ABUSIVE, "-"), (HONEST, "--"), (MARK, "-."), (INK, ":"))
CONTEXT = ("refund_id", "reason_code", "type", "channel", "amount", "lane")
TICKS = np.array([0.001, 0.01, 0.05, 0.2, 0.5, 0.8, 0.95, 0.99])


def metric_table(models: Mapping[str, Evaluation]) -> pd.DataFrame:
    """Every metric of every model with its 95 % interval, a column a model."""
    return pd.DataFrame(
        {name: {metric: str(one) for metric, one in found.metrics.items()}
         for name, found in models.items()}
    )  # fmt: skip


def largest_disagreements(
    one: Evaluation, other: Evaluation, names: Sequence[str], most: int = 10
) -> pd.DataFrame:
    """The requests the two disagree on most, with both probabilities and what was found.

    `names` are the columns for the two, in their order.
    """
    first = (one.rows["stage"] == "request").to_numpy()
    rows = one.rows.loc[first, list(CONTEXT)].reset_index(drop=True)
    found = one.rows.loc[first, "y"].ge(0.5).map({True: "abuse", False: "honest"}).to_numpy()
    chances = [model.rows.loc[first, "probability"].to_numpy() for model in (one, other)]
    rows = rows.assign(found=found, **dict(zip(names, chances, strict=True)))
    order = np.argsort(-np.abs(chances[0] - chances[1]), kind="stable")
    return rows.iloc[order[:most]].reset_index(drop=True)


def by_segment(one: Evaluation, other: Evaluation) -> pd.DataFrame:
    """How much lower the second's log-loss is, by segment, with 95 % intervals over customers.

    `gain` is in nats a request; small segments are put together as for the gate.
    """
    rows = one.rows.reset_index(drop=True)
    y = rows["y"].to_numpy()
    gain = log_losses(rows["probability"].to_numpy(), y)
    gain = gain - log_losses(other.rows["probability"].to_numpy(), y)
    found = [("all", *_gain(rows, gain, np.ones(len(rows), dtype=bool)))]
    for by in SEGMENTS:
        names = pooled(rows[by], y) if by in rows else np.array([])
        kinds = pd.unique(names[names != NOBODY])
        if len(kinds) > 1:
            found += [(f"{by} {kind}", *_gain(rows, gain, names == kind)) for kind in kinds]
    return pd.DataFrame(found, columns=["segment", "rows", "gain", "low", "high"])


def _gain(
    rows: pd.DataFrame, gain: np.ndarray, here: np.ndarray
) -> tuple[int, float, float, float]:
    share = rows["weight"].to_numpy()[here]
    share = share / share.sum()
    mean = float(share @ gain[here])
    codes = pd.factorize(rows["customer_id"][here])[0]
    reach = 1.96 * float(np.sqrt((np.bincount(codes, share * (gain[here] - mean)) ** 2).sum()))
    return int(here.sum()), mean, mean - reach, mean + reach


def gains(models: Mapping[str, Evaluation], *, money: bool = True) -> Figure:
    """How much abuse each stops for the honest requests it bothers."""
    worth = "abusive money stopped" if money else "abusive requests found"
    figure, axes = canvas("What bothering buys", "honest requests bothered", worth)
    for (name, found), (colour, line) in zip(models.items(), LINES, strict=False):
        seen = ScoredRows.of(found.rows[found.rows["stage"] == "request"])
        kept = np.clip(seen.probability, LIMIT, 1 - LIMIT)
        score = seen.money * kept / (1 - kept) if money else seen.probability
        won = [recall_at_friction(seen, step, money=money, score=score) for step in STEPS]
        axes.plot(STEPS, won, line, color=colour, linewidth=2, label=name)
    axes.set(xlim=(0, STEPS[-1]), ylim=(0, 1.02), xticks=np.linspace(0, STEPS[-1], 5))
    axes.xaxis.set_major_formatter(lambda share, _: f"{share:.0%}")
    axes.yaxis.set_major_formatter(lambda share, _: f"{share:.0%}")
    axes.legend(frameon=False, loc="lower right")
    return figure


def scatter(one: Evaluation, other: Evaluation, names: Sequence[str]) -> Figure:
    """Each request by both probabilities, on a log-odds scale; lines where each asks."""
    first = (one.rows["stage"] == "request").to_numpy()
    across, up = (_log_odds(model.rows.loc[first, "probability"]) for model in (one, other))
    abusive = one.rows.loc[first, "y"].ge(0.5).to_numpy()
    figure, axes = canvas("The same requests, twice", names[0], names[1], (5.6, 5.4))
    for here, colour, mark, name in (
        (~abusive, HONEST, "o", "honest"),
        (abusive, ABUSIVE, "^", "abuse"),
    ):
        axes.scatter(across[here], up[here], s=16, marker=mark, color=colour, alpha=0.6,
                     linewidths=0, label=f"found: {name}")  # fmt: skip
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
    kept = np.clip(np.asarray(chance, dtype=float), LIMIT, 1 - LIMIT)
    log_odds: np.ndarray = np.log(kept / (1 - kept))
    return log_odds


def segments(found: pd.DataFrame, names: Sequence[str]) -> Figure:
    """`by_segment` drawn: right of the line the second model is better for that segment."""
    figure, axes = canvas(
        "Who gains and who loses",
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
