"""The backfill on Spark: `python -m training.spark --facts DIR --out DIR`, on any Spark 4.

Facts are parsed and hashed as on import, the same SQL makes derived rows and measures, and the same
function computes features from them. Under `spark-submit` the session of the cluster is used; its
workers need this package and `risk` (for instance by `--py-files`).
"""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import pyarrow as pa
import typer
from pyspark.sql import DataFrame, SparkSession

from risk.decisions.case_rows import MOMENTS
from risk.errors import BadInput, Problem
from risk.facts import KINDS, SUBMITTED
from risk.facts.parse_columns import Millis, parse_columns
from risk.facts.row_checks import latest_event
from risk.features.catalog import catalogue
from risk.features.compile import many_query, measures_of, set_query
from risk.features.derived import SPINE, STREAMS
from risk.features.finish import Floats, finisher
from risk.features.ring import RING, RING_COLUMNS, RING_NUMBERS, RING_STEPS
from risk.features.sources import MANY_VALUED
from risk.features.spec import Feature, Measure
from risk.history.connect import now_ms
from risk.history.fact_columns import take_in
from risk.identity import Hasher
from training.facts.arrow_tables import SCHEMAS

_TYPES = {pa.string(): "STRING", pa.int64(): "BIGINT", pa.float64(): "DOUBLE"}

Batches = Iterator[pa.RecordBatch]


def features_of(
    spark: SparkSession, folder: Path, to: Path, features: Sequence[Feature], key: bytes
) -> DataFrame:
    """(refund_id, as_of, stage, features) of every moment of a folder's requests.

    `key` hashes identities for this run only. Every intermediate result is written as Parquet under
    `to`, so that each step is computed once and memory stays bounded.
    """
    _load_facts(spark, folder, to, key)
    for name, text in STREAMS.items():
        _store(spark, name, text.format(**{kind: kind for kind in KINDS}), to)
    _number_moments(spark, to)
    _store(spark, "spine", SPINE.format(**{kind: kind for kind in KINDS}), to)
    for name in MANY_VALUED:
        spark.sql(many_query(name)).createOrReplaceTempView(name)
    groups = measures_of(features)
    for name, measures in groups.items():
        _measure(spark, name, measures, to)
    return _finished(spark, groups, features, to)


def _store(spark: SparkSession, name: str, query: str, to: Path) -> None:
    """Write a query's rows to a folder of its own, readable as the view `name`."""
    spark.sql(query).write.mode("overwrite").parquet(str(to / name))
    spark.read.parquet(str(to / name)).createOrReplaceTempView(name)


def _load_facts(spark: SparkSession, folder: Path, to: Path, key: bytes) -> None:
    """The fact tables as an import stores them, each fact once. Raises BadInput without any."""
    found = [kind for kind in SUBMITTED if (folder / f"{kind}.parquet").exists()]
    if not found:
        raise BadInput([Problem(str(folder), None, None, "files such as refunds.parquet", "none")])
    for kind, schema in SCHEMAS.items():
        columns = ", ".join(f"{field.name} {_TYPES[field.type]}" for field in schema)
        if kind in found:
            raw = _plain(spark.read.parquet(str(folder / f"{kind}.parquet")), kind)
            taken = raw.mapInArrow(_parse(kind, key), columns)
        else:
            taken = spark.createDataFrame([], columns)
        taken.createOrReplaceTempView(f"taken_{kind}")
        once = ", ".join(schema.names)
        first = f"""SELECT {once} FROM (SELECT t.*, ROW_NUMBER() OVER
          (PARTITION BY t.fact_key ORDER BY t.known_at, t.content) AS nth FROM taken_{kind} t) x
          WHERE x.nth = 1"""
        _store(spark, kind, first, to)


def _plain(raw: DataFrame, kind: str) -> DataFrame:
    """The contract's columns, zoned times as milliseconds and ids as strings."""
    types = {field.name: field.type for field in KINDS[kind].fields}
    columns = []
    for name, given in raw.dtypes:
        if name not in types:
            continue
        text = f"`{name}`"
        if types[name] == "time" and given == "timestamp":
            text = f"unix_millis(`{name}`) AS `{name}`"
        elif types[name] in ("id", "text", "choice") and given != "string":
            text = f"CAST(`{name}` AS STRING) AS `{name}`"
        columns.append(text)
    return raw.selectExpr(*columns)


