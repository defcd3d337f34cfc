"""Honest requests: what goes wrong with orders, and which customers then ask for a refund."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from risk.facts.units import HOUR_MS
from training.simulate.customers import People
from training.simulate.market import Market
from training.simulate.parameters import CAUSES, WorldSettings
from training.simulate.random_draws import Floats, Ints, sample_exactly, weighted_choice
from training.simulate.shopping import LIVE, category_column

CAUSE_NAMES: tuple[str, ...] = tuple(CAUSES)
MERCHANT_FAULTS = ("defective", "not_as_described", "wrong_item", "missing_item", "counterfeit",
                   "double_charge")  # fmt: skip
COURIER_FAULTS = ("damaged", "late", "not_received")


def honest_requests(
    rng: np.random.Generator,
    settings: WorldSettings,
    count: int,
    lines: pd.DataFrame,
    parcels: pd.DataFrame,
    people: People,
    market: Market,
) -> pd.DataFrame:
    """Exactly `count` honest requests (or as many as there are lines): line and cause."""
    hazards = _cause_rates(lines, parcels, people, market)
    free = (lines["claim"].to_numpy() < 0) & _asked_in_time(lines, parcels, settings)
    asks = free * people.picky[lines["who"].to_numpy()] ** 0.7
    shares = settings.causes
    table = np.stack([_scaled(hazards[name] * asks, shares.get(name, 0.0)) for name in CAUSE_NAMES])
    rows = sample_exactly(rng, table.sum(axis=0), count)
    cumulative = np.cumsum(table[:, rows], axis=0)
    draws = rng.random(len(rows)) * cumulative[-1]
    cause = np.minimum((cumulative < draws).sum(axis=0), len(CAUSE_NAMES) - 1)
    return pd.DataFrame({"row": rows, "cause": cause})


def _scaled(hazard: Floats, share: float) -> Floats:
    total = hazard.sum()
    return hazard * (share / total) if total > 0 else np.zeros(len(hazard))


def _asked_in_time(
    lines: pd.DataFrame, parcels: pd.DataFrame, settings: WorldSettings
) -> np.ndarray:
    """Mask of the lines that arrived, or should have, early enough before the end of the export."""
    parcel = lines["parcel"].to_numpy()
    arrived = np.where(parcel >= 0, parcels["delivered"].to_numpy()[parcel], lines["placed"])
    return np.asarray(arrived + 6 * HOUR_MS < settings.end_ms)


def _cause_rates(
    lines: pd.DataFrame, parcels: pd.DataFrame, people: People, market: Market
) -> Mapping[str, Floats]:
    """Relative rate (n,) of each cause on each line."""
    carried = lines["parcel"].to_numpy() >= 0
    parcel = parcels.take(np.maximum(lines["parcel"].to_numpy(), 0))
    return {
        **_shop_rates(lines, market),
        **_transport_rates(lines, parcel, market, carried),
        "unwanted": _regret_rate(lines, people, market),
    }


def _shop_rates(lines: pd.DataFrame, market: Market) -> dict[str, Floats]:
    shop, product = lines["shop"].to_numpy(), lines["product"].to_numpy()
    shops, products = market.shops, market.products
    category, quantity = products.category[product], lines["quantity"].to_numpy()
    bad = in_bad_batch(lines, market)
    mistakes = shops.mistakes[shop]
    live = np.where(lines["channel"].to_numpy() == LIVE, 1.5, 1.0)
    return {
        "defective": shops.defects[shop] * products.defects[product] * np.where(bad, 24.0, 1.0),
        "not_as_described": shops.misfit[shop] * category_column("misfit")[category] * live,
        "wrong_item": mistakes,
        "missing_item": mistakes * np.minimum(quantity, 6) ** 0.8,
        "counterfeit": shops.fakes[shop] * category_column("fakes")[category],
        "double_charge": np.ones(len(lines)),
        "other": np.sqrt(mistakes) * live,
    }


def in_bad_batch(lines: pd.DataFrame, market: Market) -> np.ndarray:
    """Mask of the lines sold from a defective batch."""
    product, placed = lines["product"].to_numpy(), lines["placed"].to_numpy()
    products = market.products
    return np.asarray(
        (products.bad_from[product] <= placed) & (placed < products.bad_until[product])
    )


def _transport_rates(
    lines: pd.DataFrame, parcel: pd.DataFrame, market: Market, carried: np.ndarray
) -> dict[str, Floats]:
    strain = parcel["strain"].to_numpy()
    received = parcel["received"].to_numpy()
    hours = parcel["hours"].to_numpy()
    mislaid = np.array([0.22, 0.6, 1.6, 2.2])[received] * np.minimum(strain, 8)
    return {
        "damaged": carried * market.products.fragile[lines["product"]] * strain**0.8,
        "late": carried * np.clip(hours / 60.0, 0, 5) ** 2.0,
        "not_received": carried * np.where(parcel["lost"].to_numpy(), 70.0, mislaid),
    }


def _regret_rate(lines: pd.DataFrame, people: People, market: Market) -> Floats:
    category = market.products.category[lines["product"]]
    allowed = np.where(market.products.no_reason[lines["product"]], 1.0, 0.06)
    live = np.where(lines["channel"].to_numpy() == LIVE, 1.6, 1.0)
    who = lines["who"].to_numpy()
    return np.asarray(category_column("regret")[category] * allowed * live * people.regrets[who])


def stated_reason(rng: np.random.Generator, cause: Ints, allowed: np.ndarray) -> Ints:
    """The reason customers state: mostly the cause, sometimes a more promising one."""
    size = len(cause)
    slips = {
        "defective": ("not_as_described", "damaged", "other"),
        "damaged": ("defective", "not_as_described"),
        "not_as_described": ("defective", "unwanted", "counterfeit"),
        "late": ("not_received", "unwanted"),
        "missing_item": ("wrong_item", "other"),
        "unwanted": ("other", "not_as_described"),
        "other": ("unwanted", "not_as_described", "defective"),
    }
    stated = cause.copy()
    slipped = rng.random(size) < np.where((cause == CAUSE_NAMES.index("unwanted")) & ~allowed,
                                          0.7, 0.09)  # fmt: skip
    for name, others in slips.items():
        rows = np.flatnonzero(slipped & (cause == CAUSE_NAMES.index(name)))
        codes = np.array([CAUSE_NAMES.index(other) for other in others])
        stated[rows] = codes[weighted_choice(rng, np.ones(len(others)), len(rows))]
    return stated
