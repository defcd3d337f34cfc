"""How likely an honest customer of each order is to ask, and why."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tests.bench.another_market.draws import Floats
from tests.bench.another_market.market import CATEGORIES, Market

REASONS = (
    "not_received", "late", "damaged", "defective", "not_as_described", "wrong_item",
    "missing_item", "counterfeit", "unwanted", "double_charge", "other",
)  # fmt: skip


def hazards(orders: pd.DataFrame, people: pd.DataFrame, market: Market) -> Floats:
    """Chance of each honest reason for each order (n, 11), in the order of `REASONS`; sets `batch`
    of the orders, where the article is of a bad batch. All strengths are assumed."""
    skus = market.skus.iloc[orders["sku"]].reset_index(drop=True)
    shop = market.merchants.iloc[orders["merchant"]].reset_index(drop=True)
    kind = skus["kind"].to_numpy()
    fit, fragile = (np.array([getattr(c, n) for c in CATEGORIES])[kind] for n in ("fit", "fragile"))
    batch = np.zeros(len(orders))
    for b in market.batches:
        inside = (orders["sku"].to_numpy() == b.where[0]) & orders["placed"].between(
            b.start, b.end
        ).to_numpy()
        batch = np.where(inside, np.maximum(batch, b.rate), batch)
    orders["batch"] = batch > 0
    fault = np.minimum(skus["fault"].to_numpy() * (1.6 - shop["care"].to_numpy()) + batch, 0.6)
    packing = shop["packing_error"].to_numpy()
    impulse = people["impulse"].to_numpy(dtype=float)[orders["customer"]]
    slow = (orders["delivered"] - orders["placed"]).to_numpy() > 7
    columns = [
        0.8 * orders["lost"] + 0.85 * orders["false_sign"],
        0.15 * slow,
        fragile * orders["rough_rate"] + 0.7 * orders["rough"],
        0.75 * fault,
        0.4 * fault + 0.006,
        packing,
        packing * (1 + 2 * (skus["pieces"].to_numpy() > 1)),
        0.4 * shop["fakes"].to_numpy(),
        (0.006 + 0.6 * fit) * (0.25 + impulse),
        np.full(len(orders), 0.0008),
        np.full(len(orders), 0.003),
    ]
    table = np.stack([np.asarray(c, dtype=float) for c in columns], axis=1)
    fussy = 0.35 + 0.65 * people["fussy"].to_numpy(dtype=float)[orders["customer"]]
    for reason in ("late", "damaged", "defective", "not_as_described", "missing_item", "other"):
        table[:, REASONS.index(reason)] *= fussy
    table[orders["plan"].to_numpy() >= 0] = 0.0
    return table
