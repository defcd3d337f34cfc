"""Ordinary orders, one row a line."""

import numpy as np
import pandas as pd

from risk.facts.units import DAY_MS, HOUR_MS, MINUTE_MS
from training.simulate.categories import CATEGORIES
from training.simulate.customers import RESELLER, People
from training.simulate.market import Market
from training.simulate.random_draws import Floats, Ints, bernoulli, hash_ints, weighted_choice
from training.simulate.seasons import Calendar

CHANNELS = ("live", "video", "shop", "search", "other")
LIVE = 0


def ordinary_orders(
    rng: np.random.Generator,
    count: int,
    people: People,
    appetite: Floats,
    calendar: Calendar,
    market: Market,
) -> pd.DataFrame:
    """`count` orders by customers in proportion to `appetite`, one row a line."""
    who = np.sort(weighted_choice(rng, appetite, count))
    shop = _shops_for(rng, people, market, who)
    placed = calendar.draw(rng, people.created[who], people.western[who])
    channel = _channels(rng, people, market, who, shop)
    placed = _into_session(rng, placed, shop, channel == LIVE, people.created[who])
    orders = pd.DataFrame({"who": who, "placed": placed, "shop": shop, "channel": channel})
    orders["order"] = np.arange(count)
    lines = _lines(rng, orders, people)
    fill_basket(rng, lines, people, market, calendar)
    return lines


def _shops_for(rng: np.random.Generator, people: People, market: Market, who: Ints) -> Ints:
    shops, size = market.shops, len(who)
    liked = people.favourites[who, weighted_choice(rng, [4, 3, 2, 1], size)]
    here = weighted_choice(rng, np.where(shops.western, 0.04, 1.0) * shops.popularity, size)
    there = weighted_choice(rng, np.where(shops.western, 1.0, 0.05) * shops.popularity, size)
    roaming = np.where(people.western[who], there, here)
    return np.where(bernoulli(rng, 0.5, size), liked, roaming)


def _channels(
    rng: np.random.Generator, people: People, market: Market, who: Ints, shop: Ints
) -> Ints:
    chance = np.minimum(1.6 * market.shops.live_share[shop] * (0.35 + people.live[who]), 0.95)
    elsewhere = 1 + weighted_choice(rng, [0.2, 0.42, 0.3, 0.08], len(who))
    return np.where(bernoulli(rng, chance, len(who)), LIVE, elsewhere)


