"""Review of one model: its worst errors with reasons, friction by group, what-if analysis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from risk.explain import ReasonBuilder
from risk.features.spec import Feature
from risk.model import Bundle
from risk.model.pyfunc import frame_rows
from training.judge.evaluate import Evaluation
from training.judge.plots import ABUSIVE, HONEST, INK, canvas
from training.learn.lives import (
    InterventionThresholds,
    held_to,
    reached,
    request_lives,
    waiting,
)
from training.learn.promise import (
    clopper_pearson_upper,
    cluster_effective_size,
    customer_and_week_clusters,
)

CONTEXT = ("refund_id", "reason_code", "type", "amount", "lane")
MAX_REASONS = 3
MIN_ROWS = 30


def false_negatives(
    found: Evaluation, bundle: Bundle, features: Sequence[Feature], most: int = 5
) -> pd.DataFrame:
    """Abusive requests with the lowest probability, with their strongest reasons."""
    first = found.rows[found.rows["stage"] == "request"]
    rows = first[first["y"] >= 0.5].nsmallest(most, "probability")
    return _with_reasons(rows, bundle, features)


def false_positives(
    found: Evaluation, bundle: Bundle, features: Sequence[Feature], most: int = 5
) -> pd.DataFrame:
    """Honest requests with the highest probability, with their strongest reasons."""
    first = found.rows[found.rows["stage"] == "request"]
    rows = first[first["y"] < 0.5].nlargest(most, "probability")
    return _with_reasons(rows, bundle, features)


def _with_reasons(rows: pd.DataFrame, bundle: Bundle, features: Sequence[Feature]) -> pd.DataFrame:
    said = [row_reasons(bundle, features, row) for _, row in rows.iterrows()]
    about = rows[[*CONTEXT, "probability"]].reset_index(drop=True)
    return about.assign(reasons=["; ".join(one["reason"].head(MAX_REASONS)) for one in said])


def row_reasons(bundle: Bundle, features: Sequence[Feature], row: pd.Series) -> pd.DataFrame:
    """The stated reasons for one row's score and the remainders of their families: `reason`,
    `family`, `contribution` (log-odds), `feature`. `features` are the catalogue's; `row` has
    `lane`, `currency` and their values."""
    known = {feature.name: feature for feature in features}
    used = [known[name] for name in bundle.features]
    vector = frame_rows(bundle, row.to_frame().T)[0]
    scored = bundle.score(vector, row["lane"])
    found = ReasonBuilder(used).reasons(vector, scored.contributions, row["currency"])
    return pd.DataFrame(
        [(one["text"]["en"], one["family"], one["contribution"], one["feature"]) for one in found],
        columns=["reason", "family", "contribution", "feature"],
    )


def what_if(bundle: Bundle, row: pd.Series, changes: Mapping[str, float]) -> pd.DataFrame:
    """The probability of one row with each feature of `changes` set to another value, one by one.

    One row a feature that the model uses: `feature`, `was`, `would be`, `probability`.
    """
    names = list(bundle.features)
    vector = frame_rows(bundle, row.to_frame().T)[0]
    asked = {name: value for name, value in changes.items() if name in names}
    rows = np.tile(vector, (len(asked) + 1, 1))
    for at, (name, value) in enumerate(asked.items(), start=1):
        rows[at, names.index(name)] = value
    chances = bundle.probabilities(rows, row["lane"])
    was = [float(row[name]) for name in asked]
    changed = pd.DataFrame(
        {"feature": list(asked), "was": was, "would be": list(asked.values()),
         "probability": chances[1:]}
    )  # fmt: skip
    as_it_is = pd.DataFrame({"feature": ["(as it is)"], "probability": chances[:1]})
    return pd.concat([as_it_is, changed.sort_values("probability")], ignore_index=True)[
        ["feature", "was", "would be", "probability"]
    ]


def plot_contributions(found: pd.DataFrame, most: int = 12) -> Figure:
    """Plot of `row_reasons`: what raises the probability points right, what lowers it left."""
    shown = found.head(most)[::-1]
    size = (9.2, 1.3 + 0.32 * len(shown))
    figure, axes = canvas("Reasons for this probability", "contribution (log-odds)", "", size)
    against = (shown["contribution"] > 0).to_numpy()
    axes.barh(range(len(shown)), shown["contribution"], height=0.62,
              color=np.where(against, ABUSIVE, HONEST))  # fmt: skip
    axes.axvline(0, color=INK, linewidth=1)
    axes.set_yticks(range(len(shown)), list(shown["reason"]), fontsize=8)
    axes.grid(visible=False, axis="y")
    return figure


def friction_by_group(
    found: Evaluation, thresholds: InterventionThresholds, by: str
) -> pd.DataFrame:
    """Share of honest requests the policy would bother, by group, with confidence limits (95 % on
    either side), and the share that only waits for the shop or the courier.

    `thresholds` gives the policy's bars. Groups with fewer than `MIN_ROWS` honest requests are left
    out.
    """
    honest = found.rows[found.rows["y"] < 0.5]
    bars = thresholds(honest["row"].to_numpy(), honest["probability"].to_numpy())
    bars = held_to(bars, honest["floor"].to_numpy())
    rows = [
        (str(name), len(part), *_friction(part, found.ask_above))
        for name, part in request_lives(honest, bars).groupby(by, observed=True)
        if len(part) >= MIN_ROWS
    ]
    return pd.DataFrame(rows, columns=[by, "honest", "bothered", "at least", "at most", "waiting"])


def _friction(part: pd.DataFrame, ask_above: float) -> tuple[float, float, float, float]:
    flag, weight = reached(part["peak"], ask_above).astype(float), part["weight"].to_numpy()
    share = float(np.average(flag, weights=weight))
    worth = cluster_effective_size(flag, weight, customer_and_week_clusters(part))
    waits = float(np.average(waiting(part, ask_above), weights=weight))
    least = 1 - clopper_pearson_upper(1 - share, worth, 0.95)
    return share, least, clopper_pearson_upper(share, worth, 0.95), waits


def plot_friction(found: pd.DataFrame, promised: float) -> Figure:
    """Plot of `friction_by_group`, with the share promised for all groups together."""
    by = found.columns[0]
    shown = found.sort_values("bothered")
    size = (7.2, 1.4 + 0.32 * len(shown))
    title = f"Honest requests bothered, by {by.replace('_', ' ')}"
    figure, axes = canvas(
        title, "share and upper confidence limit; red: promised overall", "", size
    )
    places = np.arange(len(shown))
    axes.barh(places, shown["bothered"], color=HONEST, height=0.6)
    axes.hlines(places, shown["bothered"], shown["at most"], color=INK, linewidth=1.2)
    axes.axvline(promised, color=ABUSIVE, linewidth=1.5)
    names = [f"{str(row[0]).replace('_', ' ')}  ({row[1]:,})" for row in shown.to_numpy()]
    axes.set_yticks(places, names, fontsize=8)
    axes.xaxis.set_major_formatter(PercentFormatter(1))
    axes.set_xlim(left=0)
    axes.grid(visible=False, axis="y")
    return figure
