"""Foreign files by a mapping of one's own, and the mapping that is guessed for them."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from risk.errors import BadInput
from risk.history.store import History
from training.cli import app
from training.facts.folder import open_folder
from training.facts.import_folder import ImportOptions, import_folder
from training.facts.mapping.guess_mapping import guess_mapping
from training.facts.mapping.mapping_file import load_mapping
from training.facts.mapping.translate import as_time, by_table, number

GERMAN = "Bestellnummer;Kunde;Datum;Betrag;Rückgabe\nB-1;Jürgen;01.03.2026 08:00;1.234,50;Ja\n"
MAPPING = """
[orders]
files = "Bestellungen*.csv"
encoding = "cp1252"
separator = ";"
decimal = ","
zone = "Europe/Berlin"
time_formats = "%d.%m.%Y %H:%M"
[orders.columns]
order_id = "Bestellnummer"
customer_id = "Kunde"
placed_at = "Datum"
amount = "Betrag"
currency = { value = "EUR" }
no_reason_return = "Rückgabe"
[orders.values.no_reason_return]
Ja = "true"
"""


def mapped(folder: Path, text: str) -> list[dict[str, Any]]:
    """The raw rows of the only file that a mapping reads, under the contract's names."""
    (folder.parent / "mapping.toml").write_text(text, encoding="utf-8")
    (file,) = open_folder(folder, load_mapping(str(folder.parent / "mapping.toml")))
    (chunk,) = file.chunks()
    return [dict(zip(chunk.columns, row, strict=True), line=line)
            for row, line in zip(zip(*chunk.columns.values(), strict=True), chunk.lines,
                                 strict=True)]  # fmt: skip


def write(folder: Path, name: str, text: str, encoding: str = "utf-8") -> Path:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, encoding=encoding)
    return folder


def test_a_foreign_file_is_read_as_the_mapping_says(history: History, tmp_path: Path) -> None:
    folder = write(tmp_path / "in", "Bestellungen 03.csv", GERMAN, "cp1252")
    (row,) = mapped(folder, MAPPING)
    assert row == {
        "order_id": "B-1", "customer_id": "Jürgen", "amount": "1234.50", "currency": "EUR",
        "placed_at": datetime.fromisoformat("2026-03-01T08:00+01:00"), "no_reason_return": "true",
        "line": 2,
    }  # fmt: skip
    read = load_mapping(str(tmp_path / "mapping.toml"))
    assert import_folder(history, folder, ImportOptions(mapping=read)).new == {"orders": 1}
    assert import_folder(history, folder, ImportOptions(mapping=read)).same == {"orders": 1}


def test_bad_rows_of_a_foreign_file_have_its_lines(history: History, tmp_path: Path) -> None:
    bad = "B-2;Eva;31.02.2026 08:00;1,00;Ja\nB-3;Eva;01.03.2026 08:00;?;Ja\nB-4;Eva\n"
    folder = write(tmp_path / "in", "Bestellungen.csv", GERMAN + bad, "cp1252")
    (tmp_path / "mapping.toml").write_text(MAPPING, encoding="utf-8")
    read = load_mapping(str(tmp_path / "mapping.toml"))
    report = import_folder(history, folder, ImportOptions(mapping=read, skip_bad_rows=True))
    assert [(p.kind, p.row, p.field) for p in report.problems] == [
        ("Bestellungen.csv", 3, "placed_at"), ("Bestellungen.csv", 4, "amount"),
        ("Bestellungen.csv", 5, None),
    ]  # fmt: skip
    assert report.new == {"orders": 1}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "gb18030"])
def test_text_is_read_in_any_encoding(tmp_path: Path, encoding: str) -> None:
    text = "订单号,买家,时间,金额\n1,张伟,2026-03-01 08:00:00,9.9\n2,李娜,2026/3/1 8:00,￥8\n"
    folder = write(tmp_path / "in", "a.csv", text, encoding)
    codec = "utf-8" if encoding == "utf-8-sig" else encoding
    mapping = f"""
    [orders]
    files = "a.csv"
    encoding = "{codec}"
    zone = "Asia/Shanghai"
    columns = {{ order_id = "订单号", customer_id = "买家", placed_at = "时间", amount = "金额" }}
    """
    first, second = mapped(folder, mapping)
    eight = datetime.fromisoformat("2026-03-01T08:00+08:00")
    assert (first["customer_id"], first["placed_at"], first["amount"]) == ("张伟", eight, "9.9")
    assert (second["customer_id"], second["placed_at"], second["amount"]) == ("李娜", eight, "8")


