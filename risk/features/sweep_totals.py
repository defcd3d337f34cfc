"""A swept measure as it is collected: one whole number a case, put together from entities."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from risk.features.ranges import Ints
from risk.features.sweep_rows import ints
from risk.features.sweep_terms import SweepTerm


def nothing(pick: np.ufunc) -> int:
    """The number that any other replaces as the least, or as the greatest; zero for sums."""
    limits = np.iinfo(np.int64)
    if pick is np.minimum:
        return int(limits.max)
    return int(limits.min) if pick is np.maximum else 0


@dataclass(frozen=True, slots=True)
class MeasureTotal:
    """The values of a term for every case (n,); `pick` puts two of them together."""

    term: SweepTerm
    values: Ints
    pick: np.ufunc

    @classmethod
    def of(cls, term: SweepTerm, values: Ints) -> MeasureTotal:
        """A total without any row, in an array (n,) that it fills."""
        picks = {"min": np.minimum, "max": np.maximum}
        pick = picks.get(term.measure.aggregate, np.add)
        values[:] = nothing(pick)
        return cls(term, values, pick)

    def add(self, case: Ints, values: Ints) -> None:
        """Put values of some cases, which may repeat, to what is there."""
        self.pick.at(self.values, case, values)

    def finished(self, spine: pa.Table) -> NDArray[np.float64]:
        """The measure of every case (n,): NaN where nothing is known."""
        found = self.values
        if self.term.factor:
            found = found * ints(spine[self.term.factor])
        floats = found.astype(np.float64)
        return (
            floats if self.pick is np.add else np.where(found == nothing(self.pick), np.nan, floats)
        )
