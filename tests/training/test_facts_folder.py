"""Folders of contract files as other systems write them: which are read, and how."""

from __future__ import annotations

import gzip
from datetime import datetime
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings

from risk.errors import BadInput
from risk.history.store import History
from tests.training.contract_rows import HEADER, OTHERS, ROW, one_file, parquet, rows, write
from training.facts.folder import left_out, open_folder
from training.facts.import_folder import ImportOptions, import_folder
from training.facts.read_folder import read_folder

TEXTS = st.text(st.characters(exclude_characters="\x00\r", exclude_categories=["Cs"]), max_size=12)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(TEXTS.filter(lambda text: text != ""), TEXTS), min_size=1, max_size=9),
       st.integers(1, 4))  # fmt: skip
def test_every_row_of_a_csv_is_read_with_its_line_whatever_the_chunks(
    tmp_path_factory: pytest.TempPathFactory, pairs: list[tuple[str, str]], size: int
) -> None:
    folder = tmp_path_factory.mktemp("csv")
    table = pd.DataFrame({"order_id": [a for a, _ in pairs], "sku": [b for _, b in pairs]})
    table = table.assign(customer_id="C", placed_at="2026-03-01T00:00:00Z", amount="1")
    table.to_csv(folder / "orders.csv", index=False, lineterminator="\n")
    found = rows(one_file(folder), size)
    assert [row["order_id"] for row in found] == [a for a, _ in pairs]
    assert [row["sku"] for row in found] == [b or None for _, b in pairs]
    starts, line = [], 2
    for a, b in pairs:
        starts.append(line)
        line += 1 + a.count("\n") + b.count("\n")
    assert [row["line"] for row in found] == starts


@pytest.mark.parametrize(
    "content",
    [
        f"{HEADER}\n{ROW}\n",
        f"{HEADER}\r\n{ROW}\r\n",
        f"\ufeff{HEADER}\n{ROW}",
        f"{HEADER}\n\n{ROW}\n\n",
        f'{HEADER}\n"O-1","C-1","2026-03-01T08:00:00+08:00","12.50"\n',
    ],
)
def test_a_csv_may_end_its_lines_as_it_likes(tmp_path: Path, content: str) -> None:
    (row,) = rows(one_file(write(tmp_path, "orders.csv", content)))
    assert (row["order_id"], row["amount"], row["line_id"]) == ("O-1", 125_000, "1")


def test_a_file_of_headers_only_holds_nothing(tmp_path: Path) -> None:
    assert rows(one_file(write(tmp_path, "orders.csv", f"{HEADER}\n"))) == []


def test_files_come_in_the_order_in_which_they_build_on_one_another(tmp_path: Path) -> None:
    write(tmp_path, "refunds.csv", "refund_id,order_id,requested_at,amount,reason_code\n")
    write(tmp_path, "orders.csv", f"{HEADER}\n")
    write(tmp_path, "truth.csv", "anything\n")
    assert [file.kind.name for file in open_folder(tmp_path)] == ["orders", "refunds"]


def test_a_folder_that_is_none_is_refused(tmp_path: Path) -> None:
    for folder in (tmp_path / "nowhere", tmp_path, write(tmp_path, "x", "") / "x"):
        with pytest.raises(BadInput, match=r"expected (a folder|files)"):
            open_folder(folder)


def test_a_kind_may_have_several_files(tmp_path: Path) -> None:
    write(tmp_path, "orders.csv", f"{HEADER}\n{ROW}\n")
    packed = gzip.compress(f"{HEADER}\n{ROW.replace('O-1', 'O-2')}\n".encode())
    write(tmp_path, "orders_2026.csv.gz", packed)
    parquet(tmp_path, order_id=["O-3"])
    parquet(tmp_path / "orders", order_id=["O-4"])
    (tmp_path / "orders" / "orders.parquet").rename(tmp_path / "orders" / "part-0.parquet")
    for name in ("_SUCCESS", ".part-0.parquet.crc", "notes.txt"):
        (tmp_path / "orders" / name).write_text("")
    sheet(tmp_path / "orders_june.xlsx", [["O-5", "C-1", "2026-03-01T08:00:00+08:00", 12.5]])
    files = open_folder(tmp_path)
    assert [(file.name, [row["order_id"] for row in rows(file)]) for file in files] == [
        ("orders/part-0.parquet", ["O-4"]),
        ("orders.csv", ["O-1"]),
        ("orders.parquet", ["O-3"]),
        ("orders_2026.csv.gz", ["O-2"]),
        ("orders_june.xlsx", ["O-5"]),
    ]
    assert left_out(tmp_path) == ["orders/notes.txt"]


