"""What a mapping leaves open is taken from the file: encoding, separator, header, column names."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from risk.errors import BadInput
from tests.foreign_exports import exports
from tests.training.test_mapping import GERMAN, MAPPING, mapped, write
from training.facts.folder import open_folder
from training.facts.formats.text_layout import encoding_of
from training.facts.import_report import Report
from training.facts.mapping.guess_mapping import guess_mapping
from training.facts.mapping.mapping_file import load_mapping, shipped
from training.facts.mapping.translate import number

OPEN = MAPPING.replace('encoding = "cp1252"\n', "").replace('separator = ";"\n', "")
ABOVE = "Bestellungen im März;;\n;;\nErstellt: 02.03.2026;;\n"


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("above", ["", "sep=;\n", ABOVE], ids=["plain", "sep", "titles"])
def test_encoding_separator_and_header_are_found(tmp_path: Path, encoding: str, above: str) -> None:
    write(tmp_path / "in", "Bestellungen.csv", above + GERMAN, encoding)
    (row,) = mapped(tmp_path / "in", OPEN)
    assert (row["order_id"], row["customer_id"], row["amount"]) == ("B-1", "Jürgen", "1234.50")
    assert row["line"] == above.count("\n") + 2


def test_what_is_stated_is_not_guessed(tmp_path: Path) -> None:
    write(tmp_path / "in", "Bestellungen.csv", ABOVE + GERMAN, "utf-16")
    with pytest.raises(BadInput, match="looks like UTF-16"):
        mapped(tmp_path / "in", MAPPING)


def test_columns_are_known_in_other_case_and_marks(tmp_path: Path) -> None:
    text = GERMAN.replace("Bestellnummer", "BESTELLNUMMER ").replace("Betrag", "Betrag (EUR)")
    write(tmp_path / "in", "Bestellungen.csv", text)
    (row,) = mapped(tmp_path / "in", OPEN)
    assert (row["order_id"], row["amount"]) == ("B-1", "1234.50")


def test_a_column_that_stands_twice_matters_only_where_it_is_used(tmp_path: Path) -> None:
    header, values = GERMAN.splitlines()
    folder = tmp_path / "in"
    write(folder, "Bestellungen.csv", f"{header};Notiz;Notiz\n{values};a;b\n")
    assert mapped(folder, OPEN)[0]["order_id"] == "B-1"
    write(folder, "Bestellungen.csv", f"{header};Kunde\n{values};Eva\n")
    with pytest.raises(BadInput, match="field Kunde: expected a column that stands once"):
        mapped(folder, OPEN)


def test_a_title_over_the_header_of_a_workbook_is_skipped(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    book = openpyxl.Workbook()
    sheet: Any = book.active
    sheet.append(["售后单导出 2026-03"])
    sheet.merge_cells("A1:F1")
    sheet.append([])
    sheet.append(["售后单号", "订单号", "售后类型", "退款金额（元）", "售后申请时间", "售后原因"])
    sheet.append(["1", "2", "仅退款", 9.5, "2026-03-05 21:10:00", "质量问题"])
    book.save(tmp_path / "in" / "2026售后.xlsx")
    for mapping in ("doudian", str(tmp_path / "guessed.toml")):
        if mapping != "doudian":
            Path(mapping).write_text(guess_mapping(tmp_path / "in"), encoding="utf-8")
        (file,) = open_folder(tmp_path / "in", load_mapping(mapping))
        (chunk,) = file.chunks()
        assert (chunk.columns["refund_id"], chunk.lines) == (["1"], [4])


@pytest.mark.parametrize("system", shipped())
def test_shipped_mappings_read_what_was_saved_otherwise(tmp_path: Path, system: str) -> None:
    """Each text file in other encodings, with a title above and its columns in capitals."""
    folder = exports(tmp_path / "in", system)
    wanted = [next(f.chunks()).columns for f in open_folder(folder, load_mapping(system))]
    for path in (p for p in folder.iterdir() if p.suffix in (".csv", ".txt")):
        raw = path.read_bytes()
        text = raw.decode(encoding_of(raw)).removeprefix("\ufeff")
        header, rest = text.split("\n", 1)
        path.write_text(f"Export\n{header.upper()}\n{rest}", encoding="utf-16")
    found = [next(f.chunks()).columns for f in open_folder(folder, load_mapping(system))]
    assert found == wanted


def test_a_file_of_several_kinds_leaves_out_what_none_uses(tmp_path: Path) -> None:
    files = open_folder(exports(tmp_path / "in", "shopify"), load_mapping("shopify"))
    left = Report.of(files).unknown["orders_export_1.csv"]
    assert {"Email", "Fulfilled at"}.isdisjoint(left)
    assert "Financial Status" in left


@pytest.mark.parametrize(
    ("given", "decimal", "wanted"),
    [("40,00", ".", None), ("1,5", ".", None), ("1,234", ".", "1234"), ("1,23,456.7", ".",
     "123456.7"), ("1.5", ",", None), ("1.234", ",", "1234"), ("1.234.567,8", ",", "1234567.8"),
     ("12,34,5", ".", None), ("1'234.50", ".", "1234.50"), ("-1,234", ".", "-1234")],
)  # fmt: skip
def test_a_decimal_mark_is_never_taken_for_one_of_thousands(
    given: str, decimal: str, wanted: str | None
) -> None:
    found = number(given, decimal)
    assert (None if found is None else str(found)) == wanted


@pytest.mark.parametrize(
    ("text", "encoding"),
    [("注文番号,お客様,日付\n1,やまだ,2026-03-01\n", "cp932"), ("Größe,naïve,Œuvre\n", "cp1252"),
     ("订单号,买家\n1,张伟\n", "gb18030"), ("order,kunde\n1,Zoë\n", "utf-8"),
     ("a,b\n1,é\n", "utf-32"), ("a,b\n1,é\n", "utf-16"), ("plain,ascii\n", "utf-8")],
)  # fmt: skip
def test_encodings_are_told_apart(text: str, encoding: str) -> None:
    found = encoding_of(text.encode(encoding))
    assert text.encode(encoding).decode(found).removeprefix("\ufeff") == text


@pytest.mark.parametrize("skipped", [0, 1])
def test_wide_encodings_are_read(tmp_path: Path, skipped: int) -> None:
    write(tmp_path / "in", "Bestellungen.csv", "Titel\n" * skipped + GERMAN, "utf-32")
    assert mapped(tmp_path / "in", OPEN)[0]["customer_id"] == "Jürgen"


def archive(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("letter.txt", "no workbook")


def broken_sheet(path: Path) -> None:
    book = openpyxl.Workbook()
    book.save(path)
    with zipfile.ZipFile(path) as given:
        parts = {name: given.read(name) for name in given.namelist()}
    with zipfile.ZipFile(path, "w") as made:
        for name, raw in parts.items():
            made.writestr(
                name, raw[: len(raw) // 2] if "sheet" in name or "workbook" in name else raw
            )


@pytest.mark.parametrize("make", [archive, broken_sheet])
def test_what_is_no_workbook_is_one_line(tmp_path: Path, make: Any) -> None:
    make(tmp_path / "orders.xlsx")
    with pytest.raises(BadInput, match=r"orders\.xlsx: expected a readable file"):
        [list(file.chunks()) for file in open_folder(tmp_path)]
    with pytest.raises(BadInput, match=r"orders\.xlsx: expected a readable file"):
        guess_mapping(tmp_path)


def test_a_sheet_that_is_not_there_is_named(tmp_path: Path) -> None:
    openpyxl.Workbook().save(tmp_path / "a.xlsx")
    (tmp_path / "m.toml").write_text('[orders]\nfiles = "a.xlsx"\nsheet = "May"\ncolumns = {}\n')
    with pytest.raises(BadInput, match="no sheet May among Sheet"):
        open_folder(tmp_path, load_mapping(str(tmp_path / "m.toml")))


@pytest.mark.parametrize("text", ["sep=,\norder_id,amount\n", "\n\n", "ORDER_ID,AMOUNT\n1,2\n"])
def test_a_header_that_is_not_the_contract_s_says_what_may_read_it(
    tmp_path: Path, text: str
) -> None:
    (tmp_path / "orders.csv").write_text(text)
    with pytest.raises(BadInput, match="mapping guess") as refused:
        open_folder(tmp_path)
    assert "semicolon" not in str(refused.value)


def test_columns_that_were_found_are_counted(tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_text(",".join(f"c{n}" for n in range(12)) + "\n")
    with pytest.raises(BadInput, match="got c0, c1, c2, c3, c4, c5, c6, c7 and 4 more"):
        open_folder(tmp_path)


@pytest.mark.parametrize("quoted", ['"Anna\nMay"', '"Anna ""May"""', '"May", Anna', '"Anna May'])
def test_in_files_separated_by_tabs_a_stray_quote_is_a_letter(tmp_path: Path, quoted: str) -> None:
    text = GERMAN.replace(";", "\t")
    header, row = text.strip().split("\n")
    first = row.replace("Jürgen", quoted)
    write(tmp_path / "in", "Bestellungen.csv", "\n".join([header, first, row, row, first, ""]))
    found = mapped(tmp_path / "in", OPEN)
    assert [row["order_id"] for row in found] == ["B-1"] * 4
    broken = "\n" in quoted
    assert [row["line"] for row in found] == ([2, 4, 5, 6] if broken else [2, 3, 4, 5])
    assert found[0]["customer_id"] == found[3]["customer_id"]
