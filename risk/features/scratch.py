"""Arrays and tables that may be larger than memory: beyond a bound they lie in a temporary file.

The system reads and writes the file's pages as they are used, and takes them back where memory is
short; the file has no name and is gone with the array or table.
"""

from __future__ import annotations

import math
import tempfile
from collections.abc import Iterable
from itertools import chain
from typing import Any

import numpy as np
import pyarrow as pa
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


def taken(matrix: NDArray[np.float64], rows: NDArray[Any]) -> NDArray[np.float64]:
    """The rows of a matrix by their positions, or by a mask."""
    places = np.flatnonzero(rows) if rows.dtype == bool else rows
    found = unfilled(len(places), matrix.shape[1])
    for start in range(0, len(places), ROWS_AT_ONCE):
        found[start : start + ROWS_AT_ONCE] = matrix[places[start : start + ROWS_AT_ONCE]]
    return found


def stored_table(batches: pa.RecordBatchReader) -> pa.Table:
    """The rows of a reader, which is read to its end, as a table."""
    held, size = [], 0
    for batch in batches:
        held.append(batch)
        size += batch.nbytes
        if size > IN_MEMORY:
            return _in_file(chain(held, batches), batches.schema)
    return pa.Table.from_batches(held, batches.schema)


def _in_file(batches: Iterable[pa.RecordBatch], schema: pa.Schema) -> pa.Table:
    with tempfile.NamedTemporaryFile(prefix="refund-risk-") as file:
        with pa.ipc.new_file(file, schema) as out:
            for batch in batches:
                out.write_batch(batch)
        file.flush()
        pa.default_memory_pool().release_unused()  # what the batches took, which it keeps otherwise
        return pa.ipc.open_file(pa.memory_map(file.name)).read_all()
