"""Contract files as other systems write them, and files that are none."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings

from risk.errors import BadInput
from risk.facts.parse_columns import parse_columns
from risk.history.store import History
from training.facts.folder import KindFile, left_out, open_folder
from training.facts.import_folder import ImportOptions, import_folder
from training.facts.read_folder import read_folder

HEADER = "order_id,customer_id,placed_at,amount"
ROW = "O-1,C-1,2026-03-01T08:00:00+08:00,12.50"
PLACED = datetime(2026, 3, 1, tzinfo=UTC)
REQUIRED: dict[str, list[Any]] = {
    "order_id": ["O-1"], "customer_id": ["C-1"], "placed_at": [PLACED], "amount": ["12.50"],
}  # fmt: skip


def one_file(folder: Path) -> KindFile:
    (file,) = open_folder(folder)
    return file


def rows(file: KindFile, size: int = 20_000) -> list[dict[str, Any]]:
    """The parsed rows with the line each stands on."""
    found = []
    for chunk in file.chunks(size):
        parsed, problems = parse_columns(file.kind, chunk.columns, chunk.lines)
        assert problems == []
        names = list(parsed)
        for at, values in enumerate(zip(*parsed.values(), strict=True)):
            found.append({**dict(zip(names, values, strict=True)), "line": chunk.lines[at]})
    return found


def write(folder: Path, name: str, content: str | bytes) -> Path:
    folder.mkdir(exist_ok=True)
    raw = content.encode() if isinstance(content, str) else content
    (folder / name).write_bytes(raw)
    return folder


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


def parquet(folder: Path, **columns: Any) -> Path:
    folder.mkdir(exist_ok=True)
    pq.write_table(pa.table({**REQUIRED, **columns}), folder / "orders.parquet")
    return folder


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
@pytest.mark.parametrize("zone", ["UTC", "Asia/Shanghai", "+08:00"])
def test_a_zoned_timestamp_is_its_instant(tmp_path: Path, unit: str, zone: str) -> None:
    placed = pa.array([PLACED], pa.timestamp(unit, tz=zone))
    (row,) = rows(one_file(parquet(tmp_path, placed_at=placed)))
    assert row["placed_at"] == 1_772_323_200_000


@pytest.mark.parametrize(
    ("amount", "wanted"),
    [
        (pa.array([12.5]), 125_000),
        (pa.array([12]), 120_000),
        (pa.array(["12.5"]), 125_000),
        (pa.array(["12.5"]).dictionary_encode(), 125_000),
        (pa.array(["12.5"], pa.large_string()), 125_000),
        (pa.array([1250], pa.decimal128(12, 2)), 125_000 * 100),
    ],
)
def test_columns_of_parquet_may_have_the_type_they_have(
    tmp_path: Path, amount: pa.Array, wanted: int
) -> None:
    (row,) = rows(one_file(parquet(tmp_path, amount=amount)))
    assert row["amount"] == wanted


def test_ids_of_parquet_are_strings_whatever_they_look_like(tmp_path: Path) -> None:
    (row,) = rows(
        one_file(
            parquet(
                tmp_path,
                order_id=pa.array([7]),
                sku=pa.array(
                    [
                        None,
                    ][:1]
                ),
            )
        )
    )
    assert (row["order_id"], row["sku"]) == ("7", None)


def test_rows_of_parquet_are_numbered_through_the_chunks(tmp_path: Path) -> None:
    many = {name: values * 7 for name, values in REQUIRED.items()}
    pq.write_table(pa.table(many), tmp_path / "orders.parquet")
    file = one_file(tmp_path)
    assert [row["line"] for row in rows(file, 3)] == [1, 2, 3, 4, 5, 6, 7]
    assert file.rows == 7


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
    rows_given = [[1001, "C-1", placed, 12.5], [None] * 4, ["1002", 17, placed, 3, None, None]]
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


OTHERS = [ROW.replace("O-1", f"O-{n}") for n in range(2, 6)]


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


@pytest.mark.parametrize("values", [pa.array([0, 1, None]), pa.array([0.0, 1.0, None])])
def test_flags_of_parquet_may_be_numbers(tmp_path: Path, values: pa.Array) -> None:
    many = {name: given * 3 for name, given in REQUIRED.items()}
    many["order_id"] = ["O-1", "O-2", "O-3"]
    pq.write_table(pa.table({**many, "no_reason_return": values}), tmp_path / "orders.parquet")
    assert [row["no_reason_return"] for row in rows(one_file(tmp_path))] == [0, 1, None]


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


def test_a_damaged_page_of_parquet_is_refused_by_name(history: History, tmp_path: Path) -> None:
    texts = pa.array([f"sku {n}" for n in range(3_000)])
    many = {name: values * 3_000 for name, values in REQUIRED.items()}
    table = pa.table({**many, "sku": texts})
    pq.write_table(table, tmp_path / "orders.parquet", compression="zstd", use_dictionary=False)
    raw = bytearray((tmp_path / "orders.parquet").read_bytes())
    for at in range(len(raw) // 4, len(raw) // 2, 3):
        raw[at] ^= 0xFF
    (tmp_path / "orders.parquet").write_bytes(bytes(raw))
    with pytest.raises(BadInput, match=r"orders\.parquet"):
        read_folder(tmp_path, history.hasher)


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
    for name in ("order.csv", "refunds.xls"):
        (tmp_path / name).write_text("x")
    with pytest.raises(BadInput, match=r"order\.csv, refunds\.xls"):
        open_folder(tmp_path)
    (tmp_path / "orders.csv").write_text("order_id,customer_id,placed_at,amount\n")
    assert [file.path.name for file in open_folder(tmp_path)] == ["orders.csv"]
    assert left_out(tmp_path) == ["order.csv", "refunds.xls"]
