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
        """`value` of many texts (n,), to the bit."""
        weigh, (buckets, sizes) = np.zeros(16**DIGITS, dtype=np.int64), buckets_of(words)
        for bucket, weight in self.of.items():
            weigh[int(bucket, 16)] = weight
        totals = np.concatenate([[0], np.cumsum(weigh[buckets])])
        ends = np.cumsum(sizes)
        found = np.full(len(sizes), np.nan)
        said = sizes > 0
        sums = totals[ends[said]] - totals[ends[said] - sizes[said]]
        found[said] = sums / (UNIT * np.sqrt(sizes[said]))
        return found

    def fill(
        self, matrix: NDArray[np.float64], names: Sequence[str], words: Sequence[object]
    ) -> None:
        """Put the values of texts (n,) into their column of the features `names` (n, k)."""
        matrix[:, list(names).index(FEATURE)] = self.values(words)


def buckets_of(words: Sequence[object]) -> tuple[NDArray[np.uint16], NDArray[np.int64]]:
    """The buckets of many texts (n,) as numbers, one text after the other, and how many each has;
    none where no words are stored.

    >>> [found.tolist() for found in buckets_of(["00af0001", None, "ffff"])]
    [[175, 1, 65535], [2, 0, 1]]
    """
    texts = [text if isinstance(text, str) else "" for text in words]
    sizes = np.array([len(text) // DIGITS for text in texts], dtype=np.int64)
    return np.frombuffer(bytes.fromhex("".join(texts)), ">u2").astype(np.uint16), sizes
