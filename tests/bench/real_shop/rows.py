"""Invoices of the export as requests, what else was known of them, and the catalogue's columns.

Every invoice asks once, at its own time, as `return_and_refund`; its outcome, whether any of its
lines was cancelled within 30 days, is known exactly 30 days later. The shop's own cancellations
stay what the export says: requests at their own time, by line, as `refund_only`.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from risk.facts.units import DAY_MS
from risk.features.backfill import backfill, offline
from risk.features.catalog import catalogue
from risk.identity import Hasher
from training.facts.arrow_tables import of_columns
from training.facts.convert.online_retail import ZONE, convert
from training.facts.read_folder import read_folder

LATE = 30 * DAY_MS
LEARN = ("2011-01-01", "2011-08-01")
JUDGE = ("2011-09-01", "2011-11-09")
DAY = pd.Timedelta(1, "D")


def converted(file: Path, folder: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The export's order lines and cancellations, as `convert` writes them into the folder."""
    convert(file, folder, lambda *_: None)
    lines = pq.read_table(folder / "orders.parquet").to_pandas()
    cancelled = pq.read_table(folder / "refunds.parquet").to_pandas()
    return lines.assign(amount=lines["amount"].astype(float)), cancelled


def invoices(lines: pd.DataFrame, cancelled: pd.DataFrame) -> pd.DataFrame:
    """One row an invoice in time order: its own columns, and `y`, cancelled within 30 days."""
    lines = lines.assign(price=lines["amount"] / lines["quantity"])
    invoice = lines.groupby("order_id", as_index=False).agg(
        placed_at=("placed_at", "min"), customer_id=("customer_id", "first"),
        amount=("amount", "sum"), lines=("sku", "size"), articles=("sku", "nunique"),
        pieces=("quantity", "sum"), dearest=("amount", "max"), largest=("quantity", "max"),
        price=("price", "mean"), highest_price=("price", "max"),
    )  # fmt: skip
    first = cancelled.groupby("order_id")["requested_at"].min().rename("cancelled_at")
    invoice = invoice.merge(first, on="order_id", how="left")
    late = invoice["cancelled_at"] - invoice["placed_at"]
    local = invoice["placed_at"].dt.tz_convert(ZONE).dt
    told = invoice.assign(
        y=(late <= LATE // DAY_MS * DAY).astype(float), hour=local.hour + local.minute / 60,
        weekday=local.day_of_week,
    )  # fmt: skip
    return told.sort_values(["placed_at", "order_id"], ignore_index=True)


ORDER = ["amount", "lines", "articles", "pieces", "dearest", "largest", "price", "highest_price",
         "hour", "weekday"]  # fmt: skip


def with_history(invoice: pd.DataFrame, cancelled: pd.DataFrame) -> pd.DataFrame:
    """The order's columns and a simple history of its customer, all from before the invoice."""
    columns = invoice[ORDER].copy()
    of = invoice.groupby("customer_id")
    columns["earlier"] = of.cumcount()
    usual = of["amount"].cumsum() - invoice["amount"]
    columns["against_usual"] = invoice["amount"] * columns["earlier"] / usual.where(usual > 0)
    columns["days_since_order"] = _days(of["placed_at"].diff())
    columns["customer_days"] = _days(invoice["placed_at"] - of["placed_at"].transform("min"))
    asked = cancelled.merge(invoice[["order_id", "customer_id"]], on="order_id")
    asked = asked.assign(at=milliseconds(asked["requested_at"]))
    moments = {customer: np.sort(at) for customer, at in asked.groupby("customer_id")["at"]}
    past = [
        _past(moments.get(customer, np.empty(0)), at)
        for customer, at in zip(
            invoice["customer_id"], milliseconds(invoice["placed_at"]), strict=True
        )
    ]
    columns[["cancelled", "cancelled_30d", "cancelled_90d", "days_since_cancelled"]] = past
    return columns


def _days(apart: pd.Series) -> pd.Series:
    days: pd.Series = apart.dt.total_seconds() / DAY.total_seconds()
    return days


def _past(moments: np.ndarray, at: int) -> tuple[float, float, float, float]:
    """How often a customer had cancelled before, in 30 and 90 days, and how long ago last."""
    days = (at - moments[moments < at]) / DAY_MS
    last = days[-1] if len(days) else np.nan
    return len(days), (days <= 30).sum(), (days <= 90).sum(), last


def write_requests(invoice: pd.DataFrame, folder: Path) -> None:
    """The invoices as requests beside the export's own, and their outcomes 30 days on."""
    own = pq.read_table(folder / "refunds.parquet").to_pandas()
    requests = pd.DataFrame(
        {
            "refund_id": invoice["order_id"], "order_id": invoice["order_id"],
            "requested_at": invoice["placed_at"], "amount": invoice["amount"].map("{:.2f}".format),
            "type": "return_and_refund", "reason_code": "other",
        }
    )  # fmt: skip
    outcomes = pd.DataFrame(
        {
            "refund_id": invoice["order_id"],
            "decided_at": invoice["placed_at"] + LATE // DAY_MS * DAY,
            "verdict": np.where(invoice["y"] == 1, "abuse", "legitimate"),
        }
    )
    for name, frame in (("refunds", pd.concat([requests, own])), ("outcomes", outcomes)):
        table = pa.Table.from_pandas(frame, preserve_index=False)
        pq.write_table(table, folder / f"{name}.parquet")


def catalogue_at(invoice: pd.DataFrame, folder: Path) -> pd.DataFrame:
    """The whole catalogue at every invoice's own time, in the frame's order."""
    facts = of_columns(read_folder(folder, Hasher(b"only for this measurement")))
    asked = pa.table(
        {
            "row_id": pa.array(range(len(invoice)), pa.int64()),
            "refund_id": pa.array(invoice["order_id"], pa.string()),
            "as_of": pa.array(milliseconds(invoice["placed_at"]), pa.int64()),
            "stage": pa.array(["request"] * len(invoice), pa.string()),
        }
    )
    with offline(facts, threads=1) as db:
        matrix = backfill(db, asked, catalogue()).matrix
    return pd.DataFrame(matrix, columns=[feature.name for feature in catalogue()])


def milliseconds(moments: pd.Series) -> np.ndarray:
    """Moments as whole milliseconds since the epoch."""
    return ((moments - pd.Timestamp(0, tz="UTC")) // pd.Timedelta("1ms")).to_numpy(np.int64)


def between(invoice: pd.DataFrame, period: tuple[str, str]) -> np.ndarray:
    """Which invoices were placed in a period, its end left out."""
    at = invoice["placed_at"]
    return ((at >= period[0]) & (at < period[1])).to_numpy()
