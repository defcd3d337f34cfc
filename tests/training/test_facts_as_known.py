"""Facts as they were known before a moment: what `train --as-of` learns from."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from typer.testing import CliRunner

from risk.decisions.case_rows import REQUESTS
from risk.decisions.many_cases import read_many
from risk.facts import KINDS
from risk.facts.format import iso
from risk.facts.revisions import FOREVER
from risk.features.backfill import offline
from risk.features.catalog import catalogue
from risk.history.store import History
from risk.policy import load
from tests.late_changes import asked_at, with_late, without_late
from tests.naive_revisions import Facts
from tests.rendering import fill, tables
from tests.shops import Shop, quiet
from tests.world_folders import once, write_folder
from tests.worlds import START, Chooser, Shape, seeded, stored
from training.cli import app
from training.facts.arrow_tables import as_known_before, of_columns
from training.facts.import_folder import import_folder
from training.facts.read_folder import read_folder
from training.facts.snapshot import stored_facts
from training.train import build_dataset

SHAPE = Shape(facts=600, customers=10, steps=60, revised=2)
MOMENT = START + 30 * SHAPE.step


def known_before(facts: Facts, moment: int) -> Facts:
    """By the slow obvious way: what was stated before the moment, and nothing else."""
    kept = without_late(facts, moment - 1)
    for kind in KINDS:
        kept[kind] = [row for row in kept[kind] if row["known_at"] < moment]
    return kept


@pytest.mark.parametrize("seed", range(3))
def test_the_tables_are_those_of_the_facts_stated_by_then(seed: int) -> None:
    facts = stored(seeded(seed, SHAPE))
    found = as_known_before(tables(facts), MOMENT)
    truth = tables(known_before(facts, MOMENT))
    for kind, table in truth.items():
        assert found[kind].sort_by("fact_key").equals(table.sort_by("fact_key")), kind
        assert 0 < table.num_rows < len(facts[kind]) or kind == "files"
    assert min(found["orders"]["valid_to"].to_pylist()) < FOREVER


def test_later_corrections_and_retractions_change_no_training_set(history: History) -> None:
    """In the store, where they settle the intervals of what was known before."""
    facts = stored(seeded(4, SHAPE))
    fill(history, known_before(facts, MOMENT))
    before = build_dataset(history, load(None), quiet, MOMENT)
    dice = Chooser(random.Random(4).randrange)
    later = with_late(known_before(facts, MOMENT), MOMENT - 1, dice)
    with_more = {kind: [row for row in rows if row["known_at"] >= MOMENT]
                 for kind, rows in later.items()}  # fmt: skip
    assert len(with_more["retractions"]) > 20
    fill(history, with_more)
    assert not before.frame.equals(build_dataset(history, load(None), quiet).frame)
    assert before.frame.equals(build_dataset(history, load(None), quiet, MOMENT).frame)
    assert len(before.frame) > len(asked_at(facts, MOMENT)) / 3


def test_a_folder_with_corrections_scores_as_it_does_once_imported(
    history: History, tmp_path: Path
) -> None:
    world = once(seeded(6, Shape(facts=400, customers=10, steps=60, revised=2)))
    folder = write_folder(world, tmp_path / "facts")
    import_folder(history, folder)
    read = (of_columns(read_folder(folder, history.hasher)), stored_facts(history.engine))
    cases = []
    for facts in read:
        with offline(facts, threads=1) as db:
            cases.append(read_many(db, REQUESTS, catalogue(), lambda _: 0.5))
    here, there = cases
    assert here.spine.equals(there.spine)
    assert here.matrix.tobytes() == there.matrix.tobytes()
    assert len(here) > 30


def test_the_command_learns_from_what_was_known(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in shop.environment.items():
        monkeypatch.setenv(name, value)
    early = CliRunner().invoke(app, ["train", "--as-of", iso(START - 400 * SHAPE.step * 2)])
    assert early.exit_code == 1
    assert "label" in early.output
    assert "Traceback" not in early.output
    naive = CliRunner().invoke(app, ["train", "--as-of", "2026-03-01T08:00:00"])
    assert naive.exit_code == 1
    assert "offset" in naive.output