def _into_session(
    rng: np.random.Generator, placed: Ints, shop: Ints, live: np.ndarray, since: Ints
) -> Ints:
    """Times of live orders moved into the shop's broadcast of that evening."""
    midnight = placed - (placed + 8 * HOUR_MS) % DAY_MS
    hour = 19 + hash_ints(shop, midnight // DAY_MS) % 4
    minutes = rng.exponential(22.0, len(placed))
    session = midnight + hour * HOUR_MS + (minutes * MINUTE_MS).astype(np.int64)
    return np.where(live & (session > since), session, placed)


def _lines(rng: np.random.Generator, orders: pd.DataFrame, people: People) -> pd.DataFrame:
    size = len(orders)
    many = people.group[orders["who"].to_numpy()] == RESELLER
    count = (
        1 + weighted_choice(rng, [0.86, 0.09, 0.035, 0.015], size) + many * rng.integers(0, 2, size)
    )
    rows = np.repeat(np.arange(size), count)
    lines = orders.iloc[rows].reset_index(drop=True)
    lines["line"] = np.arange(len(rows)) - np.repeat(np.cumsum(count) - count, count) + 1
    return lines


def fill_basket(
    rng: np.random.Generator,
    lines: pd.DataFrame,
    people: People,
    market: Market,
    calendar: Calendar,
) -> None:
    """Add product, quantity, price and the customer's own identities."""
    lines["product"] = products_of(rng, market, lines["shop"].to_numpy())
    lines["quantity"] = _quantities(rng, lines, people, market)
    price_lines(rng, lines, market, calendar)
    own_identities(rng, lines, people)


def products_of(rng: np.random.Generator, market: Market, shop: Ints) -> Ints:
    """A product of each shop, weighted by popularity."""
    products = market.products
    cumulative = np.concatenate([[0.0], np.cumsum(products.popularity)])
    low, high = cumulative[products.first[shop]], cumulative[products.first[shop + 1]]
    found = np.searchsorted(cumulative, low + (high - low) * rng.random(len(shop)), side="right")
    chosen: Ints = np.clip(found - 1, products.first[shop], products.first[shop + 1] - 1)
    return chosen


def _quantities(
    rng: np.random.Generator, lines: pd.DataFrame, people: People, market: Market
) -> Ints:
    size = len(lines)
    bundle = market.products.bundle[lines["product"].to_numpy()]
    quantity = 1 + weighted_choice(rng, [0.86, 0.09, 0.05], size)
    quantity = np.where(
        bundle, 2 + weighted_choice(rng, [0.4, 0.25, 0.1, 0.1, 0.15], size), quantity
    )
    many = people.group[lines["who"].to_numpy()] == RESELLER
    pieces: Ints = quantity + many * rng.integers(0, 12, size)
    return pieces


def price_lines(
    rng: np.random.Generator, lines: pd.DataFrame, market: Market, calendar: Calendar
) -> None:
    """Add the amount paid: list price less bundle, sale and coupon discounts."""
    product, quantity = lines["product"].to_numpy(), lines["quantity"].to_numpy()
    busy = calendar.rush(lines["placed"].to_numpy())
    size = len(lines)
    discount = np.where(busy > 1.3, rng.uniform(0.72, 0.95, size), 1.0)
    discount *= np.where(bernoulli(rng, 0.3, size), rng.uniform(0.8, 0.98, size), 1.0)
    discount *= np.where(market.products.bundle[product], 1.15 / np.maximum(quantity, 1), 1.0)
    full = market.products.price[product] * quantity
    lines["cents"] = np.maximum(np.where(discount < 1, full * discount, full), 90).astype(np.int64)


def own_identities(rng: np.random.Generator, lines: pd.DataFrame, people: People) -> None:
    """Add the customer's own address, device and card, the same for a whole order."""
    orders = int(lines["order"].max()) + 1
    first = lines.drop_duplicates("order").sort_values("order")
    who, placed = first["who"].to_numpy(), first["placed"].to_numpy()
    home = np.where(placed >= people.moves_at[who], people.next_home[who], people.home[who])
    out = bernoulli(rng, people.away_share[who], orders)
    gift = bernoulli(rng, 0.02, orders)
    place = np.where(out, people.away[who], home)
    place = np.where(gift, people.home[rng.integers(0, len(people), orders)], place)
    own: dict[str, Ints] = {
        "place": place,
        "spelling": _spelling(rng, people, who, place),
        "device": _either(rng, people.device[who], people.spare_device[who], 0.25),
        "phone": people.phone[who],
        "payment": _either(rng, people.payment[who], people.spare_payment[who], 0.25),
        "network": _networks(rng, people, who),
    }
    index = lines["order"].to_numpy()
    for name, values in own.items():
        lines[name] = values[index]


def _either(rng: np.random.Generator, usual: Ints, other: Ints, share: float) -> Ints:
    return np.where(bernoulli(rng, share, len(usual)), other, usual)


def _spelling(rng: np.random.Generator, people: People, who: Ints, place: Ints) -> Ints:
    """Saved in the address book, so mostly the same; sometimes typed again, with notes."""
    saved = hash_ints(people.hand[who], place)
    retyped = bernoulli(rng, 0.05, len(who))
    return (np.where(retyped, rng.integers(0, 1 << 40, len(who)), saved) << 2) | retyped


def _networks(rng: np.random.Generator, people: People, who: Ints) -> Ints:
    """Home, or one of the many exits of a mobile carrier that thousands share."""
    size = len(who)
    mobile = hash_ints(people.city[who], rng.integers(0, 60, size))
    return np.where(bernoulli(rng, 0.45, size), mobile, people.network[who])


def category_column(name: str) -> Floats:
    """One figure of every category, by category index."""
    return np.array([float(getattr(category, name)) for category in CATEGORIES])
