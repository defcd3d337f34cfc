"""Many cases at once: the compiled SQL run by DuckDB over fact tables in Arrow.

The tables are those of a live store or the same read from a folder of files; the result is the rows
that scoring reads one at a time.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from risk.facts import KINDS
from risk.features.compile import many_query, measures_of, set_query
from risk.features.derived import AT_ONCE, SPINE
from risk.features.epochs import JOINED, derivation
from risk.features.finish import finisher
from risk.features.ring import RING, RING_COLUMNS, RING_NUMBERS, ring_steps
from risk.features.scratch import unfilled
from risk.features.scratch_tables import stored_table
from risk.features.sources import GROUPS
from risk.features.spec import Feature, Measure
from risk.features.sweep import swept
from risk.features.sweep_rows import SweptSpine
from risk.features.sweep_terms import plan_of
from risk.features.visibility import is_bounded, unrevised
from risk.features.word_weights import WORDS, WordWeights

Progress = Callable[[int, int], None]
Rows = NDArray[np.int64]
Values = NDArray[np.float64]

ROWS_AT_ONCE = 50_000
"""So many rows of a result are in memory at a time."""

_DECIDED_ORDERS = """(SELECT n.* FROM orders n WHERE n.order_id IN
  (SELECT r.order_id FROM refunds r JOIN moments a ON a.refund_id = r.refund_id))"""
"""The orders of the requests of the spine, few of all: only their heads are derived."""

_UNREAD = {"content", "revision", *(column for kind in KINDS.values() for column in kind.free_text)}
"""Stored columns that nothing here reads: whole texts, and what tells a repetition from a conflict."""


@dataclass(frozen=True, slots=True)
class Backfill:
    """The spine and its features: `matrix` is (rows, features), float64, and on disk if it is large."""

    spine: pa.Table
    matrix: NDArray[np.float64]
    features: tuple[Feature, ...]


@contextmanager
def offline(
    facts: Mapping[str, pa.Table], *, memory: int = 4_096, threads: int = 2
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A DuckDB connection with the fact tables and everything derived from them.

    A table may be anything that DuckDB reads as Arrow; a dataset on disk need not fit in memory.
    Of `memory` (MB) DuckDB holds half, and spills into a temporary folder beyond; the rest is for what
    is computed from it.
    """
    with (
        tempfile.TemporaryDirectory(prefix="refund-risk-") as spill,
        duckdb.connect(
            ":memory:",
            config={
                "memory_limit": f"{memory // 2}MB",
                "threads": threads,
                "temp_directory": spill,
            },
        ) as db,
    ):
        db.execute("SET preserve_insertion_order = false")
        # DuckDB refuses this setting in a notebook without widgets.
        with suppress(duckdb.InvalidInputException):
            db.execute("SET enable_progress_bar = false")
        for kind, table in facts.items():
            db.register("given", table)
            read = ", ".join(name for name in db.table("given").columns if name not in _UNREAD)
            db.execute(f"CREATE TABLE {kind} AS SELECT {read} FROM given")
            db.unregister("given")
        for name, text in derivation(revised=bool(_revised(db, JOINED))):
            db.execute(f"CREATE TABLE {name} AS {text}")
        yield db


def _revised(db: duckdb.DuckDBPyConnection, sources: Collection[str]) -> set[str]:
    """The tables of which any row was corrected or taken back, or took the place of another."""
    bounded = (
        f"SELECT '{source}' WHERE EXISTS (SELECT 1 FROM {source} f WHERE {is_bounded('f')})"
        for source in sources
    )
    return {name for (name,) in db.execute(" UNION ALL ".join(bounded)).fetchall()}


