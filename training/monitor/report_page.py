"""The report as one self-contained HTML file with its plots, to send or print."""

from __future__ import annotations

import base64
import html
import io
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import matplotlib as mpl
from matplotlib.figure import Figure

from risk.history.connect import now_ms
from training.monitor import report_plots
from training.monitor.report import MonitorReport

STYLE = """
body{font:16px/1.55 system-ui,sans-serif;color:#22303c;background:#fff;max-width:50rem;
  margin:2.5rem auto;padding:0 1.2rem}
h1{font-size:1.5rem;margin:0}h2{font-size:1.1rem;margin:2.4rem 0 .3rem}
.verdict{font-size:1.15rem;margin:.2rem 0 1rem}
.quiet{color:#5c6b78;margin:.2rem 0 1.4rem}.how{color:#5c6b78;font-size:.9rem;margin:.2rem 0}
.say{border-left:4px solid #5a9367;padding:.5rem 0 .5rem 1rem}.say.alarm{border-color:#c8553d}
.say.note{border-color:#e0a030}.say p{margin:.2rem 0}
ul{padding-left:1.2rem}li{margin:.15rem 0}img{max-width:100%;height:auto}
figure{margin:.6rem 0 0;break-inside:avoid}section{break-inside:avoid-page}
@media print{body{font-size:11pt;margin:0;max-width:none}h2{break-after:avoid}}
"""
CAPTIONS = {
    "Drift": "The population stability index (PSI) compares the last 30 days with the year before. "
    "Above 0.25 a feature has changed enough to investigate; the tick is the PSI that a feature "
    "without drift exceeds once in a thousand.",
    "Calibration": "Only requests outside the training set of the scoring model. The observed "
    "number should lie in the band of the expected one; lines are 95 % intervals.",
    "The promise": "Share of honest requests that were asked for evidence or put before a person "
    "at any of their moments, weighted by inverse propensity. In brackets below each month: the "
    "number of requests found honest.",
    "Decisions": "Decisions of the service by day and tier.",
    "Champion and challenger": "The challenger's answers are computed afterwards, stored apart and "
    "without effect. Differences are challenger minus champion, with 95 % bootstrap intervals over "
    "customers.",
}
MAX_LISTED = 100


def write_html(report: MonitorReport, path: Path) -> None:
    """Write the page to `path`; it needs no other file and no network."""
    title = f"refund-risk version {html.escape(report.version)}"
    parts = [
        f"<h1>{title}</h1><p class=quiet>Monitor of {_day()}</p>",
        f"<p class=verdict>{html.escape(report.verdict())}</p>",
        _summary(report),
        *(_section(name, figures) for name, figures in _figures(report)),
        "<h2>Measurements</h2>",
        _list(report.numbers()),
    ]
    if report.differences:
        parts += [
            "<h2>Differences</h2>",
            _list([str(one) for one in report.differences[:MAX_LISTED]]),
        ]
    path.write_text(
        "<!doctype html><html lang=en><meta charset=utf-8>"
        "<meta name=viewport content='width=device-width,initial-scale=1'>"
        f"<title>{title}</title><style>{STYLE}</style>{''.join(parts)}</html>",
        encoding="utf-8",
    )


def _day() -> str:
    """Now, to the minute: 29 November 2026, 15:41 UTC."""
    now = datetime.fromtimestamp(now_ms() / 1000, UTC)
    return f"{now.day} {now:%B %Y, %H:%M} UTC"


def _summary(report: MonitorReport) -> str:
    alarms, notes = report.alarms(), report.notes()
    if not alarms and not notes:
        return "<div class=say><p>No alarms, no warnings.</p></div>"
    blocks = (("alarm", "Alarms", alarms), ("note", "Warnings", notes))
    return "".join(
        f"<div class='say {kind}'><p><b>{title}</b></p>{_list(lines)}</div>"
        for kind, title, lines in blocks
        if lines
    )


def _list(lines: Sequence[str]) -> str:
    return "<ul>" + "".join(f"<li>{html.escape(line)}</li>" for line in lines) + "</ul>"


def _figures(report: MonitorReport) -> Iterator[tuple[str, list[Figure]]]:
    """Title and figures of each section that has data."""
    calibration = []
    if len(report.months):
        calibration.append(report_plots.calibration_plot(report.months))
    if len(report.segments):
        calibration.append(report_plots.calibration_by_part_plot(report.segments))
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
    drawn = "".join(f"<figure>{_image(one, name)}</figure>" for one in figures)
    return f"<section><h2>{name}</h2><p class=how>{CAPTIONS[name]}</p>{drawn}</section>"


def _image(figure: Figure, name: str) -> str:
    drawn = io.BytesIO()
    with mpl.rc_context({"svg.fonttype": "none", "font.family": "sans-serif"}):
        figure.savefig(drawn, format="svg", metadata={"Date": None})
    encoded = base64.b64encode(drawn.getvalue()).decode()
    return f'<img alt="{html.escape(name)}" src="data:image/svg+xml;base64,{encoded}">'
