"""Of each probe the rows that count: the latest visible ones, as a range of positions and a few single
rows beside it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from risk.features.ranges import Ints, spread
from risk.features.sources import BOUND
from risk.features.sweep_rows import Probes, SortedRows, in_order
from risk.features.sweep_terms import SweepPlan

FOR_GOOD = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True)
class SingleRows:
    """Single rows: those of `rows` at `row` for the probes `probe`, (k,) each; probes ascend."""

    rows: SortedRows
    probe: Ints
    row: Ints

    def where(self, kept: NDArray[np.bool_]) -> SingleRows:
        """Those of them that are kept (k,)."""
        return SingleRows(self.rows, self.probe[kept], self.row[kept])

    def within(self, probes: Probes, window: int | None) -> NDArray[np.bool_]:
        """Which of them lie in a window (k,)."""
        if window is None:
            return np.ones(len(self.row), dtype=bool)
        return self.rows.known_at[self.row] >= probes.as_of[self.probe] - window


@dataclass(frozen=True, slots=True)
class LatestRows:
    """The latest visible rows of each probe, `BOUND` at most.

    `rows` hold for good; each probe reads the range of them from `low` up to `high` (m,). `beside`
    are rows with an interval, which were corrected or taken back; those that no longer stand are
    left out, and `ended` are those of the range that no longer stand.
    """

    probes: Probes
    rows: SortedRows
    low: Ints
    high: Ints
    beside: SingleRows
    ended: SingleRows

    @classmethod
    def of(cls, plan: SweepPlan, probes: Probes, table: pa.Table) -> LatestRows:
        """The rows of `table` that each probe reads."""
        every = in_order(table, plan.group.source)
        bounded = np.zeros(len(every), dtype=bool)
        if "bounded" in table.column_names:
            bounded = table["bounded"].to_numpy()[every.order]
        rows, others = every.where(~bounded), every.where(bounded)
        high = rows.before(probes.entity, probes.as_of)
        beside = _visible(others, np.cumsum(~bounded)[bounded], len(rows), high, probes)
        first = np.searchsorted(rows.code, probes.entity)
        many = np.bincount(beside.probe, minlength=len(high))
        low = np.maximum(first, high - BOUND + many)
        ended = _ended(plan, rows, low, high, probes)
        if plan.ends:
            until = others.ints("stands_until", FOR_GOOD)[beside.row]
            beside = beside.where(until >= probes.as_of[beside.probe])
        return cls(probes, rows, low, high, beside, ended)

    def since(self, window: int | None) -> Ints:
        """The first position of each probe's range within a window (m,)."""
        if window is None:
            return self.low
        opened = self.rows.before(self.probes.entity, self.probes.as_of - window)
        return np.minimum(np.maximum(self.low, opened), self.high)


def _visible(others: SortedRows, place: Ints, rows: int, high: Ints, probes: Probes) -> SingleRows:
    """The rows with an interval that are visible and among the latest of each probe.

    `place` (k,) says how many of the `rows` for good stand before each: with those from there up to
    `high` and the others that are later, it must be within the bound.
    """
    oldest = np.maximum(high - BOUND + 1, 0)
    width = rows + 1
    first = np.searchsorted(others.code * width + place, probes.entity * width + oldest)
    probe, row = spread(first, others.before(probes.entity, probes.as_of))
    if not len(row):
        return SingleRows(others, probe, row)
    as_of = probes.as_of[probe]
    seen = (others.ints("valid_from")[row] < as_of) & (others.ints("valid_to")[row] >= as_of)
    probe, row = probe[seen], row[seen]
    later = np.searchsorted(probe, probe, "right") - np.arange(len(probe))
    return SingleRows(others, probe, row).where(high[probe] - place[row] + later <= BOUND)


def _ended(plan: SweepPlan, rows: SortedRows, low: Ints, high: Ints, probes: Probes) -> SingleRows:
    """The rows of each probe's range that no longer stand."""
    if not plan.ends:
        nobody = np.zeros(0, dtype=np.int64)
        return SingleRows(rows, nobody, nobody)
    until = rows.ints("stands_until", FOR_GOOD)
    ends = np.flatnonzero(until < FOR_GOOD)
    probe, at = spread(np.searchsorted(ends, low), np.searchsorted(ends, high))
    return SingleRows(rows, probe, ends[at]).where(until[ends[at]] < probes.as_of[probe])
