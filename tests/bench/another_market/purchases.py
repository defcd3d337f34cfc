"""Orders, and what becomes of their parcels."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from tests.bench.another_market.campaigns import Plan
from tests.bench.another_market.draws import LAST_DAY, Floats, Ints, Rng, digits
from tests.bench.another_market.market import (
    COURIERS,
    FALSE_SIGN,
    LOSS,
    ROUGH,
    SPEED,
    TRACKING,
    Market,
    day_weights,
)

CHANNELS = ["live", "video", "shop", "search", "other"]


def place_orders(
    rng: Rng, people: pd.DataFrame, market: Market, plans: Sequence[Plan], count: int, days: int
) -> pd.DataFrame:
    """One row an order: `count` in all, the planned among them; `plan` is -1 for all others."""
    ordinary = count - len(plans)
    activity = people["activity"].to_numpy(dtype=float).copy()
    np.add.at(activity, [p.customer for p in plans], 0.7)
    customer = rng.choice(len(people), ordinary, p=activity / activity.sum())
    weights = day_weights(days, LAST_DAY - np.timedelta64(days, "D"))
    placed = rng.choice(days, ordinary, p=weights) + _hours(rng, ordinary)
    created = people["created"].to_numpy(dtype=float)[customer]
    early = placed < created + 0.01
    placed[early] = (
        created[early]
        + 0.01
        + rng.random(int(early.sum())) * (days - created[early] - 0.02).clip(0.001)
    )
    popular = market.skus["popularity"].to_numpy(dtype=float) ** 0.8
    sku = rng.choice(len(market.skus), ordinary, p=popular / popular.sum())
    reseller = people["group"].to_numpy()[customer] == "reseller"
    quantity = np.where(
        reseller,
        rng.integers(2, 20, ordinary),
        1 + (rng.random(ordinary) < 0.12) * rng.integers(1, 4, ordinary),
    )
    orders = pd.DataFrame(
        {"customer": customer, "sku": sku, "quantity": quantity, "placed": placed, "plan": -1}
    )
    planned = pd.DataFrame(
        {
            "customer": [p.customer for p in plans],
            "sku": [p.sku for p in plans],
            "quantity": [p.quantity for p in plans],
            "plan": range(len(plans)),
            "placed": [
                np.floor(p.placed) + h for p, h in zip(plans, _hours(rng, len(plans)), strict=True)
            ],
        }
    )
    planned["placed"] = np.maximum(
        planned["placed"], created_of(people, planned["customer"]) + 0.02
    )
    orders = pd.concat([orders, planned], ignore_index=True).sort_values(
        "placed", ignore_index=True
    )
    stems = np.sort(rng.choice(9 * 10**12, len(orders), replace=False)) + 10**12
    orders["order_id"] = [
        f"478{s}{x:03d}"
        for s, x in zip(
            stems,
            10 * rng.integers(0, 100, len(orders)) + rng.integers(1, 10, len(orders)),
            strict=True,
        )
    ]
    for name in ("device", "address", "payment", "phone", "ip"):
        orders[name] = people[name].to_numpy(dtype=object)[orders["customer"]]
    second = rng.random(len(orders)) < 0.12
    orders.loc[second, "device"] = people["second_device"].to_numpy(dtype=object)[
        orders.loc[second, "customer"]
    ]
    for row, plan in zip(
        orders.index[orders["plan"] >= 0], orders.loc[orders["plan"] >= 0, "plan"], strict=True
    ):
        for name in ("device", "address", "payment"):
            if getattr(plans[plan], name):
                orders.loc[row, name] = getattr(plans[plan], name)
    orders["channel"] = rng.choice(CHANNELS, len(orders), p=[0.35, 0.2, 0.25, 0.15, 0.05])
    # A planned whole basket has no further lines; of the others one in six has.
    orders["lines"] = np.where(rng.random(len(orders)) < 0.16, rng.integers(2, 4, len(orders)), 1)
    _price(rng, orders, market)
    _carry(rng, orders, people, market, plans)
    return orders


def created_of(people: pd.DataFrame, customers: pd.Series) -> Floats:
    """Day each customer's account was made."""
    return np.asarray(
        people["created"].to_numpy(dtype=float)[customers.to_numpy()], dtype=np.float64
    )


def _hours(rng: Rng, count: int) -> Floats:
    """Time of day as a share of a day, mostly in the evening."""
    return np.clip(
        np.where(
            rng.random(count) < 0.6, rng.normal(0.85, 0.07, count), rng.uniform(0.3, 0.95, count)
        ),
        0.01,
        0.99,
    )