def sheet(path: Path, cells: list[list[Any]], before: list[list[Any]] | None = None) -> None:
    """A workbook whose first sheet holds these rows under the contract's header."""
    book = openpyxl.Workbook()
    for row in [*(before or []), HEADER.split(","), *cells]:
        book.active.append(row)
    book.create_sheet("Notes").append(["anything"])
    book.save(path)


def test_cells_of_a_workbook_are_values(history: History, tmp_path: Path) -> None:
    placed = "2026-03-01T08:00:00+08:00"
    rows_given: list[list[Any]] = [
        [1001, "C-1", placed, 12.5],
        [None] * 4,
        ["1002", 17, placed, 3, None, None],
    ]
    sheet(tmp_path / "orders.xlsx", rows_given)
    found = rows(one_file(tmp_path))
    assert [(row["order_id"], row["customer_id"], row["amount"]) for row in found] == [
        ("1001", "C-1", 125_000), ("1002", "17", 30_000)
    ]  # fmt: skip
    assert [row["line"] for row in found] == [2, 4]
    sheet(tmp_path / "orders.xlsx", [["O-1", "C-1", datetime(2026, 3, 1), 1], [1, 2, placed, 3, 4]])
    with pytest.raises(BadInput) as refused:
        read_folder(tmp_path, history.hasher)
    assert [str(problem) for problem in refused.value.problems] == [
        "orders.xlsx row 2 field placed_at: expected a time with an offset "
        "(a naive time is refused), got datetime",
        "orders.xlsx row 3: expected 4 values, got 5 values",
    ]


def test_a_column_may_stand_once_only(tmp_path: Path) -> None:
    twice = f"{HEADER},amount\n{ROW},99.00\n"
    with pytest.raises(BadInput) as refused:
        open_folder(write(tmp_path, "orders.csv", twice))
    (problem,) = refused.value.problems
    assert (problem.kind, problem.row, problem.field) == ("orders.csv", 1, "amount")


def test_rows_of_several_files_contradict_each_other_too(history: History, tmp_path: Path) -> None:
    write(tmp_path, "orders_1.csv", f"{HEADER}\n{ROW}\n")
    write(tmp_path, "orders_2.csv", f"{HEADER}\n{OTHERS[0]}\n{ROW.replace('12.50', '1')}\n")
    for read in (lambda: import_folder(history, tmp_path),
                 lambda: read_folder(tmp_path, history.hasher)):  # fmt: skip
        with pytest.raises(BadInput) as refused:
            read()
        assert [str(problem) for problem in refused.value.problems] == [
            "orders_1.csv row 2: expected one content under order_id=O-1, line_id=1, "
            "got another in orders_2.csv row 3; different: amount",
            "orders_2.csv row 3: expected one content under order_id=O-1, line_id=1, "
            "got another in orders_1.csv row 2; different: amount",
        ]


def test_rejects_of_a_run_take_the_place_of_those_before(history: History, tmp_path: Path) -> None:
    bad = ROW.replace("12.50", "-1").replace("O-1", "O-2")
    folder = write(tmp_path / "in", "orders.csv", f"{HEADER}\n{ROW}\n{bad}\n")
    for _ in range(2):
        report = import_folder(history, folder, ImportOptions(skip_bad_rows=True))
        assert report.skipped == {"orders": 1}
        rejected = (tmp_path / "in.rejected" / "orders.csv").read_text().splitlines()
        assert len(rejected) == 2
        assert "O-2" in rejected[1]


def test_files_that_are_not_read_are_named(tmp_path: Path) -> None:
    others = ["Orders.CSV", "order.csv", "orders.tsv", "outcomes.zip", "refunds.xls"]
    for name in others:
        (tmp_path / name).write_text("x")
    with pytest.raises(BadInput, match=", ".join(others)):
        open_folder(tmp_path)
    (tmp_path / "orders.csv").write_text("order_id,customer_id,placed_at,amount\n")
    assert [file.path.name for file in open_folder(tmp_path)] == ["orders.csv"]
    assert left_out(tmp_path) == others
