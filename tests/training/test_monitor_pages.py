"""The report of the monitor as alarms, gauges and a page."""

from __future__ import annotations

import base64
import html
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from risk.facts.localised import LANGUAGES, Language
from risk.history.health_verdict import verdict
from risk.history.monitor_reports import Estimate
from tests.training.monitored_shop import in_trouble
from training.monitor import write_gauges, write_html
from training.monitor.friction import ANSWERED, Friction
from training.monitor.measure import tiers_by_day
from training.monitor.report import MonitorReport
from training.monitor.report_page import COLOURS
from training.monitor.report_plots import challenger_plot

pytestmark = pytest.mark.whole


def test_alarms_are_kept_apart_from_warnings(report: MonitorReport) -> None:
    troubled = in_trouble(report)
    alarms, notes = "\n".join(troubled.alarms()), "\n".join(troubled.notes())
    assert len(troubled.alarms()) == 3
    for words in (
        "1 stored decisions",
        "12.0% (8.0% to 20.0%)",
        "the highest 5 %: found for each foretold 1.90",
    ):
        assert words in alarms
    for words in (
        "score drifts",
        "1 of 3 features drift: hat (PSI 0.91)",
        "amounts of quarter 1",
        "--tighten",
    ):
        assert words in notes
    assert "calm" not in notes
    assert "lucky" not in notes
    assert troubled.headline().startswith("monitor: version 1: ALARM: Act now: 3 things are wrong.")
    assert "the promise is broken" in troubled.headline()
    assert troubled.lines()[0] == f"alarm: {troubled.alarms()[0]}"
    assert "\n" not in troubled.headline()


def test_without_alarms_and_warnings_it_says_so(report: MonitorReport) -> None:
    calm = replace(
        report, drift=report.drift.assign(psi=0.0), score=Estimate(0.0, 0.0, 0.25),
        segments=report.segments.iloc[:0], comparison=None,
        friction=replace(report.friction, recent=Estimate(0.01, 0.0, 0.03), tighter=None),
    )  # fmt: skip
    assert calm.headline().startswith("monitor: version 1: All is well. ")
    assert calm.lines() == calm.numbers()


def test_every_number_has_a_gauge(report: MonitorReport, tmp_path: Path) -> None:
    write_gauges(in_trouble(report).to_champion_report(), tmp_path / "watch.prom")
    text = (tmp_path / "watch.prom").read_text(encoding="utf-8")
    values = dict(re.findall(r'refund_risk_monitor_(\w+)\{version="1"\} (\S+)', text))
    assert float(values["honest_bothered"]) == 0.12
    assert float(values["alarms"]) == 3
    assert float(values["features_drifting"]) == 1
    assert float(values["found_over_foretold_top"]) == 1.9
    assert float(values["timestamp_seconds"]) > 1.7e9


class _Page(HTMLParser):
    """Collects every place a page would load something from, and its tags."""

    def __init__(self) -> None:
        super().__init__()
        self.places: list[str] = []
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.places += [value or "" for name, value in attrs if name in ("src", "href", "action")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_holds_everything_it_shows(
    report: MonitorReport, tmp_path: Path, language: Language
) -> None:
    troubled = in_trouble(report)
    write_html(troubled, tmp_path / "report.html", language)
    text = (tmp_path / "report.html").read_text(encoding="utf-8")
    page = _Page()
    page.feed(text)
    head = "data:image/svg+xml;base64,"
    assert page.tags.count("img") == len(page.places) >= 5
    assert all(place.startswith(head) for place in page.places)
    drawn = [base64.b64decode(place.removeprefix(head)).decode() for place in page.places]
    assert all("<svg" in one and "<script" not in one for one in drawn)
    assert all("prefers-color-scheme" in one and "var(--ink)" in one for one in drawn)
    assert "script" not in page.tags
    assert "&lt;script&gt;" in text
    verdict = html.escape(troubled.verdict(language))
    assert text.index(verdict) < text.index("<section")
    for line in (
        *troubled.alarms(language),
        *troubled.notes(language),
        *troubled.numbers(language),
    ):
        assert f"<li>{html.escape(line)}</li>" in text
    assert len(text) < 400_000


def test_numbers_on_cells_stay_dark_on_a_dark_page(report: MonitorReport) -> None:
    comparison = in_trouble(report).comparison
    assert comparison is not None
    (cells,) = challenger_plot(comparison).axes
    assert len(cells.texts) == 9
    assert not {one.get_color() for one in cells.texts} & set(COLOURS)


def test_every_sentence_is_in_both_languages(report: MonitorReport) -> None:
    troubled = in_trouble(report)
    for said in (troubled.alarms, troubled.notes, troubled.numbers):
        assert len(said("en")) == len(said("zh"))
        assert not [one for one in said("en") if re.search("[\u4e00-\u9fff]", one)]
        assert all(re.search("[\u4e00-\u9fff]", one) for one in said("zh"))


def test_command_overview_and_report_give_one_verdict(report: MonitorReport) -> None:
    stored = in_trouble(report).to_champion_report()
    assert in_trouble(report).verdict("zh") == verdict(stored)["zh"]
    assert verdict(stored)["en"] in in_trouble(report).headline()


def test_the_page_can_be_drawn_before_anything_is_known(
    report: MonitorReport, tmp_path: Path
) -> None:
    nothing = Estimate(float("nan"), float("nan"), float("nan"))
    months = report.friction.months.iloc[:0]
    empty = replace(
        report, months=report.months.iloc[:0], segments=report.segments.iloc[:0],
        tiers=pd.DataFrame(), drift=report.drift.assign(psi=np.nan), score=nothing, comparison=None,
        friction=Friction(ANSWERED, 0.05, months, nothing, 0.0, 0, 0.4, None),
    )  # fmt: skip
    write_html(empty, tmp_path / "report.html")
    text = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "none is known to be honest yet" in text
    assert "too few requests" in text


def test_without_decisions_there_are_no_days() -> None:
    assert tiers_by_day(pd.DataFrame(columns=["refund_id", "decided_at", "tier"])).empty
