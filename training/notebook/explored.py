"""Plots and answers of the notebook that explores a store."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, PercentFormatter

from training.judge.plots import ABUSIVE, HONEST, INK, canvas
from training.notebook.requests_seen import SeenRequests, by_customer, days_until_asked
from training.notebook.workbench import Answer

MANY_ORDERS = 10


def plain(name: str) -> str:
    """A code as words: not_received, "not received"."""
    return name.replace("_", " ")


def extent(seen: SeenRequests) -> Answer:
    """How much is in the store, from when to when."""
    first, last = (
        pd.to_datetime(at, unit="ms").date()
        for at in (seen.orders["placed_at"].min(), seen.refunds["requested_at"].max())
    )
    asked = seen.refunds["order_id"].nunique() / len(seen.orders)
    return Answer(
        f"{len(seen.orders):,} orders of {seen.orders['customer_id'].nunique():,} customers and "
        f"{len(seen.refunds):,} refund requests from {first} to {last}: {asked:.1%} of the orders "
        f"were asked back. {len(seen.found):,} requests ({len(seen.found) / len(seen.refunds):.0%})"
        " have a finding."
    )


def weeks_plot(weeks: pd.DataFrame) -> Figure:
    """Orders and requests a week, each against its own median."""
    figure, axes = canvas("Orders and requests a week", "week", "times the median", (7.6, 3.6))
    for name, colour, line in (("orders", HONEST, "-"), ("requests", ABUSIVE, "--")):
        axes.plot(
            pd.to_datetime(weeks.index), weeks[name] / max(weeks[name].median(), 1), line,
            color=colour, linewidth=2, label=f"{name} (median {weeks[name].median():,.0f})",
        )  # fmt: skip
    axes.set_ylim(bottom=0)
    axes.legend(frameon=False, fontsize=8)
    return figure


def when(seen: SeenRequests, weeks: pd.DataFrame) -> Answer:
    """How long after an order requests come, and how many after the busiest week."""
    days = days_until_asked(seen)
    half, most = (float(np.quantile(days, share)) for share in (0.5, 0.9))
    top = int(weeks["orders"].to_numpy().argmax())
    times = weeks.iloc[top : top + 2] / weeks.median().clip(lower=1)
    return Answer(
        f"Half of all requests come within {half:.0f} days of the order, nine of ten within "
        f"{most:.0f}: so long after a sales day people are needed. In the busiest week for orders, "
        f"from {weeks.index[top]} on, {times['orders'].iloc[0]:.1f} times as many as usual were "
        f"placed; requests came to {times['requests'].max():.1f} times the usual in that week or "
        "the next."
    )


def shares_plot(seen: SeenRequests, column: str) -> Figure:
    """Share of all requests by a column."""
    shares = seen.refunds[column].value_counts(normalize=True)[::-1]
    figure, axes = canvas(
        f"Requests by {plain(column)}", "share of all requests", "", (7.6, 1.4 + 0.28 * len(shares))
    )
    axes.barh(range(len(shares)), shares, color=HONEST, height=0.62)
    axes.set_yticks(range(len(shares)), [plain(name) for name in shares.index], fontsize=8)
    axes.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    axes.grid(visible=False, axis="y")
    return figure


def why(seen: SeenRequests) -> Answer:
    """The commonest reasons and what is asked for."""
    reasons = seen.refunds["reason_code"].value_counts(normalize=True)
    first = ", ".join(
        f"{plain(str(name))} ({share:.0%})" for name, share in reasons.head(3).items()
    )
    keeps = float((seen.refunds["type"] == "refund_only").mean())
    return Answer(
        f"The commonest reasons are {first}. {keeps:.0%} of the requests ask for the money without "
        "sending anything back: only what shop and courier recorded can speak to those."
    )


def customers_plot(seen: SeenRequests) -> Figure:
    """Customers who asked, by their orders and requests."""
    both = by_customer(seen)
    figure, axes = canvas("Customers who asked", "orders (log scale)", "requests", (7, 4))
    axes.scatter(both["orders"], both["requests"], s=14, alpha=0.4, color=HONEST, linewidths=0)
    axes.set_xscale("log")
    axes.xaxis.set_major_formatter(lambda orders, _: f"{orders:,.0f}")
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set_xlim(0.8, 1.25 * float(both["orders"].max()))
    axes.set_ylim(0, 1.08 * float(both["requests"].max()))
    return figure


def who(seen: SeenRequests) -> Answer:
    """How requests are spread over customers."""
    both = by_customer(seen)
    once = float((both["requests"] == 1).mean())
    top = both.head(max(1, len(both) // 100))
    large = int((top["orders"] >= MANY_ORDERS).sum())
    of_them = "all" if large == len(top) else f"{large:,}"
    return Answer(
        f"{once:.0%} of those who asked did so once. The {len(top):,} who ask most, one in a "
        f"hundred, make {top['requests'].sum() / both['requests'].sum():.0%} of all requests; "
        f"{of_them} of them have {MANY_ORDERS} orders or more, so that a count of requests says "
        "little without the orders beside it."
    )


def found_plot(table: pd.DataFrame) -> Figure:
    """The table of `found_by` with its intervals."""
    name = table.columns[0]
    figure, axes = canvas(
        f"Found abusive by {plain(name)}", "share of the findings, 95 %", "",
        (7.6, 1.5 + 0.3 * len(table)),
    )  # fmt: skip
    places = np.arange(len(table))[::-1]
    axes.hlines(places, table["low"], table["high"], color=INK, linewidth=1.3)
    axes.plot(table["abusive"], places, "o", color=ABUSIVE)
    labels = [f"{plain(row[0])}  ({row[1]:,})" for row in table.to_numpy()]
    axes.set_yticks(places, labels, fontsize=8)
    axes.set_xlim(0, min(1.0, 1.05 * float(table["high"].max())))
    axes.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    axes.grid(visible=False, axis="y")
    return figure


def differs(table: pd.DataFrame) -> Answer:
    """Whether the highest and the lowest share of `found_by` can be told apart."""
    if len(table) < 2:
        return Answer("Too few findings to compare groups.")
    most, least = table.iloc[0], table.iloc[-1]
    high, low = (
        f"{plain(str(row.iloc[0]))} ({row['abusive']:.0%}, {row['low']:.0%} to {row['high']:.0%})"
        for row in (most, least)
    )
    apart = most["low"] > least["high"]
    told = "These two differ" if apart else "Their intervals overlap: they cannot be told apart"
    return Answer(
        f"Most often abuse was found for {high}, least often for {low}. {told}. What was looked "
        "into was chosen, so these are shares of findings, not of requests."
    )


def delay_plot(seen: SeenRequests) -> Figure:
    """Days from a request to its finding."""
    figure, axes = canvas(
        "How long a finding takes", "days from request to finding", "findings", (7, 3.4)
    )
    axes.hist(seen.found["waited"].clip(lower=0), bins=40, color=HONEST)
    axes.set_xlim(left=0)
    return figure


def delay(seen: SeenRequests) -> Answer:
    """How old a request must be before its silence says something."""
    half, most = (float(seen.found["waited"].quantile(share)) for share in (0.5, 0.9))
    return Answer(
        f"Half of the findings are known after {half:.0f} days, nine of ten after {most:.0f}. A "
        "younger request without a finding is not an honest one: nobody has spoken of it yet."
    )


def wording_plot(seen: SeenRequests) -> Figure:
    """How specific texts are, by what was found."""
    figure, axes = canvas("How specific the wording is", "specificity, 0 to 1", "", (7, 2.6))
    groups = [_specificity(seen, abusive) for abusive in (False, True)]
    drawn = axes.boxplot(groups, orientation="horizontal", widths=0.5, patch_artist=True,
                         showfliers=False, medianprops={"color": INK})  # fmt: skip
    for box, colour in zip(drawn["boxes"], (HONEST, ABUSIVE), strict=True):
        box.set(facecolor=colour, alpha=0.65, linewidth=0)
    axes.set_yticks([1, 2], [f"honest  ({len(groups[0]):,})", f"abuse  ({len(groups[1]):,})"])
    axes.grid(visible=False, axis="y")
    return figure


def _specificity(seen: SeenRequests, abusive: bool) -> np.ndarray:
    """The scale of the feature: thousandths are stored."""
    rows = seen.found[seen.found["abusive"] == abusive]["specificity"].dropna()
    return rows.to_numpy(dtype=float) / 1000


def wording(seen: SeenRequests, draws: int = 500) -> Answer:
    """Whether texts found abusive are more or less specific, with a bootstrap interval."""
    honest, abuse = (_specificity(seen, abusive) for abusive in (False, True))
    if not len(honest) or not len(abuse):
        return Answer("Too few findings to compare wordings.")
    rng = np.random.default_rng(0)
    gaps = [
        float(rng.choice(abuse, len(abuse)).mean() - rng.choice(honest, len(honest)).mean())
        for _ in range(draws)
    ]
    low, high = np.quantile(gaps, [0.025, 0.975])
    gap = float(abuse.mean() - honest.mean())
    told = (
        "more specific than others"
        if low > 0
        else "less specific than others"
        if high < 0
        else "neither more nor less specific than others, as far as can be told"
    )
    return Answer(
        f"Texts of requests found abusive are {told}: {gap:+.2f} in the mean "
        f"({low:+.2f} to {high:+.2f}), on a scale from 0 to 1."
    )
