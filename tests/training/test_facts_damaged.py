"""Files that are damaged, foreign or no contract files: refused by name, line and likely cause."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from risk.errors import BadInput
from risk.history.store import History
from tests.training.contract_rows import HEADER, OTHERS, ROW, one_file, rows, write
from training.facts.folder import open_folder
from training.facts.import_folder import ImportOptions, import_folder
from training.facts.read_folder import read_folder


@pytest.mark.parametrize(
    ("bad", "got"),
    [
        (f"{ROW},more", "4 values, got 5 values"),
        ("O-1,C-1", "4 values, got 2 values"),
        ('O-1,"C" 1,2026-03-01T08:00:00+08:00,1', "a quote within a value"),
        ('O-1,"C \\" 1",2026-03-01T08:00:00+08:00,1', "a quote within a value"),
        ('O-1,"C-1,2026-03-01T08:00:00+08:00,1', "a quote that is not closed"),
        ("O-1,张伟,2026-03-01T08:00:00+08:00,1".encode("gbk"), "bytes that read as GB18030"),
        ("O-1,José Müller,2026-03-01T08:00:00+08:00,1".encode("cp1252"), "read as cp1252"),
        (b"O-1,\xff\x81,2026-03-01T08:00:00+08:00,1", "text in UTF-8, got other bytes"),
    ],
)
@pytest.mark.parametrize("at", [0, 2, 4])
@pytest.mark.parametrize("size", [1, 2, 100])
def test_a_row_that_cannot_be_read_is_one_bad_row_by_its_line(
    history: History, tmp_path: Path, bad: str | bytes, got: str, at: int, size: int
) -> None:
    lines = [row.encode() for row in OTHERS]
    lines.insert(at, bad.encode() if isinstance(bad, str) else bad)
    folder = write(tmp_path / "in", "orders.csv", b"\r\n".join([HEADER.encode(), *lines]))
    with pytest.raises(BadInput) as refused:
        import_folder(history, folder)
    (problem,) = refused.value.problems
    assert (problem.kind, problem.row) == ("orders.csv", at + 2)
    assert got in str(problem)
    file = one_file(folder)
    assert [row["order_id"] for row in rows(file, size)] == ["O-2", "O-3", "O-4", "O-5"]
    report = import_folder(history, folder, ImportOptions(skip_bad_rows=True))
    assert (report.new, report.skipped) == ({"orders": 4}, {"orders": 1})
    rejected = (tmp_path / "in.rejected" / "orders.csv").read_bytes().splitlines()
    assert rejected[1].startswith(b"%d," % (at + 2))


def test_text_over_several_lines_does_not_hide_where_a_quote_was_left_open(
    tmp_path: Path, history: History
) -> None:
    header = f"{HEADER},shipping_address"
    rows_given = [f'{OTHERS[0]},"Road 1\nRoom 2"', f'{OTHERS[1]},"Road', f'{OTHERS[2]},"Road 3"',
                  f'{OTHERS[3]},"Road\n5"']  # fmt: skip
    write(tmp_path, "orders.csv", "\n".join([header, *rows_given]))
    with pytest.raises(BadInput) as refused:
        read_folder(tmp_path, history.hasher)
    (problem,) = refused.value.problems
    assert problem.row == 4
    assert [row["line"] for row in rows(one_file(tmp_path))] == [2, 5, 6]


def test_columns_without_a_name_or_a_value_are_nothing(tmp_path: Path) -> None:
    write(tmp_path, "orders.csv", f"{HEADER},,\n{ROW},,\n{ROW.replace('O-1', 'O-2')}\n,,,,,\n")
    file = one_file(tmp_path)
    assert [row["order_id"] for row in rows(file)] == ["O-1", "O-2"]
    assert file.unknown == ()
    write(tmp_path, "orders.csv", f",{HEADER}\n0,{ROW}\n")
    assert [row["order_id"] for row in rows(one_file(tmp_path))] == ["O-1"]


@pytest.mark.parametrize(
    ("content", "looks"),
    [
        (f"{HEADER}\n{ROW}\n".replace(",", ";"), "separated by a semicolon"),
        (f"sep=;\n{HEADER}\n{ROW}\n".replace(",", ";"), "separated by a semicolon"),
        (f"{HEADER}\n{ROW}\n".replace(",", "\t"), "separated by a tab"),
        (f"{HEADER}\n{ROW}\n".encode("utf-16"), "UTF-16"),
        (f"{HEADER}\n{ROW}\n".encode("utf-16-le"), "UTF-16-LE"),
        (f"{HEADER},买家\n{ROW},张伟\n".encode("gbk"), "GB18030"),
        (f"{HEADER}\n{(ROW.replace('C-1', '张伟') + chr(10)) * 9}".encode("gb18030"), "GB18030"),
        (f"{HEADER}\n{(ROW.replace('C-1', 'José') + chr(10)) * 9}".encode("cp1252"), "cp1252"),
    ],
)
def test_a_foreign_file_is_refused_with_what_it_looks_like(
    tmp_path: Path, content: str | bytes, looks: str
) -> None:
    write(tmp_path, "orders.csv", content)
    with pytest.raises(BadInput, match=looks) as refused:
        open_folder(tmp_path)
    assert "mapping guess" in str(refused.value.problems[0])


def spoilt_gzip() -> bytes:
    raw = bytearray(gzip.compress(f"{HEADER}\n{(ROW + chr(10)) * 999}".encode(), mtime=0))
    raw[len(raw) // 2] ^= 0xFF
    return bytes(raw)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("orders.csv", f"{HEADER}\nO\xe9,C,2026-03-01T00:00:00Z,1\n".encode("latin-1")),
        ("orders.csv", f'{HEADER}\n"O-1'),
        ("orders.csv", f"{HEADER}\n{ROW}\x00\n"),
        ("orders.csv.gz", f"{HEADER}\n{ROW}\n"),
        ("orders.csv.gz", gzip.compress(f"{HEADER}\n{ROW}\n".encode(), mtime=0)[:-12]),
        ("orders.csv.gz", spoilt_gzip()),
        ("orders.parquet", b"PAR1 and no more"),
        ("orders.parquet", b""),
        ("orders.xlsx", b"PK\x03\x04 and no more"),
    ],
)
def test_a_damaged_file_is_refused_by_name(
    history: History, tmp_path: Path, name: str, content: str | bytes
) -> None:
    folder = write(tmp_path / "in", name, content)
    with pytest.raises(BadInput, match=name.removesuffix(".gz")):
        read_folder(folder, history.hasher)
