"""Learning: what it may use, what it must not, and how near it comes to the truth."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from risk.errors import BadInput
from risk.model import Bundle
from risk.model.pyfunc import frame_probabilities
from tests.training.fitted_world import (
    NAMES,
    QUICK,
    SEARCHED,
    SHARE,
    after_the_cut,
    fitted,
    on_truth,
    world,
)
from tests.training.learning_frames import DAY, FEATURES, marketplace
from training.judge.metrics import auc, observed_over_expected
from training.learn.fit import fit
from training.learn.selection import propensity_weights, weight_per_refund

pytestmark = pytest.mark.whole


def texts(bundle: Bundle) -> dict[str, str]:
    return {name: lane.text for name, lane in bundle.lanes.items()}


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
    past.loc[late, ["y", "label_known_at"]] = np.nan
    past.loc[late, "selected_by"] = "unknown"
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
    assert texts(fit(labelled, FEATURES, SEARCHED, SHARE).bundle) == texts(fitted().bundle)


def test_the_twin_has_not_seen_the_test() -> None:
    frame = world().copy()
    later = frame["requested_at"] >= fitted().twin.about["trained_until"]
    frame.loc[later & frame["y"].notna(), "y"] = 1 - frame["y"]
    again = fit(frame, FEATURES, SEARCHED, SHARE)
    assert again.twin.about["trained_until"] == fitted().twin.about["trained_until"]
    assert texts(again.twin) == texts(fitted().twin)
    assert again.twin.lanes["standard"].calibration == fitted().twin.lanes["standard"].calibration
    assert texts(again.bundle) != texts(fitted().bundle)


def test_progress_moves_in_small_steps_to_its_end() -> None:
    told: list[tuple[str, int, int | None]] = []
    fit(world(), FEATURES, SEARCHED, SHARE, lambda *one: told.append(one))
    done, [total] = [one[1] for one in told], {one[2] for one in told}
    assert total is not None
    assert done[-1] == total
    assert min(np.diff([0, *done])) > 0
    assert max(np.diff([0, *done])) < 0.12 * total


def test_the_same_data_and_seed_make_the_same_bundle() -> None:
    again = fit(world().sample(frac=1, random_state=0), FEATURES, SEARCHED, SHARE)
    assert again.bundle.digest == fitted().bundle.digest
    other = fit(world(), FEATURES, replace(SEARCHED, seed=1), SHARE)
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


def test_either_booster_makes_a_bundle() -> None:
    made = fit(world(), FEATURES, replace(QUICK, booster="histgb", rounds=40, cross_folds=2), SHARE)
    later = after_the_cut()
    found = auc(on_truth(frame_probabilities(made.twin, later), later))
    assert found == pytest.approx(
        auc(on_truth(frame_probabilities(fitted().twin, later), later)), abs=0.04
    )
    assert Bundle.load(made.bundle.to_bytes()).digest == made.bundle.digest


def test_a_quick_look_learns_from_a_sample_and_still_ranks() -> None:
    quick = replace(QUICK.fast(), most_labelled=800, most_honest=300)
    made = fit(world(), FEATURES, quick, SHARE)
    assert made.about["labelled"] == pytest.approx(800, rel=0.1)
    assert made.bundle.about["promise"]["requests"] <= 300
    later = after_the_cut()
    assert auc(on_truth(frame_probabilities(made.bundle, later), later)) > 0.7


def test_told_and_found_agree_where_it_matters() -> None:
    frame = marketplace(12_000, 3)
    made = fit(frame, FEATURES, QUICK, SHARE)
    later = frame[frame["requested_at"] >= made.twin.about["trained_until"]]
    seen = on_truth(frame_probabilities(made.twin, later), later)
    assert 0.8 < observed_over_expected(seen) < 1.25
