"""A cluster of two workers scores a folder as one machine does: part of `make examine`.

That features are the same on Spark is tested in `test_spark.py`: the model here uses few of them.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyspark.sql import SparkSession

from risk.decisions.case import audit_draw
from risk.decisions.policy_features import POLICY_FEATURES
from risk.facts import INCOMING
from risk.facts.parse_columns import Columns
from risk.features.word_weights import DIGITS, FEATURE, WORDS, WordWeights
from risk.identity import Hasher, SuppressionEntry
from risk.model import Bundle
from risk.policy import Policies, load
from tests.deciders import bundle
from tests.engines.spark_cluster import HOST, cluster
from tests.world_folders import once, write_folder
from tests.worlds import Shape, World, seeded
from training.cases.score_batches import Scorer
from training.cases.score_folder import score_facts
from training.facts.arrow_tables import of_columns
from training.facts.read_folder import read_folder
from training.spark_folder import SparkFolder
from training.spark_scores import SCORES, write_scores

ROOT = Path(__file__).parents[2]
KEY, AUDITS = b"a key for one run of the backfill", b"a key that draws audits"


@pytest.fixture
def spark(tmp_path: Path) -> Iterator[SparkSession]:
    """A session on a cluster; no code is generated or compiled far for the few rows of a test."""
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    settings = {"spark.sql.shuffle.partitions": "2", "spark.ui.enabled": "false",
                "spark.sql.session.timeZone": "UTC", "spark.driver.host": HOST,
                "spark.driver.bindAddress": HOST, "spark.executor.memory": "512m",
                "spark.executor.cores": "1", "spark.executorEnv.PYTHONPATH": str(ROOT),
                "spark.sql.codegen.wholeStage": "false", "spark.sql.adaptive.enabled": "false",
                "spark.sql.codegen.factoryMode": "NO_CODEGEN",
                "spark.executor.extraJavaOptions": "-XX:TieredStopAtLevel=1",
                "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1"}  # fmt: skip
    with cluster(tmp_path / "cluster") as master:
        builder = SparkSession.builder.master(master)
        for name, value in settings.items():
            builder = builder.config(name, value)
        with builder.getOrCreate() as started:
            yield started


def in_parts(folder: Path) -> Path:
    """The files of a folder, each cut into parts: the first has most rows, the others few."""
    for file in list(folder.glob("*.parquet")):
        table, parts = pq.read_table(file), folder / file.stem
        parts.mkdir()
        cuts = [0, *range(len(table) * 3 // 4, len(table), max(1, len(table) // 16)), len(table)]
        for number, (start, end) in enumerate(pairwise(cuts)):
            pq.write_table(table[start:end], parts / f"part-{number:03}.parquet")
        file.unlink()
    return folder


def forgetting_one(world: World) -> Hasher:
    """A hasher that leaves out the customer with most orders, who was forgotten."""
    hasher, customers = Hasher(KEY), [order["customer_id"] for order in world["orders"]]
    gone = max(set(customers), key=customers.count)
    orders = {one["order_id"] for one in world["orders"] if one["customer_id"] == gone}
    requests = {one["refund_id"] for one in world["refunds"] if one["order_id"] in orders}
    assert len(requests) > 3
    mark, entry = hasher.suppression_list.mark, SuppressionEntry(2**50)
    marks = {mark("customer", gone), *(mark("order", name) for name in orders)}
    marks |= {mark("refund", name) for name in requests}
    hasher.suppression_list.replace_entries(dict.fromkeys(marks, entry))
    return hasher


def read_kind_by_kind(folder: Path, hasher: Hasher, to: Path) -> dict[str, pa.Table]:
    """What a cluster reads: a kind after the other, each until nothing more of it is left out."""
    facts = dict[str, list[Columns]]()
    for kind in INCOMING:
        if (folder / kind).is_dir():
            shutil.copytree(folder / kind, to / kind / kind)
            known = None
            while known != (known := hasher.suppression_list.times()):
                facts |= read_folder(to / kind, hasher)
    return of_columns(facts)


def weighing(requests: pa.Table) -> Bundle:
    """A model of few features that gives the words of these requests weights."""
    texts = [text for text in requests[WORDS].to_pylist() if text]
    buckets = {text[at : at + DIGITS] for text in texts for at in range(0, len(text), DIGITS)}
    assert len(buckets) > 5
    few = bundle(only=(*POLICY_FEATURES, FEATURE))
    return replace(few, words=WordWeights({one: int(one, 16) % 999 for one in buckets}))


def test_a_cluster_scores_as_one_machine_does(spark: SparkSession, tmp_path: Path) -> None:
    """Most rows are of few customers, and most of those lie in one part; one was forgotten.

    The model weighs words.
    """
    world = once(seeded(7, Shape(facts=300, customers=6, steps=40, revised=2)))
    folder, hasher = in_parts(write_folder(world, tmp_path / "facts")), forgetting_one(world)
    given = SparkFolder(folder, KEY, hasher.suppression_list.export())
    facts = read_kind_by_kind(folder, hasher, tmp_path / "kinds")
    model, policies = weighing(facts["refunds"]), Policies(load(None))
    scorer = Scorer(model.to_bytes(), model.digest, "1", policies, AUDITS)
    write_scores(spark, given, tmp_path / "out", scorer)
    assert len(spark._jsc.sc().statusTracker().getExecutorInfos()) == 1 + 2
    found = pd.read_parquet(tmp_path / "out" / SCORES)
    wanted = score_facts(facts, scorer.champion(), policies, partial(audit_draw, key=AUDITS))
    assert len(wanted) > 20
    order = ["requested_at", "refund_id"]
    pd.testing.assert_frame_equal(
        found.sort_values(order, ignore_index=True), wanted.sort_values(order, ignore_index=True),
        check_exact=True, check_dtype=False,
    )  # fmt: skip
