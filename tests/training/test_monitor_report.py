"""The monitor over a small shop: what it reports, keeps, sends on and tightens."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import sqlalchemy as sa
from deciders import bundle, promote
from shops import Shop, open_shop, quiet

from risk.decisions.champion import Models, thresholds_of
from risk.decisions.log import every
from risk.errors import ModelRefused, NotFound
from risk.facts.format import iso
from risk.history import monitor_reports, published_models
from risk.history.connect import now_ms
from risk.history.intake import ingest
from risk.history.monitor_reports import Estimate, MeasureComparison, ModelComparison
from risk.history.schema import FACTS
from risk.history.store import History
from risk.policy import TIERS, ask_floor, load
from training.check.replay import Difference
from training.monitor import write_gauges, write_html
from training.monitor.fresh_findings import unseen_labels, unseen_scores
from training.monitor.friction import ANSWERED, Friction, tightened
from training.monitor.measure import monitor, tiers_by_day, tighten
from training.monitor.report import MonitorReport
from training.promote import CHALLENGER, challenge, publisher, twin_of


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """A shop of this file's own, with a challenger: the monitor writes into it."""
    made = open_shop(tmp_path_factory, "watched")
    with made.history.write() as write:
        published_models.publish(write, CHALLENGER, "2", bundle(1), "a test")
    correct_some(made)
    yield made
    made.history.close()


def correct_some(shop: Shop) -> None:
    """Correct orders of requests that were decided, withdraw one, and take findings back."""
    orders, refunds, outcomes = (FACTS[kind] for kind in ("orders", "refunds", "outcomes"))
    with shop.history.read() as connection:
        decided = sorted(made.refund_id for made in every(connection))
        ids = connection.execute(
            sa.select(refunds.c.refund_id, refunds.c.order_id).where(
                refunds.c.refund_id.in_(decided)
            )
        ).all()
        findings = connection.execute(sa.select(outcomes).limit(5)).mappings().all()
        lines = connection.execute(
            sa.select(orders).where(orders.c.order_id.in_([order for _, order in ids]))
        ).mappings().all()  # fmt: skip
        asked = connection.execute(
            sa.select(refunds).where(refunds.c.refund_id == decided[0])
        ).mappings().one()  # fmt: skip
    amounts = [
        {"order_id": line["order_id"], "line_id": line["line_id"], "revision": 2, "amount": "1.00",
         "customer_id": line["customer_id"], "placed_at": iso(line["placed_at"])}
        for line in lines
    ]  # fmt: skip
    withdrawn = {"refund_id": decided[0], "order_id": asked["order_id"], "revision": 2,
                 "requested_at": iso(asked["requested_at"]), "amount": "1.00",
                 "reason_code": asked["reason_code"], "state": "withdrawn"}  # fmt: skip
    back = [
        {"kind": "outcomes", "reason": "of another request", "retracted_at": iso(now_ms()),
         "key": {"refund_id": row["refund_id"], "decided_at": iso(row["decided_at"]),
                 "decided_by": row["decided_by"]}}
        for row in findings
    ]  # fmt: skip
    assert ingest(shop.history, "orders", amounts).new == len(lines) > 5
    assert ingest(shop.history, "refunds", [withdrawn]).new == 1
    assert ingest(shop.history, "retractions", back).new == len(back)


@pytest.fixture(scope="module")
def report(own: Shop) -> MonitorReport:
    return monitor(own.history, load(None), quiet, lambda v: twin_of(own.registry, v))


def test_the_report_is_about_the_champion_and_what_it_served(
    own: Shop, report: MonitorReport
) -> None:
    with own.history.read() as connection:
        served = list(every(connection))
    assert report.version == own.trained.version
    assert (report.replayed, report.differences) == (len(served), [])
    assert len(served) == 12
    assert set(report.drift.index) == set(own.trained.fitted.bundle.features)
    assert report.drift["psi"].dropna().is_monotonic_decreasing
    assert int(report.tiers.to_numpy().sum()) == 12
    assert report.findings_by_tier["requests"].sum() == 12


