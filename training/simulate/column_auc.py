"""AUC of each single column of a simulated world: how well it separates false from honest."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.metrics import roc_auc_score

from training.simulate.random_draws import Floats

FEW = 40


def column_aucs(folder: Path) -> Mapping[str, float]:
    """AUC of every column known at the time of a request, best first.

    Columns of refunds, order line and outbound parcel, and the differences of their times. Numbers
    and times are used as scores in either direction, columns of few values by their share of false
    requests (in sample, hence optimistic), texts by length, identities by frequency.
    """
    frame, truth = _joined(folder)
    scores: dict[str, float] = {}
    for name in frame.columns:
        for kind, values in _readings(frame[name], truth).items():
            area = roc_auc_score(truth, values)
            scores[f"{name}{kind}"] = max(area, 1 - area)
    return dict(sorted(scores.items(), key=lambda item: -item[1]))


def _joined(folder: Path) -> tuple[pd.DataFrame, np.ndarray]:
    refunds = pd.read_parquet(folder / "refunds.parquet")
    orders = pd.read_parquet(folder / "orders.parquet")
    truth = pd.read_parquet(folder.parent / "truth.parquet").set_index("refund_id")["positive"]
    counts = {name: orders[name].value_counts() for name in ("device_id", "payment_instrument")}
    line = refunds["line_id"].fillna("1")
    keyed = orders.add_prefix("order_").set_index(["order_order_id", "order_line_id"])
    frame = refunds.assign(line=line).join(keyed, on=["order_id", "line"]).drop(columns="line")
    frame = frame.join(_parcels(folder), on="order_id")
    for name, count in counts.items():
        frame[f"orders_with_{name}"] = frame[f"order_{name}"].map(count)
    asked = frame["requested_at"]
    frame["since_order"] = (asked - frame["order_placed_at"]).dt.total_seconds()
    frame["since_delivery"] = (asked - frame["delivered"]).dt.total_seconds()
    frame["account_age"] = (asked - frame["order_account_created_at"]).dt.total_seconds()
    return frame, truth.loc[refunds["refund_id"]].to_numpy()


def _parcels(folder: Path) -> pd.DataFrame:
    events = pd.read_parquet(folder / "shipments.parquet")
    events = events[events["direction"] == "outbound"].sort_values("occurred_at")
    last = events.groupby("order_id")[["courier", "received_by", "weight_g"]].last()
    done = events[events["status"] == "delivered"].groupby("order_id")["occurred_at"].first()
    return last.add_prefix("parcel_").assign(delivered=done)


def _readings(column: pd.Series, truth: np.ndarray) -> dict[str, Floats]:
    """The scores that can be derived from one column, by the suffix of their name."""
    readings: dict[str, Floats] = {"": column.isna().to_numpy().astype(np.float64)}
    if column.nunique() <= FEW:
        text = column.astype(object).where(column.notna(), "").astype(str)
        readings[" (by value)"] = _false_share(text, truth)
    elif pd.api.types.is_datetime64_any_dtype(column):
        readings[" (time)"] = column.astype("int64").to_numpy().astype(np.float64)
    elif _is_number(column):
        values = pd.to_numeric(column).astype("float64")
        readings[" (number)"] = values.fillna(values.median()).to_numpy().astype(np.float64)
    else:
        text = column.fillna("").astype(str)
        readings[" (length)"] = text.str.len().to_numpy().astype(np.float64)
        readings[" (how often)"] = text.map(text.value_counts()).to_numpy().astype(np.float64)
    return readings


def _is_number(column: pd.Series) -> bool:
    if pd.api.types.is_numeric_dtype(column):
        return True
    return column.name in ("amount", "order_amount")


def _false_share(text: pd.Series, truth: np.ndarray) -> Floats:
    return np.asarray(text.map(pd.Series(truth).groupby(text.to_numpy()).mean()), dtype=np.float64)
