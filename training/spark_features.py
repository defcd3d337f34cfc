"""The backfill on Spark, as `python -m training.spark features` runs it.

Facts are parsed and hashed as on import, the same SQL makes derived rows and measures, and the same
function computes features from them. Under `spark-submit` the session of the cluster is used; its
workers need this package and `risk` (for instance by `--py-files`).
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession

from risk.decisions.case_rows import MOMENTS, OWN, OWN_VERDICTS
from risk.decisions.many_cases import VERDICTS
from risk.features.compile import many_query, measures_of, set_query
from risk.features.derived import AT_ONCE, SPINE
from risk.features.epochs import JOINED, derivation
from risk.features.finish import Floats, finisher
from risk.features.many_valued import MANY_VALUED
from risk.features.order_money import MONEY
from risk.features.ring import RING, RING_COLUMNS, RING_NUMBERS, ring_steps
from risk.features.sources import GROUPS
from risk.features.spec import Feature, Measure
from training.cases.case_files import FEATURES, SAMPLED, write_catalogue
from training.cases.labels import KNOWN
from training.spark_folder import Batches, SparkFolder
from training.spark_tables import is_revised, load_facts, store_view

CASES = {"spine": "SELECT * FROM spine", "money": MONEY, VERDICTS: OWN_VERDICTS, **OWN}
"""The queries of all that a case is made of but its features, each with `row_id`."""


def features_of(
    spark: SparkSession,
    folder: SparkFolder,
    to: Path,
    features: Sequence[Feature],
    moments: str = MOMENTS,
) -> DataFrame:
    """(row_id, refund_id, as_of, stage, features) of every moment of a folder's requests, or of
    those that the query `moments` gives.

    Every intermediate result is written as Parquet under `to`, so that each step is computed once
    and memory stays bounded.
    """
    load_facts(spark, folder, to)
    for name, text in derivation(revised=is_revised(spark, *JOINED)):
        store_view(spark, name, text, to)
    _number_moments(spark, moments, to)
    names = {"settled": AT_ONCE, "moments": "moments", "orders": "orders", "refunds": "refunds"}
    store_view(spark, "spine", SPINE.format(**names), to)
    for name in MANY_VALUED:
        spark.sql(many_query(name)).createOrReplaceTempView(name)
    groups = measures_of(features)
    for name, measures in groups.items():
        _measure(spark, name, measures, to)
    return _finished(spark, groups, features, to)


def _number_moments(spark: SparkSession, moments: str, to: Path) -> None:
    """Number the moments and store them: computed a second time, the numbers could differ."""
    text = f"SELECT monotonically_increasing_id() AS row_id, m.* FROM ({moments}) m"
    store_view(spark, "moments", text, to)


def _measure(spark: SparkSession, name: str, measures: Sequence[Measure], to: Path) -> None:
    """Store a group's measures as (row_id, group, numbers)."""
    if name == RING:
        for step, text in ring_steps(revised=is_revised(spark, "sightings")):
            store_view(spark, step, text, to)
        query, places = RING_NUMBERS, [RING_COLUMNS.index(m.value) for m in measures]
    else:
        revised = name in GROUPS and is_revised(spark, *GROUPS[name].tables)
        query, places = set_query(name, measures, revised=revised), list(range(len(measures)))
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
    together = spark.sql("""SELECT s.row_id, s.refund_id, s.as_of, s.stage, t.names, t.numbers
      FROM moments s
      LEFT JOIN (SELECT row_id, collect_list(measured) AS names, collect_list(numbers) AS numbers
                 FROM measured GROUP BY row_id) t ON t.row_id = s.row_id""")
    names = ", ".join(f"`{feature.name}` DOUBLE" for feature in features)
    columns = f"row_id BIGINT, refund_id STRING, as_of BIGINT, stage STRING, {names}"
    made = together.mapInArrow(_finishing(groups, tuple(features)), columns)
    about = ("row_id", "refund_id", "timestamp_millis(as_of) AS as_of", "stage")
    return made.selectExpr(*about, *(f"`{f.name}`" for f in features))


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
    arrays = {name: batch.column(name) for name in ("row_id", "refund_id", "as_of", "stage")}
    arrays |= {f.name: pa.array(matrix[:, i]) for i, f in enumerate(features)}
    return pa.RecordBatch.from_pydict(arrays)


def write_cases(
    spark: SparkSession,
    folder: SparkFolder,
    to: Path,
    features: Sequence[Feature],
    share: float = 1.0,
) -> None:
    """Write all that training needs of a folder's requests (`training.cases.case_files`), or of a
    `share` of them, drawn by a hash of their ids: all facts count in the features of each."""
    below = round(share * 2**32)
    drawn = f" WHERE substr(sha2(q.refund_id, 256), 1, 8) < '{below:08x}'"
    only = drawn if below < 2**32 else ""
    made = features_of(spark, folder, to / "work", features, f"SELECT q.* FROM ({MOMENTS}) q{only}")
    made.write.mode("overwrite").parquet(str(to / FEATURES))
    for name, query in {**CASES, "labels": f"SELECT q.* FROM ({KNOWN}) q{only}"}.items():
        spark.sql(query).write.mode("overwrite").parquet(str(to / f"{name}.parquet"))
    shutil.rmtree(to / SAMPLED, ignore_errors=True)
    if only:
        each = f"SELECT DISTINCT refund_id, CAST({1 / share!r} AS DOUBLE) AS stands_for FROM spine"
        spark.sql(each).write.parquet(str(to / SAMPLED))
    write_catalogue(to, features)
