"""Spark tells what DuckDB tells, to the bit, over the same contract files."""

from __future__ import annotations

import hashlib
import os
import random
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from risk.decisions.case_rows import MOMENTS, OWN, numbered
from risk.decisions.policy_features import POLICY_FEATURES
from risk.errors import Conflict
from risk.facts import KINDS
from risk.facts.parse import parse_time
from risk.features.backfill import backfill, offline
from risk.features.catalog import catalogue
from risk.features.derived import AT_ONCE, SPINE
from risk.features.order_money import MONEY, order_money
from risk.history.intake import ingest
from risk.history.tenants.caller import Caller
from risk.identity import Hasher, SuppressionEntry
from risk.policy import load
from tests.deciders import body, photo
from tests.foreign_exports import exports
from tests.labelled_cases import assert_equal_cases
from tests.money_worlds import money_history
from tests.naive_moments import naive_moments
from tests.naive_money import money_of
from tests.rendering import Floats, asked_table, differences, tables, visible_questions
from tests.stores import new_store
from tests.world_folders import once, write_folder
from tests.worlds import Chooser, Shape, seeded, stored
from training.cases.case_files import load_cases
from training.cases.dataset import LabelledCases, dataset_of
from training.facts.arrow_tables import of_columns
from training.facts.mapping.mapping_file import load_mapping
from training.facts.read_folder import read_folder
from training.facts.snapshot import stored_facts
from training.simulate import simulate

pytest.importorskip("pyspark")
from pyspark.sql import SparkSession

from training.spark_features import write_cases
from training.spark_folder import SparkFolder
from training.spark_tables import load_facts

pytestmark = pytest.mark.engines
KEY = b"a key for one run of the backfill"


@pytest.fixture(scope="module")
def spark() -> Iterator[SparkSession]:
    """Two threads; no code is generated or compiled far for the few rows of a test."""
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    settings = {"spark.sql.shuffle.partitions": "2", "spark.ui.enabled": "false",
                "spark.sql.session.timeZone": "UTC", "spark.driver.host": "127.0.0.1",
                "spark.driver.bindAddress": "127.0.0.1", "spark.driver.memory": "1g",
                "spark.sql.codegen.wholeStage": "false", "spark.sql.adaptive.enabled": "false",
                "spark.sql.codegen.factoryMode": "NO_CODEGEN",
                "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1"}  # fmt: skip
    builder = SparkSession.builder.master("local[2]")
    for name, value in settings.items():
        builder = builder.config(name, value)
    started = builder.getOrCreate()
    yield started
    started.stop()


def assert_same(by_spark: pd.DataFrame, keys: pd.DataFrame, matrix: Floats) -> None:
    """Spark's rows are those of DuckDB, whose keys and matrix these are."""
    here = pd.MultiIndex.from_frame(keys[["refund_id", "as_of", "stage"]])
    milliseconds = (by_spark["as_of"] - pd.Timestamp(0, tz="UTC")) // pd.Timedelta("1ms")
    by_spark = by_spark.assign(as_of=milliseconds.astype("int64"))
    rows = by_spark.set_index(["refund_id", "as_of", "stage"]).loc[here].to_numpy(np.float64)
    questions = list(zip(keys["refund_id"], keys["as_of"], keys["stage"], strict=True))
    assert len(by_spark) == len(questions)
    assert differences(matrix, rows, catalogue(), questions) == []


def test_spark_and_duckdb_agree_to_the_bit(spark: SparkSession, tmp_path: Path) -> None:
    """Over a folder with corrections and retractions, since each look at Spark takes minutes."""
    world = seeded(7, Shape(facts=500, customers=10, steps=60, revised=2))
    folder = write_folder(once(world), tmp_path / "facts")
    write_cases(spark, SparkFolder(folder, KEY), tmp_path / "out", catalogue())
    written = spark.read.parquet(str(tmp_path / "out" / "features.parquet"))
    by_spark = written.drop("row_id").toArrow().to_pandas()
    facts = of_columns(read_folder(folder, Hasher(KEY)))
    assert sum(pc.count_distinct(facts[kind]["revision"]).as_py() > 1 for kind in KINDS) > 5
    assert facts["retractions"].num_rows > 50
    with offline(facts, threads=1) as db:
        asked = db.sql(numbered(MOMENTS)).to_arrow_table()
        matrix = backfill(db, asked, catalogue()).matrix
    assert asked.num_rows >= 80
    assert_same(by_spark, asked.to_pandas(), matrix)
    assert_equal_cases(
        load_cases(tmp_path / "out", catalogue()), LabelledCases.read(facts, catalogue())
    )


