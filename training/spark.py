"""The product's work on any Spark 4: `python -m training.spark`, or by `spark-submit`.

Under `spark-submit` the session of the cluster is used; its workers need this package and `risk`
(for instance by `--py-files`).
"""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from pyspark.sql import SparkSession

from risk.errors import BadInput, Conflict
from risk.features.catalog import catalogue
from training.cases.score_batches import Scorer
from training.cli import shell
from training.cli.command_group import CommandGroup
from training.cli.mapping import MappingName, mapping_of
from training.promote import bundle_at
from training.spark_features import write_cases
from training.spark_folder import SparkFolder
from training.spark_scores import write_scores

FOLDER = "A folder of facts: in parts as Parquet, other files read by one worker each."
app = typer.Typer(help="The product's work on Spark.", cls=CommandGroup)


@contextmanager
def _session(name: str) -> Iterator[SparkSession]:
    """The session of the cluster, or one on this machine; stopped afterwards."""
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    spark = SparkSession.builder.appName(f"refund-risk {name}").getOrCreate()
    spark.conf.set("spark.sql.session.timeZone", "UTC")
    try:
        yield spark
    except (BadInput, Conflict, OSError) as bad:
        sys.exit(f"error: {bad}")
    finally:
        spark.stop()


@app.command("features")
def write_features(
    facts: Annotated[Path, typer.Option(help=FOLDER)],
    to: Annotated[Path, typer.Option("--out", help="The folder to write to.")],
    forgotten: Annotated[
        Path | None,
        typer.Option(
            help="What `refund-risk suppression-list` wrote: rows about those people are left out."
        ),
    ] = None,
    mapping: MappingName = None,
    share: Annotated[
        float,
        typer.Option(
            help="Only this share of the requests (above 0, at most 1), drawn by a hash of their "
            "ids; every fact counts in their features, and training is told how they were drawn."
        ),
    ] = 1.0,
) -> None:
    """Write the features of every request of a folder, at each of its moments, and all else that
    `refund-risk train --features` needs."""
    if not 0 < share <= 1:
        raise typer.BadParameter(f"above 0 and at most 1, not {share:g}", param_hint="--share")
    with _session("features") as spark:
        listed = forgotten.read_text() if forgotten else ""
        folder = SparkFolder(facts, secrets.token_bytes(32), listed, mapping_of(mapping))
        write_cases(spark, folder, to, catalogue(), share)


@app.command("score")
@shell.one_line_errors
def score(
    facts: Annotated[Path, typer.Option(help=FOLDER)],
    model: Annotated[str, typer.Option(help="A registered version, or an alias.")],
    to: Annotated[Path, typer.Option("--out", help="The folder to write to.")],
    mapping: MappingName = None,
) -> None:
    """Score every request of a folder as of its own moment, as `refund-risk score` does, into the
    Parquet parts `scores.parquet` of the folder."""
    registry = shell.registry()
    bundle = bundle_at(registry, model)
    with shell.store() as history:
        scorer = Scorer(
            bundle.to_bytes(), bundle.digest, registry.version_of(model), shell.policies(),
            history.audit_key,
        )  # fmt: skip
        forgotten = history.hasher.suppression_list.export()
    folder = SparkFolder(facts, secrets.token_bytes(32), forgotten, mapping_of(mapping))
    with _session("score") as spark:
        write_scores(spark, folder, to, scorer)


if __name__ == "__main__":
    app()
