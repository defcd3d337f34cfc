"""Trees added to the starter's score: one text, exact sums, little moved by few findings."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from risk.errors import BadInput
from risk.facts.units import DAY_MS
from risk.features.spec import NO_REASON_FAMILIES
from risk.model import PROVEN, Bundle, Lane, Trees, linear_calibration
from tests.training.learning_frames import FEATURES, marketplace
from training.judge.card import model_card
from training.judge.evaluate import evaluate_fitted, unseen_rows
from training.learn.boost import TrainingTable, TreeSettings, grow_trees, sum_models
from training.learn.calibrate import fit_shift
from training.learn.fit import FittedModel, fit
from training.learn.plan import TrainingOptions
from training.learn.split import fold_of_customers
from training.learn.starting_score import StartingModel

RNG = np.random.default_rng(5)
SHAPE = {"num_leaves": 6, "min_data_in_leaf": 5, "learning_rate": 0.2}
NAMES = [feature.name for feature in FEATURES]
QUICK = TrainingOptions(rounds=40, cross_folds=2, search=False)


def trees(matrix: np.ndarray, y: np.ndarray, offset: np.ndarray | None = None) -> str:
    table = TrainingTable(matrix, y, np.ones(len(y)), offset)
    return grow_trees(table, TreeSettings([0] * matrix.shape[1], SHAPE, 12), [0])


def test_the_sum_of_two_models_is_one_model_with_summed_contributions() -> None:
    wide = RNG.normal(size=(400, 5))
    wide[RNG.random(wide.shape) < 0.2] = np.nan
    y = (np.nan_to_num(wide[:, 1]) + np.nan_to_num(wide[:, 4]) > 0.5).astype(float)
    columns = (4, 1)
    own, other = trees(wide, y), trees(wide[:, list(columns)], y)
    both = Trees(sum_models(own, other, 0.7, columns, -0.3), 5)
    first, second = Trees(own, 5), Trees(other, 2)
    expected = first.raw_scores(wide) + 0.7 * second.raw_scores(wide[:, list(columns)]) - 0.3
    assert np.allclose(both.raw_scores(wide), expected, atol=1e-9)
    for row in wide[:20]:
        raw, base, contributions = both.explain(row)
        summed = first.explain(row)[2]
        summed[list(columns)] += 0.7 * second.explain(row[list(columns)])[2]
        assert np.allclose(contributions, summed, atol=1e-9)
        assert base + contributions.sum() == pytest.approx(raw, abs=1e-9)


def test_trees_are_grown_on_what_their_offset_leaves() -> None:
    matrix = RNG.normal(size=(2_000, 2))
    y = (RNG.random(2_000) < 1 / (1 + np.exp(-3 * matrix[:, 0]))).astype(float)
    left = Trees(trees(matrix, y, 3 * matrix[:, 0]), 2).raw_scores(matrix)
    whole = Trees(trees(matrix, y), 2).raw_scores(matrix)
    assert left.std() < 0.3 * whole.std()
    assert abs(left.mean()) < 0.1


def starter(sign: float) -> StartingModel:
    """A starter that knows the marketplace's signs, or has learned their reverse."""
    frame = marketplace(3_000, 77)
    y = frame["y"].fillna(0.0).to_numpy() if sign > 0 else 1 - frame["y"].fillna(1.0).to_numpy()
    lanes = {}
    for lane in ("standard", "no_reason"):
        own = [f.name for f in FEATURES if lane == "standard" or f.family in NO_REASON_FAMILIES]
        text = trees(frame[own].to_numpy(float), y)
        lanes[lane] = Lane(tuple(own), text, linear_calibration("platt", 1.0, 0.0))
    hashes = {feature.name: feature.hash for feature in FEATURES}
    return StartingModel(Bundle(hashes, lanes, {}, {"balance": 0.1}), 0.05)


def with_findings(number: int, seed: int = 1) -> pd.DataFrame:
    frame = marketplace(3_000, seed)
    found = frame.index[frame["y"].notna()]
    hidden = np.random.default_rng(seed).permutation(found)[number:]
    frame.loc[hidden, ["y", "label_known_at"]] = np.nan
    return frame