def _parse(kind: str, key: bytes) -> Callable[[Batches], Batches]:
    """Parses and hashes raw rows of a kind in a worker. Raises BadInput for a bad row."""

    def through(batches: Batches) -> Batches:
        hasher, definition = Hasher(key), KINDS[kind]
        times = {field.name for field in definition.fields if field.type == "time"}
        latest = latest_event(now_ms())
        for batch in batches:
            columns: dict[str, Sequence[Any]] = {}
            for name in batch.schema.names:
                whole = name in times and pa.types.is_integer(batch.column(name).type)
                values = batch.column(name).to_pylist()
                columns[name] = Millis(values) if whole else values
            lines = range(batch.num_rows)
            parsed, problems = parse_columns(definition, columns, lines, latest=latest)
            if problems:
                raise BadInput(problems)
            yield pa.RecordBatch.from_pydict(
                take_in(definition, parsed, hasher), schema=SCHEMAS[kind]
            )

    return through


def _number_moments(spark: SparkSession, to: Path) -> None:
    """Number the moments and store them: computed a second time, the numbers could differ."""
    text = f"SELECT monotonically_increasing_id() AS row_id, m.* FROM ({MOMENTS}) m"
    _store(spark, "asked", text, to)


def _measure(spark: SparkSession, name: str, measures: Sequence[Measure], to: Path) -> None:
    """Store a group's measures as (row_id, group, numbers)."""
    if name == RING:
        for step, text in RING_STEPS:
            _store(spark, step, text, to)
        query, places = RING_NUMBERS, [RING_COLUMNS.index(m.value) for m in measures]
    else:
        query, places = set_query(name, measures), list(range(len(measures)))
    numbers = ", ".join(f"CAST(q.m{place} AS BIGINT)" for place in places)
    rows = spark.sql(
        f"SELECT q.row_id, '{name}' AS measured, array({numbers}) AS numbers FROM ({query}) q"
    )
    rows.write.mode("overwrite").parquet(str(to / "measures" / name.replace("@", "-")))


def _finished(
    spark: SparkSession,
    groups: dict[str, tuple[Measure, ...]],
    features: Sequence[Feature],
    to: Path,
) -> DataFrame:
    """Join the measures of each row and compute features from them."""
    folders = [str(to / "measures" / name.replace("@", "-")) for name in groups]
    spark.read.parquet(*folders).createOrReplaceTempView("measured")
    together = spark.sql("""SELECT s.refund_id, s.as_of, s.stage, t.names, t.numbers FROM asked s
      LEFT JOIN (SELECT row_id, collect_list(measured) AS names, collect_list(numbers) AS numbers
                 FROM measured GROUP BY row_id) t ON t.row_id = s.row_id""")
    names = ", ".join(f"`{feature.name}` DOUBLE" for feature in features)
    columns = f"refund_id STRING, as_of BIGINT, stage STRING, {names}"
    made = together.mapInArrow(_finishing(groups, tuple(features)), columns)
    return made.selectExpr(
        "refund_id", "timestamp_millis(as_of) AS as_of", "stage", *(f"`{f.name}`" for f in features)
    )


def _finishing(
    groups: dict[str, tuple[Measure, ...]], features: tuple[Feature, ...]
) -> Callable[[Batches], Batches]:
    """Computes features from the joined measures of rows in a worker."""
    positions = {m: i for i, m in enumerate(m for group in groups.values() for m in group)}
    starts = {name: positions[group[0]] for name, group in groups.items()}
    empty = [measure.empty for measure in positions]

    def through(batches: Batches) -> Batches:
        finish = finisher(features, positions)
        for batch in batches:
            raw = np.array([empty] * batch.num_rows, dtype=np.float64).reshape(-1, len(empty))
            for i, (groups_of_row, numbers) in enumerate(
                zip(
                    batch.column("names").to_pylist(),
                    batch.column("numbers").to_pylist(),
                    strict=True,
                )
            ):
                for name, values in zip(groups_of_row or (), numbers or (), strict=True):
                    raw[i, starts[name] : starts[name] + len(values)] = np.array(values, np.float64)
            yield _with_features(batch, finish(raw), features)

    return through


def _with_features(
    batch: pa.RecordBatch, matrix: Floats, features: tuple[Feature, ...]
) -> pa.RecordBatch:
    arrays = {name: batch.column(name) for name in ("refund_id", "as_of", "stage")}
    arrays |= {f.name: pa.array(matrix[:, i]) for i, f in enumerate(features)}
    return pa.RecordBatch.from_pydict(arrays)


def main(
    facts: Annotated[Path, typer.Option(help="A folder of contract files in Parquet.")],
    to: Annotated[Path, typer.Option("--out", help="The folder to write features.parquet to.")],
) -> None:
    """Write the features of every request of a folder, at each of its moments."""
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    spark = SparkSession.builder.appName("refund-risk backfill").getOrCreate()
    spark.conf.set("spark.sql.session.timeZone", "UTC")
    try:
        made = features_of(spark, facts, to / "work", catalogue(), secrets.token_bytes(32))
        made.write.mode("overwrite").parquet(str(to / "features.parquet"))
    except BadInput as bad:
        sys.exit(f"error: {bad}")
    finally:
        spark.stop()


if __name__ == "__main__":
    typer.run(main)
