"""Contract files as other systems write them, and files that are none."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings

from risk.errors import BadInput
from risk.facts.parse_columns import parse_columns
from risk.history.store import History
from training.facts.folder import KindFile, left_out, open_folder
from training.facts.import_folder import import_folder, read_folder

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


def test_two_files_of_one_kind_are_refused(tmp_path: Path) -> None:
    write(tmp_path, "orders.csv", f"{HEADER}\n")
    with pytest.raises(BadInput, match="one file a kind"):
        open_folder(parquet(tmp_path))


def test_a_column_may_stand_once_only(tmp_path: Path) -> None:
    twice = f"{HEADER},amount\n{ROW},99.00\n"
    with pytest.raises(BadInput) as refused:
        open_folder(write(tmp_path, "orders.csv", twice))
    (problem,) = refused.value.problems
    assert (problem.kind, problem.row, problem.field) == ("orders.csv", 1, "amount")


@pytest.mark.parametrize("row", [f"{ROW},more", "O-1,C-1"])
def test_a_row_of_another_length_is_named_by_its_line(tmp_path: Path, row: str) -> None:
    write(tmp_path, "orders.csv", f"{HEADER}\n{ROW}\n{row}\n")
    with pytest.raises(BadInput, match=r"orders.csv row 3: expected 4 values"):
        rows(one_file(tmp_path))


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
        report = import_folder(history, folder, skip_bad_rows=True)
        assert report.skipped == {"orders": 1}
        rejected = (tmp_path / "in.rejected" / "orders.csv").read_text().splitlines()
        assert len(rejected) == 2
        assert "O-2" in rejected[1]


def test_files_that_are_not_read_are_named(tmp_path: Path) -> None:
    for name in ("order.csv", "refunds.xlsx"):
        (tmp_path / name).write_text("x")
    with pytest.raises(BadInput, match=r"order\.csv, refunds\.xlsx"):
        open_folder(tmp_path)
    (tmp_path / "orders.csv").write_text("order_id,customer_id,placed_at,amount\n")
    assert [file.path.name for file in open_folder(tmp_path)] == ["orders.csv"]
    assert left_out(tmp_path) == ["order.csv", "refunds.xlsx"]
