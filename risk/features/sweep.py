"""Measures of many cases in one pass over sorted rows: prefix sums and binary search.

The third rendering of a measure, beside the join and the look-up of one case. The latest rows of an
entity that count are one range of positions; what a measure counts or sums over them is the
difference of two prefix sums. Rows of one class (the case's own, those in its currency) are a range
too, in the order of class and position. Two sorts of rows are taken one by one: those that were
corrected or taken back, which take their place among the latest where they are visible, and findings
that no longer stand, which are taken off again.
"""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from risk.features.ranges import (
    Classes,
    Ints,
    classes,
    pieces,
    range_extremes,
    spread,
)
from risk.features.scratch import unfilled
from risk.features.spec import Measure
from risk.features.sweep_entities import apart_name, entities
from risk.features.sweep_ranges import LatestRows, SingleRows
from risk.features.sweep_rows import (
    UNKNOWN,
    Probes,
    SortedRows,
    SweptSpine,
    encoded,
    ints,
)
from risk.features.sweep_terms import SweepPlan, SweepTerm
from risk.features.sweep_totals import MeasureTotal, nothing

PAIRS_AT_ONCE = 2_000_000
"""So many rows are at most held one by one, where distinct values are counted."""


def swept(
    db: duckdb.DuckDBPyConnection, plan: SweepPlan, spine: SweptSpine, *, revised: bool
) -> Iterator[tuple[Measure, NDArray[np.float64]]]:
    """The measures of a plan for every row of the spine (n,); NaN where nothing is known."""
    values = unfilled(len(plan.terms), spine.table.num_rows, dtype=np.int64)
    totals = [MeasureTotal.of(*each) for each in zip(plan.terms, values, strict=True)]
    for probes, table in entities(db, plan, spine, revised=revised):
        sweep = _Sweep(plan, spine, probes, table)
        for total in totals:
            sweep.add_to(total)
    for total in totals:
        yield total.term.measure, total.finished(spine.table)


class _Contributions:
    """What rows contribute to terms that read the same of them: `values` (n,), and their sums."""

    def __init__(self, values: Ints) -> None:
        self.values = values
        self._sums: dict[tuple[str, ...], Ints] = {}

    def sums(self, columns: tuple[str, ...], alike: Classes) -> Ints:
        """The running sums in the order of a class."""
        if columns not in self._sums:
            self._sums[columns] = np.append(0, np.cumsum(self.values[alike.order]))
        return self._sums[columns]


