"""The monitor over a small shop: what it reports, keeps, sends on and tightens."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from risk.decisions.champion import Models, thresholds_of
from risk.decisions.log import every
from risk.errors import ModelRefused, NotFound
from risk.history import monitor_reports, published_models
from risk.history.monitor_reports import Estimate, MeasureComparison, ModelComparison
from risk.history.store import History
from risk.policy import TIERS, ask_floor, load
from risk.registry import CHALLENGER
from tests.deciders import bundle, promote
from tests.shops import Shop, quiet
from tests.training.monitored_shop import in_trouble
from training.monitor.fresh_findings import unseen_labels, unseen_scores
from training.monitor.friction import ANSWERED, tightened
from training.monitor.measure import monitor, tighten
from training.monitor.report import MonitorReport
from training.promote import challenge, publisher

pytestmark = pytest.mark.whole


def test_the_report_is_about_the_champion_and_what_it_served(
    watched: Shop, report: MonitorReport
) -> None:
    with watched.history.read() as connection:
        served = list(every(connection))
    assert report.version == watched.trained.version
    assert (report.replayed, report.differences) == (len(served), [])
    assert len(served) == 12
    assert set(report.drift.index) == set(watched.trained.fitted.bundle.features)
    assert report.drift["psi"].dropna().is_monotonic_decreasing
    assert int(report.tiers.to_numpy().sum()) == 12
    assert report.findings_by_tier["requests"].sum() == 12


def test_nothing_is_judged_by_what_it_has_learned_from(
    watched: Shop, report: MonitorReport
) -> None:
    fitted = watched.trained.fitted
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
    labels = unseen_labels(watched.trained.data, since)
    assert set(labels["refund_id"]) <= set(fresh["refund_id"])
    assert labels["weight"].gt(0).all()


def test_before_there_are_decisions_enough_the_promise_is_counted_on_answers(
    watched: Shop, report: MonitorReport
) -> None:
    found = report.friction
    assert found.source == ANSWERED
    assert found.honest >= 30
    assert found.promised == 0.05
    assert found.ask_above == ask_floor(load(), thresholds_of(watched.trained.fitted.bundle))
    assert found.months["honest"].sum() >= found.honest


def test_both_models_are_compared_on_every_decision(watched: Shop, report: MonitorReport) -> None:
    found = report.comparison
    assert found is not None
    assert (found.champion, found.challenger, found.decisions) == ("1", "2", 12)
    assert sum(found.tiers[a][b] for a in TIERS for b in TIERS) == 12
    assert found.moved > 0
    assert found.measures == []
    assert "too few to compare the two" in "\n".join(report.lines())


def test_what_was_found_is_kept_for_who_shows_it(watched: Shop, report: MonitorReport) -> None:
    with watched.history.read() as connection:
        shown, champion = (
            monitor_reports.newest_comparison(connection),
            monitor_reports.newest_champion_report(connection),
        )
    assert shown is not None
    assert champion is not None
    assert replace(shown, made_at=0) == report.comparison
    assert shown.made_at == champion.made_at > 0
    assert replace(champion, made_at=0) == report.to_champion_report()
    assert champion.numbers["decisions_recomputed"] == 12


def measured(name: str, gap: float, reach: float) -> MeasureComparison:
    sure = Estimate(gap, gap - reach, gap + reach)
    return MeasureComparison(
        name, Estimate(0.4, 0.3, 0.5), Estimate(0.4 + gap, 0.3, float("nan")), sure
    )


def test_a_comparison_comes_back_as_it_was_and_only_while_it_holds(history: History) -> None:
    counts: dict[str, dict[str, int]] = {a: {b: int(a == b) for b in TIERS} for a in TIERS}
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


def test_there_is_nothing_to_monitor_before_a_promotion(history: History) -> None:
    with pytest.raises(NotFound, match="promoted"):
        monitor(history, load(None), quiet)


def test_a_challenger_that_cannot_be_loaded_stops_nobody(
    watched: Shop, report: MonitorReport
) -> None:
    strange = replace(bundle(2), features={**bundle(2).features, "amount": "another definition"})
    with watched.history.write() as write:
        published_models.publish(write, CHALLENGER, "3", strange, "a test")
    again = monitor(watched.history, load(None), quiet)
    assert again.comparison is None
    assert "cannot be compared" in "\n".join(again.notes())
    assert "amount" in again.comparison_error
    assert again.replayed == report.replayed
    with watched.history.write() as write:
        published_models.publish(write, CHALLENGER, "2", bundle(1), "a test")


def test_a_broken_promise_raises_the_threshold_of_the_same_version(
    watched: Shop, report: MonitorReport
) -> None:
    with pytest.raises(NotFound, match="higher threshold"):
        tighten(watched.history, replace(report, friction=replace(report.friction, tighter=None)))
    published = tighten(watched.history, in_trouble(report))
    champion = Models(watched.history).champion()
    assert champion.published == published
    served = champion.bundle
    before = watched.trained.fitted.bundle
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


def test_a_version_challenges_until_it_is_champion(watched: Shop) -> None:
    version = watched.trained.version
    with pytest.raises(ModelRefused, match="cannot challenge itself"):
        challenge(watched.registry, version, publisher(watched.history, CHALLENGER), 1, "a test")
    with pytest.raises(NotFound):
        challenge(watched.registry, "99", publisher(watched.history, CHALLENGER), 1, "a test")