def test_a_share_of_the_requests_is_drawn_by_their_ids(spark: SparkSession, tmp_path: Path) -> None:
    """Each with the features that it has among all, and with how many it stands for."""
    world = seeded(7, Shape(facts=200, customers=10, steps=40))
    folder = write_folder(once(world), tmp_path / "facts")
    features = tuple(feature for feature in catalogue() if feature.name in POLICY_FEATURES)
    write_cases(spark, SparkFolder(folder, KEY), tmp_path / "out", features, share=0.4)
    whole = LabelledCases.read(of_columns(read_folder(folder, Hasher(KEY))), features)
    every = dataset_of(whole, load(None)).frame.drop(columns="row")
    hashes = [hashlib.sha256(name.encode()).hexdigest() for name in every["refund_id"]]
    drawn = [int(found[:8], 16) < 0.4 * 2**32 for found in hashes]
    assert 0 < sum(drawn) < len(drawn)
    part = dataset_of(load_cases(tmp_path / "out", features), load(None)).frame
    wanted = every[drawn].reset_index(drop=True).assign(stands_for=2.5)
    found = part.drop(columns="row")
    pd.testing.assert_frame_equal(found, wanted[found.columns], check_exact=True)


def test_a_simulated_folder_is_read_alike(spark: SparkSession, tmp_path: Path) -> None:
    folder = tmp_path / "facts"
    simulate(folder, refunds=80, seed=3)
    in_several_files(folder)
    assert_read_alike(spark, SparkFolder(folder, KEY), tmp_path / "work")


def test_an_export_is_read_alike(spark: SparkSession, tmp_path: Path) -> None:
    """Files of the export of another system by its mapping, and one of the contract in CSV."""
    folder = exports(tmp_path / "export", "doudian")
    (folder / "evidence.csv").write_text(
        "evidence_id,refund_id,kind,submitted_at\nE1,7300000000000000001,photo,2026-03-06T10:00:00Z\n"
    )
    given = SparkFolder(folder, KEY, mapping=load_mapping("doudian"))
    assert_read_alike(spark, given, tmp_path / "work")


def test_a_bad_row_of_a_file_is_named(spark: SparkSession, tmp_path: Path) -> None:
    row = "O,C,now,1,EUR"
    (tmp_path / "orders.csv").write_text(f"order_id,customer_id,placed_at,amount,currency\n{row}\n")
    with pytest.raises(Exception, match=r"orders\.csv row 2 field placed_at"):
        load_facts(spark, SparkFolder(tmp_path, KEY), tmp_path / "work")


def assert_read_alike(spark: SparkSession, given: SparkFolder, to: Path) -> None:
    """Spark's facts are those that one machine reads."""
    load_facts(spark, given, to)
    facts = of_columns(read_folder(given.path, Hasher(KEY), mapping=given.mapping))
    assert facts["orders"].num_rows > 0
    assert facts["evidence"].num_rows > 0
    for kind in KINDS:
        rows = spark.table(kind).select("fact_key", "content", "known_at").collect()
        here = facts[kind].select(["fact_key", "content", "known_at"]).to_pylist()
        assert sorted(map(tuple, rows)) == sorted(tuple(row.values()) for row in here)


def test_forgotten_people_are_left_out_by_an_exported_list(
    spark: SparkSession, tmp_path: Path
) -> None:
    folder = tmp_path / "facts"
    simulate(folder, refunds=60, seed=3)
    order = pq.read_table(folder / "orders.parquet").to_pylist()[0]["order_id"]
    request = pq.read_table(folder / "refunds.parquet").to_pylist()[-1]["refund_id"]
    hasher = Hasher(KEY)
    marks = [hasher.suppression_list.mark(*one) for one in (("order", order), ("refund", request))]
    hasher.suppression_list.replace_entries(dict.fromkeys(marks, SuppressionEntry(2**42)))
    listed = Hasher(b"the key of a store")
    listed.suppression_list.load(hasher.suppression_list.export())
    given = SparkFolder(folder, KEY, hasher.suppression_list.export())
    load_facts(spark, given, tmp_path / "work")
    facts = of_columns(read_folder(folder, listed))
    whole = of_columns(read_folder(folder, Hasher(KEY)))
    for kind in ("orders", "refunds", "shipments", "evidence"):
        ids = [row[0] for row in spark.table(kind).select(f"{KINDS[kind].key[0]}").collect()]
        assert len(ids) == facts[kind].num_rows
        assert not {order, request} & set(ids)
    assert facts["orders"].num_rows < whole["orders"].num_rows
    assert facts["refunds"].num_rows < whole["refunds"].num_rows


