"""The starter: fitted on made worlds, packaged, and put in service where no finding is known."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from risk.decisions.decide import Decider
from risk.decisions.honest_groups import READ
from risk.features.catalog import catalogue
from risk.features.spec import NO_REASON_FAMILIES
from risk.history.store import History
from risk.model import OF_GROUP, PROVEN
from risk.model.contributions import trees_of
from risk.policy import Policies, load
from risk.policy.sections import StarterUse
from risk.policy.thresholds import NEVER
from risk.registry import Registry
from tests.deciders import body, scored
from tests.shops import Shop, empty_registry, quiet
from tests.stores import new_store
from training.check.replay import replay
from training.cli.serve import say_next_step
from training.promote_starter import (
    FEWEST_REQUESTS,
    held_to_requests,
    in_service,
    promote_starter,
)
from training.starter.fit_worlds import BALANCE, TREES, balanced, fit_starter, reach
from training.starter.inputs import MOST, starter_features
from training.starter.packaged import packaged
from training.starter.starter_card import starter_card
from training.starter.worlds import rows_of_worlds

pytestmark = pytest.mark.whole

POLICY = load(None)
USE = StarterUse(prevalence=0.05, ask_share=0.01)
STARTER = packaged()
KNOWN = {feature.name: feature for feature in catalogue()}


def rows(values: np.ndarray) -> pd.DataFrame:
    return pd.DataFrame(values, columns=list(STARTER.features))


def test_the_packaged_starter_is_small_and_its_features_are_here() -> None:
    assert {n: KNOWN[n].hash for n in STARTER.features} == dict(STARTER.features)
    assert len(STARTER.features) <= MOST
    assert set(STARTER.lanes) == {"standard", "no_reason"}
    assert all(KNOWN[n].family in NO_REASON_FAMILIES for n in STARTER.lanes["no_reason"].features)
    for lane in STARTER.lanes.values():
        trees = trees_of(lane.text)
        assert len(trees) <= TREES
        assert max(len(tree.value) for tree in trees) <= 8


@given(st.data())
def test_more_of_a_sign_never_speaks_the_other_way(data: st.DataObject) -> None:
    lane = data.draw(st.sampled_from(sorted(STARTER.lanes)))
    signed = [n for n in STARTER.lanes[lane].features if KNOWN[n].monotone]
    name = data.draw(st.sampled_from(signed))
    value = st.one_of(st.just(float("nan")), st.integers(0, 40).map(float))
    row = np.array(data.draw(st.lists(value, min_size=len(STARTER.features),
                                      max_size=len(STARTER.features))))  # fmt: skip
    low, high = sorted(data.draw(st.tuples(st.integers(0, 50), st.integers(0, 50))))
    place = list(STARTER.features).index(name)
    pair = np.array([row, row])
    pair[:, place] = low, high
    first, second = STARTER.raw_scores(pair, lane)
    assert (second - first) * KNOWN[name].monotone >= -1e-9


def test_a_lower_prevalence_lowers_every_probability_alike() -> None:
    matrix = np.random.default_rng(0).integers(0, 5, (50, len(STARTER.features))).astype(float)
    assumed, rare = (
        in_service(STARTER, StarterUse(prevalence=share, ask_share=0.01))
        for share in (BALANCE, 0.01)
    )
    found = [one.probabilities(matrix, "standard") for one in (assumed, rare)]
    log_odds = np.array([np.log(p / (1 - p)) for p in found])
    inside = (np.abs(log_odds) < 9).all(axis=0)
    assert inside.any()
    expected = np.log(BALANCE / (1 - BALANCE)) - np.log(0.01 / 0.99)
    assert np.allclose((log_odds[0] - log_odds[1])[inside], expected)
    assert rare.about["experience"] == "assumed"
    assert rare.about["calibrated"] is False
    assert rare.thresholds["person_above"] == NEVER


@pytest.mark.parametrize("share", [0.0, 0.002, 0.01, 0.05])
def test_the_threshold_is_the_lowest_that_few_enough_requests_reach(share: float) -> None:
    table = STARTER.about["reach"]
    ask = in_service(STARTER, StarterUse(prevalence=0.05, ask_share=share)).thresholds["ask_above"]
    shift = np.log(0.05 / 0.95) - np.log(BALANCE / (1 - BALANCE))
    bars = 1 / (1 + np.exp(-(np.array(table["log_odds"]) + shift)))
    reached = 0.05 * np.array(table["abusive"]) + 0.95 * np.array(table["honest"])
    assert (reached[bars >= ask - 1e-12] <= share).all()
    below = reached[bars < ask - 1e-12]
    assert not len(below) or below[-1] > share


def test_a_store_with_requests_of_its_own_raises_the_threshold() -> None:
    served = in_service(STARTER, USE)
    hot = np.random.default_rng(1).integers(0, 30, (FEWEST_REQUESTS, len(STARTER.features)))
    frame = rows(hot.astype(float)).assign(
        lane="standard", refund_id=[f"R{at}" for at in range(len(hot))], stage="request",
        requested_at=np.arange(len(hot)),
    )  # fmt: skip
    held = held_to_requests(served, frame)
    reached = held.probabilities(hot.astype(float), "standard") >= held.thresholds["ask_above"]
    assert reached.mean() <= USE.ask_share
    assert held.thresholds["ask_above"] >= served.thresholds["ask_above"]
    assert held_to_requests(served, frame.head(FEWEST_REQUESTS - 1)) == served


def test_a_store_with_families_has_a_threshold_for_them() -> None:
    rng, served = np.random.default_rng(2), in_service(STARTER, USE)
    size = 4 * FEWEST_REQUESTS
    family = rng.random(size) < 0.3
    frame = rows(rng.integers(0, 4, (size, len(STARTER.features))).astype(float)).assign(
        lane="standard", refund_id=[f"R{at}" for at in range(size)], stage="request",
        requested_at=np.arange(size), **dict.fromkeys(READ, np.nan),
    )  # fmt: skip
    frame["payout_newest_days"] = np.where(family, 300.0, np.nan)
    held = held_to_requests(served, frame)
    assert set(held.thresholds) == {PROVEN, "person_above", f"{OF_GROUP}household"}
    chance = held.probabilities(frame[list(held.features)].to_numpy(), "standard")
    ask, own = held.thresholds[PROVEN], held.of_group["household"]
    assert own >= ask
    of_all = (1 - chance)[chance >= ask].sum() / (1 - chance).sum()
    mine = 1 - chance[family]
    assert mine[chance[family] >= own].sum() / mine.sum() <= of_all


@pytest.fixture(scope="module")
def made_rows(tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    return rows_of_worlds(2, 120, POLICY, tmp_path_factory.mktemp("worlds"), quiet)


def test_the_same_worlds_give_the_same_starter(made_rows: pd.DataFrame, tmp_path: Path) -> None:
    again = rows_of_worlds(1, 120, POLICY, tmp_path, quiet)
    pd.testing.assert_frame_equal(made_rows[made_rows["world"] == 0], again)
    made = fit_starter(made_rows)
    assert made.digest == fit_starter(made_rows).digest
    assert list(made.features) == [feature.name for feature in starter_features()]
    assert "Made from assumptions, no real customers" in starter_card(made)


def test_every_world_counts_alike_at_one_prevalence(made_rows: pd.DataFrame) -> None:
    weighed = made_rows.assign(weight=balanced(made_rows))
    total = weighed.groupby("world")["weight"].sum()
    positive = weighed[weighed["y"] >= 0.5].groupby("world")["weight"].sum()
    assert np.allclose(total, total.iloc[0])
    assert np.allclose(positive / total, BALANCE)


def test_the_table_of_reach_counts_the_highest_score_of_a_life() -> None:
    frame = pd.DataFrame({"refund_id": list("aabc"), "world": 0, "y": [1.0, 1.0, 0.0, 0.0]})
    table = reach(frame, np.array([-5.0, 3.0, -5.0, 1.0]))
    at = table["log_odds"].index(2.0)
    assert (table["abusive"][at], table["honest"][at]) == (1.0, 0.0)
    assert table["honest"][table["log_odds"].index(0.0)] == 0.5


@pytest.fixture
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[History, Registry]]:
    folder = tmp_path_factory.mktemp("fresh")
    history = new_store(folder / "store.db")
    yield history, empty_registry(tmp_path_factory, folder / "mlflow")
    history.close()


def test_an_empty_store_decides_from_day_one(fresh: tuple[History, Registry]) -> None:
    history, registry = fresh
    entry = promote_starter(history, registry, POLICY, quiet)
    assert "made from assumptions" in entry.why
    decider = Decider(history, Policies(POLICY))
    decider.refresh()
    decision = scored(decider, body())
    assert decision["model"] == {
        "name": "refund-risk", "version": entry.version, "experience": "assumed",
        "calibrated": False,
    }  # fmt: skip
    total = sum(reason["contribution"] for reason in decision["reasons"])
    assert decision["base"] + total == pytest.approx(decision["raw_score"], abs=1e-9)
    assert replay(history, quiet)[:2] == (1, [])
    assert promote_starter(history, registry, POLICY, quiet).version == entry.version


def test_serve_names_the_next_step_where_no_model_is_in_service(
    fresh: tuple[History, Registry], shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    say_next_step(fresh[0])
    assert "promote starter" in capsys.readouterr().err
    say_next_step(shop.history)
    assert not capsys.readouterr().err
