"""Deterministic subsamples of ordered values."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def evenly_spaced(values: NDArray[np.intp], most: int) -> NDArray[np.intp]:
    """At most `most` of the values (n,), evenly spaced, the first and the last among them.

    >>> evenly_spaced(np.arange(10), 4).tolist()
    [0, 3, 6, 9]
    """
    places = np.linspace(0, len(values) - 1, min(len(values), most)).astype(int)
    chosen: NDArray[np.intp] = values[places]
    return chosen
