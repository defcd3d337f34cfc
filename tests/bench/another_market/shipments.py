"""The events of parcels: those of each order, and those that customers send back."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from tests.bench.another_market.cases import Case
from tests.bench.another_market.draws import Rng
from tests.bench.another_market.market import COURIERS, Market
from tests.bench.another_market.returns import Returns


def case_key(orders: pd.DataFrame, case: Case) -> tuple[str, str]:
    """Order and line a case is about; the line is empty for the whole order."""
    return str(orders["order_id"].iat[case.order]), "" if case.whole else "1"


def outbound(
    rng: Rng, orders: pd.DataFrame, lines: pd.DataFrame, market: Market
) -> list[pd.DataFrame]:
    """A table for each status: dispatched, out for delivery, delivered, lost; day of each `at`."""
    count = len(orders)
    sent = orders["cancelled"].isna().to_numpy()
    weight = (
        (market.skus["weight"].to_numpy()[lines["sku"]] * lines["quantity"])
        .groupby(lines["order"])
        .sum()
        .to_numpy()
    )
    shop = market.merchants.iloc[orders["merchant"]].reset_index(drop=True)
    single = (orders["lines"] == 1).to_numpy()
    packed = shop["records_packing"].to_numpy() & single
    weighed = rng.random(count) < 0.6
    base = pd.DataFrame(
        {
            "order_id": orders["order_id"],
            "line_id": np.where(single, "1", ""),
            "refund_id": "",
            "direction": "outbound",
            "courier": np.array(COURIERS)[orders["courier"]],
            "tracking_no": orders["tracking"],
            "weight_g": np.where(
                weighed,
                np.round(weight * rng.normal(1.06, 0.03, count) + 50).astype(int).astype(str),
                "",
            ),
            "packed_sku": np.where(packed, market.skus["sku"].to_numpy()[orders["sku"]], ""),
            "packed_quantity": np.where(packed, orders["quantity"].astype(str), ""),
        }
    )
    lost, scan = orders["lost"].to_numpy(), orders["scan_lost"].to_numpy()
    events: list[tuple[str, pd.Series, npt.NDArray[np.bool_], Any]] = [
        ("shipped", orders["shipped"], sent, ""),
        (
            "out_for_delivery",
            orders["delivered"] - rng.uniform(0.05, 0.3, count).clip(0),
            sent & ~lost & ~scan & (rng.random(count) < 0.85),
            "",
        ),
        ("delivered", orders["delivered"], sent & ~lost & ~scan, orders["received_by"]),
        (
            "lost",
            orders["shipped"] + np.minimum(3 + rng.exponential(1.5, count), 12),
            sent & scan,
            "",
        ),
    ]
    parts = []
    for status, at, mask, by in events:
        part = base.assign(status=status, at=at, received_by=by)[mask]
        if status != "shipped":
            part = part.assign(weight_g="", packed_sku="", packed_quantity="")
        parts.append(part)
    return parts


def back(orders: pd.DataFrame, returns: Returns) -> pd.DataFrame:
    """The events of the parcels that came back, or were lost on their way."""
    parcels = pd.DataFrame(returns.parcels)
    keys = [case_key(orders, case) for case in parcels["case"]]
    return pd.DataFrame(
        {
            "order_id": [key[0] for key in keys],
            "line_id": [key[1] for key in keys],
            "refund_id": [c.refund_id for c in parcels["case"]],
            "direction": "return",
            "courier": parcels["courier"],
            "tracking_no": parcels["tracking"],
            "weight_g": np.where(parcels["status"] == "shipped", parcels["weight"], ""),
            "packed_sku": "",
            "packed_quantity": "",
            "status": parcels["status"],
            "at": parcels["at"],
            "received_by": np.where(parcels["status"] == "delivered", "unknown", ""),
        }
    )
