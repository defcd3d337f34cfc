"""What a bundle tells of the rows of a dataset."""

from __future__ import annotations

import numpy as np
import pandas as pd

from risk.model import Bundle


def probabilities(bundle: Bundle, frame: pd.DataFrame) -> np.ndarray:
    """The bundle's probability (n,) of every row, each by the model of its lane."""
    matrix = frame.reindex(columns=list(bundle.features)).to_numpy(dtype=np.float64)
    found = np.full(len(frame), np.nan)
    for lane in bundle.lanes:
        here = (frame["lane"] == lane).to_numpy()
        found[here] = bundle.probabilities(matrix[here], lane)
    return found
