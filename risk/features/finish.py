"""Integers from SQL → float64 features: the one function that training and scoring share.

Only + - * / on IEEE doubles, whose results every platform agrees on to the bit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from risk.features.scratch import unfilled
from risk.features.spec import Feature, Measure

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]


ROWS = 1_024
"""Rows finished at a time, so that what is in between stays small."""

Step = tuple[str, tuple[slice, ...], tuple[Floats, ...]]
"""A formula, where its measures are among those taken, and its parameters."""


@dataclass(frozen=True, slots=True)
class Finisher:
    """Turns a matrix of measures (rows × measures, NaN where SQL said NULL) into features.

    The measures are taken in the order in which the formulas read them; the features come out by
    formula, and are put in order at last.
    """

    inputs: Indices
    plan: tuple[Step, ...]
    order: Indices

    def __call__(self, measures: Floats) -> Floats:
        """Measures of shape (measures,) or (rows, measures) → as many features."""
        if measures.ndim == 1:
            return self._finished(measures)
        out = unfilled(len(measures), len(self.order))
        for start in range(0, len(measures), ROWS):
            out[start : start + ROWS] = self._finished(measures[start : start + ROWS])
        return out

    def _finished(self, measures: Floats) -> Floats:
        if not self.plan:
            return measures[..., :0]
        taken = measures.take(self.inputs, axis=-1)
        with np.errstate(invalid="ignore", divide="ignore"):
            made = [
                _apply(formula, [taken[..., place] for place in places], params)
                for formula, places, params in self.plan
            ]
        if not made:
            return np.empty((*measures.shape[:-1], 0))
        return np.concatenate(made, axis=-1).take(self.order, axis=-1)


def _apply(formula: str, columns: Sequence[Floats], params: Sequence[Floats]) -> Floats:
    if formula == "copy":
        return columns[0] * params[0]
    if formula in ("share", "net_share"):
        part = columns[0] if formula == "share" else np.maximum(columns[0] - columns[2], 0.0)
        return (part + params[0]) / (columns[1] + params[1])
    if formula == "elapsed":
        return (columns[0] - columns[1]) / params[0]
    if formula in ("pace", "ratio", "against"):
        part, whole = columns[0], columns[1]
        if formula == "pace":
            part, whole = part * params[0], whole - columns[2]
        if formula == "against":
            part, whole = part * columns[3], whole * columns[2]
        return np.where(whole > 0, part / whole, np.nan)
    if formula in _OTHERS:
        return _OTHERS[formula](columns, params)
    if formula == "came_after":
        columns = (np.fmin(columns[0], columns[1]), columns[2])
    earlier = np.where(columns[0] < columns[1], 1.0, 0.0)
    only_first = ~np.isnan(columns[0]) & np.isnan(columns[1])
    return np.where(only_first, params[0], earlier)


def _of_counts(columns: Sequence[Floats]) -> Floats:
    """Of two counts what the first has more than the second; of three whether the first is none, the
    second some and the third one; of four the first and, by whether the last is more than one, the
    third or the second."""
    if len(columns) == 2:
        return np.maximum(columns[0] - columns[1], 0.0)
    if len(columns) == 3:
        same, other, values = columns
        return np.where((same == 0) & (other > 0) & (values == 1), 1.0, 0.0)
    by_platform, here, by_shops, shops = columns
    return by_platform + np.where(shops >= 2, by_shops, here)


def _all_came(columns: Sequence[Floats], _: Sequence[Floats]) -> Floats:
    return np.where(_is_outstanding(columns[1:]), 0.0, columns[0])


def _all_came_elapsed(columns: Sequence[Floats], params: Sequence[Floats]) -> Floats:
    elapsed = (columns[0] - columns[1]) / params[0]
    return np.where(_is_outstanding(columns[2:]), np.nan, elapsed)


def _is_outstanding(columns: Sequence[Floats]) -> NDArray[np.bool_]:
    """Whether some of several parcels had come and another had not, by `EACH_PARCEL`. Parcels are
    told apart by their tracking numbers or by their lines, not by a mixture of both."""
    sent, came, sent_lines, came_lines, unnamed = columns
    apart = (unnamed == 0) & ((sent == 0) | (sent_lines == 0))
    some_came = came + came_lines
    found: NDArray[np.bool_] = apart & (some_came > 0) & (sent + sent_lines > some_came)
    return found


def _if_whole(columns: Sequence[Floats], params: Sequence[Floats]) -> Floats:
    """A count of several where so much of what was paid is asked for, else none."""
    whole = (columns[0] > 1) & (columns[1] >= columns[2] * params[0])
    return np.where(whole, columns[0], 0.0)


_OTHERS: Mapping[str, Callable[[Sequence[Floats], Sequence[Floats]], Floats]] = {
    **dict.fromkeys(("live", "unseen", "net"), lambda columns, _: _of_counts(columns)),
    "all_came": _all_came, "all_came_elapsed": _all_came_elapsed, "if_whole": _if_whole,
}  # fmt: skip

ARITY = {
    "copy": (1, 1), "share": (2, 2), "elapsed": (2, 1), "pace": (3, 1), "ratio": (2, 0),
    "against": (4, 0), "before": (2, 1), "came_after": (3, 1), "live": (4, 0), "unseen": (3, 0),
    "net": (2, 0), "net_share": (3, 2), "all_came": (6, 0), "all_came_elapsed": (7, 1),
    "if_whole": (3, 1),
}  # fmt: skip
"""How many measures and parameters each formula takes."""


def finisher(features: Sequence[Feature], positions: Mapping[Measure, int]) -> Finisher:
    """Lay out the work: the features of each formula together, so that one row costs little."""
    plan: list[Step] = []
    inputs: list[int] = []
    targets: list[int] = []
    for formula, (takes, settings) in ARITY.items():
        chosen = [(i, f) for i, f in enumerate(features) if f.formula == formula]
        if not chosen:
            continue
        targets += [i for i, _ in chosen]
        places = []
        for k in range(takes):
            places.append(slice(len(inputs), len(inputs) + len(chosen)))
            inputs += [positions[f.measures[k]] for _, f in chosen]
        params = tuple(
            np.array([f.params[k] for _, f in chosen], dtype=np.float64) for k in range(settings)
        )
        plan.append((formula, tuple(places), params))
    order = np.argsort(np.array(targets, dtype=np.intp))
    return Finisher(np.array(inputs, dtype=np.intp), tuple(plan), order)