def backfill(
    db: duckdb.DuckDBPyConnection,
    moments: pa.Table,
    features: Sequence[Feature],
    progress: Progress | None = None,
    words: WordWeights | None = None,
) -> Backfill:
    """Features for every (refund_id, as_of, stage) of `moments`, in its order.

    `moments` has the columns row_id (0 … n-1), refund_id, as_of (ms) and stage, and `settled` (ms)
    where some were not decided alone. `progress` is
    called with how many of how many groups are done. `words` are the weights of a model that uses
    what texts say. Requests that are not stored have unknown features.
    """
    db.register("moment_rows", moments)
    db.execute("CREATE OR REPLACE TEMP TABLE moments AS SELECT * FROM moment_rows")
    db.unregister("moment_rows")
    revised = _revised(db, sorted({table for group in GROUPS.values() for table in group.tables}))
    settled = "a.settled" if "settled" in moments.column_names else AT_ONCE
    names = {"moments": "moments", "orders": _DECIDED_ORDERS, "refunds": "refunds"}
    spine = SPINE.format(settled=settled, **names)
    spine = spine if revised else unrevised(spine)
    db.execute(f"CREATE OR REPLACE TEMP TABLE spine AS {spine}")
    groups = measures_of(features)
    for name in sorted({GROUPS[group].many for group in groups if group in GROUPS} - {""}):
        db.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {many_query(name)}")
    positions = {m: i for i, m in enumerate(m for group in groups.values() for m in group)}
    raw = unfilled(len(positions), moments.num_rows)
    read = SweptSpine(stored_table(_batches(db, "SELECT * FROM spine ORDER BY row_id")))
    for done, (name, measures) in enumerate(groups.items()):
        for measure in measures:
            raw[positions[measure]] = measure.empty
        for measure, rows, values in _measured(db, read, name, measures, revised):
            raw[positions[measure], rows] = values
        if progress:
            progress(done + 1, len(groups))
    matrix = finisher(features, positions)(raw.T)
    if words is not None:
        words.fill(matrix, [feature.name for feature in features], read.table[WORDS].to_pylist())
    return Backfill(read.table, matrix, tuple(features))


def _measured(
    db: duckdb.DuckDBPyConnection,
    spine: SweptSpine,
    name: str,
    measures: Sequence[Measure],
    revised: Set[str],
) -> Iterator[tuple[Measure, Rows, Values]]:
    """Each measure of a group with some rows that have one and its values: swept where it can be."""
    plan = plan_of(name, measures)
    if plan is not None:
        bounded = not revised.isdisjoint(plan.group.tables)
        rows = spine.table["row_id"].to_numpy()
        for measure, values in swept(db, plan, spine, revised=bounded):
            yield measure, rows, values
        done = {term.measure for term in plan.terms}
        measures = [measure for measure in measures if measure not in done]
    if measures:
        yield from _joined(db, name, measures, revised)


def _joined(
    db: duckdb.DuckDBPyConnection, name: str, measures: Sequence[Measure], revised: Set[str]
) -> Iterator[tuple[Measure, Rows, Values]]:
    """The measures of a group by its query, some rows at a time."""
    if name == RING:
        names = [RING_COLUMNS.index(m.value) for m in measures]
        batches = _walk_ring(db, revised="sightings" in revised)
    else:
        names = list(range(len(measures)))
        bounded = name in GROUPS and not revised.isdisjoint(GROUPS[name].tables)
        batches = _batches(db, set_query(name, measures, revised=bounded))
    for batch in batches:
        rows = batch["row_id"].to_numpy()
        for measure, position in zip(measures, names, strict=True):
            values = batch[f"m{position}"].cast(pa.float64(), safe=False)
            yield measure, rows, values.to_numpy(zero_copy_only=False)


def _walk_ring(db: duckdb.DuckDBPyConnection, *, revised: bool) -> Iterator[pa.RecordBatch]:
    """The ring's numbers, computed step by step over temporary tables."""
    steps = ring_steps(revised=revised)
    for step, text in steps:
        db.execute(f"CREATE TEMP TABLE {step} AS {text}")
    yield from _batches(db, RING_NUMBERS)
    for step, _ in steps:
        db.execute(f"DROP TABLE {step}")


def _batches(db: duckdb.DuckDBPyConnection, query: str) -> pa.RecordBatchReader:
    """The rows of a query, which runs while they are read: no other may in between."""
    return db.sql(query).to_arrow_reader(ROWS_AT_ONCE)