def fitted(number: int, start: StartingModel | None) -> FittedModel:
    return fit(with_findings(number), FEATURES, QUICK, 0.05, start=start)


def test_few_findings_move_the_starter_little() -> None:
    start, frame = starter(1.0), marketplace(3_000, 2)
    made = fitted(40, start).bundle
    matrix = frame[list(made.features)].to_numpy(float)
    own = frame[list(start.bundle.features)].to_numpy(float)
    raw = start.bundle.raw_scores(own, "standard")
    assert np.corrcoef(made.raw_scores(matrix, "standard"), raw)[0, 1] > 0.97
    assert made.about["experience"] == "mixed"
    assert made.about["calibrated"] is True
    assert 0.7 < made.about["lanes"]["standard"]["starter"] < 1.3


def test_many_findings_undo_a_starter_that_speaks_the_wrong_way() -> None:
    made = fitted(3_000, starter(-1.0)).bundle
    alone = fitted(3_000, None).bundle
    assert made.about["lanes"]["standard"]["starter"] < 0.05
    frame = marketplace(3_000, 3)
    found = [
        one.probabilities(frame[list(one.features)].to_numpy(float), "standard")
        for one in (made, alone)
    ]
    assert np.asarray(np.corrcoef(found[0], found[1]))[0, 1] > 0.9
    assert alone.about["experience"] == "own"


def test_an_assumed_level_gives_way_to_findings() -> None:
    raw, y, weight = np.zeros(2_000), np.tile([1.0, 0.0], 1_000), np.ones(2_000)
    shifts = [
        float(fit_shift(raw[:n], y[:n], weight[:n], toward=-3.0).logit[0]) for n in (0, 10, 2_000)
    ]
    assert shifts[0] == pytest.approx(-3.0)
    assert -3.0 < shifts[1] < -2.5
    assert shifts[2] == pytest.approx(0.0, abs=0.3)


def young(frame: pd.DataFrame) -> pd.DataFrame:
    """The same requests within a month, their findings all at its end."""
    first = frame["requested_at"].min()
    squeezed = frame.assign(
        requested_at=first + (frame["requested_at"] - first) * 20 * DAY_MS
        // (frame["requested_at"].max() - first)
    )  # fmt: skip
    end = int(squeezed["requested_at"].max()) + DAY_MS
    known = squeezed["y"].notna()
    return squeezed.assign(
        as_of=squeezed["requested_at"], label_known_at=np.where(known, float(end), np.nan)
    )


def test_a_month_of_history_is_split_by_customer_and_the_card_says_so() -> None:
    frame = young(with_findings(600)).assign(
        reason_code="damaged", type="refund_only", channel="live", merchant_id="m"
    )
    made = fit(frame, FEATURES, QUICK, 0.05)
    plan, customers = made.plan, made.frame["customer_id"]
    assert plan.by_customer
    assert set(customers[plan.holdout.train]).isdisjoint(customers[plan.holdout.test])
    assert all(not (fold.train & plan.holdout.test).any() for fold in plan.folds)
    tested = unseen_rows(made.frame, [made.twin])
    assert (tested == (fold_of_customers(customers) == 0)).all()
    later = replace(made.twin, about={**made.twin.about, "by_customer": False})
    assert not unseen_rows(made.frame, [later, made.twin]).any()
    card = model_card(made, evaluate_fitted(made, FEATURES), QUICK)
    assert "three quarters of the customers" in card


def test_one_finding_of_either_kind_is_enough_with_the_starter() -> None:
    frame = with_findings(3_000)
    kept = [frame.index[frame["y"] == y][0] for y in (0.0, 1.0)]
    few = frame.assign(y=frame["y"].where(frame.index.isin(kept)))
    few["label_known_at"] = few["label_known_at"].where(few["y"].notna())
    with pytest.raises(BadInput):
        fit(few, FEATURES, QUICK, 0.05)
    made = fit(few, FEATURES, QUICK, 0.05, start=starter(1.0))
    assert made.bundle.about["experience"] == "mixed"
    assert PROVEN not in made.bundle.thresholds
