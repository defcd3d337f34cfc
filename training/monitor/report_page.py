"""The report as one self-contained HTML file with its plots, to send or print."""

from __future__ import annotations

import base64
import html
import io
import warnings
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import matplotlib as mpl
from matplotlib.figure import Figure

from risk.facts.localised import COMMA, Language
from risk.history.connection.connect import now_ms
from training.judge.plots import GRID, INK, PAPER
from training.monitor import report_plots
from training.monitor.report import MonitorReport
from training.monitor.report_words import PLOT_WORDS

STYLE = """
:root{color-scheme:light dark;--ink:#22303c;--paper:#fff;--quiet:#5c6b78}
body{font:16px/1.55 system-ui,sans-serif;color:var(--ink);background:var(--paper);
  max-width:52rem;margin:2.5rem auto;padding:0 1.2rem}
h1{font-size:1rem;font-weight:400;color:var(--quiet);margin:0}
h2{font-size:1.1rem;margin:2.4rem 0 .3rem}
.verdict{font-size:1.35rem;line-height:1.45;margin:.4rem 0 1.4rem}
.how{color:var(--quiet);font-size:.9rem;margin:.2rem 0}
.say{border-left:4px solid #5a9367;padding:.2rem 0 .2rem 1rem}.say.alarm{border-color:#c8553d}
.say.note{border-color:#e0a030}
ul{padding-left:1.2rem}li{margin:.25rem 0}img{max-width:100%;height:auto}
figure{margin:.6rem 0 0;break-inside:avoid}section{break-inside:avoid-page}
details{margin-top:2.4rem}summary{font-weight:700;font-size:1.1rem;cursor:pointer}
@media (prefers-color-scheme:dark){:root{--ink:#e4eaef;--paper:#14191e;--quiet:#9aa9b6}}
@media print{:root{--ink:#22303c;--paper:#fff;--quiet:#5c6b78}
  body{font-size:11pt;margin:0;max-width:none}h2{break-after:avoid}}
"""
COLOURS: Mapping[str, tuple[str, str]] = {
    INK: ("ink", "#e4eaef"), PAPER: ("paper", "#14191e"), GRID: ("grid", "#35404a"),
    "#000000": ("black", "#e4eaef"), "#cfe1ec": ("pale", "#3c566a"),
}  # fmt: skip
"""Colours of the plots that are others on a dark page, with their names there."""
PLOT_STYLE = (
    "<style>:root{"
    + "".join(f"--{name}:{light};" for light, (name, _) in COLOURS.items())
    + "}@media (prefers-color-scheme:dark){:root{"
    + "".join(f"--{name}:{dark};" for name, dark in COLOURS.values())
    + "}}</style>"
)
MAX_LISTED = 100


def write_html(report: MonitorReport, path: Path, language: Language = "en") -> None:
    """Write the page to `path`; it needs no other file and no network."""
    say = PLOT_WORDS[language]
    version = say["version"].format(report.version)
    title = html.escape(COMMA[language].join((say["title"], version, _moment())))
    lists = (
        ("alarms", "alarm", report.alarms(language)), ("notes", "note", report.notes(language)),
        ("differences", "alarm", [str(one) for one in report.differences[:MAX_LISTED]]),
    )  # fmt: skip
    parts = [
        f"<h1>{title}</h1><p class=verdict>{html.escape(report.verdict(language))}</p>",
        *(
            f"<div class='say {kind}'><b>{say[name]}</b>{_list(lines)}</div>"
            for name, kind, lines in lists
            if lines
        ),
        *(_section(name, figures, say) for name, figures in _figures(report, language)),
        f"<details open><summary>{say['numbers']}</summary>{_list(report.numbers(language))}"
        "</details>",
    ]
    path.write_text(
        f"<!doctype html><html lang={language}><meta charset=utf-8>"
        "<meta name=viewport content='width=device-width,initial-scale=1'>"
        f"<title>{title}</title><style>{STYLE}</style>{''.join(parts)}</html>",
        encoding="utf-8",
    )


def _moment() -> str:
    """Now, to the minute, on this machine's clock."""
    return datetime.fromtimestamp(now_ms() / 1000, UTC).astimezone().strftime("%Y-%m-%d %H:%M")


def _list(lines: Sequence[str]) -> str:
    return "<ul>" + "".join(f"<li>{html.escape(line)}</li>" for line in lines) + "</ul>"


def _figures(report: MonitorReport, language: Language) -> Iterator[tuple[str, list[Figure]]]:
    """Name and figures of each section that has data, people first."""
    if len(report.friction.months):
        yield "promise", [report_plots.friction_by_month_plot(report.friction, language)]
    if len(report.tiers):
        yield "work", [report_plots.tier_mix_plot(report.tiers, language)]
    calibration = []
    if len(report.months):
        calibration.append(report_plots.calibration_plot(report.months, language))
    if len(report.segments):
        calibration.append(report_plots.calibration_by_part_plot(report.segments, language))
    if calibration:
        yield "calibrated", calibration
    if report.drift["psi"].notna().any():
        yield "drifting", [report_plots.drift_plot(report.drift, language)]
    if report.comparison is not None:
        yield "rivals", [report_plots.challenger_plot(report.comparison, language)]


def _section(name: str, figures: Sequence[Figure], say: Mapping[str, str]) -> str:
    drawn = "".join(f"<figure>{_image(one, say[name])}</figure>" for one in figures)
    return f"<section><h2>{say[name]}</h2><p class=how>{say[f'how_{name}']}</p>{drawn}</section>"


def _image(figure: Figure, name: str) -> str:
    drawn = io.BytesIO()
    text = mpl.rc_context({"svg.fonttype": "none", "font.family": "sans-serif"})
    with text, warnings.catch_warnings():
        # the reader's browser has the characters that our font lacks
        warnings.filterwarnings("ignore", "Glyph .* missing from font", UserWarning)
        figure.savefig(drawn, format="svg", metadata={"Date": None})
    encoded = base64.b64encode(_themed(drawn.getvalue().decode()).encode()).decode()
    return f'<img alt="{html.escape(name)}" src="data:image/svg+xml;base64,{encoded}">'


def _themed(svg: str) -> str:
    """The picture with colours that follow the reader's theme; text without a colour of its own is
    black, which does too."""
    for light, (name, _) in COLOURS.items():
        svg = svg.replace(light, f"var(--{name})")
    head, start, rest = svg.partition("<svg ")
    opening, close, body = rest.partition(">")
    return f'{head}{start}fill="var(--black)" {opening}{close}{PLOT_STYLE}{body}'
