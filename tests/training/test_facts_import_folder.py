"""Folders of contract files: what is stored, what is refused, and that twice is once."""

from __future__ import annotations

import csv
import gzip
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import sqlalchemy as sa

from risk.errors import BadInput
from risk.history.schema import FACTS
from risk.history.store import History
from training.facts.import_folder import ImportOptions, import_folder

ORDER = {
    "order_id": "007",
    "customer_id": "c1",
    "placed_at": "2026-03-01T08:00:00+08:00",
    "amount": "12.50",
}
REFUND = {
    "refund_id": "r1",
    "order_id": "007",
    "requested_at": "2026-03-03T08:00:00+08:00",
    "amount": "12.50",
    "reason_code": "damaged",
    "reason_text": 'broken,\n"badly"',
}


def write(folder: Path, kind: str, *rows: dict[str, str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    names = list(dict.fromkeys(name for row in rows for name in row))
    with (folder / f"{kind}.csv").open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, names)
        writer.writeheader()
        writer.writerows(rows)


def stored(history: History, kind: str) -> list[dict[str, object]]:
    with history.read() as connection:
        rows = connection.execute(sa.select(FACTS[kind])).mappings()
        return [dict(row) for row in rows]


def test_a_folder_is_stored_once_however_often_it_is_imported(
    history: History, tmp_path: Path
) -> None:
    write(tmp_path / "in", "orders", ORDER)
    write(tmp_path / "in", "refunds", REFUND)
    first = import_folder(history, tmp_path / "in")
    second = import_folder(history, tmp_path / "in")
    assert first.new == {"orders": 1, "refunds": 1}
    assert second.new == {"orders": 0, "refunds": 0}
    assert second.same == {"orders": 1, "refunds": 1}
    assert len(stored(history, "orders")) == 1


def test_ids_stay_strings_money_is_exact_and_empty_means_unknown(
    history: History, tmp_path: Path
) -> None:
    write(tmp_path / "in", "orders", {**ORDER, "sku": "", "amount": "0.1"})
    import_folder(history, tmp_path / "in")
    (row,) = stored(history, "orders")
    assert row["order_id"] == "007"
    assert row["amount"] == 1_000
    assert row["sku"] is None
    assert row["line_id"] == "1"
    assert row["currency"] == "CNY"
    assert row["known_at"] == row["placed_at"] == 1_772_323_200_000


def test_a_bad_row_stores_nothing_and_is_named_with_its_line(
    history: History, tmp_path: Path
) -> None:
    write(tmp_path / "in", "orders", ORDER)
    bad = {**REFUND, "refund_id": "r2", "amount": "-1"}
    write(tmp_path / "in", "refunds", REFUND, bad)
    with pytest.raises(BadInput) as refused:
        import_folder(history, tmp_path / "in")
    (problem,) = refused.value.problems
    # The text of the first row holds a line break, so the second row starts on line 4.
    assert (problem.kind, problem.row, problem.field) == ("refunds.csv", 4, "amount")
    assert stored(history, "orders") == []


def test_bad_rows_can_be_skipped_into_a_reject_file(history: History, tmp_path: Path) -> None:
    naive = {**ORDER, "order_id": "008", "placed_at": "2026-03-01T08:00:00"}
    write(tmp_path / "in", "orders", ORDER, naive)
    report = import_folder(history, tmp_path / "in", ImportOptions(skip_bad_rows=True))
    assert report.new["orders"] == 1
    assert report.skipped["orders"] == 1
    with (tmp_path / "in.rejected" / "orders.csv").open(encoding="utf-8") as file:
        (rejected,) = csv.DictReader(file)
    assert rejected["order_id"] == "008"
    assert rejected["line"] == "3"
    assert "placed_at" in rejected["cause"]


def test_other_content_under_a_stored_key_is_a_bad_row(history: History, tmp_path: Path) -> None:
    write(tmp_path / "in", "orders", ORDER)
    import_folder(history, tmp_path / "in")
    write(tmp_path / "in", "orders", {**ORDER, "amount": "13"})
    with pytest.raises(BadInput, match=r"orders\.csv row 2"):
        import_folder(history, tmp_path / "in")
    assert [row["amount"] for row in stored(history, "orders")] == [125_000]


def test_a_later_known_at_is_no_other_content(history: History, tmp_path: Path) -> None:
    write(tmp_path / "in", "orders", ORDER)
    import_folder(history, tmp_path / "in")
    write(tmp_path / "in", "orders", {**ORDER, "known_at": "2026-04-01T00:00:00Z"})
    assert import_folder(history, tmp_path / "in").same == {"orders": 1}


def test_unknown_columns_are_reported_and_left_out(history: History, tmp_path: Path) -> None:
    write(tmp_path / "in", "orders", {**ORDER, "colour": "red"})
    assert import_folder(history, tmp_path / "in").unknown == {"orders.csv": ("colour",)}


def test_what_is_assumed_for_absent_columns_is_reported(history: History, tmp_path: Path) -> None:
    write(tmp_path / "in", "orders", {**ORDER, "currency": "GBP"})
    write(tmp_path / "in", "refunds", REFUND)
    assert import_folder(history, tmp_path / "in").assumed == {
        "orders.csv": {"line_id": "1"}, "refunds.csv": {"type": "return_and_refund"},
    }  # fmt: skip
    assert stored(history, "refunds")[0]["type"] == "return_and_refund"


def test_a_missing_required_column_is_named(history: History, tmp_path: Path) -> None:
    write(tmp_path / "in", "orders", {k: v for k, v in ORDER.items() if k != "customer_id"})
    with pytest.raises(BadInput) as refused:
        import_folder(history, tmp_path / "in")
    assert refused.value.problems[0].field == "customer_id"


def test_facts_arrive_in_any_order(history: History, tmp_path: Path) -> None:
    write(tmp_path / "first", "refunds", REFUND)
    import_folder(history, tmp_path / "first")
    write(tmp_path / "second", "orders", ORDER)
    import_folder(history, tmp_path / "second")
    with history.read() as connection:
        found = connection.execute(sa.text("SELECT customer_id FROM requests")).scalars().all()
    assert found == ["c1"]


def test_parquet_and_gzip_hold_the_same_facts_as_csv(history: History, tmp_path: Path) -> None:
    write(tmp_path / "csv", "orders", ORDER)
    import_folder(history, tmp_path / "csv")
    (tmp_path / "gz").mkdir()
    with gzip.open(tmp_path / "gz" / "orders.csv.gz", "wb") as out:
        out.write((tmp_path / "csv" / "orders.csv").read_bytes())
    assert import_folder(history, tmp_path / "gz").same == {"orders": 1}
    (tmp_path / "pq").mkdir()
    table = pa.table(
        {
            **{name: [ORDER[name]] for name in ("order_id", "customer_id")},
            "amount": pa.array([12.5]),
            "placed_at": pa.array(
                [pd.Timestamp(ORDER["placed_at"])], pa.timestamp("us", tz="Asia/Shanghai")
            ),
        }
    )
    pq.write_table(table, tmp_path / "pq" / "orders.parquet")
    assert import_folder(history, tmp_path / "pq").same == {"orders": 1}


def test_a_naive_parquet_time_is_refused(history: History, tmp_path: Path) -> None:
    (tmp_path / "pq").mkdir()
    frame = pd.DataFrame([{**ORDER, "placed_at": pd.Timestamp("2026-03-01")}])
    frame.to_parquet(tmp_path / "pq" / "orders.parquet")
    with pytest.raises(BadInput) as refused:
        import_folder(history, tmp_path / "pq")
    assert refused.value.problems[0].field == "placed_at"
    assert "offset" in refused.value.problems[0].expected


def test_no_raw_identity_is_stored(history: History, tmp_path: Path) -> None:
    secretive = {
        **ORDER,
        "shipping_address": "12 Elm Street, Springfield",
        "phone": "13812345678",
        "payment_instrument": "4111111111111111",
    }
    write(tmp_path / "in", "orders", secretive)
    import_folder(history, tmp_path / "in")
    history.close()
    kept = b"".join(path.read_bytes() for path in tmp_path.glob("store.db*"))
    for raw in (b"Elm", b"13812345678", b"4111111111111111"):
        assert raw not in kept


@pytest.mark.parametrize(
    "content", [b"", b"order_id\n", b"\xff\xfe\x00", b'order_id,customer_id\n"1', b"a,b\n1\n"]
)
def test_a_file_that_is_no_csv_is_refused_by_name(
    history: History, tmp_path: Path, content: bytes
) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "orders.csv").write_bytes(content)
    with pytest.raises(BadInput, match=r"orders\.csv"):
        import_folder(history, tmp_path / "in")


