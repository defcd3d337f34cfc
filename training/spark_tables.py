"""Fact tables on Spark out of a folder of contract files, as they are made everywhere else."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession

from risk.errors import BadInput, Problem
from risk.facts import INCOMING, KINDS, RECORDS
from risk.facts.parse_columns import Millis, parse_columns
from risk.facts.revisions import Retraction, date_revisions
from risk.facts.row_checks import latest_event
from risk.features.visibility import is_bounded
from risk.history.connection.connect import now_ms
from risk.history.facts.arrow_revisions import each_retraction_once, retractions_of, settled_rows
from risk.history.facts.fact_columns import to_stored_columns
from training.facts.arrow_tables import SCHEMAS
from training.facts.folder import KindFile
from training.spark_folder import Batches, SparkFolder

_TYPES = {pa.string(): "STRING", pa.int64(): "BIGINT", pa.float64(): "DOUBLE"}


def store_view(spark: SparkSession, name: str, query: str, to: Path) -> None:
    """Write a query's rows to a folder of its own, readable as the view `name`."""
    spark.sql(query).write.mode("overwrite").parquet(str(to / name))
    spark.read.parquet(str(to / name)).createOrReplaceTempView(name)


def is_revised(spark: SparkSession, *sources: str) -> bool:
    """Whether any row of these was corrected or taken back, or took the place of another."""
    bounded = (f"SELECT 1 FROM {source} f WHERE {is_bounded('f')}" for source in sources)
    return bool(spark.sql(f"SELECT 1 FROM ({' UNION ALL '.join(bounded)}) LIMIT 1").collect())


def load_facts(spark: SparkSession, folder: SparkFolder, to: Path) -> None:
    """The fact tables, each revision once with when it counts. Raises BadInput without any file,
    and Conflict where two rows contradict one another."""
    others = folder.others()
    found = {kind: folder.parquet(kind) for kind in INCOMING}
    if not any(found[kind] or _of_kind(others, kind) for kind in INCOMING if kind in KINDS):
        expected = "files such as orders.csv or refunds.parquet"
        raise BadInput([Problem(str(folder.path), None, None, expected, "none")])
    now, folder = now_ms(), folder.listing(spark)
    for kind in SCHEMAS:
        files = _of_kind(others, kind)
        folder = _store_stated(spark, folder, (kind, found.get(kind, []), files), now, to)
    store_view(spark, "retractions", "SELECT * FROM stated_retractions", to)
    each_retraction_once(spark.sql("SELECT * FROM retractions").toArrow())
    for kind in KINDS:
        store_view(spark, kind, _settle(spark, kind), to)


def _store_stated(
    spark: SparkSession,
    folder: SparkFolder,
    given: tuple[str, list[Path], list[KindFile]],
    now: int,
    to: Path,
) -> SparkFolder:
    """Read a kind from its Parquet and other files; the folder with what was left out of it.

    Rows come to workers in no order. They are read anew while one worker leaves out what others
    know nothing of, so that every row about it is left out.
    """
    kind, tables, files = given
    columns = _columns(kind)
    while True:
        taken = spark.createDataFrame([], columns)
        for path in tables:
            raw = _plain(spark.read.parquet(str(path)), kind)
            taken = taken.unionAll(raw.mapInArrow(_parse(kind, folder, now), columns))
        if files:
            taken = taken.unionAll(folder.read_others(spark, files, columns, now))
        taken.createOrReplaceTempView(f"taken_{kind}")
        store_view(spark, f"stated_{kind}", f"SELECT DISTINCT * FROM taken_{kind}", to)
        grown = folder.with_listed()
        if grown.forgotten == folder.forgotten:
            return grown
        folder = grown


def _of_kind(files: Sequence[KindFile], kind: str) -> list[KindFile]:
    return [file for file in files if file.kind.name == kind]


