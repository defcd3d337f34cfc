"""Reproducible random draws, and integer hashes that serve as identities."""

from collections.abc import Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
T = TypeVar("T")

_MASK = (1 << 64) - 1


def stream_generator(seed: int, *stream: int) -> np.random.Generator:
    """The random generator of one stream of a world, independent of its other streams."""
    return np.random.default_rng([abs(seed), *stream])


def hash_ints(*parts: int | Ints) -> Ints:
    """Hash integers elementwise into one of 48 bits (splitmix64: Steele, Lea & Flood 2014).

    >>> int(hash_ints(1, 2)[0]) == int(hash_ints(np.array([1]), 2)[0])
    True
    """
    size = max((np.size(part) for part in parts), default=1)
    state = np.full(size, 0x9E3779B97F4A7C15, dtype=np.uint64)
    for part in parts:
        state = state ^ np.asarray(part, dtype=np.int64).astype(np.uint64)
        state = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        state = (state ^ (state >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        state = state ^ (state >> np.uint64(31))
    return (state >> np.uint64(16)).astype(np.int64)


def weighted_choice(rng: np.random.Generator, weights: Sequence[float] | Floats, size: int) -> Ints:
    """Indices drawn in proportion to weights, with replacement."""
    cumulative = np.cumsum(np.asarray(weights, dtype=np.float64))
    draws = rng.random(size) * cumulative[-1]
    drawn: Ints = np.minimum(np.searchsorted(cumulative, draws, side="right"), len(cumulative) - 1)
    return drawn


def sample_exactly(rng: np.random.Generator, weights: Floats, count: int) -> Ints:
    """Exactly `count` distinct indices, weighted without replacement (Efraimidis & Spirakis
    2006, "Weighted random sampling with a reservoir")."""
    with np.errstate(divide="ignore"):
        keys = np.log(rng.random(len(weights))) / weights
    keys[weights <= 0] = -np.inf
    count = min(count, int(np.sum(weights > 0)))
    if count == 0:
        return np.zeros(0, dtype=np.int64)
    return np.sort(np.argpartition(-keys, count - 1)[:count])


def bernoulli(rng: np.random.Generator, probability: float | Floats, size: int) -> Bools:
    """Independent Bernoulli draws (size,)."""
    return rng.random(size) < probability


def lognormal(rng: np.random.Generator, median: float | Floats, sigma: float, size: int) -> Floats:
    """Log-normal draws (size,) with a median and the standard deviation of the logarithm."""
    return np.asarray(median * np.exp(sigma * rng.standard_normal(size)))


class Dice:
    """A fast linear congruential generator (Knuth's MMIX constants), for texts made row by row."""

    __slots__ = ("_state",)

    def __init__(self, seed: int) -> None:
        self._state = (seed * 0x9E3779B97F4A7C15 + 0x632BE59BD9B4E019) & _MASK

    def below(self, bound: int) -> int:
        """An integer in [0, bound)."""
        self._state = (self._state * 6364136223846793005 + 1442695040888963407) & _MASK
        return (self._state >> 33) % bound

    def pick(self, options: Sequence[T]) -> T:
        """One of the options."""
        return options[self.below(len(options))]

    def chance(self, probability: float) -> bool:
        """True with the given probability."""
        return self.below(1_000_003) < probability * 1_000_003
