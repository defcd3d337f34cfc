"""Deterministic subsamples of ordered values."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray


def evenly_spaced(values: NDArray[np.intp], most: int) -> NDArray[np.intp]:
    """At most `most` of the values (n,), evenly spaced, the first and the last among them.

    >>> evenly_spaced(np.arange(10), 4).tolist()
    [0, 3, 6, 9]
    """
    places = np.linspace(0, len(values) - 1, min(len(values), most)).astype(int)
    chosen: NDArray[np.intp] = values[places]
    return chosen


def sample_requests(frame: pd.DataFrame, most: int | None) -> pd.DataFrame:
    """The rows of a share of the requests, evenly spread over the frame's order, of which `most`
    have a label; the frame itself where no more have one, or `most` is None.

    Labels are as many among them as among all, so that how they were selected stays the same.
    """
    labelled = frame.loc[frame["y"].notna(), "refund_id"].nunique()
    if most is None or labelled <= most:
        return frame
    names = frame["refund_id"].unique()
    chosen = names[evenly_spaced(np.arange(len(names)), round(len(names) * most / labelled))]
    return frame[frame["refund_id"].isin(chosen)].reset_index(drop=True)
