"""The features of a training's rows: one matrix, in a file where it is large, of which every part
of a training takes the rows and columns that it needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from risk.features.scratch import ROWS_AT_ONCE, taken, unfilled

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class FeatureMatrix:
    """`matrix` (n, k) holds each feature in the column `place` of its name, and has room in its
    last column for what a training learns itself."""

    matrix: Floats
    place: Mapping[str, int]

    @classmethod
    def of(
        cls, frame: pd.DataFrame, names: Sequence[str], order: NDArray[np.intp] | None = None
    ) -> FeatureMatrix:
        """The features `names` of a frame, its rows in an `order` (n,) of their positions."""
        given = feature_values(frame, names)
        order = np.arange(len(given)) if order is None else order
        matrix = unfilled(len(given), len(names) + 1)
        for start in range(0, len(given), ROWS_AT_ONCE):
            matrix[start : start + ROWS_AT_ONCE, :-1] = given[order[start : start + ROWS_AT_ONCE]]
        return cls(matrix, {name: place for place, name in enumerate(names)})

    def frame(self) -> pd.DataFrame:
        """The features as a frame of the same memory."""
        return pd.DataFrame(self.matrix[:, :-1], columns=list(self.place), copy=False)

    def learned(self, name: str, values: Floats) -> FeatureMatrix:
        """The same with the learned `values` (n,) of a feature."""
        self.matrix[:, -1] = values
        return replace(self, place={**self.place, name: self.matrix.shape[1] - 1})

    def columns(self, names: Sequence[str]) -> NDArray[np.intp]:
        """The columns of some features."""
        return np.array([self.place[name] for name in names], dtype=np.intp)


def feature_values(frame: pd.DataFrame, names: Sequence[str]) -> Floats:
    """The values (n, k) of columns of a frame; those that stand side by side are not copied."""
    found: Floats = frame[list(names)].to_numpy(dtype=np.float64)
    return found


def values_of_rows(frame: pd.DataFrame, rows: NDArray[np.intp], names: Sequence[str]) -> Floats:
    """The values (m, k) of columns in some rows (positions): of those that stand side by side
    nothing else is copied."""
    at = frame.columns.get_indexer(pd.Index(names))
    beside = frame.iloc[:, at.min() : at.max() + 1] if len(at) else frame[[]]
    if (beside.dtypes != np.float64).any():
        beside, at = frame[list(names)], np.arange(len(names))
    return taken(beside.to_numpy(dtype=np.float64), rows, at - at.min(initial=len(frame.columns)))


def varying(values: Floats) -> NDArray[np.bool_]:
    """Which columns of `values` (n, k) take at least two values, of which NaN is one.

    >>> varying(np.array([[1.0, 2.0, np.nan], [1.0, np.nan, np.nan]])).tolist()
    [False, True, False]
    """
    same = np.arange(values.shape[1])
    for start in range(0, len(values), ROWS_AT_ONCE):
        part, first = values[start : start + ROWS_AT_ONCE, same], values[:1, same]
        alike = (part == first) | (np.isnan(part) & np.isnan(first))
        same = same[alike.all(axis=0)]
    found = np.full(values.shape[1], len(values) > 0)
    found[same] = False
    return found