def test_amounts_are_computed_and_orders_carried_on(tmp_path: Path) -> None:
    text = "No,Who,When,Price,Qty,Off\nA,C,2026-03-01T00:00Z,10.5,2,1\nA,,,3,1,\nB,D,,1,1,\n"
    folder = write(tmp_path / "in", "a.csv", text)
    found = mapped(folder, """
    [orders]
    files = "a.csv"
    carry_within = "No"
    carry = ["Who", "When"]
    [orders.columns]
    order_id = "No"
    line_id = { number = "No" }
    customer_id = "Who"
    placed_at = "When"
    amount = { product = ["Price", "Qty"], minus = "Off" }
    """)  # fmt: skip
    assert [(r["order_id"], r["line_id"], r["customer_id"], str(r["amount"])) for r in found] == [
        ("A", "1", "C", "20.0"), ("A", "2", "C", "3"), ("B", "1", "D", "1")
    ]  # fmt: skip
    assert found[1]["placed_at"] is not None
    assert found[2]["placed_at"] is None


def test_conditions_choose_the_rows(tmp_path: Path) -> None:
    text = "id,o,t,a,kind\n1,O,2026-03-01T00:00Z,5,refund\n2,O,2026-03-01T00:00Z,0,refund\n"
    text += "3,O,2026-03-01T00:00Z,5,sale\n4,O,2026-03-01T00:00Z,-7,REFUND\n"
    folder = write(tmp_path / "in", "a.csv", text)
    base = """
    [refunds]
    files = "a.csv"
    only = %s
    [refunds.columns]
    refund_id = "id"
    order_id = "o"
    requested_at = "t"
    amount = { columns = "a", absolute = true }
    reason_code = { value = "other" }
    """
    for only, wanted in {
        '{ column = "kind", is = "refund" }': ["1", "2", "4"],
        '[{ column = "kind", contains = "ref" }, { column = "a", above = 0 }]': ["1"],
        '{ column = "a", given = true }': ["1", "2", "3", "4"],
    }.items():
        found = mapped(folder, base % only)
        assert [row["refund_id"] for row in found] == wanted
    assert [str(row["amount"]) for row in found] == ["5", "0", "5", "7"]


def test_sheets_and_parquet_are_mapped_too(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    book = openpyxl.Workbook()
    sheet = book.create_sheet("Daten")
    for row in (["Export of today"], [], ["Nr", "Wer", "Wann", "Was"],
                [7, "C", datetime(2026, 3, 1, 8), 9.5]):  # fmt: skip
        sheet.append(row)
    book.save(tmp_path / "in" / "a.xlsx")
    columns = '{ order_id = "Nr", customer_id = "Wer", placed_at = "Wann", amount = "Was" }'
    form = '[orders]\nfiles = "{}"\nzone = "Asia/Shanghai"\ncolumns = ' + columns + "\n"
    eight = datetime.fromisoformat("2026-03-01T08:00+08:00")
    (of_sheet,) = mapped(
        tmp_path / "in", form.replace("{}", "a.xlsx") + 'sheet = "Daten"\nskip = 2\n'
    )
    wanted = {"order_id": "7", "customer_id": "C", "placed_at": eight, "amount": "9.5", "line": 4}
    assert of_sheet == wanted
    (tmp_path / "in" / "a.xlsx").unlink()
    table = {"Nr": [7], "Wer": ["C"], "Wann": [datetime(2026, 3, 1, 8)], "Was": [9.5], "no": [1]}
    pq.write_table(pa.table(table), tmp_path / "in" / "a.parquet")
    (of_table,) = mapped(tmp_path / "in", form.replace("{}", "a.parquet"))
    assert of_table == {**wanted, "line": 1}


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("[orders", "TOML"),
        ('[things]\nfiles = "a"\ncolumns = {}', "a kind"),
        ('[orders]\nfiles = "a"\ncolumns = { price = "x" }', "a field of orders"),
        ('[orders]\nfiles = "a"\ncolumns = {}\ncolour = 1', "colour"),
        ('[orders]\nfiles = "a"\ncolumns = {}\nzone = "Mars/North"', "Mars"),
        ('[orders]\nfiles = "a"\ncolumns = {}\nencoding = "no such"', "no such"),
        (
            '[orders]\nfiles = "a"\ncolumns = { amount = { value = "1", join = "x" } }',
            "exactly one",
        ),
    ],
)
def test_a_faulty_mapping_is_refused_by_what_is_wrong(tmp_path: Path, text: str, what: str) -> None:
    (tmp_path / "m.toml").write_text(text, encoding="utf-8")
    with pytest.raises(BadInput, match=what):
        load_mapping(str(tmp_path / "m.toml"))


