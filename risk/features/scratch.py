"""Arrays that may be larger than memory: beyond a bound they lie in a temporary file.

The system reads and writes the file's pages as they are used, and takes them back where memory is
short; the file has no name and is gone with the array.
"""

from __future__ import annotations

import math
import tempfile

import numpy as np
from numpy.typing import NDArray

IN_MEMORY = 128 * 2**20
"""Bytes up to which an array is in memory."""


def unfilled(*shape: int) -> NDArray[np.float64]:
    """A float64 array of a shape, without values yet."""
    if 8 * math.prod(shape) <= IN_MEMORY:
        return np.empty(shape, dtype=np.float64)
    with tempfile.TemporaryFile(prefix="refund-risk-") as file:
        return np.memmap(file, dtype=np.float64, mode="w+", shape=shape)
