"""What one sweep reads: the rows of a group in the order of entity and time, and the
probes of the cases that read them.

Values that are compared with a case's own become whole numbers: their place among the values that
cases have.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

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

ROWS_AT_ONCE = 250_000
"""About so many rows of a group are in memory at a time, more where one entity has more."""

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


def entities(
    db: duckdb.DuckDBPyConnection, plan: SweepPlan, spine: SweptSpine, *, revised: bool
) -> Iterator[tuple[Probes, pa.Table]]:
    """The probes of a group, and its rows in no order, some entities at a time."""
    values, probes = _probes(db, plan, spine)
    probed = pa.table({"entity": values, "code": np.arange(len(values), dtype=np.int64)})
    db.register("probe_entities", probed)
    rows = _rows(plan, revised=revised)
    if not _has_parts(db, plan):
        yield probes, db.sql(rows).to_arrow_table()
    else:
        db.execute(f"CREATE OR REPLACE TEMP TABLE swept_rows AS {rows} ORDER BY w.code")
        for first, end in _parts(db, len(values)):
            some = slice(*np.searchsorted(probes.entity, (first, end)))
            part = Probes(probes.case[some], probes.as_of[some], probes.entity[some] - first)
            yield part, _part(db, first, end)
        db.execute("DROP TABLE swept_rows")
    db.unregister("probe_entities")


def _probes(
    db: duckdb.DuckDBPyConnection, plan: SweepPlan, spine: SweptSpine
) -> tuple[pa.Array, Probes]:
    """The entities that cases read, and a probe for each case of each."""
    if plan.several:
        pairs = db.sql(wanted(plan.group)).to_arrow_table()
        coded = pairs["entity"].combine_chunks().dictionary_encode()
        values, entity = coded.dictionary, ints(coded.indices)
        case = np.searchsorted(ints(spine.table["row_id"]), ints(pairs["row_id"]))
    else:
        values, entity = spine.coded(plan.group.keys[0])
        case = np.flatnonzero(entity != UNKNOWN)
        entity = entity[case]
    as_of = ints(spine.table[plan.group.seen])[case]
    if plan.several:
        order = np.lexsort((case, as_of, entity))
    else:
        order = np.argsort(TimeKey.of(as_of, len(values)).pack(entity, as_of), kind="stable")
    case, as_of, entity = case[order], as_of[order], entity[order]
    new = (np.diff(case, prepend=-1) != 0) | (np.diff(entity, prepend=-1) != 0)
    return values, Probes(case[new], as_of[new], entity[new])


def _has_parts(db: duckdb.DuckDBPyConnection, plan: SweepPlan) -> bool:
    """Whether entities are read in parts: not where distinct values of several of them count."""
    if plan.several and any(term.distinct for term in plan.terms):
        return False
    ((stored,),) = db.execute(f"SELECT COUNT(*) FROM {plan.group.table}").fetchall()
    return bool(stored > ROWS_AT_ONCE)


def _parts(db: duckdb.DuckDBPyConnection, entities: int) -> Iterator[tuple[int, int]]:
    """The codes of each part, from and up to: so many that their rows are `ROWS_AT_ONCE`."""
    counts = db.sql("SELECT code, COUNT(*) AS n FROM swept_rows GROUP BY code").to_arrow_table()
    rows = np.zeros(entities, dtype=np.int64)
    rows[counts["code"].to_numpy()] = counts["n"].to_numpy()
    before = np.cumsum(rows) - rows
    starts = np.flatnonzero(np.diff(before // ROWS_AT_ONCE, prepend=-1)).tolist()
    return pairwise([*starts, entities])


def _part(db: duckdb.DuckDBPyConnection, first: int, end: int) -> pa.Table:
    """The rows of the entities from a code up to another, their codes counted from the first."""
    return db.sql(
        f"SELECT * REPLACE (code - {first} AS code) FROM swept_rows "
        f"WHERE code >= {first} AND code < {end}"
    ).to_arrow_table()


def _rows(plan: SweepPlan, *, revised: bool) -> str:
    """A query of the rows of `probe_entities`: the `code` of the entity, the columns that are
    compared, and by their SQL what terms read of a row and of what they count distinct values."""
    group = plan.group
    columns = {"known_at", *TIES[group.source], *plan.compared}
    columns |= {"stands_until"} if plan.ends else set()
    columns |= {"valid_from", "valid_to"} if revised else set()
    read = [f"e.{column}" for column in sorted(columns)]
    read += [f'CAST({n} AS BIGINT) AS "{n}"' for n in sorted({t.number for t in plan.terms})]
    apart = sorted({term.value for term in plan.terms if term.distinct})
    read += [f'{value} AS "{apart_name(value)}"' for value in apart]
    read += [f"({is_bounded('e')}) AS bounded"] if revised else []
    only = f" WHERE {group.only}" if group.only else ""
    return (
        f"SELECT w.code, {', '.join(read)} FROM {group.table} e "
        f"JOIN probe_entities w ON w.entity = e.{group.match}{only}"
    )


def apart_name(value: str) -> str:
    """The name of a column of which distinct values count: not that of the same as numbers."""
    return f"apart {value}"


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
