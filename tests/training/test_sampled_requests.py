"""A sample of the requests, as Spark draws it: its weights undo how it was drawn."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from risk.decisions.policy_features import POLICY_FEATURES
from risk.errors import BadInput
from risk.features.catalog import catalogue
from risk.policy import load
from tests.rendering import tables
from tests.training.learning_frames import FEATURES, marketplace
from tests.worlds import Shape, World, seeded, stored
from training.cases.case_files import load_cases, save_cases
from training.cases.dataset import LabelledCases, dataset_of
from training.learn.feature_matrix import FeatureMatrix
from training.learn.fit_lane import training_table
from training.learn.plan import TrainingOptions
from training.learn.selection import STANDS_FOR, propensity_weights

NAMES = [feature.name for feature in FEATURES]
POLICY_ONLY = tuple(feature for feature in catalogue() if feature.name in POLICY_FEATURES)


def world() -> World:
    return stored(seeded(5, Shape(facts=300, customers=12, steps=60)))


def thinned(frame: pd.DataFrame) -> pd.DataFrame:
    """All requests with a label, and a quarter of the others."""
    known = frame["y"].notna()
    kept = known | (np.arange(len(frame)) % 4 == 0)
    made: pd.DataFrame = frame.assign(stands_for=np.where(known, 1.0, 4.0))[kept]
    return made.reset_index(drop=True)


def test_a_sample_tells_how_likely_a_label_was_among_all() -> None:
    frame = marketplace(12_000, 2)
    part = thinned(frame)
    whole, told = propensity_weights(frame, NAMES), propensity_weights(part, NAMES)
    naive = propensity_weights(part.drop(columns=STANDS_FOR), NAMES)
    requests, found, wrong = (np.nansum(1 / one.propensity) for one in (whole, told, naive))
    assert found == pytest.approx(requests, rel=0.1)
    assert wrong < 0.7 * requests


def test_requests_weigh_as_many_as_they_stand_for() -> None:
    frame = marketplace(2_000, 3)
    half = np.where(np.arange(len(frame)) % 2 == 0, 3.0, 1.0)
    options = TrainingOptions()
    values, several = FeatureMatrix.of(frame, NAMES), frame.assign(stands_for=half)
    plain = training_table(frame, values, NAMES, "standard", options).weight
    sampled = training_table(several, values, NAMES, "standard", options).weight
    np.testing.assert_array_equal(sampled, plain * half)
    one = propensity_weights(frame.assign(stands_for=2.0), NAMES)
    np.testing.assert_allclose(one.weight, propensity_weights(frame, NAMES).weight)


def test_the_weights_of_a_sample_are_read_with_its_cases(tmp_path: Path) -> None:
    whole = LabelledCases.read(tables(world()), POLICY_ONLY)
    names = sorted(set(whole.cases.spine["refund_id"].to_pylist()))
    weights = pd.DataFrame({"refund_id": names, STANDS_FOR: np.arange(1.0, len(names) + 1)})
    save_cases(tmp_path, replace(whole, sampled=weights))
    frame = dataset_of(load_cases(tmp_path, POLICY_ONLY), load(None)).frame
    expected = frame["refund_id"].map(weights.set_index("refund_id")[STANDS_FOR])
    np.testing.assert_array_equal(frame[STANDS_FOR], expected)


def test_a_request_of_a_sample_without_a_weight_is_refused(tmp_path: Path) -> None:
    whole = LabelledCases.read(tables(world()), POLICY_ONLY)
    name = whole.cases.spine["refund_id"][0].as_py()
    weights = pd.DataFrame({"refund_id": [name], STANDS_FOR: [0.0]})
    save_cases(tmp_path, replace(whole, sampled=weights))
    with pytest.raises(BadInput, match=r"stands_for.* above 0 .*none for "):
        load_cases(tmp_path, POLICY_ONLY)
