"""A retailer's export turned into contract files, line by line, and what could not be used."""

from __future__ import annotations

import csv
import zipfile
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from risk.errors import BadInput
from risk.history.store import History
from training.facts.convert import CONVERTERS
from training.facts.import_folder import import_folder

COLUMNS = ("InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice",
           "CustomerID", "Country")  # fmt: skip
Line = tuple[str, str, int, str, float, str]


def quiet(_what: str, _done: int, _total: int | None) -> None:
    """Progress that nobody watches."""


def converted(folder: Path, *lines: Line) -> tuple[pd.DataFrame, pd.DataFrame, list[str]]:
    """Orders, requests and the report of an export with these lines: invoice, article, pieces,
    time, price, customer."""
    with (folder / "export.csv").open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(COLUMNS)
        for invoice, article, pieces, at, price, customer in lines:
            writer.writerow((invoice, article, "thing", pieces, at, price, customer, "France"))
    report = CONVERTERS["online-retail"](folder / "export.csv", folder / "out", quiet)
    orders, refunds = (
        pd.read_parquet(folder / "out" / f"{kind}.parquet") for kind in ("orders", "refunds")
    )
    return orders, refunds, report


BOUGHT: Line = ("536365", "85123A", 6, "2010-12-01 08:26:00", 2.55, "17850")
RETURNED: Line = ("C536379", "85123A", -2, "2010-12-03 09:41:00", 2.55, "17850")


def test_a_purchase_is_an_order_line_and_a_cancellation_a_request(tmp_path: Path) -> None:
    orders, refunds, report = converted(tmp_path, BOUGHT, RETURNED)
    (order,), (refund,) = orders.to_dict("records"), refunds.to_dict("records")
    assert (order["order_id"], order["line_id"], order["customer_id"]) == ("536365", "1", "17850")
    assert (order["amount"], order["currency"], order["quantity"]) == ("15.30", "GBP", 6)
    assert order["sku"] == "85123A"
    assert order["placed_at"] == pd.Timestamp("2010-12-01 08:26", tz="Europe/London")
    assert (refund["refund_id"], refund["order_id"], refund["line_id"]) == (
        "C536379-1", "536365", "1",
    )  # fmt: skip
    assert (refund["amount"], refund["reason_code"]) == ("5.10", "other")
    assert refund["requested_at"] == pd.Timestamp("2010-12-03 09:41", tz="Europe/London")
    assert report[:3] == [
        "2 lines read, 1 of them cancellations",
        "1 order lines on 1 orders",
        "1 refund requests matched to their purchase (100.0% of cancellation lines)",
    ]


def test_lines_of_one_invoice_are_lines_of_one_order(tmp_path: Path) -> None:
    other: Line = ("536365", "71053", 1, "2010-12-01 08:26:00", 3.39, "17850")
    orders, _, _ = converted(tmp_path, BOUGHT, other, BOUGHT)
    assert orders["order_id"].tolist() == ["536365"] * 3
    assert orders["line_id"].tolist() == ["1", "2", "3"]


def test_the_latest_earlier_purchase_with_something_left_is_meant(tmp_path: Path) -> None:
    later: Line = ("536400", "85123A", 3, "2010-12-02 10:00:00", 2.95, "17850")
    after: Line = ("536500", "85123A", 9, "2010-12-09 10:00:00", 2.95, "17850")
    first: Line = ("C1", "85123A", -3, "2010-12-03 10:00:00", 2.95, "17850")
    second: Line = ("C2", "85123A", -1, "2010-12-04 10:00:00", 2.55, "17850")
    _, refunds, _ = converted(tmp_path, BOUGHT, later, after, first, second)
    assert refunds["order_id"].tolist() == ["536400", "536365"]
    assert refunds["amount"].tolist() == ["8.85", "2.55"]


def test_lines_out_of_order_are_read_in_the_order_of_time(tmp_path: Path) -> None:
    _, refunds, _ = converted(tmp_path, RETURNED, BOUGHT)
    assert refunds["order_id"].tolist() == ["536365"]


def test_what_was_never_bought_cannot_be_asked_back(tmp_path: Path) -> None:
    stranger = (*RETURNED[:5], "99999")
    early = ("C1", "85123A", -2, "2010-11-30 09:41:00", 2.55, "17850")
    other = ("C2", "71053", -2, "2010-12-03 09:41:00", 2.55, "17850")
    _, refunds, report = converted(tmp_path, BOUGHT, stranger, early, other)
    assert refunds.empty
    assert "left out: 3 cancellation lines without an earlier purchase" in report


def test_more_than_was_left_is_asked_only_so_far_and_said_so(tmp_path: Path) -> None:
    greedy = (*RETURNED[:2], -8, *RETURNED[3:])
    _, refunds, report = converted(tmp_path, BOUGHT, greedy, ("C9", *RETURNED[1:]))
    assert refunds["amount"].tolist() == ["15.30"]
    assert "left out: 2 pieces asked back beyond what their purchase had left" in report
    assert "left out: 1 cancellation lines without an earlier purchase" in report