def test_nothing_is_judged_by_what_it_has_learned_from(own: Shop, report: MonitorReport) -> None:
    fitted = own.trained.fitted
    since = int(fitted.twin.about["trained_until"])
    rows = fitted.frame[fitted.frame["stage"] == "request"]
    fresh = rows[(rows["requested_at"] >= since) & rows["y"].notna()]
    assert 0 < len(fresh) < rows["y"].notna().sum()
    assert report.months["labelled"].sum() == len(fresh)
    assert report.months["observed"].sum() == fresh["y"].sum()
    scores = unseen_scores(fitted.bundle, fitted.twin, rows)
    assert np.isnan(scores[rows["requested_at"] < since]).all()
    assert np.isfinite(scores[rows["requested_at"] >= since]).all()
    assert np.isnan(unseen_scores(fitted.bundle, None, rows)).all()
    labels = unseen_labels(own.trained.data, since)
    assert set(labels["refund_id"]) <= set(fresh["refund_id"])
    assert labels["weight"].gt(0).all()


def test_before_there_are_decisions_enough_the_promise_is_counted_on_answers(
    own: Shop, report: MonitorReport
) -> None:
    found = report.friction
    assert found.source == ANSWERED
    assert found.honest >= 30
    assert found.promised == 0.05
    assert found.ask_above == ask_floor(load(), thresholds_of(own.trained.fitted.bundle))
    assert found.months["honest"].sum() >= found.honest


def test_both_models_are_compared_on_every_decision(own: Shop, report: MonitorReport) -> None:
    found = report.comparison
    assert found is not None
    assert (found.champion, found.challenger, found.decisions) == ("1", "2", 12)
    assert sum(found.tiers[a][b] for a in TIERS for b in TIERS) == 12
    assert found.moved > 0
    assert found.measures == []
    assert "too few to compare the two" in "\n".join(report.lines())


def test_what_was_found_is_kept_for_who_shows_it(own: Shop, report: MonitorReport) -> None:
    with own.history.read() as connection:
        shown, watched = (
            monitor_reports.newest_comparison(connection),
            monitor_reports.newest_champion_report(connection),
        )
    assert shown is not None
    assert watched is not None
    assert replace(shown, made_at=0) == report.comparison
    assert shown.made_at == watched.made_at > 0
    assert replace(watched, made_at=0) == report.to_champion_report()
    assert watched.numbers["decisions_recomputed"] == 12


def measured(name: str, gap: float, reach: float) -> MeasureComparison:
    sure = Estimate(gap, gap - reach, gap + reach)
    return MeasureComparison(
        name, Estimate(0.4, 0.3, 0.5), Estimate(0.4 + gap, 0.3, float("nan")), sure
    )


def test_a_comparison_comes_back_as_it_was_and_only_while_it_holds(history: History) -> None:
    counts = {a: {b: int(a == b) for b in TIERS} for a in TIERS}
    told = [measured("auc", 0.1, 0.05), measured("log_loss", 0.1, 0.05)]
    kept = ModelComparison("1", "2", 5, 9, 3, 0.1, counts, 70, 20, told)
    promote(history, "1", bundle())
    with history.write() as write:
        monitor_reports.store_report(write, kept)
    with history.read() as connection:
        assert monitor_reports.newest_comparison(connection) is None
    with history.write() as write:
        published_models.publish(write, CHALLENGER, "2", bundle(1), "a test")
    with history.read() as connection:
        shown = monitor_reports.newest_comparison(connection)
    assert shown is not None
    assert shown.tiers == counts
    assert shown.same_tier == 3
    assert [one.better for one in shown.measures] == ["challenger", "champion"]
    assert [one.difference for one in shown.measures] == [one.difference for one in told]
    assert np.isnan(shown.measures[0].challenger.high)
    promote(history, "2", bundle(1))
    with history.read() as connection:
        assert monitor_reports.newest_comparison(connection) is None
        assert monitor_reports.newest_champion_report(connection) is None


def in_trouble(report: MonitorReport) -> MonitorReport:
    """The report as it would be if everything had gone wrong."""
    drift = pd.DataFrame(
        {"psi": [0.91, 0.3, 0.01], "chance": [0.1, 0.5, 0.1]}, index=["hat", "lucky", "calm"]
    )
    parts = pd.DataFrame(
        [("top 5 %", 90, 30, 1.9, 1.5, 2.4), ("amount q1", 80, 30, 0.5, 0.3, 0.7)],
        columns=["segment", "labelled", "abusive", "ratio", "low", "high"],
    )
    friction = replace(report.friction, recent=Estimate(0.12, 0.08, 0.2), tighter=0.7)
    return replace(
        report, drift=drift, segments=parts, friction=friction, score=Estimate(0.9, 0, 0.25),
        differences=[Difference("<script>alert(1)</script>", "amount", "&", "<img src=http://x>")],
    )  # fmt: skip


