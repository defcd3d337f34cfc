"""Online Retail (UCI, Daqing Chen 2015, CC BY 4.0): a gift shop's invoices and cancellations.

A positive line is an order line; a line of an invoice beginning with `C` is a refund request for
the same customer's and stock code's latest earlier purchase that still has quantity left.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from training.facts.convert.published_table import read_published, read_times

COLUMNS = (
    "InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID",
    "Country",
)  # fmt: skip
ZONE = "Europe/London"
NOT_GOODS = frozenset(
    ("POST", "D", "M", "DOT", "C2", "BANK CHARGES", "AMAZONFEE", "CRUK", "S", "PADS", "B", "m")
)
"""Codes of postage, discounts, fees, samples and adjustments: nobody bought these."""

Row = dict[str, Any]


@dataclass(slots=True)
class _Bought:
    """A purchased line with what of it has not been cancelled yet."""

    order_id: str
    line_id: str
    left: int
    amount: float
    quantity: int


@dataclass(slots=True)
class _Ledger:
    """Purchases by customer and article, latest last, and what could not be used."""

    bought: dict[Hashable, list[_Bought]] = field(default_factory=lambda: defaultdict(list))
    left_out: Counter[str] = field(default_factory=Counter)
    lines: Counter[str] = field(default_factory=Counter)


def convert(file: Path, to: Path, tell: Callable[[str, int, int | None], None]) -> list[str]:
    """Write orders.parquet and refunds.parquet; answers the counts a user wants to know."""
    frame = _read(file)
    ledger = _Ledger()
    orders: list[Row] = []
    refunds: list[Row] = []
    for done, row in enumerate(_rows(frame)):
        if _is_cancellation(row):
            _cancel(row, ledger, refunds)
        else:
            _buy(row, ledger, orders)
        if done % 20_000 == 0:
            tell("lines", done, len(frame))
    tell("lines", len(frame), len(frame))
    to.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_pylist(orders, _ORDERS), to / "orders.parquet")
    pq.write_table(pa.Table.from_pylist(refunds, _REFUNDS), to / "refunds.parquet")
    return _report(frame, orders, refunds, ledger)


def _read(file: Path) -> pd.DataFrame:
    frame = read_published(file, COLUMNS).assign(
        Quantity=lambda table: pd.to_numeric(table["Quantity"]).astype("int64"),
        UnitPrice=lambda table: pd.to_numeric(table["UnitPrice"]).astype("float64"),
    )
    naive = read_times(frame["InvoiceDate"])
    frame["at"] = naive.dt.tz_localize(ZONE, ambiguous=True, nonexistent="shift_forward")
    return frame.sort_values("at", kind="stable", ignore_index=True)


def _rows(frame: pd.DataFrame) -> Iterator[Row]:
    columns = {name: frame[name].tolist() for name in (*COLUMNS, "at") if name != "InvoiceDate"}
    names = list(columns)
    for values in zip(*columns.values(), strict=True):
        yield dict(zip(names, values, strict=True))


def _is_cancellation(row: Row) -> bool:
    return str(row["InvoiceNo"]).startswith("C")


def _unusable(row: Row) -> str:
    """Why a line is no purchase or cancellation of goods by a known customer; empty if it is."""
    if pd.isna(row["CustomerID"]):
        return "without a customer"
    if str(row["StockCode"]) in NOT_GOODS:
        return "postage, discount or adjustment"
    if not row["UnitPrice"] > 0:
        return "without a price"
    return ""


def _buy(row: Row, ledger: _Ledger, orders: list[Row]) -> None:
    why = _unusable(row) or ("stock correction" if row["Quantity"] <= 0 else "")
    if why:
        ledger.left_out[f"purchase lines {why}"] += 1
        return
    order_id, customer = str(row["InvoiceNo"]), str(row["CustomerID"])
    ledger.lines[order_id] += 1
    line_id = str(ledger.lines[order_id])
    amount = round(row["Quantity"] * row["UnitPrice"], 2)
    bought = _Bought(order_id, line_id, row["Quantity"], amount, row["Quantity"])
    ledger.bought[customer, row["StockCode"]].append(bought)
    orders.append(
        {
            "order_id": order_id,
            "line_id": line_id,
            "customer_id": customer,
            "placed_at": row["at"],
            "amount": f"{amount:.2f}",
            "currency": "GBP",
            "quantity": row["Quantity"],
            "sku": str(row["StockCode"]),
            "channel": "shop",
        }
    )


def _cancel(row: Row, ledger: _Ledger, refunds: list[Row]) -> None:
    asked = -int(row["Quantity"])
    why = _unusable(row) or ("that cancel nothing" if asked <= 0 else "")
    if why:
        ledger.left_out[f"cancellation lines {why}"] += 1
        return
    purchases = ledger.bought[str(row["CustomerID"]), row["StockCode"]]
    match = next((b for b in reversed(purchases) if b.left > 0), None)
    if match is None:
        ledger.left_out["cancellation lines without an earlier purchase"] += 1
        return
    taken = min(asked, match.left)
    match.left -= taken
    if asked > taken:
        ledger.left_out["pieces asked back beyond what their purchase had left"] += asked - taken
    ledger.lines[row["InvoiceNo"]] += 1
    refunds.append(
        {
            "refund_id": f"{row['InvoiceNo']}-{ledger.lines[row['InvoiceNo']]}",
            "order_id": match.order_id,
            "line_id": match.line_id,
            "requested_at": row["at"],
            "amount": f"{match.amount * taken / match.quantity:.2f}",
            "type": "refund_only",
            "reason_code": "other",
        }
    )


def _report(
    frame: pd.DataFrame, orders: list[Row], refunds: list[Row], ledger: _Ledger
) -> list[str]:
    cancelled = int(frame["InvoiceNo"].str.startswith("C").sum())
    return [
        f"{len(frame):,} lines read, {cancelled:,} of them cancellations",
        f"{len(orders):,} order lines on {len({o['order_id'] for o in orders}):,} orders",
        f"{len(refunds):,} refund requests matched to their purchase "
        f"({len(refunds) / max(cancelled, 1):.1%} of cancellation lines)",
        *(f"left out: {count:,} {why}" for why, count in ledger.left_out.most_common()),
    ]


_TIME = pa.timestamp("ms", tz=ZONE)
_ORDERS = pa.schema(
    [
        ("order_id", pa.string()),
        ("line_id", pa.string()),
        ("customer_id", pa.string()),
        ("placed_at", _TIME),
        ("amount", pa.string()),
        ("currency", pa.string()),
        ("quantity", pa.int64()),
        ("sku", pa.string()),
        ("channel", pa.string()),
    ]
)
_REFUNDS = pa.schema(
    [
        ("refund_id", pa.string()),
        ("order_id", pa.string()),
        ("line_id", pa.string()),
        ("requested_at", _TIME),
        ("amount", pa.string()),
        ("type", pa.string()),
        ("reason_code", pa.string()),
    ]
)
