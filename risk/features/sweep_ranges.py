"""Of each ask the rows that count: the latest visible ones, as a range of positions and a few single
rows beside it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from risk.features.ranges import Ints, spread
from risk.features.sources import BOUND
from risk.features.sweep_rows import Asks, SortedRows, in_order
from risk.features.sweep_terms import SweepPlan

FOR_GOOD = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True)
class SingleRows:
    """Single rows: those of `rows` at `row` for the asks `ask`, (k,) each; asks ascend."""

    rows: SortedRows
    ask: Ints
    row: Ints

    def where(self, kept: NDArray[np.bool_]) -> SingleRows:
        """Those of them that are kept (k,)."""
        return SingleRows(self.rows, self.ask[kept], self.row[kept])

    def within(self, asks: Asks, window: int | None) -> NDArray[np.bool_]:
        """Which of them lie in a window (k,)."""
        if window is None:
            return np.ones(len(self.row), dtype=bool)
        return self.rows.known_at[self.row] >= asks.as_of[self.ask] - window


@dataclass(frozen=True, slots=True)
class LatestRows:
    """The latest visible rows of each ask, `BOUND` at most.

    `rows` hold for good; each ask reads the range of them from `low` up to `high` (m,). `beside`
    are rows with an interval, which were corrected or taken back; those that no longer stand are
    left out, and `ended` are those of the range that no longer stand.
    """

    asks: Asks
    rows: SortedRows
    low: Ints
    high: Ints
    beside: SingleRows
    ended: SingleRows

    @classmethod
    def of(cls, plan: SweepPlan, asks: Asks, table: pa.Table) -> LatestRows:
        """The rows of `table` that each ask reads."""
        every = in_order(table, plan.group.source)
        bounded = np.zeros(len(every), dtype=bool)
        if "bounded" in table.column_names:
            bounded = table["bounded"].to_numpy()[every.order]
        rows, others = every.where(~bounded), every.where(bounded)
        high = rows.before(asks.entity, asks.as_of)
        beside = _visible(others, np.cumsum(~bounded)[bounded], len(rows), high, asks)
        first = np.searchsorted(rows.code, asks.entity)
        many = np.bincount(beside.ask, minlength=len(high))
        low = np.maximum(first, high - BOUND + many)
        ended = _ended(plan, rows, low, high, asks)
        if plan.ends:
            until = others.ints("stands_until", FOR_GOOD)[beside.row]
            beside = beside.where(until >= asks.as_of[beside.ask])
        return cls(asks, rows, low, high, beside, ended)

    def since(self, window: int | None) -> Ints:
        """The first position of each ask's range within a window (m,)."""
        if window is None:
            return self.low
        opened = self.rows.before(self.asks.entity, self.asks.as_of - window)
        return np.minimum(np.maximum(self.low, opened), self.high)


def _visible(others: SortedRows, place: Ints, rows: int, high: Ints, asks: Asks) -> SingleRows:
    """The rows with an interval that are visible and among the latest of each ask.

    `place` (k,) says how many of the `rows` for good stand before each: with those from there up to
    `high` and the others that are later, it must be within the bound.
    """
    oldest = np.maximum(high - BOUND + 1, 0)
    width = rows + 1
    first = np.searchsorted(others.code * width + place, asks.entity * width + oldest)
    ask, row = spread(first, others.before(asks.entity, asks.as_of))
    if not len(row):
        return SingleRows(others, ask, row)
    as_of = asks.as_of[ask]
    seen = (others.ints("valid_from")[row] < as_of) & (others.ints("valid_to")[row] >= as_of)
    ask, row = ask[seen], row[seen]
    later = np.searchsorted(ask, ask, "right") - np.arange(len(ask))
    return SingleRows(others, ask, row).where(high[ask] - place[row] + later <= BOUND)


def _ended(plan: SweepPlan, rows: SortedRows, low: Ints, high: Ints, asks: Asks) -> SingleRows:
    """The rows of each ask's range that no longer stand."""
    if not plan.ends:
        nobody = np.zeros(0, dtype=np.int64)
        return SingleRows(rows, nobody, nobody)
    until = rows.ints("stands_until", FOR_GOOD)
    ends = np.flatnonzero(until < FOR_GOOD)
    ask, at = spread(np.searchsorted(ends, low), np.searchsorted(ends, high))
    return SingleRows(rows, ask, ends[at]).where(until[ends[at]] < asks.as_of[ask])