def test_alarms_are_kept_apart_from_warnings(report: MonitorReport) -> None:
    troubled = in_trouble(report)
    alarms, notes = "\n".join(troubled.alarms()), "\n".join(troubled.notes())
    assert len(troubled.alarms()) == 3
    for words in (
        "1 stored decisions",
        "12.0% (8.0% to 20.0%)",
        "top 5 %: observed over expected 1.90",
    ):
        assert words in alarms
    for words in ("score drifts", "1 of 3 features drift, PSI hat 0.91", "amount q1", "--tighten"):
        assert words in notes
    assert "calm" not in notes
    assert "lucky" not in notes
    assert troubled.headline().startswith("monitor: version 1: ALARM: 1 stored decisions")
    assert "\n" not in troubled.headline()


def test_without_alarms_and_warnings_it_says_so(report: MonitorReport) -> None:
    calm = replace(
        report, drift=report.drift.assign(psi=0.0), score=Estimate(0.0, 0.0, 0.25),
        segments=report.segments.iloc[:0], comparison=None,
        friction=replace(report.friction, recent=Estimate(0.01, 0.0, 0.03), tighter=None),
    )  # fmt: skip
    assert calm.headline() == "monitor: version 1: no alarms, no warnings"
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


def test_the_page_holds_everything_it_shows(report: MonitorReport, tmp_path: Path) -> None:
    troubled = in_trouble(report)
    write_html(troubled, tmp_path / "report.html")
    text = (tmp_path / "report.html").read_text(encoding="utf-8")
    page = _Page()
    page.feed(text)
    head = "data:image/svg+xml;base64,"
    assert page.tags.count("img") == len(page.places) >= 5
    assert all(place.startswith(head) for place in page.places)
    drawn = [base64.b64decode(place.removeprefix(head)).decode() for place in page.places]
    assert all("<svg" in one and "<script" not in one for one in drawn)
    assert "script" not in page.tags
    assert "&lt;script&gt;" in text
    for line in (*troubled.alarms(), *troubled.numbers()):
        assert line.split(":")[0].replace("<", "&lt;") in text
    assert len(text) < 400_000


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


def test_there_is_nothing_to_monitor_before_a_promotion(history: History) -> None:
    with pytest.raises(NotFound, match="promoted"):
        monitor(history, load(None), quiet)


def test_a_challenger_that_cannot_be_loaded_stops_nobody(own: Shop, report: MonitorReport) -> None:
    strange = replace(bundle(2), features={**bundle(2).features, "amount": "another definition"})
    with own.history.write() as write:
        published_models.publish(write, CHALLENGER, "3", strange, "a test")
    again = monitor(own.history, load(None), quiet)
    assert again.comparison is None
    assert "cannot be compared" in "\n".join(again.notes())
    assert "amount" in again.comparison_error
    assert again.replayed == report.replayed
    with own.history.write() as write:
        published_models.publish(write, CHALLENGER, "2", bundle(1), "a test")


def test_a_broken_promise_raises_the_threshold_of_the_same_version(
    own: Shop, report: MonitorReport
) -> None:
    with pytest.raises(NotFound, match="higher threshold"):
        tighten(own.history, replace(report, friction=replace(report.friction, tighter=None)))
    published = tighten(own.history, in_trouble(report))
    champion = Models(own.history).champion()
    assert champion.published == published
    served = champion.bundle
    before = own.trained.fitted.bundle
    assert published.version == report.version
    assert "→ 0.700" in published.why
    assert served.thresholds["ask_above"] == 0.7
    assert served.digest == published.digest != before.digest
    assert served.lanes == before.lanes
    assert served.about["tightened"]["from"] == report.friction.ask_above


def test_tightening_changes_nothing_but_the_bar() -> None:
    made = tightened(bundle(), 0.9, {"from": 0.4})
    assert made.thresholds == {**bundle().thresholds, "ask_above": 0.9}
    row = np.zeros(len(made.features))
    assert made.score(row, "standard").raw_score == bundle().score(row, "standard").raw_score


def test_a_version_challenges_until_it_is_champion(own: Shop) -> None:
    version = own.trained.version
    with pytest.raises(ModelRefused, match="cannot challenge itself"):
        challenge(own.registry, version, publisher(own.history, CHALLENGER), 1, "a test")
    with pytest.raises(NotFound):
        challenge(own.registry, "99", publisher(own.history, CHALLENGER), 1, "a test")
