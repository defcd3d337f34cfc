"""Training from files, as they are written on Spark: the same bundle as from the store."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner, Result

from risk.decisions.case_rows import MOMENTS
from risk.decisions.many_cases import read_many
from risk.decisions.policy_features import POLICY_FEATURES
from risk.errors import BadInput
from risk.features.backfill import offline
from risk.features.catalog import catalogue
from risk.policy import load
from tests.labelled_cases import assert_equal_cases
from tests.rendering import tables
from tests.shops import SMALL, Shop, quiet
from tests.worlds import Shape, World, seeded, stored
from training.cases.case_files import CATALOGUE, load_cases, save_cases
from training.cases.dataset import LabelledCases, dataset_of, features_in_use
from training.cli import app
from training.facts.snapshot import stored_facts
from training.train import train_on

FEATURES = tuple(feature for feature in catalogue() if feature.name in POLICY_FEATURES)


def world() -> World:
    return stored(seeded(5, Shape(facts=500, customers=12, steps=60, revised=3)))


def renumbered(table: pa.Table) -> pa.Table:
    """The rows in another order, numbered with gaps, as Spark may."""
    if "row_id" not in table.column_names:
        return table
    place = table.schema.get_field_index("row_id")
    numbers = [1_000_000 - 3 * number for number in table["row_id"].to_pylist()]
    return table.set_column(place, "row_id", pa.array(numbers, pa.int64()))


def test_all_moments_in_any_numbering_are_read_as_training_needs_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    facts = tables(world())
    wanted = LabelledCases.read(facts, FEATURES)
    with offline(facts) as db:
        every = read_many(db, MOMENTS, FEATURES)
    assert len(every) > len(wanted.cases)
    monkeypatch.setattr("training.cases.case_files.PART_ROWS", 9)
    save_cases(tmp_path, replace(wanted, cases=every))
    for file in tmp_path.rglob("*.parquet"):
        if file.is_file():
            pq.write_table(renumbered(pq.read_table(file, partitioning=None)), file)
    assert_equal_cases(load_cases(tmp_path, FEATURES), wanted)
    assert_equal_cases(
        load_cases(tmp_path, FEATURES[::-1]), LabelledCases.read(facts, FEATURES[::-1])
    )


def test_features_of_another_catalogue_are_refused(tmp_path: Path) -> None:
    save_cases(tmp_path, LabelledCases.read(tables(world()), FEATURES))
    made = orjson.loads((tmp_path / CATALOGUE).read_bytes())
    other = {**made, FEATURES[0].name: "another"}
    del other[FEATURES[1].name]
    (tmp_path / CATALOGUE).write_bytes(orjson.dumps(other))
    with pytest.raises(BadInput) as refused:
        load_cases(tmp_path, FEATURES)
    told = [(problem.field, problem.got) for problem in refused.value.problems]
    assert told == [(FEATURES[0].name, "another"), (FEATURES[1].name, "no such feature")]


def test_rows_that_are_missing_are_an_error(tmp_path: Path) -> None:
    save_cases(tmp_path, LabelledCases.read(tables(world()), FEATURES))
    (part,) = (tmp_path / "features.parquet").iterdir()
    pq.write_table(pq.read_table(part, partitioning=None).slice(1), part)
    with pytest.raises(OSError, match=r"holds [\d,]+ of [\d,]+ rows"):
        load_cases(tmp_path, FEATURES)


def test_a_bundle_from_files_is_that_of_the_store(shop: Shop, tmp_path: Path) -> None:
    save_cases(tmp_path, LabelledCases.read(stored_facts(shop.history.engine), features_in_use()))
    data = dataset_of(load_cases(tmp_path, features_in_use()), load(None))
    made = train_on(data, shop.registry, SMALL, quiet)
    assert made.fitted.bundle.digest == shop.trained.fitted.bundle.digest
    assert made.fitted.twin.digest == shop.trained.fitted.twin.digest
    assert made.promise == shop.trained.promise
    assert made.evaluation.metrics == shop.trained.evaluation.metrics


def test_the_command_trains_from_a_folder(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in shop.environment.items():
        monkeypatch.setenv(name, value)

    def train(*words: str) -> Result:
        return CliRunner().invoke(app, ["train", "--fast", "--features", str(tmp_path), *words])

    assert "catalogue.json" in train().stderr
    save_cases(tmp_path, LabelledCases.read(stored_facts(shop.history.engine), features_in_use()))
    assert "--features" in train("--as-of", "2026-01-01T00:00:00Z").stderr
    told = train()
    assert told.exit_code == 0, told.output
    assert told.stdout.startswith("800 requests, ")
    assert "version " in told.stdout
