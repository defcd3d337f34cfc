"""The plots of the monitor's report. Each function makes one figure, readable without colour."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, PercentFormatter

from risk.history.monitor_reports import ModelComparison
from risk.policy import TIERS
from training.judge.plots import ABUSIVE, GRID, HONEST, INK, MARK, canvas
from training.monitor.calibration_check import ACCEPTED_RANGE
from training.monitor.drift import ALERT_PSI
from training.monitor.friction import Friction

MAX_FEATURES = 12
TIER_STYLE = {
    "approve": ("#cfe1ec", ""),
    "request_evidence": (MARK, "///"),
    "platform_intervention": (ABUSIVE, "xx"),
}


def drift_plot(table: pd.DataFrame) -> Figure:
    """The features with the largest PSI, each with its limit without drift."""
    worst = table.dropna().head(MAX_FEATURES)[::-1]
    size = (7.6, 1.4 + 0.3 * len(worst))
    figure, axes = canvas("Drift of features", "population stability index", "", size)
    places = np.arange(len(worst))
    over = worst["psi"] > np.maximum(worst["chance"], ALERT_PSI)
    axes.barh(places, worst["psi"], color=np.where(over, ABUSIVE, HONEST), height=0.6)
    axes.plot(worst["chance"], places, "|", color=INK, markersize=11, label="limit without drift")
    axes.axvline(ALERT_PSI, color=INK, linestyle=":", linewidth=1, label="investigate")
    axes.set_yticks(places, [name.replace("_", " ") for name in worst.index], fontsize=8)
    axes.grid(visible=False, axis="y")
    axes.legend(frameon=False, fontsize=8, loc="lower right")
    return figure


def calibration_plot(months: pd.DataFrame) -> Figure:
    """Observed abusive requests by month, with the band of the expected number."""
    figure, axes = canvas("Observed and expected", "month of the request", "abusive requests")
    places = np.arange(len(months))
    axes.fill_between(
        places, months["low"], months["high"], color=HONEST, alpha=0.25, label="expected, 95 %"
    )
    axes.plot(places, months["expected"], "--", color=HONEST)
    axes.plot(places, months["observed"], "o-", color=ABUSIVE, label="observed")
    axes.set_xticks(places, list(months["month"]), rotation=45, ha="right", fontsize=8)
    axes.set_ylim(bottom=0)
    axes.legend(frameon=False, fontsize=8)
    return figure


def calibration_by_part_plot(table: pd.DataFrame) -> Figure:
    """Observed over expected by stage, amount and in the top 5 %, on a log scale."""
    size = (7.6, 1.5 + 0.32 * len(table))
    figure, axes = canvas("Calibration by segment", "observed over expected", "", size)
    places = np.arange(len(table))[::-1]
    axes.axvspan(
        *ACCEPTED_RANGE, color=HONEST, alpha=0.18, linewidth=0, label="accepted: 0.8 to 1.25"
    )
    axes.axvline(1, color=INK, linewidth=1, linestyle=":")
    axes.hlines(places, table["low"], table["high"], color=INK, linewidth=1.4)
    axes.plot(table["ratio"], places, "o", color=ABUSIVE)
    names = [f"{row.segment}  ({row.labelled:,})" for row in table.itertuples()]
    axes.set_yticks(places, names, fontsize=8)
    axes.set_xscale("log")
    low, high = min(0.5, *table["low"].clip(lower=0.05)), max(2.0, *table["high"])
    ticks = [tick for tick in (0.1, 0.25, 0.5, 0.8, 1, 1.25, 2, 4, 8) if low <= tick <= high]
    axes.set_xlim(low * 0.95, high * 1.05)
    axes.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    axes.minorticks_off()
    axes.grid(visible=False, axis="y")
    axes.legend(frameon=False, fontsize=8, loc="best")
    return figure


def friction_by_month_plot(found: Friction) -> Figure:
    """Share of honest requests bothered by month, against what was promised."""
    figure, axes = canvas("Honest requests bothered", "month of the request", "share bothered")
    months, places = found.months, np.arange(len(found.months))
    reach = [months["bothered"] - months["low"], months["high"] - months["bothered"]]
    axes.errorbar(places, months["bothered"], yerr=reach, fmt="o", color=HONEST, capsize=3,
                  label="bothered, 95 %")  # fmt: skip
    axes.axhline(found.promised, color=ABUSIVE, linewidth=1.5, label="promised at most")
    names = [f"{row.month}\n({row.honest:,})" for row in months.itertuples()]
    axes.set_xticks(places, names, fontsize=8)
    axes.set_xlim(-0.6, max(len(months) - 0.4, 3))
    axes.set_ylim(0, max(2 * found.promised, 1.05 * float(np.nan_to_num(months["high"]).max())))
    axes.yaxis.set_major_formatter(PercentFormatter(1))
    axes.legend(frameon=False, fontsize=8)
    return figure


def tier_mix_plot(days: pd.DataFrame) -> Figure:
    """Decisions by day and tier, stacked."""
    figure, axes = canvas("Decisions by day", "day of the decision", "decisions")
    below = np.zeros(len(days))
    places = np.arange(len(days))
    for tier in TIERS:
        if tier in days:
            colour, hatch = TIER_STYLE[tier]
            axes.bar(places, days[tier], bottom=below, color=colour, hatch=hatch, width=0.85,
                     edgecolor="white", linewidth=0, label=tier.replace("_", " "))  # fmt: skip
            below += days[tier].to_numpy()
    step = max(1, len(days) // 10)
    axes.set_xticks(places[::step], list(days.index[::step]), rotation=45, ha="right", fontsize=8)
    axes.set_xlim(-0.6, max(len(days) - 0.4, 6))
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    axes.grid(visible=False, axis="x")
    axes.legend(frameon=False, fontsize=8)
    return figure


def challenger_plot(found: ModelComparison) -> Figure:
    """Contingency table of the tiers of champion and challenger on the same decisions."""
    title = "Tiers by champion and challenger"
    figure, axes = canvas(title, "challenger", "champion", (5.6, 4.2))
    counts = np.array([[found.tiers[a][b] for b in TIERS] for a in TIERS])
    apart = np.where(np.eye(len(TIERS), dtype=bool), 0, counts)
    axes.imshow(apart, cmap="Oranges", vmin=0, vmax=max(apart.max(), 1) * 1.6, aspect="auto")
    for (i, j), count in np.ndenumerate(counts):
        axes.text(j, i, f"{count:,}", ha="center", va="center", color=INK,
                  fontweight="normal" if i == j else "bold")  # fmt: skip
    names = ["approve", "ask", "person"]
    axes.set_xticks(range(len(TIERS)), names)
    axes.set_yticks(range(len(TIERS)), names)
    axes.grid(visible=False)
    axes.set_xticks(np.arange(len(TIERS) - 1) + 0.5, minor=True)
    axes.set_yticks(np.arange(len(TIERS) - 1) + 0.5, minor=True)
    axes.grid(which="minor", color=GRID)
    axes.tick_params(which="minor", length=0)
    return figure
