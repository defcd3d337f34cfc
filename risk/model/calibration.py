"""Calibration: raw log-odds of the trees → probability."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import exp
from typing import Any

import numpy as np
from numpy.typing import NDArray

from risk.errors import ModelRefused

LIMIT = 13.8
"""Log-odds beyond which a probability is clipped: about one in a million."""


@dataclass(frozen=True)
class Calibration:
    """A strictly rising, piecewise linear map from raw to calibrated log-odds.

    `raw` and `logit` are the knots, both strictly rising; beyond the outer knots the map goes on
    with the slopes of `tail`. Whatever method fitted it (`kind`), it is served in this form: one
    line for Platt scaling, many pieces for isotonic regression. Raises ModelRefused where it does
    not rise.

    >>> calibration = Calibration("isotonic", (-1.0, 1.0), (-3.0, 1.0), (1.0, 1.0))
    >>> round(calibration.probability(0.5), 4)  # halfway between -1 and 1: log-odds 0
    0.5
    >>> Calibration.from_json(calibration.to_json()) == calibration
    True
    """

    kind: str
    raw: tuple[float, ...]
    logit: tuple[float, ...]
    tail: tuple[float, float]
    _slopes: tuple[float, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not self._rises():
            raise ModelRefused(f"the {self.kind} calibration does not rise everywhere")
        pairs = zip(np.diff(self.raw), np.diff(self.logit), strict=True)
        inner = tuple(float(rise / run) for run, rise in pairs)
        object.__setattr__(self, "_slopes", (self.tail[0], *inner, self.tail[1]))

    def _rises(self) -> bool:
        knots = np.array([self.raw, self.logit], dtype=float)
        finite = bool(np.isfinite(knots).all()) and knots.shape[1] > 0
        return finite and bool((np.diff(knots) > 0).all()) and min(self.tail) > 0

    def probability(self, raw: float) -> float:
        """The probability, strictly inside (0, 1), of one raw score."""
        piece = bisect_right(self.raw, raw)
        knot = max(piece - 1, 0)
        line = self.logit[knot] + self._slopes[piece] * (raw - self.raw[knot])
        return 1.0 / (1.0 + exp(-min(max(line, -LIMIT), LIMIT)))

    def probabilities(self, raw: NDArray[np.float64]) -> NDArray[np.float64]:
        """`probability` of many raw scores (n,), equal to the bit, so offline and online agree."""
        return np.fromiter(map(self.probability, raw.tolist()), np.float64, len(raw))

    def to_json(self) -> dict[str, Any]:
        """As plain JSON; floats survive the round trip to the bit."""
        lists = {"raw": list(self.raw), "logit": list(self.logit), "tail": list(self.tail)}
        return {"kind": self.kind, **lists}

    @staticmethod
    def from_json(data: Mapping[str, Any]) -> Calibration:
        """The calibration of `to_json`. Raises ModelRefused when the knots do not rise."""
        low, high = data["tail"]
        return Calibration(data["kind"], _floats(data["raw"]), _floats(data["logit"]), (low, high))


def _floats(values: Sequence[float]) -> tuple[float, ...]:
    return tuple(float(value) for value in values)


def linear_calibration(kind: str, slope: float, intercept: float) -> Calibration:
    """The calibration `slope * raw + intercept` of log-odds; `slope` must be above 0.

    >>> linear_calibration("platt", 1.0, 0.0).probability(0.0)
    0.5
    """
    return Calibration(kind, (0.0,), (intercept,), (slope, slope))
