"""Whom a threshold bothers in the whole life of a request, from the bars of its moments."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from risk.decisions.honest_groups import READ, honest_groups

Floats = NDArray[np.float64]

InterventionThresholds = Callable[[np.ndarray, np.ndarray], pd.DataFrame]
"""From rows of the dataset and their probabilities to their bars by the policy with all its rules:
columns of `risk.policy.InterventionBar`; NaN for rows that do not count."""


def by_probability(probability: np.ndarray) -> pd.DataFrame:
    """The bars of rows that are bothered by their probability (n,) alone."""
    return pd.DataFrame({"bothered": probability, "held": probability, "rule": None})


def request_lives(rows: pd.DataFrame, bars: pd.DataFrame) -> pd.DataFrame:
    """One row a request, its moments' row with the highest bar: with `peak`, that bar, `rule`, and
    `held`, the highest threshold in its life at which it is not approved at once.

    `bars` has the bars of the rows, in their order; rows without one are left out.
    """
    known = rows.assign(
        peak=bars["bothered"].to_numpy(), held=bars["held"].to_numpy(), rule=bars["rule"].to_numpy()
    )
    known = known[known["peak"].notna()]
    found = known.sort_values("peak", kind="stable").groupby("refund_id", sort=False)
    highest: pd.DataFrame = found.tail(1)
    return highest.assign(held=highest["refund_id"].map(found["held"].max()))


def groups_in(frame: pd.DataFrame) -> dict[str, NDArray[np.bool_]]:
    """Which rows (n,) belong to each of `honest_groups`; none are known of other features."""
    if not set(READ) <= set(frame):
        return {}
    return {
        name: np.asarray(members)
        for name, members in honest_groups({of: frame[of] for of in READ}).items()
    }


def group_floors(of_group: Mapping[str, float], frame: pd.DataFrame) -> Floats:
    """The highest threshold of the groups that each row (n,) belongs to; 0 in none."""
    return highest(of_group, groups_in(frame) if of_group else {}, len(frame))


def highest(
    of_group: Mapping[str, float], groups: Mapping[str, NDArray[np.bool_]], rows: int
) -> Floats:
    """The same of so many rows, by which of them (n,) belong to each of `groups`."""
    floors = np.zeros(rows)
    for name, members in groups.items():
        floors = np.maximum(floors, np.where(members, of_group.get(name, 0.0), 0.0))
    return floors


def held_to(bars: pd.DataFrame, floors: Floats) -> pd.DataFrame:
    """The bars (n,) of rows that nobody is asked below `floors` (n,): what is below is 0; rules
    bother and hold whatever the threshold."""
    kept = bars[["bothered", "held"]]
    return bars.assign(**kept.mask(kept.lt(1.0) & kept.lt(floors, axis=0), 0.0))


def reached(bars: pd.Series, threshold: float) -> NDArray[np.bool_]:
    """Which bars (n,) a threshold reaches."""
    return ((bars >= threshold) & (bars > 0)).to_numpy(dtype=bool)


def waiting(found: pd.DataFrame, threshold: float) -> NDArray[np.bool_]:
    """Which requests of `request_lives` (n,) are never bothered under a threshold and yet wait for
    an answer of the shop or the courier."""
    return reached(found["held"], threshold) & ~reached(found["peak"], threshold)