def _price(rng: Rng, orders: pd.DataFrame, market: Market) -> None:
    price = market.skus["price"].to_numpy(dtype=float)[orders["sku"]]
    discount = np.where(rng.random(len(orders)) < 0.4, rng.uniform(0.75, 0.98, len(orders)), 1.0)
    orders["amount"] = np.round(price * orders["quantity"] * discount, 2)
    orders["delivery"] = np.where(
        (orders["amount"] < 60) & (rng.random(len(orders)) < 0.5),
        rng.integers(5, 13, len(orders)),
        0,
    )


def _carry(
    rng: Rng, orders: pd.DataFrame, people: pd.DataFrame, market: Market, plans: Sequence[Plan]
) -> None:
    """Dispatch, transit and delivery; `lost`, `false_sign` and `rough` are what truly happened."""
    count = len(orders)
    merchant = market.skus["merchant"].to_numpy()[orders["sku"]]
    courier: Ints = np.where(
        rng.random(count) < 0.8,
        market.merchants["courier"].to_numpy()[merchant],
        rng.integers(0, len(COURIERS), count),
    )
    city = people["city"].to_numpy()[orders["customer"]]
    orders["merchant"], orders["courier"] = merchant, courier
    orders["shipped"] = orders["placed"] + np.minimum(
        0.7 * np.exp(0.7 * rng.standard_normal(count)), 9
    )
    transit = SPEED[courier] * np.exp(0.35 * rng.standard_normal(count))
    trouble = np.zeros(count)
    for depot in market.depots:
        hit = (
            (courier == depot.where[0])
            & (city == depot.where[1])
            & (orders["shipped"] >= depot.start)
            & (orders["shipped"] < depot.end)
        )
        trouble = np.where(hit, np.maximum(trouble, depot.rate), trouble)
    orders["depot"] = trouble > 0
    orders["delivered"] = orders["shipped"] + transit * (1 + 4 * trouble)
    draw = rng.random((3, count))
    own = orders["plan"].to_numpy() < 0
    orders["lost"] = own & (draw[0] < LOSS[courier] + trouble * 0.5)
    orders["false_sign"] = own & ~orders["lost"] & (draw[1] < FALSE_SIGN[courier] + trouble * 0.15)
    orders["rough"] = own & (draw[2] < 0.6 * trouble)
    orders["rough_rate"] = ROUGH[courier]
    insider = np.array([p >= 0 and "lost" in plans[p].scheme.signs for p in orders["plan"]])
    orders["scan_lost"] = orders["lost"] & (rng.random(count) < 0.75) | insider
    home = people["home"].to_numpy(dtype=object)[orders["customer"]]
    kinds = ["customer", "locker", "neighbour", "unknown"]
    to = np.where(
        np.isin(home, ["locker", "dormitory"]),
        rng.choice(kinds, count, p=[0.15, 0.8, 0.0, 0.05]),
        rng.choice(kinds, count, p=[0.5, 0.25, 0.05, 0.2]),
    )
    orders["received_by"] = np.where(
        orders["false_sign"],
        rng.choice(["customer", "locker", "unknown"], count, p=[0.2, 0.3, 0.5]),
        to,
    )
    prefix = np.array(TRACKING, dtype=object)[courier]
    orders["tracking"] = prefix + digits(rng, count, 13, "")
    orders["cancelled"] = np.nan


def order_lines(
    rng: Rng, orders: pd.DataFrame, people: pd.DataFrame, market: Market
) -> pd.DataFrame:
    """One row a line, the first being the order's article; adds `total` (paid in all) to orders."""
    repeat = np.repeat(np.arange(len(orders)), orders["lines"])
    lines = orders.iloc[repeat].reset_index(drop=True)
    lines["order"], lines["line"] = repeat, lines.groupby(repeat).cumcount() + 1
    extra = lines["line"].to_numpy() > 1
    by_merchant = {m: g.index.to_numpy() for m, g in market.skus.groupby("merchant")}
    picked = np.array(
        [rng.choice(by_merchant[m]) for m in lines.loc[extra, "merchant"]], dtype=np.int64
    )
    lines.loc[extra, "sku"] = picked
    lines.loc[extra, "quantity"] = 1
    lines.loc[extra, "amount"] = market.skus["price"].to_numpy(dtype=float)[picked].round(2)
    lines.loc[extra, "delivery"] = 0
    orders["total"] = lines.groupby("order")["amount"].sum().round(2).to_numpy()
    return lines
