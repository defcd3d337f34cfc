"""Sums and extremes over ranges of positions, for many ranges at once.

Rows stand in a fixed order; a range is a pair of positions (low, high) with high left out. Classes
put rows that share a value beside each other, so that those of one class within a range are a range
again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Pick = np.ufunc
"""`np.minimum` or `np.maximum`."""


LARGEST = 2**62
"""Below it a class and a position fit into one number."""


@dataclass(frozen=True, slots=True)
class Classes:
    """Rows (n,) in the order of their class and position: `order` (k,) are the positions of those
    that have one, `keys` (k,) tells both, and `of_probe` (m,) is the class each probe reads, -1 for none.
    """

    order: Ints
    keys: Ints
    of_probe: Ints
    rows: int

    def edges(self, positions: Ints) -> Ints:
        """Where in `order` the probe's class reaches each position (m,)."""
        return np.searchsorted(self.keys, self.of_probe * (self.rows + 1) + positions)

    def places(self) -> Ints:
        """Where each row stands in `order` (n,); -1 for those without a class."""
        found = np.full(self.rows, -1, dtype=np.int64)
        found[self.order] = np.arange(len(self.order))
        return found


def classes(rows: Sequence[Ints], probes: Sequence[Ints]) -> Classes:
    """The classes of equal codes, several codes a row; rows and probes with a negative one have none."""
    order, ids, of_probe = np.arange(len(rows[0])), rows[0], probes[0]
    width = len(rows[0]) + 1
    most = 1 + max(int(ids.max(initial=0)), int(of_probe.max(initial=0)))
    for of_row, read in zip(rows[1:], probes[1:], strict=True):
        many = 1 + max(int(read.max(initial=0)), int(of_row.max(initial=0)))
        if most * many * width >= LARGEST:
            order, ids, of_probe = _renumbered(order, ids, of_probe)
            most = 1 + len(of_probe)
        known = of_row[order] >= 0
        order, ids = order[known], ids[known]
        ids = ids * many + of_row[order]
        of_probe = np.where((read >= 0) & (of_probe >= 0), of_probe * many + read, -1)
        most *= many
    keys = ids * width + order
    by_class = np.argsort(keys, kind="stable")
    return Classes(order[by_class], keys[by_class], of_probe, len(rows[0]))


def _renumbered(order: Ints, ids: Ints, of_probe: Ints) -> tuple[Ints, Ints, Ints]:
    """The same with small numbers, and only the rows of a class that a probe reads."""
    values = _distinct(of_probe[of_probe >= 0])
    places = np.searchsorted(values, ids)
    read = places < len(values)
    read[read] = values[places[read]] == ids[read]
    numbered = np.where(of_probe >= 0, np.searchsorted(values, of_probe), -1)
    return order[read], places[read], numbered


def _distinct(values: Ints) -> Ints:
    """The values once, ascending."""
    values = np.sort(values)
    once: Ints = values[np.flatnonzero(np.diff(values, prepend=-1))]
    return once


def range_extremes(values: Ints, low: Ints, high: Ints, pick: Pick, nothing: int) -> Ints:
    """The least or greatest value of each range (m,); `nothing` for an empty one."""
    length = high - low
    level = np.frexp(np.maximum(length, 1).astype(np.float64))[1] - 1
    found = np.full(len(low), nothing, dtype=np.int64)
    spans = values
    for exponent in range(int(level.max(initial=0)) + 1):
        if exponent:
            half = 1 << (exponent - 1)
            spans = pick(spans[:-half], spans[half:])
        here = np.flatnonzero((level == exponent) & (length > 0))
        found[here] = pick(spans[low[here]], spans[high[here] - (1 << exponent)])
    return found


def pieces(low: Ints, high: Ints, cut: Ints, place: Ints) -> tuple[Ints, Ints, Ints]:
    """Each range without the positions cut out of it: (range, low, high) of every piece.

    `cut` (k,) names the range of each position in `place` (k,); those outside are ignored.
    """
    within = (place >= low[cut]) & (place < high[cut])
    owner = np.concatenate((np.arange(len(low)), cut[within]))
    start = np.concatenate((low, place[within] + 1))
    order = np.lexsort((start, owner))
    owner, start = owner[order], start[order]
    last = np.append(np.diff(owner) != 0, True)[: len(owner)]
    end = np.where(last, high[owner], np.append(start[1:], 0)[: len(owner)] - 1)
    return owner, start, end


def spread(low: Ints, high: Ints) -> tuple[Ints, Ints]:
    """Every (range, position) with low <= position < high, in order."""
    lengths = np.maximum(high - low, 0)
    owner = np.repeat(np.arange(len(low)), lengths)
    starts = np.cumsum(lengths) - lengths
    return owner, np.arange(len(owner)) - (starts - low)[owner]