def test_what_happens_more_than_a_day_from_now_is_a_bad_row(
    history: History, tmp_path: Path
) -> None:
    soon, far = (datetime.now(UTC) + timedelta(hours=hours) for hours in (20, 30))
    rows = [{**ORDER, "order_id": name, "placed_at": at.isoformat(), "known_at": at.isoformat()}
            for name, at in (("soon", soon), ("far", far))]  # fmt: skip
    write(tmp_path / "in", "orders", *rows)
    with pytest.raises(BadInput) as refused:
        import_folder(history, tmp_path / "in")
    [problem] = refused.value.problems
    assert (problem.row, problem.field) == (3, "placed_at")
    assert "clock" in problem.expected
    assert stored(history, "orders") == []
    import_folder(history, tmp_path / "in", ImportOptions(skip_bad_rows=True))
    assert [row["order_id"] for row in stored(history, "orders")] == ["soon"]


def test_feedback_and_disputes_are_imported_and_files_are_not(
    history: History, tmp_path: Path
) -> None:
    when = "2026-03-05T08:00:00+08:00"
    write(
        tmp_path / "in", "feedback", {"refund_id": "r1", "answered_at": when, "satisfaction": "4"}
    )
    dispute = {"dispute_id": "d1", "order_id": "007", "stage": "opened", "occurred_at": when}
    write(tmp_path / "in", "payment_disputes", {**dispute, "amount": "12.50"})
    write(tmp_path / "in", "files", {"evidence_id": "e1", "digest": "00", "reader": "1"})
    report = import_folder(history, tmp_path / "in")
    assert report.new == {"feedback": 1, "payment_disputes": 1}
    assert stored(history, "feedback")[0]["satisfaction"] == 4
    assert stored(history, "files") == []
