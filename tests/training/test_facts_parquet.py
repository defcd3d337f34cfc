"""Facts as Parquet: instants, types, numbers of rows, damaged pages."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from risk.errors import BadInput
from risk.history.store import History
from tests.training.contract_rows import PLACED, REQUIRED, one_file, parquet, rows
from training.facts.read_folder import read_folder


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


@pytest.mark.parametrize("values", [pa.array([0, 1, None]), pa.array([0.0, 1.0, None])])
def test_flags_of_parquet_may_be_numbers(tmp_path: Path, values: pa.Array) -> None:
    many = {name: given * 3 for name, given in REQUIRED.items()}
    many["order_id"] = ["O-1", "O-2", "O-3"]
    pq.write_table(pa.table({**many, "no_reason_return": values}), tmp_path / "orders.parquet")
    assert [row["no_reason_return"] for row in rows(one_file(tmp_path))] == [0, 1, None]


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