class _Sweep:
    """The measures of some entities, whose rows are all in `table`."""

    def __init__(self, plan: SweepPlan, spine: SweptSpine, probes: Probes, table: pa.Table) -> None:
        self._probes, self._table, self._latest = probes, table, LatestRows.of(plan, probes, table)
        self._of_rows: dict[str, Ints] = {}
        self._of_probes: dict[str, Ints] = {}
        for column in plan.compared:
            values, codes = spine.coded(column)
            self._of_probes[column] = codes[probes.case]
            self._of_rows[column] = encoded(table[column], values)
        self._classes: dict[tuple[str, ...], Classes] = {}
        self._edges: dict[tuple[tuple[str, ...], int | None], tuple[Ints, Ints]] = {}
        self._apart: dict[tuple[object, ...], tuple[Ints, Ints]] = {}
        self._last: tuple[object, ...] = ()
        self._numbers = _Contributions(np.zeros(0, dtype=np.int64))

    def add_to(self, total: MeasureTotal) -> None:
        """Add what the rows make of a term to its total."""
        term = total.term
        if term.distinct:
            self._add_distinct(total)
            return
        key = (term.number, term.other, total.pick)
        if key != self._last:
            self._last, self._numbers = key, _Contributions(self._read(self._latest.rows, total))
        if total.pick is np.add:
            self._add_sum(total)
        else:
            self._add_extreme(total)
        some = self._counting(self._latest.beside, term, term.measure.window)
        if len(some.row):
            total.add(self._probes.case[some.probe], self._read(some.rows, total)[some.row])

    def _add_sum(self, total: MeasureTotal) -> None:
        """The sum over the range of each probe, without the case's own rows and what ended."""
        term = total.term
        found = self._range_sums(term, term.equal)
        if term.other:
            found -= self._range_sums(term, (*term.equal, term.other))
            found[self._of_probes[term.other] == UNKNOWN] = 0
        ended = self._counting(self._latest.ended, term, term.measure.window)
        np.subtract.at(found, ended.probe, self._numbers.values[ended.row])
        total.add(self._probes.case, found)

    def _range_sums(self, term: SweepTerm, columns: tuple[str, ...]) -> Ints:
        """The sums (m,) over the rows of each probe's range that equal the case in some columns."""
        low, high = self._range(columns, term.measure.window)
        sums = self._numbers.sums(columns, self._class(columns))
        found: Ints = sums[high] - sums[low]
        return found

    def _add_extreme(self, total: MeasureTotal) -> None:
        """The least or greatest over each range, cut where the case's own rows and what ended lie."""
        term, latest, alike = total.term, self._latest, self._class(total.term.equal)
        low, high = self._range(term.equal, term.measure.window)
        places = alike.places()
        cuts = [(latest.ended.probe, places[latest.ended.row])]
        if term.other:
            columns = (*term.equal, term.other)
            probe, at = spread(*self._range(columns, term.measure.window))
            cuts.append((probe, places[self._class(columns).order[at]]))
            high = np.where(self._of_probes[term.other] == UNKNOWN, low, high)
        cut, place = (np.concatenate(column) for column in zip(*cuts, strict=True))
        owner, start, end = pieces(low, high, cut, place)
        values = self._numbers.values[alike.order]
        found = range_extremes(values, start, end, total.pick, nothing(total.pick))
        total.add(self._probes.case[owner], found)

    def _add_distinct(self, total: MeasureTotal) -> None:
        """How many values the rows of a case have, by the age of the latest row of each."""
        term = total.term
        key = (term.value, term.when, term.equal, term.other)
        if key not in self._apart:
            self._apart[key] = self._ages(term)
        case, age = self._apart[key]
        window = term.measure.window
        case = case if window is None else case[age <= window]
        total.add(case, np.ones(len(case), dtype=np.int64))

    def _ages(self, term: SweepTerm) -> tuple[Ints, Ints]:
        """Every (case, value) of rows that count, and how old its latest row is: (case, age)."""
        found = [self._youngest(some, term) for some in self._some_probes(term)]
        case, age = (np.concatenate(column) for column in zip(*found, strict=True))
        return case, age

    def _some_probes(self, term: SweepTerm) -> Iterator[tuple[SingleRows, ...]]:
        """The rows each probe reads one by one, some cases at a time and all of a case together."""
        latest, alike = self._latest, self._class(term.equal)
        low, high = self._range(term.equal, None)
        by_case = np.argsort(self._probes.case, kind="stable")
        case = self._probes.case[by_case]
        sizes = np.cumsum((high - low)[by_case])
        if not sizes.any():
            yield (latest.beside,)
            return
        cuts = np.searchsorted(sizes, np.arange(0, sizes[-1], PAIRS_AT_ONCE))
        starts = np.unique(np.searchsorted(case, case[cuts]))
        width = len(latest.rows) + 1
        gone = latest.ended.probe * width + latest.ended.row
        for first, last in zip(starts, np.append(starts[1:], len(case)), strict=True):
            probes = by_case[first:last]
            owner, at = spread(low[probes], high[probes])
            some = SingleRows(latest.rows, probes[owner], alike.order[at])
            some = some.where(~np.isin(some.probe * width + some.row, gone))
            yield some, latest.beside.where(np.isin(latest.beside.probe, probes))

    def _youngest(self, several: tuple[SingleRows, ...], term: SweepTerm) -> tuple[Ints, Ints]:
        """Every (case, value) among the rows, and how old its latest row is: (case, age)."""
        coded = self._table[apart_name(term.value)].combine_chunks().dictionary_encode()
        value = ints(coded.indices, UNKNOWN)
        width = int(value.max(initial=0)) + 1
        keys, ages = [], []
        for every in several:
            counted = self._counting(every, term, window=None)
            found = value[counted.rows.order][counted.row]
            kept = (found != UNKNOWN) & (counted.rows.ints(term.number)[counted.row] == 1)
            some, found = counted.where(kept), found[kept]
            keys.append(self._probes.case[some.probe] * width + found)
            ages.append(self._probes.as_of[some.probe] - some.rows.known_at[some.row])
        key, age = np.concatenate(keys), np.concatenate(ages)
        order = np.argsort(key)
        new = np.flatnonzero(np.diff(key[order], prepend=-1))
        if not len(new):
            return key, age
        return key[order][new] // width, np.minimum.reduceat(age[order], new)

    def _counting(self, some: SingleRows, term: SweepTerm, window: int | None) -> SingleRows:
        """Those rows in a window that a term counts for their probes."""
        kept = some.within(self._probes, window)
        for column in term.equal:
            of_row, of_probe = self._compared(column, some)
            kept &= (of_row == of_probe) & (of_probe != UNKNOWN)
        if term.other:
            of_row, of_probe = self._compared(term.other, some)
            kept &= (of_row != of_probe) & (of_row != UNKNOWN) & (of_probe != UNKNOWN)
        return some.where(kept)

    def _compared(self, column: str, some: SingleRows) -> tuple[Ints, Ints]:
        """The codes of a column of rows and of the cases that read them, (k,) each."""
        return self._of_rows[column][some.rows.order[some.row]], self._of_probes[column][some.probe]

    def _read(self, rows: SortedRows, total: MeasureTotal) -> Ints:
        """What each row contributes to a term (n,)."""
        found = rows.ints(total.term.number, nothing(total.pick))
        if total.term.other:
            unknown = self._of_rows[total.term.other][rows.order] == UNKNOWN
            found = np.where(unknown, nothing(total.pick), found)
        return found

    def _range(self, columns: tuple[str, ...], window: int | None) -> tuple[Ints, Ints]:
        """The range (m,) each probe reads of its class."""
        if (columns, window) not in self._edges:
            self._edges[columns, window] = self._new_range(columns, window)
        return self._edges[columns, window]

    def _new_range(self, columns: tuple[str, ...], window: int | None) -> tuple[Ints, Ints]:
        if not columns:
            return self._latest.since(window), self._latest.high
        alike, (low, high) = self._class(columns), self._range((), window)
        if window is not None:
            return alike.edges(low), self._range(columns, None)[1]
        return alike.edges(low), alike.edges(high)

    def _class(self, columns: tuple[str, ...]) -> Classes:
        """The rows by entity and by what equals the case's own."""
        if columns not in self._classes:
            order = self._latest.rows.order
            self._classes[columns] = classes(
                [self._latest.rows.code, *(self._of_rows[c][order] for c in columns)],
                [self._probes.entity, *(self._of_probes[c] for c in columns)],
            )
        return self._classes[columns]
