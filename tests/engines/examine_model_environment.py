"""A registered model answers in an environment of its own requirements: part of `make examine`.

Nothing of this product is installed there. The same model scores as a function of Spark SQL.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import venv
from pathlib import Path

import mlflow
import pytest
from pyspark.sql import SparkSession
from pyspark.sql.functions import struct

from risk.model.pyfunc import frame_probabilities, synthetic_example
from risk.model.training_run import TrainingRun
from risk.registry import Registry
from tests.deciders import bundle

NAMED = ("HOME", "PATH", "LANG", "PIP_CONFIG_FILE", "PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL")
"""What the environment inherits: no path of Python's."""


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a registered model."""
    folder = tmp_path_factory.mktemp("registry")
    registry = Registry(f"sqlite:///{folder}/mlflow.db", folder / "artifacts")
    one = bundle()
    registry.register(registry.log_run(TrainingRun(bundle=one, twin=one)))
    mlflow.set_tracking_uri(f"sqlite:///{folder}/mlflow.db")
    return Path(
        mlflow.artifacts.download_artifacts("models:/refund-risk/1", dst_path=str(folder / "kept"))
    )


def test_every_requirement_names_its_version(model: Path) -> None:
    asked = (model / "requirements.txt").read_text().split()
    assert asked
    assert all("==" in one for one in asked)


def test_mlflow_predicts_in_an_environment_of_its_own(model: Path, tmp_path: Path) -> None:
    venv.create(tmp_path / "env", with_pip=True)
    within = {name: os.environ[name] for name in NAMED if name in os.environ}
    programs = tmp_path / "env" / "bin"

    def run(*words: str) -> None:
        done = subprocess.run(
            [str(programs / words[0]), *words[1:]], env=within, cwd=tmp_path,
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr

    run("pip", "install", "--quiet", "-r", str(model / "requirements.txt"))
    answers = tmp_path / "answers.json"
    run(
        "mlflow", "models", "predict", "--model-uri", str(model), "--env-manager", "local",
        "--input-path", str(model / "serving_input_example.json"), "--content-type", "json",
        "--output-path", str(answers),
    )  # fmt: skip
    found = json.loads(answers.read_text())["predictions"]
    assert found == frame_probabilities(bundle(), synthetic_example(bundle())).tolist()


def test_the_model_is_a_function_of_spark(model: Path) -> None:
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    frame = synthetic_example(bundle())
    known = frame.where(frame.notna(), None)
    with SparkSession.builder.master("local[1]").getOrCreate() as spark:
        probability = mlflow.pyfunc.spark_udf(spark, str(model), result_type="double")
        schema = ", ".join(
            f"`{name}` {'string' if name == 'lane' else 'double'}" for name in frame.columns
        )
        rows = spark.createDataFrame(known.to_dict("records"), schema)
        answers = rows.select(probability(struct(*rows.columns)).alias("p")).toPandas()
    wanted = frame_probabilities(bundle(), frame)
    assert answers["p"].tolist() == wanted.tolist()
