"""Files that are corrected, and imports that are taken back."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from risk.errors import BadInput, Conflict, NotFound
from risk.history.schema import FACTS, latest
from risk.history.store import History
from training.cli import app
from training.facts.arrow_tables import of_columns
from training.facts.import_folder import ImportOptions, import_folder
from training.facts.import_report import Report
from training.facts.read_folder import read_folder
from training.facts.take_back import take_back_import

BOUGHT = "2026-03-01T08:00:00+08:00"
ORDER = {"order_id": "O-1", "customer_id": "C-1", "placed_at": BOUGHT, "amount": "349.00"}
OTHER = {**ORDER, "order_id": "O-2"}


def folder(at: Path, **kinds: list[dict[str, Any]]) -> Path:
    at.mkdir(parents=True, exist_ok=True)
    for kind, rows in kinds.items():
        with (at / f"{kind}.csv").open("w", newline="") as out:
            writer = csv.DictWriter(out, list(dict.fromkeys(n for row in rows for n in row)))
            writer.writeheader()
            writer.writerows(rows)
    return at


def brought(history: History, at: Path, *orders: dict[str, Any], **more: Any) -> Report:
    return import_folder(history, folder(at, orders=list(orders)), ImportOptions(**more))


def amounts(history: History) -> dict[str, tuple[int, int]]:
    """Of each order that counts now the revision and the amount."""
    table = FACTS["orders"]
    query = sa.select(table.c.order_id, table.c.revision, table.c.amount).where(latest(table))
    with history.read() as connection:
        return {order: (n, amount // 10_000) for order, n, amount in connection.execute(query)}


def test_a_corrected_export_is_a_conflict_that_names_line_and_columns(
    history: History, tmp_path: Path
) -> None:
    brought(history, tmp_path / "in", ORDER, OTHER)
    with pytest.raises(BadInput, match=r"orders.csv row 3.*different: amount"):
        brought(history, tmp_path / "in", ORDER, {**OTHER, "amount": "1.00"})
    assert amounts(history) == {"O-1": (1, 349), "O-2": (1, 349)}


def test_a_corrected_export_is_stored_by_correct_and_once(history: History, tmp_path: Path) -> None:
    brought(history, tmp_path / "in", ORDER, OTHER)
    report = brought(history, tmp_path / "in", ORDER, {**OTHER, "amount": "1.00"}, correct=True)
    assert (report.new["orders"], report.same["orders"]) == (1, 1)
    again = brought(history, tmp_path / "in", ORDER, {**OTHER, "amount": "1.00"}, correct=True)
    assert (again.new["orders"], again.import_no) == (0, None)
    assert amounts(history) == {"O-1": (1, 349), "O-2": (2, 1)}
    brought(history, tmp_path / "in", ORDER, OTHER, correct=True)
    assert amounts(history) == {"O-1": (1, 349), "O-2": (3, 349)}


def test_what_states_its_revision_is_compared_with_that(history: History, tmp_path: Path) -> None:
    stated = [{**ORDER, "revision": 1}, {**ORDER, "revision": 2, "amount": "2.00"}]
    brought(history, tmp_path / "in", *stated)
    again = brought(history, tmp_path / "in", *stated, correct=True)
    assert again.new["orders"] == 0
    assert amounts(history) == {"O-1": (2, 2)}


CONTRADICTION = (ORDER, {**ORDER, "amount": "1.00"})
CONTRADICTED = [
    "orders.csv row 2: expected one content under order_id=O-1, line_id=1, "
    "got another in row 3; different: amount",
    "orders.csv row 3: expected one content under order_id=O-1, line_id=1, "
    "got another in row 2; different: amount",
]


@pytest.mark.parametrize("rows", [CONTRADICTION, CONTRADICTION[::-1]])
@pytest.mark.parametrize("correct", [False, True])
@pytest.mark.parametrize("stored", [(), (ORDER,), ({**ORDER, "amount": "7.00"},)])
def test_rows_of_one_file_that_contradict_each_other_are_a_conflict_in_any_order(
    history: History, tmp_path: Path, rows: tuple[dict[str, Any], ...], correct: bool,
    stored: tuple[dict[str, Any], ...],
) -> None:  # fmt: skip
    if stored:
        brought(history, tmp_path / "before", *stored)
    before = amounts(history)
    with pytest.raises(BadInput) as imported:
        brought(history, tmp_path / "in", *rows, correct=correct)
    assert list(map(str, imported.value.problems)) == CONTRADICTED
    with pytest.raises(BadInput) as scored:
        read_folder(folder(tmp_path / "in", orders=list(rows)), history.hasher)
    assert list(map(str, scored.value.problems)) == CONTRADICTED
    assert amounts(history) == before


@pytest.mark.parametrize("rows", [CONTRADICTION, CONTRADICTION[::-1]])
@pytest.mark.parametrize("correct", [False, True])
def test_of_rows_that_contradict_each_other_none_is_stored(
    history: History, tmp_path: Path, rows: tuple[dict[str, Any], ...], correct: bool
) -> None:
    report = brought(
        history, tmp_path / "in", rows[0], OTHER, rows[1], skip_bad_rows=True, correct=correct
    )
    assert amounts(history) == {"O-2": (1, 349)}
    assert (report.new["orders"], report.skipped["orders"]) == (1, 2)
    rejected = (tmp_path / "in.rejected" / "orders.csv").read_text()
    assert [line.split(",")[0] for line in rejected.splitlines()] == ["line", "2", "4"]


def test_later_revisions_and_retractions_contradict_each_other_too(
    history: History, tmp_path: Path
) -> None:
    back = {"kind": "orders", "key": '{"order_id": "O-1"}', "retracted_at": BOUGHT}
    at = folder(
        tmp_path / "in",
        orders=[{**ORDER, "revision": n, "amount": a} for n, a in ((2, 5), (1, 5), (2, 6))],
        retractions=[{**back, "reason": why, "revision": n} for why, n in (("a", ""), ("b", 2))],
    )
    said = [
        "orders.csv row 2: expected one content under order_id=O-1, line_id=1, revision 2, "
        "got another in row 4; different: amount",
        "retractions.csv row 3: expected one content under "
        'orders {"line_id": "1", "order_id": "O-1"}, retracted_at=2026-03-01T00:00:00.000+00:00, '
        "got another in row 2; different: reason, revision",
    ]
    for read in (lambda: import_folder(history, at), lambda: read_folder(at, history.hasher)):
        with pytest.raises(BadInput) as refused:
            read()
        found = list(map(str, refused.value.problems))
        assert [found[0], found[-1]] == said


def test_tables_whose_rows_contradict_each_other_are_a_conflict(
    history: History, tmp_path: Path
) -> None:
    """What comes from elsewhere than a folder that was checked."""
    chunks = [
        read_folder(folder(tmp_path / "in", orders=[row]), history.hasher)["orders"][0]
        for row in CONTRADICTION
    ]
    with pytest.raises(Conflict, match=r"order_id=O-1, line_id=1 is given twice.*: amount"):
        of_columns({"orders": chunks})


def test_an_import_that_is_taken_back_leaves_what_was_there_before(
    history: History, tmp_path: Path
) -> None:
    brought(history, tmp_path / "first", ORDER)
    wrong = brought(history, tmp_path / "in", {**ORDER, "amount": "1.00"}, OTHER, correct=True)
    assert wrong.import_no is not None
    counts = take_back_import(history, wrong.import_no, "wrong shop", "ada", lambda *_: None)
    assert counts == {"orders": 1, "restored": 1}
    assert amounts(history) == {"O-1": (3, 349)}
    again = take_back_import(history, wrong.import_no, "wrong shop", "ada", lambda *_: None)
    assert again == {"already": 1, "kept": 1}
    assert amounts(history) == {"O-1": (3, 349)}
    right = brought(history, tmp_path / "in", ORDER, OTHER, correct=True)
    assert right.new["orders"] == 1
    assert amounts(history) == {"O-1": (3, 349), "O-2": (2, 349)}


def test_what_others_corrected_since_stays(history: History, tmp_path: Path) -> None:
    wrong = brought(history, tmp_path / "in", ORDER)
    brought(history, tmp_path / "later", {**ORDER, "amount": "5.00"}, correct=True)
    assert wrong.import_no is not None
    take_back_import(history, wrong.import_no, "wrong shop", "ada", lambda *_: None)
    assert amounts(history) == {"O-1": (2, 5)}


def test_an_import_that_never_was_is_named(history: History) -> None:
    with pytest.raises(NotFound, match="no import 99"):
        take_back_import(history, 99, "why", "ada", lambda *_: None)


@pytest.fixture
def command(url: str) -> Any:
    return lambda *words: CliRunner().invoke(app, list(words))


def test_the_commands_take_back_a_fact_and_an_import(command: Any, tmp_path: Path) -> None:
    at = folder(tmp_path / "in", orders=[ORDER, OTHER])
    done = command("import", str(at))
    number = done.output.split("import ")[1].split(":")[0]
    assert command("retract", "orders", "order_id=O-1", "--reason", "typo").exit_code == 0
    back = command("retract", "--import", number, "--reason", "wrong shop")
    assert "orders: 1 taken back" in back.output
    assert "1 had been taken back already" in back.output
    head, first = (line.split() for line in command("imports").output.splitlines())
    assert head == ["import", "stored", "at", "what"]
    assert (first[0], first[2:]) == (number, ["import", "of", "in"])
    waits = command("retract", "refunds", "R-9", "--reason", "typo")
    assert waits.output == "refunds R-9: nothing of it is stored, the retraction waits\n"


def test_a_fact_taken_back_twice_is_taken_back_once(command: Any, tmp_path: Path) -> None:
    command("import", "--check", str(folder(tmp_path / "in", orders=[ORDER])))
    assert "no import" in command("imports").output
    command("import", str(folder(tmp_path / "in", orders=[ORDER])))
    said = []
    for more in ((), (), ("--revision", "1"), ("--revision", "1"), ()):
        done = command("retract", "orders", "order_id=O-1", "--reason", "typo", *more)
        assert done.exit_code == 0
        said.append(done.output.strip().removeprefix("orders order_id=O-1: "))
    up_to = "taken back up to revision 1; a later one counts"
    assert said == ["taken back", "had been taken back already", up_to, up_to, "taken back"]


def test_an_import_says_what_of_it_counts_no_more(command: Any, tmp_path: Path) -> None:
    command("import", str(folder(tmp_path / "in", orders=[ORDER, OTHER])))
    command("retract", "orders", "order_id=O-1", "--reason", "typo")
    changed = [{**row, "amount": "1.00"} for row in (ORDER, OTHER)]
    again = command("import", "--correct", str(folder(tmp_path / "in", orders=changed)))
    assert "orders: 2 new, 0 known already, 0 skipped" in again.output
    assert "orders: 1 of them count no more: taken back before" in again.output


def test_a_changed_row_is_refused_with_the_way_to_store_it(command: Any, tmp_path: Path) -> None:
    command("import", str(folder(tmp_path / "in", orders=[ORDER])))
    changed = folder(tmp_path / "in", orders=[{**ORDER, "amount": "1.00"}])
    refused = command("import", str(changed))
    assert refused.exit_code == 1
    assert (
        "error: orders.csv row 2: expected the content already stored under order_id=O-1, "
        "line_id=1, got another content; different: amount "
        "(--correct takes a row without revision as the next one)" in refused.output
    )
    assert "orders: 1 new" in command("import", "--correct", str(changed)).output


def test_an_import_corrected_since_and_one_taken_back_are_said(
    command: Any, tmp_path: Path
) -> None:
    one = command("import", str(folder(tmp_path / "in", orders=[ORDER, OTHER])))
    number = one.output.split("import ")[1].split(":")[0]
    later = folder(tmp_path / "in", orders=[ORDER, {**OTHER, "amount": "1.00"}])
    command("import", "--correct", str(later))
    words = ("retract", "--import", number, "--reason", "wrong shop")
    assert command(*words).output.splitlines()[-2:] == [
        "orders: 1 taken back", "1 corrected since by others: left as they are"
    ]  # fmt: skip
    assert command(*words).output.splitlines()[-2:] == [
        "1 corrected since by others: left as they are", "1 had been taken back already"
    ]  # fmt: skip


@pytest.mark.parametrize(
    "words",
    [("retract", "--reason", "typo"), ("retract", "orders", "--reason", "typo"),
     ("retract", "things", "T-1", "--reason", "typo"),
     ("retract", "orders", "price=5", "--reason", "typo"),
     ("retract", "refunds", "R-1", "--import", "3", "--reason", "typo"),
     ("retract", "--import", "77", "--reason", "typo")],
)  # fmt: skip
def test_what_cannot_be_meant_is_said_in_one_line(command: Any, words: tuple[str, ...]) -> None:
    done = command(*words)
    assert done.exit_code != 0
    assert "Traceback" not in done.output
