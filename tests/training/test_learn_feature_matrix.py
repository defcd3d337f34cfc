"""The one matrix of a training: rows in another order, some columns, what was learned beside."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from risk.features import scratch
from training.learn.feature_matrix import FeatureMatrix, values_of_rows, varying


def frame() -> pd.DataFrame:
    made = pd.DataFrame(np.arange(40.0).reshape(8, 5), columns=list("abcde"))
    made.loc[3, "b"] = np.nan
    return made


@pytest.mark.parametrize("names", [list("bcd"), list("db"), ["a", "e"], []])
@pytest.mark.parametrize("between", [1.0, 2, "text"])
def test_some_rows_of_some_columns_whatever_stands_between(
    names: list[str], between: float | str
) -> None:
    given = frame()
    given.insert(2, "other", between)
    rows = np.array([6, 0, 3, 3])
    found = values_of_rows(given, rows, names)
    np.testing.assert_array_equal(found, given[names].iloc[rows].to_numpy(float).reshape(4, -1))


@pytest.mark.parametrize("at_once", [3, 10_000])
def test_the_matrix_has_the_rows_in_order_and_what_was_learned(
    at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("training.learn.feature_matrix.ROWS_AT_ONCE", at_once)
    monkeypatch.setattr(scratch, "ROWS_AT_ONCE", at_once)
    monkeypatch.setattr(scratch, "IN_MEMORY", 100)
    order = np.array([7, 6, 5, 4, 3, 2, 1, 0])
    made = FeatureMatrix.of(frame(), list("ace"), order)
    pd.testing.assert_frame_equal(
        made.frame(), frame()[list("ace")].iloc[order].reset_index(drop=True)
    )
    learned = made.learned("c", np.arange(8.0))
    found = scratch.taken(learned.matrix, np.array([1, 4]), learned.columns(["c", "a"]))
    assert found.tolist() == [[1.0, 30.0], [4.0, 15.0]]
    assert made.frame()["c"].tolist() == [37.0, 32.0, 27.0, 22.0, 17.0, 12.0, 7.0, 2.0]


def test_a_column_varies_from_any_row_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("training.learn.feature_matrix.ROWS_AT_ONCE", 3)
    values = np.ones((8, 4))
    values[7, 1], values[:, 2], values[2, 3] = 2.0, np.nan, np.nan
    assert varying(values).tolist() == [False, True, False, True]
    assert varying(values[:0]).tolist() == [False] * 4
