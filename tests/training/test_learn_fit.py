"""Learning: what it may use, what it must not, and how near it comes to the truth."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pytest
from learning_frames import DAY, FEATURES, marketplace
from sklearn.ensemble import HistGradientBoostingClassifier

from risk.errors import BadInput
from risk.model import Bundle, Trees
from risk.model.pyfunc import frame_probabilities
from training.judge.evaluate import held_out_rows
from training.judge.metrics import ScoredRows, auc, observed_over_expected
from training.learn.boost import (
    DEFAULT_SHAPE,
    TrainingTable,
    TreeSettings,
    average_models,
    grow_trees,
)
from training.learn.fit import FittedModel, fit, informative_features
from training.learn.histgb import grow_histgb
from training.learn.plan import TrainingOptions
from training.learn.sampling import sample_requests
from training.learn.selection import propensity_weights, weight_per_refund

NAMES = [feature.name for feature in FEATURES]
QUICK = TrainingOptions(rounds=80, cross_folds=3, jobs=1)
SHARE = 0.05


@cache
def world() -> pd.DataFrame:
    return marketplace(4_000, 1)


@cache
def fitted() -> FittedModel:
    return fit(world(), FEATURES, QUICK, SHARE)


def texts(bundle: Bundle) -> dict[str, str]:
    return {name: lane.text for name, lane in bundle.lanes.items()}


def after_the_cut() -> pd.DataFrame:
    frame = world()
    return frame[frame["requested_at"] >= fitted().twin.about["trained_until"]]


def on_truth(probability: np.ndarray, frame: pd.DataFrame) -> ScoredRows:
    return ScoredRows.from_frame(frame.assign(y=frame["truth"]), probability)


def test_it_ranks_unseen_requests_nearly_as_well_as_can_be() -> None:
    later = after_the_cut()
    best = 0.8 * later["refunds_30d"] + later["shared_address"] + 2.0 * later["vague"]
    best += 2.5 * later["photo_reused"] - later["age_days"] / 400
    found = auc(on_truth(frame_probabilities(fitted().twin, later), later))
    assert found > auc(on_truth(best.to_numpy(), later)) - 0.06


def test_it_tells_what_would_be_found_of_everybody_although_labels_were_chosen() -> None:
    later = after_the_cut()
    told = frame_probabilities(fitted().twin, later).mean()
    found = later["y"].mean()
    everybody = later["truth"].mean() * 0.97 + (1 - later["truth"].mean()) * 0.03
    assert abs(told - everybody) < 0.5 * abs(found - everybody)


def test_weights_take_most_of_the_bias_out_of_labels() -> None:
    frame = marketplace(20_000, 2)
    chosen = propensity_weights(frame, NAMES)
    known = frame["y"].notna().to_numpy()
    naive = frame["y"].mean()
    weighed = np.average(frame["y"][known], weights=chosen.weight[known])
    clean = frame["truth"].mean() * 0.97 + (1 - frame["truth"].mean()) * 0.03
    assert abs(weighed - clean) < 0.35 * abs(naive - clean)
    assert chosen.audited == (frame["selected_by"] == "random_audit").sum()
    assert 0.3 * chosen.labelled < chosen.effective_sample_size < chosen.labelled


def test_what_was_chosen_later_does_not_weigh_earlier() -> None:
    frame = marketplace(3_000, 4)
    cut = int(frame["requested_at"].quantile(0.7))
    past = frame[frame["as_of"] < cut].copy()
    late = past["label_known_at"] >= cut
    past.loc[late, ["y", "label_known_at", "selected_by"]] = [np.nan, np.nan, "unknown"]
    then, naive = propensity_weights(frame, NAMES, until=cut), propensity_weights(past, NAMES)
    old = (frame["as_of"] < cut).to_numpy()
    np.testing.assert_array_equal(then.weight[old], naive.weight)
    assert np.isnan(then.weight[~old]).all()
    assert (then.labelled, then.audited) == (naive.labelled, naive.audited)
    assert then.labelled < propensity_weights(frame, NAMES).labelled


def test_the_rows_of_one_refund_weigh_as_one() -> None:
    stages = ["request", "evidence", "return", "request", "return", "request"]
    frame = pd.DataFrame({"refund_id": list("aaabbc"), "stage": stages})
    weight = weight_per_refund(frame)
    assert list(weight) == [0.5, 0.25, 0.25, 0.5, 0.5, 1.0]


def test_a_request_without_a_label_is_not_an_honest_one() -> None:
    frame = world()
    labelled = frame[frame["y"].notna() | (frame["as_of"] == frame["as_of"].max())]
    assert texts(fit(labelled, FEATURES, QUICK, SHARE).bundle) == texts(fitted().bundle)


def test_the_twin_has_not_seen_the_test() -> None:
    frame = world().copy()
    later = frame["requested_at"] >= fitted().twin.about["trained_until"]
    frame.loc[later & frame["y"].notna(), "y"] = 1 - frame["y"]
    again = fit(frame, FEATURES, QUICK, SHARE)
    assert again.twin.about["trained_until"] == fitted().twin.about["trained_until"]
    assert texts(again.twin) == texts(fitted().twin)
    assert again.twin.lanes["standard"].calibration == fitted().twin.lanes["standard"].calibration
    assert texts(again.bundle) != texts(fitted().bundle)


def test_the_same_data_and_seed_make_the_same_bundle() -> None:
    again = fit(world().sample(frac=1, random_state=0), FEATURES, QUICK, SHARE)
    assert again.bundle.digest == fitted().bundle.digest
    other = fit(world(), FEATURES, replace(QUICK, seed=1), SHARE)
    assert other.bundle.digest != fitted().bundle.digest


def test_the_seven_day_lane_has_no_reason_and_no_evidence() -> None:
    lanes = fitted().bundle.lanes
    assert {"vague", "photo_reused"} <= set(lanes["standard"].features)
    assert not {"vague", "photo_reused"} & set(lanes["no_reason"].features)


def test_what_is_never_known_is_not_asked_for() -> None:
    assert set(fitted().bundle.features) == set(NAMES) - {"never_known"}


def test_more_of_a_bad_sign_never_lowers_the_probability() -> None:
    names = list(fitted().bundle.features)
    rows = world()[names].head(400).to_numpy(float, copy=True)
    for name, sign in (("refunds_30d", 1), ("shared_address", 1), ("age_days", -1)):
        column = names.index(name)
        told = []
        for value in (0.0, 1.0, 2.0, 5.0, 50.0, 400.0, 3000.0):
            rows[:, column] = value
            told.append(fitted().bundle.probabilities(rows, "standard"))
        assert (sign * np.diff(told, axis=0) >= 0).all()


def test_too_few_labels_are_counted_out() -> None:
    frame = world().copy()
    positive = frame.index[frame["y"] == 1][3:]
    frame.loc[positive, "y"] = np.nan
    with pytest.raises(BadInput, match=r"at least 5 abusive .* got 3 abusive, \d+ honest of 4000"):
        fit(frame, FEATURES, QUICK, SHARE)


def test_a_young_shop_with_a_dozen_findings_can_learn() -> None:
    frame = world().copy()
    positive = frame.index[frame["y"] == 1]
    frame.loc[positive.difference(positive[:: len(positive) // 12]), "y"] = np.nan
    made = fit(frame, FEATURES, QUICK, SHARE)
    probability = frame_probabilities(made.bundle, frame)
    assert ((probability > 0) & (probability < 1)).all()


def test_findings_without_a_past_are_split_by_customer_and_refused_without_customers() -> None:
    frame = world().assign(requested_at=world()["requested_at"].min())
    frame["as_of"] = frame["requested_at"]
    assert fit(frame, FEATURES, QUICK, SHARE).plan.by_customer
    with pytest.raises(BadInput, match=r"decided_at.*several customers.*requests of 0\.0 days"):
        fit(frame.assign(customer_id="c"), FEATURES, QUICK, SHARE)


def test_several_moments_of_a_request_are_learned_together() -> None:
    frame = world()
    later = frame[frame["y"].notna()].assign(stage="return")
    later = later.assign(as_of=later["as_of"] + DAY)
    made = fit(pd.concat([frame, later], ignore_index=True), FEATURES, QUICK, SHARE)
    assert made.about["labelled"] == fitted().about["labelled"]
    assert set(made.test["stage"]) == {"request", "return"}
    seen = on_truth(frame_probabilities(made.twin, after_the_cut()), after_the_cut())
    assert auc(seen) > 0.75


def test_one_lane_alone_is_enough() -> None:
    made = fit(world().assign(lane="standard"), FEATURES, QUICK, SHARE)
    assert set(made.bundle.lanes) == {"standard", "no_reason"}
    row = np.zeros(len(made.bundle.features))
    assert 0 < made.bundle.score(row, "no_reason").probability < 1


def test_seeds_are_averaged_in_log_odds() -> None:
    rng = np.random.default_rng(0)
    table = TrainingTable(
        rng.normal(size=(900, 5)), (rng.random(900) < 0.3).astype(float), np.ones(900)
    )
    alone = [grow_trees(table, TreeSettings([0] * 5, {}, 15), [seed]) for seed in (1, 2, 3)]
    together = Trees(average_models(alone), 5).raw_scores(table.matrix)
    each = [Trees(text, 5).raw_scores(table.matrix) for text in alone]
    np.testing.assert_allclose(together, np.mean(each, axis=0), atol=1e-12)
    raw, base, contributions = Trees(average_models(alone), 5).explain(table.matrix[0])
    assert base + contributions.sum() == pytest.approx(raw, abs=1e-9)


def test_told_and_found_agree_where_it_matters() -> None:
    frame = marketplace(12_000, 3)
    made = fit(frame, FEATURES, QUICK, SHARE)
    later = frame[frame["requested_at"] >= made.twin.about["trained_until"]]
    seen = on_truth(frame_probabilities(made.twin, later), later)
    assert 0.8 < observed_over_expected(seen) < 1.25


def test_scikit_learns_trees_are_served_to_the_bit() -> None:
    rng = np.random.default_rng(0)
    matrix = rng.normal(size=(1_500, 6))
    matrix[rng.random(matrix.shape) < 0.3] = np.nan
    y = (np.nan_to_num(matrix[:, 0]) + np.isnan(matrix[:, 5]) > 1).astype(float)
    weight, monotone = rng.uniform(0.5, 2, 1_500), [1, 0, 0, 0, 0, 0]
    model = HistGradientBoostingClassifier(
        learning_rate=DEFAULT_SHAPE["learning_rate"], max_iter=30, max_leaf_nodes=8,
        max_features=0.25, min_samples_leaf=5,
        monotonic_cst=monotone, early_stopping=False, random_state=3,
    ).fit(matrix, y, sample_weight=weight)  # fmt: skip
    trees = Trees(grow_histgb(matrix, y, weight, monotone, DEFAULT_SHAPE, 30, 3), 6)
    np.testing.assert_array_equal(trees.raw_scores(matrix), model.decision_function(matrix))
    raw, base, contributions = trees.explain(matrix[0])
    assert base + contributions.sum() == pytest.approx(raw, abs=1e-9)


def test_a_column_that_says_nothing_is_no_hindrance_to_scikit_learn() -> None:
    rng = np.random.default_rng(4)
    matrix = rng.normal(size=(300, 3))
    matrix[:, 1] = np.nan
    matrix[::2, 2], weight = np.nan, np.tile([0.0, 1.0], 150)
    matrix[1::2, 2], matrix[0, 2] = np.nan, 7.0
    y = (matrix[:, 0] > 0).astype(float)
    trees = Trees(grow_histgb(matrix, y, weight, [0, 0, 0], DEFAULT_SHAPE, 10, 3), 3)
    raw, _, contributions = trees.explain(matrix[1])
    assert contributions[0] != 0
    assert (contributions[1:] == 0).all()
    assert (raw > 0) == (y[1] > 0.5)


def test_either_booster_makes_a_bundle() -> None:
    made = fit(world(), FEATURES, replace(QUICK, booster="histgb", rounds=40, cross_folds=2), SHARE)
    later = after_the_cut()
    found = auc(on_truth(frame_probabilities(made.twin, later), later))
    assert found == pytest.approx(
        auc(on_truth(frame_probabilities(fitted().twin, later), later)), abs=0.04
    )
    assert Bundle.load(made.bundle.to_bytes()).digest == made.bundle.digest


def test_a_request_with_later_rows_counts_as_much_as_one_without() -> None:
    frame = marketplace(3_000, 4)
    again = frame[frame["refund_id"].isin(frame["refund_id"].unique()[::2])].assign(stage="return")
    both = pd.concat([frame, again.assign(as_of=again["as_of"] + 1)], ignore_index=True)
    both = both.sort_values(["requested_at", "refund_id", "as_of"], ignore_index=True)
    alone, judged = (held_out_rows(rows, FEATURES, []) for rows in (frame, both))
    judged = judged[judged["stage"] == "request"].set_index("refund_id")["weight"]
    expected = alone.set_index("refund_id")["weight"].reindex(judged.index)
    assert float((judged / judged.mean()).sub(expected / expected.mean()).abs().max()) < 1e-9


def test_a_sample_has_labels_as_often_as_all_and_whole_requests() -> None:
    frame = world().sort_values(["requested_at", "refund_id", "as_of"], ignore_index=True)
    found = sample_requests(frame, 500)
    assert sample_requests(frame, 10**6) is frame
    labelled = found.loc[found["y"].notna(), "refund_id"].nunique()
    assert labelled == pytest.approx(500, rel=0.1)
    rows = frame.groupby("refund_id").size()
    assert found.groupby("refund_id").size().eq(rows).reindex(found["refund_id"]).all()
    assert found["requested_at"].is_monotonic_increasing
    assert list(found.index) == list(range(len(found)))


def test_a_quick_look_learns_from_a_sample_and_still_ranks() -> None:
    quick = replace(QUICK.fast(), most_labelled=800, most_honest=300)
    made = fit(world(), FEATURES, quick, SHARE)
    assert made.about["labelled"] == pytest.approx(800, rel=0.1)
    assert made.bundle.about["promise"]["requests"] <= 300
    later = after_the_cut()
    assert auc(on_truth(frame_probabilities(made.bundle, later), later)) > 0.7


@pytest.mark.parametrize(
    ("values", "varies"),
    [
        ([1, 1, 1], False),
        ([1, 2, 1], True),
        ([np.nan] * 3, False),
        ([1, np.nan, 1], True),
        ([], False),
    ],
)
def test_what_is_one_value_says_nothing(values: list[float], *, varies: bool) -> None:
    frame = pd.DataFrame({feature.name: values for feature in FEATURES}, dtype=float)
    assert bool(informative_features(frame, FEATURES)) is varies
