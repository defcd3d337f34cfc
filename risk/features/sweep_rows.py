"""What one sweep reads: the rows of a group in the order of entity and time, and the
probes of the cases that read them.

Values that are compared with a case's own become whole numbers: their place among the values that
cases have.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from risk.features.sources import BOUND, TIES

Ints = NDArray[np.int64]

UNKNOWN, NOBODYS = -1, -2
"""The codes of a value that is not known, and of one that no case has."""


@dataclass(frozen=True, slots=True)
class Probes:
    """Which case reads which entity: places in the spine, moments and codes, each (m,), in the
    order of entity and moment."""

    case: Ints
    as_of: Ints
    entity: Ints


@dataclass(frozen=True, slots=True)
class TimeKey:
    """Puts an entity and a moment into one number, in the order of both: `span` numbers an entity.

    Moments count from `first`; where that many would not fit, by their rank among `times`.
    """

    first: int
    span: int
    times: Ints | None

    @classmethod
    def of(cls, known_at: Ints, entities: int) -> TimeKey:
        """A key for the times of rows."""
        first, last = (int(known_at.min()), int(known_at.max())) if len(known_at) else (0, 0)
        if (last - first + 2) * (entities + 1) < 2**62:
            return cls(first, last - first + 2, None)
        times = np.unique(known_at)
        return cls(first, len(times) + 1, times)

    def pack(self, entity: Ints, moment: Ints) -> Ints:
        """Entities and moments as numbers (n,)."""
        if self.times is None:
            place = np.clip(moment - self.first, 0, self.span - 1)
        else:
            place = np.searchsorted(self.times, moment)
        return entity * self.span + place


class SweptSpine:
    """The spine, and its columns as places among their own values."""

    def __init__(self, table: pa.Table) -> None:
        self.table = table
        self._codes: dict[str, tuple[pa.Array, Ints]] = {}

    def coded(self, column: str) -> tuple[pa.Array, Ints]:
        """The values of a column once, and the place of each row's among them (n,)."""
        if column not in self._codes:
            coded = self.table[column].combine_chunks().dictionary_encode()
            self._codes[column] = coded.dictionary, ints(coded.indices, UNKNOWN)
        return self._codes[column]


@dataclass(frozen=True)
class SortedRows:
    """Rows of a group in the order of entity, time and ties: where they stand in `table` (n,)."""

    table: pa.Table
    order: Ints
    time_key: TimeKey

    def __len__(self) -> int:
        return len(self.order)

    @cached_property
    def code(self) -> Ints:
        """The entity of each row (n,)."""
        return self.ints("code")

    @cached_property
    def known_at(self) -> Ints:
        """When each row became known (n,)."""
        return self.ints("known_at")

    @cached_property
    def _keys(self) -> Ints:
        return self.time_key.pack(self.code, self.known_at)

    def before(self, entity: Ints, moment: Ints) -> Ints:
        """The position of the first row of each entity that is not before its moment (m,)."""
        return np.searchsorted(self._keys, self.time_key.pack(entity, moment))

    def where(self, kept: NDArray[np.bool_]) -> SortedRows:
        """Those of the rows that are kept (n,)."""
        return SortedRows(self.table, self.order[kept], self.time_key)

    def ints(self, column: str, unknown: int = 0) -> Ints:
        """A column of whole numbers (n,)."""
        return ints(self.table[column], unknown)[self.order]


def in_order(table: pa.Table, source: str) -> SortedRows:
    """The rows by entity, time and the ties of their source."""
    code, known_at = ints(table["code"]), ints(table["known_at"])
    time_key = TimeKey.of(known_at, int(code.max(initial=0)) + 1)
    keys = time_key.pack(code, known_at)
    order = np.argsort(keys)
    if len(order) and np.bincount(code).max() > BOUND:
        _settle_ties(order, keys[order], table, TIES[source])
    return SortedRows(table, order, time_key)


def _settle_ties(order: Ints, keys: Ints, table: pa.Table, ties: tuple[str, ...]) -> None:
    """Put rows of one entity and instant in the order of their ties: where more rows than count
    are known, which of them do depends on it."""
    tied = np.diff(keys) == 0
    places = np.flatnonzero(np.append(tied, False) | np.append(False, tied))
    rows = order[places]
    tied_rows = table.select(ties).take(rows).append_column("key", pa.array(keys[places]))
    sort = [(name, "ascending") for name in ("key", *ties)]
    order[places] = rows[pc.sort_indices(tied_rows, sort_keys=sort).to_numpy()]


def encoded(column: pa.ChunkedArray, values: pa.Array) -> Ints:
    """A column as places among `values` (n,)."""
    found = ints(pc.index_in(column, value_set=values.cast(column.type)), NOBODYS)
    if column.null_count:
        found = np.where(column.is_valid().to_numpy(), found, UNKNOWN)
    return found


def ints(column: pa.ChunkedArray | pa.Array, unknown: int = 0) -> Ints:
    """A column as whole numbers (n,)."""
    whole = column.cast(pa.int64()).fill_null(unknown)
    chunked = isinstance(whole, pa.ChunkedArray)
    found: Ints = whole.to_numpy() if chunked else whole.to_numpy(zero_copy_only=False)
    return found
