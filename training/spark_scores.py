"""Scoring a folder on Spark with a registered bundle, as `refund-risk score` does on one machine.

Features and all that a case is made of come together in one row a request; a worker decides them
batch by batch with the same functions.
"""

from __future__ import annotations

from pathlib import Path

from pyspark.sql import DataFrame, SparkSession

from risk.decisions.case_rows import REQUESTS
from training.cases.score_batches import NESTED, VECTOR, Scorer
from training.cases.score_folder import COLUMNS
from training.spark_features import CASES, features_of
from training.spark_folder import SparkFolder

SCORES = "scores.parquet"


def write_scores(spark: SparkSession, folder: SparkFolder, to: Path, scorer: Scorer) -> None:
    """Write the scores of every request of a folder, in time order, in Parquet parts.

    Intermediate results are written to `to/work`.
    """
    features = scorer.champion().features
    made = features_of(spark, folder, to / "work", features, REQUESTS)
    names = ", ".join(f"`{feature.name}`" for feature in features)
    joined = spark.sql(CASES["spine"]).join(
        made.selectExpr("row_id", f"array({names}) AS {VECTOR}"), "row_id"
    )
    for name in NESTED:
        joined = joined.join(_nested(spark, name), "row_id", "left")
    types = ", ".join(
        f"{name} {'DOUBLE' if name == 'probability' else 'STRING'}" for name in COLUMNS
    )
    scores = joined.mapInArrow(scorer, types).orderBy("requested_at", "refund_id")
    scores.write.mode("overwrite").parquet(str(to / SCORES))


def _nested(spark: SparkSession, name: str) -> DataFrame:
    """The rows of one query of `CASES` for each row_id, as a list."""
    return spark.sql(
        f"SELECT q.row_id, collect_list(struct(q.*)) AS `rows_{name}` FROM ({CASES[name]}) q "
        "GROUP BY q.row_id"
    )
