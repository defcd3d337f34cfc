"""What the words of a text weigh in one model: its own feature, made of stored buckets.

Weights are whole numbers, so that every reader adds them up to the same bits.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FEATURE = "text_content"
"""The feature that a model's weights give its value; the catalogue's own says whether any words of
the text are stored."""

WORDS = "words"
"""The column of stored buckets: four hexadecimal digits each."""

DIGITS = 4
UNIT = 1_000
"""Weights are in thousandths of log-odds."""


@dataclass(frozen=True, slots=True)
class WordWeights:
    """The weight of each bucket; others weigh nothing.

    >>> weights = WordWeights({"00af": 500, "1234": -200})
    >>> weights.value("00af1234ffffabcd"), weights.value(None)
    (0.15, nan)
    """

    of: Mapping[str, int]

    def value(self, words: str | None) -> float:
        """The sum of a text's weights by the square root of how many buckets it has, in log-odds;
        NaN where no words are stored."""
        if not words:
            return math.nan
        weigh = self.of.get
        found = [weigh(words[at : at + DIGITS], 0) for at in range(0, len(words), DIGITS)]
        return sum(found) / (UNIT * math.sqrt(len(found)))

    def values(self, words: Sequence[object]) -> NDArray[np.float64]:
        """`value` of many texts (n,)."""
        known = (text if isinstance(text, str) else None for text in words)
        return np.fromiter(map(self.value, known), np.float64, len(words))

    def fill(
        self, matrix: NDArray[np.float64], names: Sequence[str], words: Sequence[object]
    ) -> None:
        """Put the values of texts (n,) into their column of the features `names` (n, k)."""
        matrix[:, list(names).index(FEATURE)] = self.values(words)
