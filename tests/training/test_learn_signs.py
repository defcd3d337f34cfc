"""More of what is held never moves a learned score the other way, whatever labels say."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from risk.model import Bundle
from tests.training.learning_frames import FEATURES, marketplace
from training.learn.fit import fit
from training.learn.plan import TrainingOptions

SIGNED = [feature for feature in FEATURES if feature.monotone]
VALUES = st.one_of(st.just(float("nan")), st.floats(-5, 500))


@pytest.fixture(scope="module")
def contrary() -> Bundle:
    """A model of labels that say the opposite of half the signs."""
    frame = marketplace(1_500, 5)
    known = frame["y"].notna()
    frame.loc[known, "y"] = np.where(
        frame.loc[known, "refunds_30d"] > 1, 0.0, frame.loc[known, "y"]
    )
    return fit(frame, FEATURES, TrainingOptions().fast(), 0.05).bundle


@given(st.data())
def test_more_of_a_sign_never_speaks_the_other_way(contrary: Bundle, data: st.DataObject) -> None:
    names = list(contrary.features)
    row = np.array(data.draw(st.lists(VALUES, min_size=len(names), max_size=len(names))))
    one = data.draw(st.sampled_from([feature for feature in SIGNED if feature.name in names]))
    low, high = sorted(data.draw(st.tuples(st.floats(-5, 500), st.floats(-5, 500))))
    pair = np.array([row, row])
    pair[:, names.index(one.name)] = low, high
    for lane in contrary.lanes:
        first, second = contrary.raw_scores(pair, lane)
        assert (second - first) * one.monotone >= -1e-9
