"""What one sweep reads: the rows of a group in the order of entity and time, and who asks for them.

Values that are compared with a case's own become whole numbers: their place among the values that
cases have.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from risk.features.compile import wanted
from risk.features.sources import BOUND, TIES
from risk.features.sweep_terms import SweepPlan
from risk.features.visibility import is_bounded

Ints = NDArray[np.int64]

ROWS_AT_ONCE = 4_000_000
"""About so many rows of a group are in memory at a time: entities are read in as many parts."""

UNKNOWN, NOBODYS = -1, -2
"""The codes of a value that is not known, and of one that no case has."""


@dataclass(frozen=True, slots=True)
class Asks:
    """Who reads which entity: places in the spine, moments and entities' codes, each (m,), in the
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
        """A time_key for the times of rows."""
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


def entities(
    db: duckdb.DuckDBPyConnection, plan: SweepPlan, spine: pa.Table, *, revised: bool
) -> Iterator[tuple[Asks, pa.Table]]:
    """Who asks for the rows of a group, and the rows in no order, some entities at a time."""
    asked = db.sql(wanted(plan.group)).to_arrow_table()
    values, asks = _asks(asked, spine)
    size = max(1, -(-len(values) // _parts(db, plan)))
    for first in range(0, len(values), size):
        low, high = np.searchsorted(asks.entity, (first, first + size))
        some = slice(low, high)
        yield (
            Asks(asks.case[some], asks.as_of[some], asks.entity[some] - first),
            _read(db, plan, values[first : first + size], revised),
        )


def _asks(asked: pa.Table, spine: pa.Table) -> tuple[pa.Array, Asks]:
    """The entities asked for, and who asks for each, once."""
    told = asked["entity"].combine_chunks().dictionary_encode()
    case = np.searchsorted(ints(spine["row_id"]), ints(asked["row_id"]))
    as_of, entity = ints(asked["as_of"]), ints(told.indices)
    order = np.lexsort((case, TimeKey.of(as_of, len(told.dictionary)).pack(entity, as_of)))
    case, as_of, entity = case[order], as_of[order], entity[order]
    new = (np.diff(case, prepend=-1) != 0) | (np.diff(entity, prepend=-1) != 0)
    return told.dictionary, Asks(case[new], as_of[new], entity[new])


def _parts(db: duckdb.DuckDBPyConnection, plan: SweepPlan) -> int:
    """In how many parts the entities are read: one where values of several entities are told apart."""
    several = plan.group.many or len(plan.group.keys) > 1
    if several and any(term.measure.aggregate == "distinct" for term in plan.terms):
        return 1
    ((stored,),) = db.execute(f"SELECT COUNT(*) FROM {plan.group.table}").fetchall()
    return 1 + int(stored) // ROWS_AT_ONCE


def _read(
    db: duckdb.DuckDBPyConnection, plan: SweepPlan, values: pa.Array, revised: bool
) -> pa.Table:
    """The rows of some entities: `code` is the entity's place in `values`, `n0 …` what each term
    reads, `v0 …` the values told apart."""
    group = plan.group
    columns = {"known_at", *TIES[group.source], *plan.compared}
    read = [f"e.{column}" for column in sorted(columns)]
    for i, term in enumerate(plan.terms):
        distinct = term.measure.aggregate == "distinct"
        read.append(f"CAST({term.kept if distinct else term.number} AS BIGINT) AS n{i}")
        read += [f"{term.value} AS v{i}"] if distinct else []
    read += ["e.stands_until"] if plan.ends else []
    if revised:
        read += [f"({is_bounded('e')}) AS bounded", "e.valid_from", "e.valid_to"]
    only = f" WHERE {group.only}" if group.only else ""
    asked = pa.table({"entity": values, "code": np.arange(len(values), dtype=np.int64)})
    db.register("asked_entities", asked)
    try:
        return db.sql(
            f"SELECT w.code, {', '.join(read)} FROM {group.table} e "
            f"JOIN asked_entities w ON w.entity = e.{group.match}{only}"
        ).to_arrow_table()
    finally:
        db.unregister("asked_entities")


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
    told = table.select(ties).take(rows).append_column("key", pa.array(keys[places]))
    sort = [(name, "ascending") for name in ("key", *ties)]
    order[places] = rows[pc.sort_indices(told, sort_keys=sort).to_numpy()]


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
