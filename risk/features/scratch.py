"""Arrays that may be larger than memory: beyond a bound they lie in a temporary file.

The system reads and writes the file's pages as they are used, and takes them back where memory is
short; the file has no name and is gone with the array.
"""

from __future__ import annotations

import math
import tempfile
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

IN_MEMORY = 32 * 2**20
"""Bytes up to which an array or a table is in memory."""

ROWS_AT_ONCE = 10_000


def unfilled(*shape: int, dtype: DTypeLike = np.float64) -> NDArray[Any]:
    """An array of a shape, without values yet."""
    if np.dtype(dtype).itemsize * math.prod(shape) <= IN_MEMORY:
        return np.empty(shape, dtype=dtype)
    with tempfile.TemporaryFile(prefix="refund-risk-") as file:
        return np.memmap(file, dtype=dtype, mode="w+", shape=shape)


def taken(
    matrix: NDArray[np.float64], rows: NDArray[Any], columns: NDArray[np.intp] | None = None
) -> NDArray[np.float64]:
    """The rows of a matrix by their positions, or by a mask; of some `columns` only, if given."""
    places = np.flatnonzero(rows) if rows.dtype == bool else rows
    found = unfilled(len(places), matrix.shape[1] if columns is None else len(columns))
    for start in range(0, len(places), ROWS_AT_ONCE):
        part = matrix[places[start : start + ROWS_AT_ONCE]]
        found[start : start + ROWS_AT_ONCE] = part if columns is None else part[:, columns]
    return found
