"""A folder imported again after people in it were forgotten: nothing of them comes back."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import sqlalchemy as sa
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from risk.facts import KINDS, OWN_IDS
from risk.history.schema import DERIVED, FACTS
from risk.history.store import History
from risk.identity import Hasher
from risk.privacy import forget
from risk.privacy.forgetting import names_of
from risk.privacy.subject_rows import Subject, read_subject
from tests.deciders import counts
from tests.property_examples import examples
from tests.stores import SECRET, new_store
from tests.world_folders import once, write_folder
from tests.worlds import Shape, World, seeded
from training.cli import app
from training.facts.import_folder import ImportOptions, import_folder
from training.facts.read_folder import read_folder

pytestmark = pytest.mark.whole


def rows_of(history: History) -> dict[str, list[tuple[object, ...]]]:
    with history.read() as connection:
        tables = {**FACTS, **DERIVED}
        return {name: sorted(map(tuple, connection.execute(sa.select(table))), key=repr)
                for name, table in tables.items()}  # fmt: skip


def ids_of(history: History, customer: str) -> frozenset[Subject]:
    with history.read() as connection:
        return read_subject(connection, names_of(history, customer)).own_ids


def ids_in(rows: dict[str, list[tuple[object, ...]]]) -> set[Subject]:
    """Every id in the facts, with the field that holds it."""
    return {
        (column.name, str(row[place]))
        for kind in KINDS
        for place, column in enumerate(FACTS[kind].columns)
        if column.name in OWN_IDS
        for row in rows[kind]
    }


def customers_of(world: World) -> list[str]:
    return sorted({str(row["customer_id"]) for row in world["orders"]})


@settings(examples(8), phases=[Phase.explicit, Phase.generate])
@example(seed=9676, chosen={0, 1, 4})  # ids that lead to further ids
@given(seed=st.integers(0, 10_000), chosen=st.sets(st.integers(0, 5), min_size=1, max_size=3))
def test_import_then_forget_then_import_changes_nothing(seed: int, chosen: set[int]) -> None:
    world = once(seeded(seed, Shape(facts=120, customers=6, steps=20, revised=2)))
    customers = customers_of(world)
    gone = {customers[n % len(customers)] for n in chosen}
    with TemporaryDirectory() as made:
        folder = write_folder(world, Path(made) / "in")
        history = new_store(Path(made) / "store.db")
        import_folder(history, folder)
        before, ids = counts(history), set[Subject]()
        for customer in sorted(gone):
            ids |= ids_of(history, customer)
            forget(history, customer, settle_s=0)
        forgotten = rows_of(history)
        assert counts(history) == before
        assert not ids & ids_in(forgotten)
        again = import_folder(history, folder)
        assert not any(again.new.values()), again.new
        assert sum(again.forgotten.values()) > 0
        assert rows_of(history) == forgotten
        history.close()


def test_who_is_forgotten_while_a_folder_is_imported_stays_out(
    history: History, tmp_path: Path
) -> None:
    world = once(seeded(3, Shape(facts=120, customers=6, steps=20)))
    folder, somebody = write_folder(world, tmp_path / "in"), customers_of(world)[0]
    elsewhere = History.open(str(history.engine.url), SECRET)

    def progress(what: str, _done: int, _total: int | None) -> None:
        if what == "compare orders":
            forget(elsewhere, somebody, settle_s=0)

    import_folder(history, folder, ImportOptions(), progress)
    elsewhere.close()
    with history.read() as connection:
        stored = set(connection.execute(sa.select(FACTS["orders"].c.customer_id)).scalars())
    assert stored
    assert somebody not in stored


def test_an_exported_list_keeps_them_out_where_no_store_is(
    history: History, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = once(seeded(5, Shape(facts=120, customers=6, steps=20)))
    folder, somebody = write_folder(world, tmp_path / "in"), customers_of(world)[0]
    import_folder(history, folder)
    ids = ids_of(history, somebody)
    forget(history, somebody, settle_s=0)
    monkeypatch.setenv("REFUND_RISK_DATABASE_URL", str(history.engine.url))
    monkeypatch.setenv("REFUND_RISK_SECRET", SECRET)
    to = tmp_path / "list.json"
    written = CliRunner().invoke(app, ["suppression-list", str(to)])
    assert written.exit_code == 0, written.output
    assert to.stat().st_mode & 0o077 == 0
    hasher = Hasher(b"a key of another run")
    hasher.suppression_list.load(to.read_text())
    found = read_folder(folder, hasher)
    seen = {(name, value) for parts in found.values() for columns in parts
            for name in OWN_IDS for value in columns.get(name, ())}  # fmt: skip
    assert ids
    assert not ids & seen
