"""An import is checked without storing, stored in short steps, and completed where it ended."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from risk.errors import BadInput
from risk.history.facts.imported_rows import latest_imports
from risk.history.schema import DERIVED
from risk.history.store import History
from tests.deciders import counts, decider
from tests.scored_meanwhile import scored_meanwhile
from tests.stores import SECRET, new_store
from tests.world_folders import once, write_folder
from tests.worlds import Shape, seeded
from training.facts import store_parts
from training.facts.import_folder import ImportOptions, import_folder
from training.facts.take_back import take_back_import
from training.simulate import simulate

pytestmark = pytest.mark.whole

CHECK = ImportOptions(check=True)


def derived_rows(history: History) -> dict[str, set[tuple[object, ...]]]:
    with history.read() as connection:
        return {name: {tuple(row) for row in connection.execute(sa.select(table))}
                for name, table in DERIVED.items()}  # fmt: skip


@pytest.mark.parametrize("seed", range(2))
def test_a_check_stores_nothing_and_counts_as_the_import_does(
    history: History, tmp_path: Path, seed: int
) -> None:
    world = once(seeded(seed, Shape(facts=200, customers=8, steps=30, revised=2)))
    folder = write_folder(world, tmp_path / "in")
    checked = import_folder(history, folder, CHECK)
    assert sum(counts(history).values()) == 0
    stored = import_folder(history, folder)
    assert (checked.new, checked.same, checked.skipped) == (stored.new, stored.same, stored.skipped)
    assert checked.import_no is None
    again = import_folder(history, folder, CHECK)
    assert sum(again.new.values()) == 0
    assert again.same == import_folder(history, folder).same


def test_a_check_refuses_what_the_import_refuses(history: History, tmp_path: Path) -> None:
    header = "order_id,customer_id,placed_at,amount\n"
    row = "O-1,C-1,2026-03-01T08:00:00+08:00,12.50\n"
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "orders.csv").write_text(header + row)
    import_folder(history, tmp_path / "in")
    (tmp_path / "in" / "orders.csv").write_text(header + row.replace("12.50", "1") + "O-2,C-1\n")
    checked = import_folder(history, tmp_path / "in", CHECK)
    with pytest.raises(BadInput) as refused:
        import_folder(history, tmp_path / "in")
    assert checked.problems == refused.value.problems
    assert len(checked.problems) == 2
    import_folder(history, tmp_path / "in", ImportOptions(check=True, skip_bad_rows=True))
    assert not (tmp_path / "in.rejected").exists()


@pytest.mark.parametrize("seed", range(2))
def test_steps_of_any_size_store_the_same(
    history: History, tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = once(seeded(seed, Shape(facts=120, customers=8, steps=20, revised=2)))
    folder = write_folder(world, tmp_path / "in")
    import_folder(history, folder)
    monkeypatch.setattr(store_parts, "FEWEST_ROWS", 7)
    monkeypatch.setattr(store_parts, "MOST_ROWS", 7)
    monkeypatch.setattr(store_parts, "PAUSE_S", 0.0)
    other = new_store(tmp_path / "other.db")
    import_folder(other, folder)
    assert counts(other) == counts(history)
    assert derived_rows(other) == derived_rows(history)
    other.close()


class _EndedError(Exception):
    """Somebody pulled the plug."""


def test_an_import_that_ended_early_is_completed_by_running_it_again(
    history: History, tmp_path: Path
) -> None:
    simulate(tmp_path / "w", refunds=60, seed=4)

    def end(what: str, done: int, total: int | None) -> None:
        if what == "store shipments":
            raise _EndedError

    with pytest.raises(_EndedError):
        import_folder(history, tmp_path / "w", progress=end)
    with history.read() as connection:
        (number, _, _), *others = latest_imports(connection, 9)
    assert others == []
    before = counts(history)
    assert before["orders"] > 0
    assert before["refunds"] == 0
    completed = import_folder(history, tmp_path / "w")
    assert completed.new["orders"] == 0
    assert completed.new["refunds"] == 60
    assert take_back_import(history, number, "why", "ada", lambda *_: None)["orders"] > 0


def test_scores_are_answered_while_a_folder_is_imported(history: History, tmp_path: Path) -> None:
    """The import has a connection of its own, as another process has."""
    simulate(tmp_path / "w", refunds=50, seed=5)
    importer = History.open(f"sqlite:///{tmp_path / 'store.db'}", SECRET)
    with scored_meanwhile(decider(history), callers=2) as answers:
        report = import_folder(importer, tmp_path / "w")
    assert sum(report.new.values()) > 500
    assert set(answers) <= {"approve", "request_evidence", "platform_intervention"}, answers
    assert sum(answers.values()) > 10
    importer.close()