CASES: list[tuple[dict[int, Any], str]] = [
    ({5: ""}, "without a customer"),
    ({1: "POST"}, "postage, discount or adjustment"),
    ({1: "D"}, "postage, discount or adjustment"),
    ({4: 0.0}, "without a price"),
    ({4: -11062.06}, "without a price"),
    ({4: ""}, "without a price"),
]


@pytest.mark.parametrize(("change", "why"), CASES)
def test_lines_that_are_no_trade_are_counted_by_cause(
    tmp_path: Path, change: dict[int, Any], why: str
) -> None:
    purchase, cancellation = (
        tuple(change.get(at, value) for at, value in enumerate(line)) for line in (BOUGHT, RETURNED)
    )
    orders, refunds, report = converted(tmp_path, BOUGHT, purchase, cancellation)
    assert len(orders) == 1
    assert refunds.empty
    assert f"left out: 1 purchase lines {why}" in report
    assert f"left out: 1 cancellation lines {why}" in report


@pytest.mark.parametrize(("line", "why"), [
    ((*BOUGHT[:2], -4, *BOUGHT[3:]), "purchase lines stock correction"),
    ((*BOUGHT[:2], 0, *BOUGHT[3:]), "purchase lines stock correction"),
    ((*RETURNED[:2], 3, *RETURNED[3:]), "cancellation lines that cancel nothing"),
])  # fmt: skip
def test_pieces_of_the_wrong_sign_are_counted_by_cause(
    tmp_path: Path, line: Line, why: str
) -> None:
    orders, refunds, report = converted(tmp_path, BOUGHT, line)
    assert (len(orders), len(refunds)) == (1, 0)
    assert f"left out: 1 {why}" in report


def test_a_wall_clock_is_read_where_the_shop_is(tmp_path: Path) -> None:
    summer = (*BOUGHT[:3], "2011-07-01 12:00:00", *BOUGHT[4:])
    skipped = (*BOUGHT[:3], "2011-03-27 01:30:00", *BOUGHT[4:])
    orders, _, _ = converted(tmp_path, summer, skipped)
    told = orders["placed_at"].dt.tz_convert("UTC").dt.strftime("%m-%d %H:%M").tolist()
    assert told == ["03-27 01:00", "07-01 11:00"]


def test_what_comes_out_is_what_import_takes_in(history: History, tmp_path: Path) -> None:
    converted(tmp_path, BOUGHT, RETURNED)
    assert import_folder(history, tmp_path / "out").new == {"orders": 1, "refunds": 1}
    assert import_folder(history, tmp_path / "out").same == {"orders": 1, "refunds": 1}


@pytest.mark.parametrize("form", ["xlsx", "zip", "csv.gz", "us.csv"])
def test_the_file_may_be_as_its_publisher_gives_it(tmp_path: Path, form: str) -> None:
    """A zip with a workbook, whose invoices and customers are numbers; the CSV of its library."""
    wanted = converted(tmp_path, BOUGHT, RETURNED)
    frame = pd.read_csv(tmp_path / "export.csv", dtype=str)
    frame["Description"] = "CREAM £ HEART"
    file = tmp_path / f"Online Retail.{form}"
    if form == "us.csv":
        times = pd.to_datetime(frame["InvoiceDate"]).dt.strftime("%m/%d/%Y %H:%M")
        frame.assign(InvoiceDate=times).to_csv(file, index=False, encoding="cp1252")
    elif form == "csv.gz":
        frame.to_csv(file, index=False)
    else:
        book = tmp_path / "Online Retail.xlsx"
        frame.assign(
            InvoiceNo=[int(text) if text.isdigit() else text for text in frame["InvoiceNo"]],
            InvoiceDate=pd.to_datetime(frame["InvoiceDate"]),
            CustomerID=frame["CustomerID"].astype(float),
            Quantity=frame["Quantity"].astype(int), UnitPrice=frame["UnitPrice"].astype(float),
        ).to_excel(book, index=False)  # fmt: skip
        if form == "zip":
            with zipfile.ZipFile(file, "w") as packed:
                packed.write(book, "Online Retail.xlsx")
    report = CONVERTERS["online-retail"](file, tmp_path / "again", quiet)
    found = [pd.read_parquet(tmp_path / "again" / f"{kind}.parquet")
             for kind in ("orders", "refunds")]  # fmt: skip
    pd.testing.assert_frame_equal(found[0], wanted[0])
    pd.testing.assert_frame_equal(found[1], wanted[1])
    assert report == wanted[2]


@pytest.mark.parametrize("content", [b"PK not a zip", b""])
@pytest.mark.parametrize("name", ["a.zip", "a.xlsx", "a.csv"])
def test_another_file_is_refused_in_words(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(BadInput, match=name):
        CONVERTERS["online-retail"](tmp_path / name, tmp_path / "out", quiet)