def test_what_a_forgotten_customer_left_behind_is_left_out(
    spark: SparkSession, tmp_path: Path
) -> None:
    """The list names the customer alone: their orders are in one file, what is about these in
    others."""
    folder = tmp_path / "facts"
    simulate(folder, refunds=60, seed=3)
    orders = pq.read_table(folder / "orders.parquet").to_pylist()
    order_of = {row["order_id"]: row["customer_id"] for row in orders}
    asked = [
        order_of[row] for row in pq.read_table(folder / "refunds.parquet")["order_id"].to_pylist()
    ]
    hasher = Hasher(KEY)
    mark = hasher.suppression_list.mark("customer", max(set(asked), key=asked.count))
    hasher.suppression_list.replace_entries({mark: SuppressionEntry(2**42)})
    given = SparkFolder(folder, KEY, hasher.suppression_list.export())
    load_facts(spark, given, tmp_path / "work")
    facts = of_columns(read_folder(folder, hasher))
    whole = of_columns(read_folder(folder, Hasher(KEY)))
    assert facts["refunds"].num_rows < whole["refunds"].num_rows
    for kind in KINDS:
        assert spark.table(kind).count() == facts[kind].num_rows, kind


def in_several_files(folder: Path) -> None:
    """The orders as parts in a folder, the requests in two files, one flag as numbers."""
    (folder / "orders").mkdir()
    (folder / "orders.parquet").rename(folder / "orders" / "part-0.parquet")
    whole = pq.read_table(folder / "refunds.parquet")
    (folder / "refunds.parquet").unlink()
    flags = pa.array([value % 2 for value in range(40)], pa.int64())
    place = whole.schema.get_field_index("claims_received")
    first = whole.slice(0, 40).set_column(place, "claims_received", flags)
    pq.write_table(first, folder / "refunds_1.parquet")
    pq.write_table(whole.slice(40), folder / "refunds_2.parquet")


def test_retractions_that_contradict_each_other_are_refused(
    spark: SparkSession, tmp_path: Path
) -> None:
    world = seeded(7, Shape(facts=40, customers=3, steps=9, revised=2))
    one = world["retractions"][0]
    world["retractions"].append({**one, "reason": "another"})
    given = SparkFolder(write_folder(world, tmp_path / "facts"), KEY)
    with pytest.raises(Conflict, match="with another content: reason"):
        load_facts(spark, given, tmp_path / "work")


def test_the_moments_are_the_same_as_by_hand(spark: SparkSession) -> None:
    facts = stored(seeded(5, Shape(facts=400, customers=12, steps=40)))
    for kind, table in tables(facts).items():
        spark.createDataFrame(table).createOrReplaceTempView(kind)
    found = sorted(tuple(row) for row in spark.sql(MOMENTS).collect())
    assert found == naive_moments(facts)
    assert {stage for _, _, stage in found} == {"request", "evidence", "return", "inspection"}


def test_what_waited_for_its_order_is_known_from_its_release(
    spark: SparkSession, tmp_path: Path
) -> None:
    """Facts of a bound caller: the order turns up after the parcel and the photo that name it."""
    history, one, caller = new_store(tmp_path / "store.db"), body("late"), Caller.bound_to("M-1")
    item = photo(one)
    ingest(history, "shipments", one["shipments"], caller=caller)
    ingest(history, "evidence", [item], caller=caller)
    ingest(history, "refunds", [one["refund"]])
    ingest(history, "orders", one["order"])
    facts = stored_facts(history.engine)
    history.close()
    [released] = facts["orders"]["known_at"].to_pylist()
    asked = parse_time(one["refund"]["requested_at"])
    for kind, table in facts.items():
        spark.createDataFrame(table).createOrReplaceTempView(kind)
    found = sorted(tuple(row) for row in spark.sql(MOMENTS).collect())
    assert found == [("R-late", asked, "request"), ("R-late", released, "evidence")]
    assert found == naive_moments({kind: facts[kind].to_pylist() for kind in facts})
    spark.sql(numbered(MOMENTS)).createOrReplaceTempView("moments")
    spine = SPINE.format(settled=AT_ONCE, moments="moments", orders="orders", refunds="refunds")
    spark.sql(spine).createOrReplaceTempView("spine")
    with offline(facts, threads=1) as db:
        db.sql(numbered(MOMENTS)).create("moments")
        db.sql(spine).create("spine")
        for name in ("evidence", "parcels"):
            rows = [tuple(row) for row in spark.sql(OWN[name]).collect()]
            assert [row[0] for row in rows] == [1]
            assert rows == db.sql(OWN[name]).fetchall()


def test_the_money_is_the_naive_money(spark: SparkSession) -> None:
    chooser = Chooser(random.Random(1).randrange)
    facts = stored(money_history(chooser, 160, 6))
    asked = visible_questions(facts, chooser, 120)
    truth = [money_of(facts, refund, as_of) for refund, as_of, _ in asked]
    assert sum(one.granted_before > 0 for one in truth) > 10
    for kind, table in tables(facts).items():
        spark.createDataFrame(table).createOrReplaceTempView(kind)
    spark.createDataFrame(asked_table(asked)).createOrReplaceTempView("moments")
    spine = SPINE.format(settled=AT_ONCE, moments="moments", orders="orders", refunds="refunds")
    spark.sql(spine).createOrReplaceTempView("spine")
    rows = spark.sql(MONEY).orderBy("row_id").toArrow().to_pylist()
    assert [order_money(row) for row in rows] == truth