def test_a_mapping_that_is_nowhere_is_named() -> None:
    with pytest.raises(BadInput, match="one of amazon, doudian"):
        load_mapping("nowhere.toml")


def test_a_column_that_is_not_there_is_named(tmp_path: Path) -> None:
    folder = write(tmp_path / "in", "Bestellungen.csv", GERMAN.replace("Betrag", "Summe"), "cp1252")
    with pytest.raises(BadInput, match=r"Bestellungen\.csv row 1 field Betrag"):
        mapped(folder, MAPPING)


@pytest.mark.parametrize(
    ("given", "decimal", "wanted"),
    [("1,234.5", ".", "1234.5"), ("1.234,5", ",", "1234.5"), ("¥ 12", ".", "12"),
     ("US$-3.10", ".", "-3.10"), ("12 元", ".", "12"), ("1 234,00", ",", "1234.00"),
     (5, ".", "5"), ("", ".", None), ("n/a", ".", None), (None, ".", None)],
)  # fmt: skip
def test_numbers_of_exports(given: Any, decimal: str, wanted: str | None) -> None:
    found = number(given, decimal)
    assert (None if found is None else str(found)) == wanted


def test_values_by_table() -> None:
    flag = by_table({"是": "true", "~未": "false", "*": ""})
    assert [flag(v) for v in ("是", "买家未收到货", "？", "")] == ["true", "false", "", ""]


def test_a_time_keeps_its_own_zone() -> None:
    own = as_time("Asia/Shanghai", ())("2026-01-01 10:00:00 -0500")
    assert own == datetime.fromisoformat("2026-01-01T10:00-05:00")
    assert as_time(None, ())("2026-01-01 10:00:00").tzinfo is None
    assert as_time("Asia/Shanghai", ())("soon") == "soon"


def test_a_mapping_is_guessed_for_a_folder_that_nobody_knows(
    history: History, tmp_path: Path
) -> None:
    folder = write(tmp_path / "in", "Bestellungen.csv", GERMAN, "cp1252")
    cases = "RMA;Order No;Created at;Amount;Reason\nR-1;B-1;2026-03-05T08:00+01:00;3,50;Broken\n"
    write(folder, "cases.csv", cases)
    (folder / "readme.pdf").write_text("nothing")
    text = guess_mapping(folder)
    parts = ('encoding = "cp1252"', 'separator = ";"', 'decimal = ","', 'customer_id = "Kunde"',
             "# times state no zone", '"Broken" = "damaged"')  # fmt: skip
    assert [part for part in parts if part not in text] == []
    stated = text.replace('decimal = ","', 'decimal = ","\nzone = "Europe/Berlin"\n'
                          'time_formats = "%d.%m.%Y %H:%M"', 1)  # fmt: skip
    (tmp_path / "m.toml").write_text(stated, encoding="utf-8")
    read = ImportOptions(mapping=load_mapping(str(tmp_path / "m.toml")))
    report = import_folder(history, folder, read)
    assert (report.new, report.notes) == ({"orders": 1, "refunds": 1}, [])


@pytest.mark.usefixtures("url")
def test_the_commands_guess_list_and_show(tmp_path: Path) -> None:
    folder = write(tmp_path / "in", "orders.csv", GERMAN, "cp1252")

    def run(*words: str) -> Any:
        return CliRunner().invoke(app, list(words))

    refused = run("import", str(folder))
    assert refused.exit_code == 1
    assert "looks like cp1252" in refused.output
    made = run("mapping", "guess", str(folder), "--out", str(tmp_path / "m.toml"))
    assert made.exit_code == 0, made.output
    again = run("mapping", "guess", str(folder), "--out", str(tmp_path / "m.toml"))
    assert (again.exit_code, "Traceback" in again.output) == (1, False)
    text = (tmp_path / "m.toml").read_text(encoding="utf-8")
    zone = 'zone = "Europe/Berlin"\ntime_formats = "%d.%m.%Y %H:%M"\n'
    (tmp_path / "m.toml").write_text(text.replace("decimal", zone + "decimal"), encoding="utf-8")
    done = run("import", str(folder), "--mapping", str(tmp_path / "m.toml"))
    assert "orders: 1 new" in done.output, done.output
    assert "shopify" in run("mapping", "list").output
    assert "Lineitem price" in run("mapping", "show", "shopify").output
    assert run("mapping", "show", "nothing").exit_code == 1
