"""Outbound parcels: packing, transport, delivery, delays, losses and receivers."""

import numpy as np
import pandas as pd

from risk.facts.units import HOUR_MS
from training.simulate.carriers import CHINESE, COURIERS, Carriers
from training.simulate.categories import CATEGORIES
from training.simulate.customers import People
from training.simulate.market import Market
from training.simulate.place_ids import LOCKER, STATION
from training.simulate.random_draws import (
    Floats,
    Ints,
    bernoulli,
    hash_ints,
    lognormal,
    weighted_choice,
)
from training.simulate.seasons import Calendar, next_daytime

NEVER = -1
RECEIVERS = ("customer", "locker", "neighbour", "unknown")
CUSTOMER, BOX, NEIGHBOUR, UNKNOWN = range(4)


def ship_orders(
    rng: np.random.Generator,
    lines: pd.DataFrame,
    people: People,
    market: Market,
    carriers: Carriers,
    calendar: Calendar,
) -> pd.DataFrame:
    """One row a parcel; adds the column `parcel` to `lines` (NEVER for digital goods)."""
    physical = np.array([c.parcel for c in CATEGORIES])[market.products.category[lines["product"]]]
    split = (hash_ints(lines["order"].to_numpy()) % 100 < 12).astype(np.int64)
    key = lines["order"].to_numpy() * 64 + split * lines["line"].to_numpy()
    carried = np.flatnonzero(physical)
    _, first, parcel = np.unique(key[carried], return_index=True, return_inverse=True)
    lines["parcel"] = NEVER
    lines.loc[carried, "parcel"] = parcel
    lead = lines.iloc[carried[first]]
    parcels = lead[["order", "who", "shop", "placed", "place"]].reset_index(drop=True)
    parcels["line"] = np.where(split[carried[first]] > 0, lead["line"].to_numpy(), 0)
    _add_transport(rng, parcels, people, market, carriers, calendar)
    _add_weights(rng, parcels, lines.iloc[carried], market)
    return parcels


def _add_transport(
    rng: np.random.Generator,
    parcels: pd.DataFrame,
    people: People,
    market: Market,
    carriers: Carriers,
    calendar: Calendar,
) -> None:
    size = len(parcels)
    shop, who = parcels["shop"].to_numpy(), parcels["who"].to_numpy()
    placed = parcels["placed"].to_numpy()
    parcels["courier"] = _couriers(rng, market, people, shop, who)
    courier, city, western = parcels["courier"].to_numpy(), people.city[who], people.western[who]
    pack = (
        lognormal(rng, market.shops.hours_to_ship[shop], 0.45, size) * calendar.rush(placed) ** 0.4
    )
    packed = placed + (pack * HOUR_MS).astype(np.int64) + HOUR_MS // 3
    parcels["shipped"] = next_daytime(rng, packed, 9.0, 22.0, western)
    strain = carriers.strain(courier, city, parcels["shipped"].to_numpy())
    hours = lognormal(rng, carriers.hours[courier], 0.35, size) * np.minimum(strain, 9) ** 0.28
    arrival = parcels["shipped"].to_numpy() + (hours * HOUR_MS).astype(np.int64)
    parcels["delivered"] = next_daytime(rng, arrival, 8.5, 20.5, western)
    parcels["hours"] = hours
    parcels["strain"] = strain
    parcels["bad_week"] = carriers.is_bad(courier, city, parcels["shipped"].to_numpy())
    parcels["lost"] = bernoulli(rng, np.minimum(0.0045 * strain, 0.2), size)
    parcels["received"] = _receivers(rng, parcels["place"].to_numpy(), strain)
    parcels["seen"] = bernoulli(
        rng, np.where(market.shops.uploads_logistics[shop], 0.985, 0.3), size
    )
    parcels["tracking"] = hash_ints(shop, placed, np.arange(size))


def _couriers(
    rng: np.random.Generator, market: Market, people: People, shop: Ints, who: Ints
) -> Ints:
    """Courier of each parcel: each shop has a usual one and a second one a region."""
    other = bernoulli(rng, 0.25, len(shop))
    draw = hash_ints(market.shops.carrier[shop], other.astype(np.int64))
    chinese = draw % len(CHINESE)
    western = len(CHINESE) + draw % (len(COURIERS) - len(CHINESE))
    return np.where(people.western[who], western, chinese)


def _receivers(rng: np.random.Generator, place: Ints, strain: Floats) -> Ints:
    size = len(place)
    box = np.isin((place >> 8) & 15, (LOCKER, STATION))
    usual = weighted_choice(rng, [0.72, 0.05, 0.08, 0.15], size)
    at_box = weighted_choice(rng, [0.12, 0.78, 0.01, 0.09], size)
    received = np.where(box, at_box, usual)
    careless = bernoulli(rng, np.minimum(0.02 * strain, 0.3), size)
    return np.where(careless, UNKNOWN, received)


def _add_weights(
    rng: np.random.Generator, parcels: pd.DataFrame, lines: pd.DataFrame, market: Market
) -> None:
    grams = market.products.weight_g[lines["product"]] * lines["quantity"].to_numpy()
    total = np.bincount(lines["parcel"].to_numpy(), weights=grams, minlength=len(parcels))
    size = len(parcels)
    parcels["grams"] = total * rng.normal(1.0, 0.015, size) + lognormal(rng, 90, 0.5, size)
    parcels["weighed"] = bernoulli(rng, 0.82, size)
