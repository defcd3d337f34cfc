"""When labelled cases are equal to the bit."""

from __future__ import annotations

import numpy as np
import pandas as pd

from risk.policy import load
from training.cases.dataset import LabelledCases, dataset_of


def assert_equal_cases(one: LabelledCases, other: LabelledCases) -> None:
    """Equal to the bit, whatever is computed of them."""
    np.testing.assert_array_equal(bits(one.cases.matrix), bits(other.cases.matrix))
    names = sorted(one.cases.spine.column_names)
    assert names == sorted(other.cases.spine.column_names)
    assert one.cases.spine.select(names).to_pylist() == other.cases.spine.select(names).to_pylist()
    mine, others = (found.cases.own_of(found.cases.spine) for found in (one, other))
    assert mine == others
    pd.testing.assert_frame_equal(by_id(one.known), by_id(other.known))
    data, again = (dataset_of(found, load(None)) for found in (one, other))
    pd.testing.assert_frame_equal(data.frame, again.frame, check_exact=True)
    assert data.cases == again.cases
    assert data.features == again.features


def bits(matrix: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(matrix).view(np.int64)


def by_id(known: pd.DataFrame) -> pd.DataFrame:
    return known.sort_values("refund_id", ignore_index=True)
