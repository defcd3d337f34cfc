"""Reviewing one model: its worst errors with their reasons, its groups, and what would change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from risk.explain import reasons
from risk.features.spec import Feature
from risk.model import Bundle
from training.judge.evaluate import Evaluation
from training.judge.plots import ABUSIVE, HONEST, INK, canvas
from training.learn.promise import (
    clopper_pearson_upper,
    cluster_effective_size,
    customer_and_week_clusters,
)
from training.learn.risk_control import InterventionThresholds

ABOUT = ("refund_id", "reason_code", "type", "amount", "lane")
REASONS = 3
SMALLEST = 30


def false_negatives(
    found: Evaluation, bundle: Bundle, features: Sequence[Feature], most: int = 5
) -> pd.DataFrame:
    """Abusive requests with the lowest probability, and the reasons that speak for them."""
    first = found.rows[found.rows["stage"] == "request"]
    rows = first[first["y"] >= 0.5].nsmallest(most, "probability")
    return _told(rows, bundle, features)


def false_positives(
    found: Evaluation, bundle: Bundle, features: Sequence[Feature], most: int = 5
) -> pd.DataFrame:
    """Honest requests with the highest probability, and the reasons that speak against them."""
    first = found.rows[found.rows["stage"] == "request"]
    rows = first[first["y"] < 0.5].nlargest(most, "probability")
    return _told(rows, bundle, features)


def _told(rows: pd.DataFrame, bundle: Bundle, features: Sequence[Feature]) -> pd.DataFrame:
    said = [row_reasons(bundle, features, row) for _, row in rows.iterrows()]
    about = rows[[*ABOUT, "probability"]].reset_index(drop=True)
    return about.assign(reasons=["; ".join(one["reason"].head(REASONS)) for one in said])


def row_reasons(bundle: Bundle, features: Sequence[Feature], row: pd.Series) -> pd.DataFrame:
    """The reasons for one row's score, strongest first: `reason`, `family`, `contribution`
    (log-odds), `feature`. `features` are the catalogue's; `row` has `lane`, `currency` and their
    values."""
    known = {feature.name: feature for feature in features}
    used = [known[name] for name in bundle.features]
    vector = row.reindex(list(bundle.features)).to_numpy(dtype=np.float64)
    scored = bundle.score(vector, row["lane"])
    told = reasons(used, vector, scored.contributions, row["currency"])
    return pd.DataFrame(
        [(one["text"]["en"], one["family"], one["contribution"], one["feature"]) for one in told],
        columns=["reason", "family", "contribution", "feature"],
    )


def what_if(bundle: Bundle, row: pd.Series, changes: Mapping[str, float]) -> pd.DataFrame:
    """The probability of one row if each feature had another value, one at a time.

    One line a change the model looks at: `feature`, `was`, `would be`, `probability`.
    """
    names = list(bundle.features)
    vector = row.reindex(names).to_numpy(dtype=np.float64)
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


def contribution_plot(found: pd.DataFrame, most: int = 12) -> Figure:
    """`why` drawn: what speaks against the customer to the right, what speaks for them left."""
    shown = found.head(most)[::-1]
    size = (9.2, 1.3 + 0.32 * len(shown))
    figure, axes = canvas("Why this probability", "contribution (log-odds)", "", size)
    against = (shown["contribution"] > 0).to_numpy()
    axes.barh(range(len(shown)), shown["contribution"], height=0.62,
              color=np.where(against, ABUSIVE, HONEST))  # fmt: skip
    axes.axvline(0, color=INK, linewidth=1)
    axes.set_yticks(range(len(shown)), list(shown["reason"]), fontsize=8)
    axes.grid(visible=False, axis="y")
    return figure


def friction_by_group(found: Evaluation, bars: InterventionThresholds, by: str) -> pd.DataFrame:
    """Share of honest requests the policy would bother, by group, with an upper limit (95 %).

    `bars` gives the highest threshold under which the policy still bothers a row. Groups with fewer
    than 30 honest requests are left out.
    """
    honest = found.rows[found.rows["y"] < 0.5]
    bar = bars(honest["row"].to_numpy(), honest["probability"].to_numpy())
    peaks = honest.assign(bar=bar)[~np.isnan(bar)].sort_values("bar", kind="stable")
    peaks = peaks.groupby("refund_id", sort=False).tail(1)
    rows = [
        (str(name), len(part), *_bothered(part, found.ask_above))
        for name, part in peaks.groupby(by, observed=True)
        if len(part) >= SMALLEST
    ]
    return pd.DataFrame(rows, columns=[by, "honest", "bothered", "at most"])


def _bothered(part: pd.DataFrame, ask_above: float) -> tuple[float, float]:
    flag = ((part["bar"] >= ask_above) & (part["bar"] > 0)).to_numpy(dtype=float)
    weight = part["weight"].to_numpy()
    share = float(np.average(flag, weights=weight))
    worth = cluster_effective_size(flag, weight, customer_and_week_clusters(part))
    return share, clopper_pearson_upper(share, worth, 0.95)


def friction_plot(found: pd.DataFrame, promised: float) -> Figure:
    """`bothered` drawn, with the share that was promised for all of them together."""
    by = found.columns[0]
    shown = found.sort_values("bothered")
    size = (7.2, 1.4 + 0.32 * len(shown))
    title = f"Honest requests bothered, by {by.replace('_', ' ')}"
    figure, axes = canvas(
        title, "share, and its upper limit; red: promised for all together", "", size
    )
    places = np.arange(len(shown))
    axes.barh(places, shown["bothered"], color=HONEST, height=0.6)
    axes.hlines(places, shown["bothered"], shown["at most"], color=INK, linewidth=1.2)
    axes.axvline(promised, color=ABUSIVE, linewidth=1.5)
    axes.set_yticks(places, [f"{row[0]}  ({row[1]:,})" for row in shown.to_numpy()], fontsize=8)
    axes.xaxis.set_major_formatter(lambda share, _: f"{share:.0%}")
    axes.set_xlim(left=0)
    axes.grid(visible=False, axis="y")
    return figure
