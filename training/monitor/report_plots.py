"""The plots of the monitor's report. Each function makes one figure, readable without colour."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, PercentFormatter

from risk.explain.code_labels import label
from risk.facts.localised import Language
from risk.features.catalog import catalogue
from risk.history.monitor_reports import ModelComparison
from risk.policy import TIERS
from training.judge.plots import ABUSIVE, GRID, HONEST, INK, MARK, canvas, short_title
from training.monitor.calibration_check import ACCEPTED_RANGE
from training.monitor.drift import ALERT_PSI
from training.monitor.friction import Friction
from training.monitor.report_sentences import segment_name
from training.monitor.report_words import PLOT_WORDS

CELL_INK = "#1b2630"
"""Of numbers on cells, whose colours a dark page does not change: not one of its COLOURS."""
MAX_FEATURES = 12
MOST_TIMES = 5
"""An interval of few requests may end outside of the plot: so many times what was promised."""
TIER_STYLE = {
    "approve": ("#cfe1ec", ""),
    "request_evidence": (MARK, "///"),
    "platform_intervention": (ABUSIVE, "xx"),
}


def drift_plot(table: pd.DataFrame, language: Language = "en") -> Figure:
    """The features with the largest PSI, in words, each with its limit without drift."""
    say = PLOT_WORDS[language]
    worst = table.dropna().head(MAX_FEATURES)[::-1]
    size = (9.2, 1.4 + 0.3 * len(worst))
    figure, axes = canvas(say["drift"], say["psi"], "", size)
    places = np.arange(len(worst))
    over = worst["psi"] > np.maximum(worst["chance"], ALERT_PSI)
    axes.barh(places, worst["psi"], color=np.where(over, ABUSIVE, HONEST), height=0.6)
    axes.plot(worst["chance"], places, "|", color=INK, markersize=11, label=say["limit"])
    axes.axvline(ALERT_PSI, color=INK, linestyle=":", linewidth=1, label=say["look"])
    known = {feature.name: feature for feature in catalogue()}
    names = [short_title(known[n], language) if n in known else n for n in worst.index]
    axes.set_yticks(places, names, fontsize=8)
    axes.set_xlim(0, 1.1 * float(worst[["psi", "chance"]].max().max()))
    axes.grid(visible=False, axis="y")
    axes.legend(frameon=False, fontsize=8, loc="lower right")
    return figure


def calibration_plot(months: pd.DataFrame, language: Language = "en") -> Figure:
    """Observed abusive requests by month, with the band of the expected number."""
    say = PLOT_WORDS[language]
    figure, axes = canvas(say["calibration"], say["month"], say["abusive"])
    places = np.arange(len(months))
    axes.fill_between(
        places, months["low"], months["high"], color=HONEST, alpha=0.25, label=say["expected"]
    )
    axes.plot(places, months["expected"], "--", color=HONEST)
    axes.plot(places, months["observed"], "o-", color=ABUSIVE, label=say["observed"])
    axes.set_xticks(places, list(months["month"]), rotation=45, ha="right", fontsize=8)
    axes.set_xlim(-0.5, max(len(months) - 0.5, 2.5))
    axes.set_ylim(bottom=0)
    axes.legend(frameon=False, fontsize=8)
    return figure


def calibration_by_part_plot(table: pd.DataFrame, language: Language = "en") -> Figure:
    """Observed over expected by stage, amount and in the top 5 %, on a log scale."""
    say = PLOT_WORDS[language]
    size = (7.6, 1.5 + 0.32 * len(table))
    figure, axes = canvas(say["parts"], f"{say['ratio']} ({say['accepted']})", "", size)
    places = np.arange(len(table))[::-1]
    axes.axvspan(*ACCEPTED_RANGE, color=HONEST, alpha=0.18, linewidth=0)
    axes.axvline(1, color=INK, linewidth=1, linestyle=":")
    axes.hlines(places, table["low"], table["high"], color=INK, linewidth=1.4)
    axes.plot(table["ratio"], places, "o", color=ABUSIVE)
    names = [
        f"{segment_name(str(row.segment))[language]}  ({row.labelled:,})"
        for row in table.itertuples()
    ]
    axes.set_yticks(places, names, fontsize=8)
    axes.set_xscale("log")
    low, high = min(0.5, *table["low"].clip(lower=0.05)), max(2.0, *table["high"])
    ticks = [tick for tick in (0.1, 0.25, 0.5, 0.8, 1, 1.25, 2, 4, 8) if low <= tick <= high]
    axes.set_xlim(low * 0.8, high * 1.25)
    axes.set_ylim(-0.7, len(table) - 0.3)
    axes.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    axes.minorticks_off()
    axes.grid(visible=False, axis="y")
    return figure


def friction_by_month_plot(found: Friction, language: Language = "en") -> Figure:
    """Share of honest requests bothered by month, against what was promised."""
    say = PLOT_WORDS[language]
    figure, axes = canvas(say["friction"], say["month"], say["bothered"])
    months, places = found.months, np.arange(len(found.months))
    reach = [months["bothered"] - months["low"], months["high"] - months["bothered"]]
    axes.errorbar(places, months["bothered"], yerr=reach, fmt="o", color=HONEST, capsize=3,
                  label=say["share"])  # fmt: skip
    axes.axhline(found.promised, color=ABUSIVE, linewidth=1.5, label=say["promised"])
    names = [f"{row.month}\n({row.honest:,})" for row in months.itertuples()]
    axes.set_xticks(places, names, fontsize=8)
    axes.set_xlim(-0.6, max(len(months) - 0.4, 3))
    tallest = 1.05 * float(np.nan_to_num(months["high"]).max())
    shown = 1.2 * float(np.nan_to_num(months["bothered"]).max())
    axes.set_ylim(0, max(2 * found.promised, shown, min(tallest, MOST_TIMES * found.promised)))
    axes.yaxis.set_major_formatter(PercentFormatter(1))
    axes.legend(frameon=False, fontsize=8)
    return figure


def tier_mix_plot(days: pd.DataFrame, language: Language = "en") -> Figure:
    """Decisions by day and tier, stacked."""
    say = PLOT_WORDS[language]
    figure, axes = canvas(say["days"], say["day"], say["decisions"])
    below = np.zeros(len(days))
    places = np.arange(len(days))
    for tier in TIERS:
        if tier in days:
            colour, hatch = TIER_STYLE[tier]
            name = label("tier", tier, language)
            axes.bar(places, days[tier], bottom=below, color=colour, hatch=hatch, width=0.85,
                     edgecolor="white", linewidth=0, label=name)  # fmt: skip
            below += days[tier].to_numpy()
    step = max(1, len(days) // 10)
    axes.set_xticks(places[::step], list(days.index[::step]), rotation=45, ha="right", fontsize=8)
    axes.set_xlim(-0.6, max(len(days) - 0.4, 6))
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    axes.grid(visible=False, axis="x")
    axes.legend(frameon=False, fontsize=8)
    return figure


def challenger_plot(found: ModelComparison, language: Language = "en") -> Figure:
    """Contingency table of the tiers of champion and challenger on the same decisions."""
    say = PLOT_WORDS[language]
    figure, axes = canvas(say["tiers"], say["challenger"], say["champion"], (5.6, 4.2))
    counts = np.array([[found.tiers[a][b] for b in TIERS] for a in TIERS])
    apart = np.where(np.eye(len(TIERS), dtype=bool), 0, counts)
    axes.imshow(apart, cmap="Oranges", vmin=0, vmax=max(apart.max(), 1) * 1.6, aspect="auto")
    for (i, j), count in np.ndenumerate(counts):
        axes.text(j, i, f"{count:,}", ha="center", va="center", color=CELL_INK,
                  fontweight="normal" if i == j else "bold")  # fmt: skip
    names = [label("tier", tier, language) for tier in TIERS]
    axes.set_xticks(range(len(TIERS)), names)
    axes.set_yticks(range(len(TIERS)), names)
    axes.grid(visible=False)
    axes.set_xticks(np.arange(len(TIERS) - 1) + 0.5, minor=True)
    axes.set_yticks(np.arange(len(TIERS) - 1) + 0.5, minor=True)
    axes.grid(which="minor", color=GRID)
    axes.tick_params(which="minor", length=0)
    return figure
