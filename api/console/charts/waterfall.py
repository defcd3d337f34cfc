"""The waterfall chart of the score: a bar a reason family from the base to the raw score."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Step:
    """A bar from `start` to `start + width`, in percent of the drawing's width."""

    name: str
    value: float
    start: float
    width: float
    kind: str
    end: float


def waterfall(base: float, parts: Sequence[tuple[str, float]], score: float) -> list[Step]:
    """Steps from `base` by each of `parts` to `score`; the first and last are marks, not bars."""
    levels = [base]
    for _, value in parts:
        levels.append(levels[-1] + value)
    low, high = min(levels), max(levels)
    room = (high - low) or 1.0

    def place(level: float) -> float:
        return 2 + 96 * (level - low) / room

    steps = [Step("base", base, place(base), 0.0, "mark", place(base))]
    for (name, value), before, after in zip(parts, levels, levels[1:], strict=False):
        start, end = sorted((place(before), place(after)))
        kind = "raises" if value > 0 else "lowers"
        steps.append(Step(name, value, start, max(end - start, 0.6), kind, place(after)))
    return [*steps, Step("score", score, place(levels[-1]), 0.0, "mark", place(levels[-1]))]
