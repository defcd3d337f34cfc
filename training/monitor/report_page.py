"""The report as one file with its pictures in it: to send on, and to print."""

from __future__ import annotations

import base64
import html
import io
from collections.abc import Iterator, Sequence
from pathlib import Path

import matplotlib as mpl
from matplotlib.figure import Figure

from risk.facts.format import iso
from risk.history.connect import now_ms
from training.monitor import report_plots
from training.monitor.report import Report

STYLE = """
body{font:16px/1.55 system-ui,sans-serif;color:#22303c;background:#fff;max-width:50rem;
  margin:2.5rem auto;padding:0 1.2rem}
h1{font-size:1.5rem;margin:0}h2{font-size:1.1rem;margin:2.4rem 0 .3rem}
.quiet{color:#5c6b78;margin:.2rem 0 1.4rem}.how{color:#5c6b78;font-size:.9rem;margin:.2rem 0}
.say{border-left:4px solid #5a9367;padding:.5rem 0 .5rem 1rem}.say.alarm{border-color:#c8553d}
.say.note{border-color:#e0a030}.say p{margin:.2rem 0}
ul{padding-left:1.2rem}li{margin:.15rem 0}img{max-width:100%;height:auto}
figure{margin:.6rem 0 0;break-inside:avoid}section{break-inside:avoid-page}
@media print{body{font-size:11pt;margin:0;max-width:none}h2{break-after:avoid}}
"""
HOW = {
    "Drift": "The population stability index (PSI) compares the last 30 days with the year before. "
    "Above 0.25 a feature has changed enough to look into; the tick is what luck alone reaches "
    "once in a thousand features that did not change.",
    "Calibration": "Only requests the scoring model has not learned from. Found should lie in the "
    "band of what was foretold; each ratio's line is its 95 % interval.",
    "The promise": "Honest requests that were asked for evidence or put before a person at any "
    "moment of their life, weighed for how findings were chosen. In brackets below each month: "
    "how many are known to be honest.",
    "Decisions": "What the service answered, day by day.",
    "Champion and challenger": "The challenger's answers are computed afterwards, kept apart and "
    "never acted on. Differences are challenger less champion, with 95 % intervals from whole "
    "customers drawn anew.",
}
LISTED = 100


def write_html(report: Report, path: Path) -> None:
    """Write the page; it loads nothing from anywhere."""
    title = f"refund-risk version {html.escape(report.version)}"
    parts = [
        f"<h1>{title}</h1><p class=quiet>Monitor of {iso(now_ms())}</p>",
        _said(report),
        *(_section(name, figures) for name, figures in _figures(report)),
        "<h2>In numbers</h2>",
        _list(report.numbers()),
    ]
    if report.differences:
        parts += ["<h2>Differences</h2>", _list([str(one) for one in report.differences[:LISTED]])]
    path.write_text(
        "<!doctype html><html lang=en><meta charset=utf-8>"
        "<meta name=viewport content='width=device-width,initial-scale=1'>"
        f"<title>{title}</title><style>{STYLE}</style>{''.join(parts)}</html>",
        encoding="utf-8",
    )


def _said(report: Report) -> str:
    alarms, notes = report.alarms(), report.notes()
    if not alarms and not notes:
        return "<div class=say><p>All well.</p></div>"
    blocks = (("alarm", "Alarm", alarms), ("note", "To look into", notes))
    return "".join(
        f"<div class='say {kind}'><p><b>{title}</b></p>{_list(lines)}</div>"
        for kind, title, lines in blocks
        if lines
    )


def _list(lines: Sequence[str]) -> str:
    return "<ul>" + "".join(f"<li>{html.escape(line)}</li>" for line in lines) + "</ul>"


def _figures(report: Report) -> Iterator[tuple[str, list[Figure]]]:
    """The sections that have something to draw."""
    calibration = []
    if len(report.months):
        calibration.append(report_plots.calibration_plot(report.months))
    if len(report.parts):
        calibration.append(report_plots.calibration_by_part_plot(report.parts))
    if len(report.friction.months):
        yield "The promise", [report_plots.friction_by_month_plot(report.friction)]
    if calibration:
        yield "Calibration", calibration
    if report.drift["psi"].notna().any():
        yield "Drift", [report_plots.drift_plot(report.drift)]
    if len(report.tiers):
        yield "Decisions", [report_plots.tier_mix_plot(report.tiers)]
    if report.comparison is not None:
        yield "Champion and challenger", [report_plots.challenger_plot(report.comparison)]


def _section(name: str, figures: Sequence[Figure]) -> str:
    drawn = "".join(f"<figure>{_picture(one, name)}</figure>" for one in figures)
    return f"<section><h2>{name}</h2><p class=how>{HOW[name]}</p>{drawn}</section>"


def _picture(figure: Figure, name: str) -> str:
    drawn = io.BytesIO()
    with mpl.rc_context({"svg.fonttype": "none", "font.family": "sans-serif"}):
        figure.savefig(drawn, format="svg", metadata={"Date": None})
    encoded = base64.b64encode(drawn.getvalue()).decode()
    return f'<img alt="{html.escape(name)}" src="data:image/svg+xml;base64,{encoded}">'
