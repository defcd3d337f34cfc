"""Reproducible draws, and scrambled numbers that stand for identities."""

from collections.abc import Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
T = TypeVar("T")

_MASK = (1 << 64) - 1


def generator(seed: int, *stream: int) -> np.random.Generator:
    """A random generator for one part of the world, independent of the other parts."""
    return np.random.default_rng([abs(seed), *stream])


def mix(*parts: int | Ints) -> Ints:
    """Scramble whole numbers into one of 48 bits each (after splitmix64, Steele et al. 2014)."""
    size = max((np.size(part) for part in parts), default=1)
    state = np.full(size, 0x9E3779B97F4A7C15, dtype=np.uint64)
    for part in parts:
        state = state ^ np.asarray(part, dtype=np.int64).astype(np.uint64)
        state = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        state = (state ^ (state >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        state = state ^ (state >> np.uint64(31))
    return (state >> np.uint64(16)).astype(np.int64)


def weighted(rng: np.random.Generator, weights: Sequence[float] | Floats, size: int) -> Ints:
    """Indices drawn in proportion to weights, with replacement."""
    cumulative = np.cumsum(np.asarray(weights, dtype=np.float64))
    draws = rng.random(size) * cumulative[-1]
    drawn: Ints = np.minimum(np.searchsorted(cumulative, draws, side="right"), len(cumulative) - 1)
    return drawn


def chosen(rng: np.random.Generator, weights: Floats, count: int) -> Ints:
    """Exactly `count` distinct indices in proportion to weights (Efraimidis and Spirakis 2006)."""
    with np.errstate(divide="ignore"):
        keys = np.log(rng.random(len(weights))) / weights
    keys[weights <= 0] = -np.inf
    count = min(count, int(np.sum(weights > 0)))
    if count == 0:
        return np.zeros(0, dtype=np.int64)
    return np.sort(np.argpartition(-keys, count - 1)[:count])


def happens(rng: np.random.Generator, probability: float | Floats, size: int) -> Bools:
    """Independent coin flips."""
    return rng.random(size) < probability


def around(rng: np.random.Generator, median: float | Floats, sigma: float, size: int) -> Floats:
    """Log-normal draws around a median."""
    return np.asarray(median * np.exp(sigma * rng.standard_normal(size)))


class Dice:
    """A cheap stream of small choices from one number, for text made row by row."""

    __slots__ = ("_state",)

    def __init__(self, seed: int) -> None:
        self._state = (seed * 0x9E3779B97F4A7C15 + 0x632BE59BD9B4E019) & _MASK

    def below(self, bound: int) -> int:
        """A whole number from 0 up to but not including `bound`."""
        self._state = (self._state * 6364136223846793005 + 1442695040888963407) & _MASK
        return (self._state >> 33) % bound

    def pick(self, options: Sequence[T]) -> T:
        """One of the options."""
        return options[self.below(len(options))]

    def chance(self, probability: float) -> bool:
        """True with the given probability."""
        return self.below(1_000_003) < probability * 1_000_003
