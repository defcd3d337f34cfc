"""From the raw log-odds of the trees to a probability that means what it says."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import exp
from typing import Any

import numpy as np
from numpy.typing import NDArray

from risk.errors import ModelRefused

LIMIT = 13.8  # log-odds beyond which a probability is cut: one in a million


@dataclass(frozen=True)
class Calibration:
    """A rising line of straight pieces from raw to calibrated log-odds.

    `raw` and `logit` are its corners, both strictly rising; beyond the outer corners the line goes
    on with `tail` as its slope. Whatever method made it (`kind`), it is served as such a line: a
    straight one for Platt's method, many pieces for isotonic regression.
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
        corners = np.array([self.raw, self.logit], dtype=float)
        finite = bool(np.isfinite(corners).all()) and corners.shape[1] > 0
        return finite and bool((np.diff(corners) > 0).all()) and min(self.tail) > 0

    def probability(self, raw: float) -> float:
        """The probability, strictly inside (0, 1), of one raw score."""
        piece = bisect_right(self.raw, raw)
        corner = max(piece - 1, 0)
        line = self.logit[corner] + self._slopes[piece] * (raw - self.raw[corner])
        return 1.0 / (1.0 + exp(-min(max(line, -LIMIT), LIMIT)))

    def probabilities(self, raw: NDArray[np.float64]) -> NDArray[np.float64]:
        """`probability` of many raw scores (n,); the same bits, so offline and online agree."""
        return np.fromiter(map(self.probability, raw.tolist()), np.float64, len(raw))

    def to_json(self) -> dict[str, Any]:
        """As plain JSON; floats survive the way there and back to the bit."""
        lists = {"raw": list(self.raw), "logit": list(self.logit), "tail": list(self.tail)}
        return {"kind": self.kind, **lists}

    @staticmethod
    def from_json(data: Mapping[str, Any]) -> Calibration:
        """Raises ModelRefused when the corners do not rise."""
        low, high = data["tail"]
        return Calibration(data["kind"], _floats(data["raw"]), _floats(data["logit"]), (low, high))


def _floats(values: Sequence[float]) -> tuple[float, ...]:
    return tuple(float(value) for value in values)


def straight(kind: str, slope: float, intercept: float) -> Calibration:
    """The line `slope * raw + intercept`; `slope` must be above 0."""
    return Calibration(kind, (0.0,), (intercept,), (slope, slope))
