"""The entities that one sweep reads, with the probes of the cases and their rows, part by part."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import duckdb
import numpy as np
import pyarrow as pa

from risk.features.compile import wanted
from risk.features.sources import TIES
from risk.features.sweep_rows import UNKNOWN, Probes, SweptSpine, TimeKey, ints
from risk.features.sweep_terms import SweepPlan
from risk.features.visibility import is_bounded

ROWS_AT_ONCE = 100_000
"""About so many rows of a group are in memory at a time, more where one entity has more."""


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
