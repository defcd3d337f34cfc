"""Integers from SQL → float64 features: the one function that training and scoring share.

Only + - * / on IEEE doubles, whose results every platform agrees on to the bit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from risk.features.spec import Feature, Measure

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Finisher:
    """Turns a matrix of measures (rows × measures, NaN where SQL said NULL) into features."""

    width: int
    plan: tuple[tuple[str, Indices, tuple[Indices, ...], tuple[Floats, ...]], ...]

    def __call__(self, measures: Floats) -> Floats:
        """Measures of shape (…, measures) → features of shape (…, features)."""
        out = np.empty((*measures.shape[:-1], self.width), dtype=np.float64)
        with np.errstate(invalid="ignore", divide="ignore"):
            for formula, targets, inputs, params in self.plan:
                columns = [measures.take(i, axis=-1) for i in inputs]
                out[..., targets] = _apply(formula, columns, params)
        return out


def _apply(formula: str, columns: Sequence[Floats], params: Sequence[Floats]) -> Floats:
    if formula == "copy":
        return columns[0] * params[0]
    if formula == "share":
        return (columns[0] + params[0]) / (columns[1] + params[1])
    if formula == "elapsed":
        return (columns[0] - columns[1]) / params[0]
    if formula == "ratio":
        return np.where(columns[1] > 0, columns[0] / columns[1], np.nan)
    earlier = np.where(columns[0] < columns[1], 1.0, 0.0)
    only_first = ~np.isnan(columns[0]) & np.isnan(columns[1])
    return np.where(only_first, params[0], earlier)


ARITY = {"copy": (1, 1), "share": (2, 2), "elapsed": (2, 1), "ratio": (2, 0), "before": (2, 1)}
"""How many measures and parameters each formula takes."""


def finisher(features: Sequence[Feature], positions: Mapping[Measure, int]) -> Finisher:
    """Lay out the work: the features of each formula together, so that one row costs little."""
    plan = []
    for formula, (takes, settings) in ARITY.items():
        chosen = [(i, f) for i, f in enumerate(features) if f.formula == formula]
        if not chosen:
            continue
        targets = np.array([i for i, _ in chosen], dtype=np.intp)
        inputs = tuple(
            np.array([positions[f.measures[k]] for _, f in chosen], dtype=np.intp)
            for k in range(takes)
        )
        params = tuple(
            np.array([f.params[k] for _, f in chosen], dtype=np.float64) for k in range(settings)
        )
        plan.append((formula, targets, inputs, params))
    return Finisher(len(features), tuple(plan))
