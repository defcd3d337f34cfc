"""Folders made to do harm: files that expand without end, lines without end, links."""

from __future__ import annotations

import gzip
import tracemalloc
import zipfile
from pathlib import Path

import openpyxl
import pytest

from risk.errors import BadInput
from tests.training.test_facts_folder import sheet
from training.facts.folder import open_folder
from training.facts.formats import expansion
from training.facts.formats.csv_records import MAX_RECORD, TOO_LONG

HEADER = b"order_id,customer_id,placed_at,amount\n"
ROW = b"1001,C-1,2026-03-01T08:00:00+08:00,12.50\n"
MEBIBYTE = 1 << 20


def rows_of(folder: Path) -> int:
    [file] = open_folder(folder)
    return sum(len(chunk.lines) for chunk in file.chunks())


def packed(path: Path, parts: int, part: bytes) -> None:
    with gzip.open(path, "wb") as file:
        file.write(HEADER)
        for _ in range(parts):
            file.write(part)


@pytest.mark.parametrize("part", [b"0", b"\n"], ids=["a line without end", "blank lines"])
def test_a_file_that_expands_without_end_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, part: bytes
) -> None:
    monkeypatch.setattr(expansion, "ALWAYS", MEBIBYTE // 4)
    packed(tmp_path / "orders.csv.gz", 1, part * MEBIBYTE)
    with pytest.raises(BadInput, match="no export does"):
        rows_of(tmp_path)


def test_a_line_without_end_takes_no_memory(tmp_path: Path) -> None:
    packed(tmp_path / "orders.csv.gz", 60, b"0" * MEBIBYTE)
    tracemalloc.start()
    assert rows_of(tmp_path) == 0
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 16 * MEBIBYTE


def test_a_small_file_may_expand_further(tmp_path: Path) -> None:
    packed(tmp_path / "orders.csv.gz", 1, ROW * 20_000)
    assert rows_of(tmp_path) == 20_000


def test_a_workbook_that_expands_without_end_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(expansion, "ALWAYS", 4 * MEBIBYTE)
    book = tmp_path / "orders.xlsx"
    sheet(book, [[1001, "C-1", "2026-03-01T08:00:00+08:00", 12.5]])
    with zipfile.ZipFile(book, "a", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/media/image1.png", b"0" * 16 * MEBIBYTE)
    with pytest.raises(BadInput, match="no export does"):
        open_folder(tmp_path)


def test_cells_far_to_the_right_take_no_memory(tmp_path: Path) -> None:
    far = [None] * 900
    given = ["1001", "C-1", "2026-03-01T08:00:00+08:00", 12.5]
    sheet(tmp_path / "orders.xlsx", [given, *([*given, *far, "x"] for _ in range(400)), given])
    [file] = open_folder(tmp_path)
    [chunk] = file.chunks()
    assert chunk.lines == [2, 403]
    assert {bad.got for bad in chunk.bad} == {"905 values"}
    assert len(chunk.bad) == 400
    assert max(len(bad.cells) for bad in chunk.bad) < 150


def test_a_sheet_is_not_read_beyond_what_any_export_has(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append([*HEADER.decode().strip().split(","), "", *["x"] * 1_100])
    book.save(tmp_path / "orders.xlsx")
    with pytest.raises(BadInput, match="at most 1000 columns"):
        open_folder(tmp_path)


@pytest.mark.parametrize("begin", [b"", b'"'], ids=["plain", "behind a quote"])
def test_a_line_without_end_spoils_no_other(tmp_path: Path, begin: bytes) -> None:
    long = begin + b"x" * (3 * MAX_RECORD) + b"\n"
    (tmp_path / "orders.csv").write_bytes(HEADER + ROW + long + ROW)
    [file] = open_folder(tmp_path)
    [chunk] = file.chunks()
    assert list(chunk.lines) == [2, 4]
    assert [(bad.line, bad.got) for bad in chunk.bad] == [(3, TOO_LONG)]


def test_a_link_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "other.csv").write_bytes(HEADER + ROW)
    folder = tmp_path / "facts"
    folder.mkdir()
    (folder / "orders.csv").symlink_to(tmp_path / "other.csv")
    with pytest.raises(BadInput, match=r"orders\.csv: expected a file within the folder"):
        open_folder(folder)


def test_a_link_within_the_folder_is_followed(tmp_path: Path) -> None:
    (tmp_path / "..data").mkdir()
    (tmp_path / "..data" / "a").write_bytes(HEADER + ROW)
    (tmp_path / "orders.csv").symlink_to(Path("..data") / "a")
    linked = tmp_path.with_name(tmp_path.name + "-link")
    linked.symlink_to(tmp_path)
    assert rows_of(tmp_path) == rows_of(linked) == 1


@pytest.mark.parametrize("to", ["/dev/zero", "/nowhere", "orders.csv", ".."])
def test_what_is_no_file_is_not_read(tmp_path: Path, to: str) -> None:
    (tmp_path / "orders.csv").symlink_to(to)
    with pytest.raises(BadInput):
        open_folder(tmp_path)