def _settle(spark: SparkSession, kind: str) -> str:
    """A query of the facts of a kind with when each revision counts: of the few that were corrected
    or taken back the rows of each come together and are worked out in Python."""
    columns = _columns(kind)
    spark.sql(
        f"SELECT s.fact_key FROM stated_{kind} s GROUP BY s.fact_key HAVING COUNT(*) > 1 "
        f"UNION SELECT r.target AS fact_key FROM retractions r WHERE r.kind = '{kind}'"
    ).createOrReplaceTempView(f"changed_{kind}")
    changed = spark.sql(
        f"SELECT s.* FROM stated_{kind} s JOIN changed_{kind} c ON c.fact_key = s.fact_key"
    )
    back = retractions_of(spark.sql("SELECT * FROM retractions").toArrow())[kind]
    settled = changed.groupBy("fact_key").applyInArrow(_settling(kind, back), columns)
    settled.createOrReplaceTempView(f"settled_{kind}")
    return (
        f"SELECT s.* FROM stated_{kind} s LEFT ANTI JOIN changed_{kind} c "
        f"ON c.fact_key = s.fact_key UNION ALL SELECT * FROM settled_{kind}"
    )


def _settling(
    kind: str, back: Mapping[int, Sequence[Retraction]]
) -> Callable[[pa.Table], pa.Table]:
    """What a worker does with all rows of one fact."""

    def settle(rows: pa.Table) -> pa.Table:
        stated = rows.to_pylist()
        key = stated[0]["fact_key"]
        return pa.Table.from_pylist(
            settled_rows(kind, key, stated, back.get(key, ())), schema=SCHEMAS[kind]
        )

    return settle


def _columns(kind: str) -> str:
    return ", ".join(f"{field.name} {_TYPES[field.type]}" for field in SCHEMAS[kind])


def _plain(raw: DataFrame, kind: str) -> DataFrame:
    """The contract's columns, zoned times as milliseconds, ids and flags as strings."""
    types = {field.name: field.type for field in RECORDS[kind].fields}
    columns = []
    for name, given in raw.dtypes:
        if name not in types:
            continue
        text = f"`{name}`"
        if types[name] == "time" and given == "timestamp":
            text = f"unix_millis(`{name}`) AS `{name}`"
        elif types[name] in ("id", "text", "choice") and given != "string":
            text = f"CAST(`{name}` AS STRING) AS `{name}`"
        elif types[name] == "flag" and given not in ("string", "boolean"):
            text = f"CAST(CAST(`{name}` AS DECIMAL(10, 0)) AS STRING) AS `{name}`"
        columns.append(text)
    return raw.selectExpr(*columns)


def _parse(kind: str, folder: SparkFolder, now: int) -> Callable[[Batches], Batches]:
    """Parses and hashes raw rows of a kind in a worker. Raises BadInput for a bad row.

    A function of a module, so that a worker takes the kinds from its own import: a closure would
    bring copies of them, and what tells them apart by identity would take a copy for another.
    """
    return partial(_parse_batches, kind, folder, now)


def _parse_batches(kind: str, folder: SparkFolder, now: int, batches: Batches) -> Batches:
    hasher, definition = folder.hasher, RECORDS[kind]
    times = {field.name for field in definition.fields if field.type == "time"}
    for batch in batches:
        columns: dict[str, Sequence[Any]] = {}
        for name in batch.schema.names:
            whole = name in times and pa.types.is_integer(batch.column(name).type)
            values = batch.column(name).to_pylist()
            columns[name] = Millis(values) if whole else values
        lines = range(batch.num_rows)
        parsed, problems = parse_columns(definition, columns, lines, latest=latest_event(now))
        if problems:
            raise BadInput(problems)
        keep = hasher.suppression_list.kept_rows(definition, parsed)
        if keep is not None:
            parsed = {name: [values[i] for i in keep] for name, values in parsed.items()}
        date_revisions(parsed, parsed[definition.event_time], now)
        yield pa.RecordBatch.from_pydict(
            to_stored_columns(definition, parsed, hasher), schema=SCHEMAS[kind]
        )
    folder.tell_listed(hasher.suppression_list)
