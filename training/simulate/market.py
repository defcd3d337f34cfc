"""Shops and their products."""

from dataclasses import dataclass

import numpy as np

from risk.facts.units import DAY_MS
from training.simulate.categories import CATEGORIES
from training.simulate.parameters import WorldSettings
from training.simulate.random_draws import (
    Bools,
    Floats,
    Ints,
    bernoulli,
    lognormal,
    stream_generator,
    weighted_choice,
)

CURRENCIES: tuple[str, ...] = ("CNY", "USD", "EUR", "GBP")
UNITS_PER_CNY = (1.0, 0.14, 0.125, 0.108)


@dataclass(frozen=True, slots=True)
class Shops:
    """Columns with one entry a shop; rates are factors around 1."""

    category: Ints
    popularity: Floats
    western: Bools
    currency: Ints
    defects: Floats
    misfit: Floats
    mistakes: Floats
    fakes: Floats
    hours_to_ship: Floats
    live_share: Floats
    packing_video: Floats
    thorough: Floats
    strict: Floats
    gives_deadline: Bools
    uploads_logistics: Bools
    colluding: Bools
    carrier: Ints

    def __len__(self) -> int:
        return len(self.category)


@dataclass(frozen=True, slots=True)
class Products:
    """Columns with one entry a product, grouped by shop; prices in 1/100 of the currency unit."""

    shop: Ints
    category: Ints
    noun: Ints
    price: Ints
    weight_g: Floats
    defects: Floats
    fragile: Floats
    bad_from: Ints
    bad_until: Ints
    no_reason: Bools
    bundle: Bools
    popularity: Floats
    first: Ints

    def __len__(self) -> int:
        return len(self.shop)


@dataclass(frozen=True, slots=True)
class Market:
    """All shops and products of one world."""

    shops: Shops
    products: Products


def make_market(settings: WorldSettings) -> Market:
    """The shops and products of a world; larger worlds have more of both."""
    rng = stream_generator(settings.seed, 1)
    orders = settings.refunds * settings.orders_per_request
    shops = _shops(rng, settings, int(np.clip(0.62 * np.sqrt(orders), 14, 4000)))
    return Market(shops, _products(rng, settings, shops))


def _shops(rng: np.random.Generator, settings: WorldSettings, size: int) -> Shops:
    category = weighted_choice(rng, [c.popularity for c in CATEGORIES], size)
    category[: len(CATEGORIES)] = np.arange(len(CATEGORIES))[:size]
    western = bernoulli(rng, settings.western_share, size)
    western[:6] = [False, True, False, False, True, False]
    colluding = np.zeros(size, dtype=bool)
    colluding[rng.permutation(size)[: max(2, size // 25)]] = True
    return Shops(
        category=category,
        popularity=lognormal(rng, 1.0, 0.9, size),
        western=western,
        currency=np.where(western, weighted_choice(rng, [0, 5, 3, 2], size), 0),
        defects=lognormal(rng, 1.0, 0.55, size),
        misfit=lognormal(rng, 1.0, 0.6, size),
        mistakes=lognormal(rng, 1.0, 0.7, size),
        fakes=lognormal(rng, 0.5, 1.3, size),
        hours_to_ship=lognormal(rng, 20.0, 0.5, size),
        live_share=np.where(bernoulli(rng, 0.35, size), rng.beta(4, 3, size), 0.03),
        packing_video=np.where(bernoulli(rng, 0.3, size), rng.beta(4, 3, size), 0.02),
        thorough=rng.beta(1.6, 2.0, size),
        strict=rng.beta(2, 2, size),
        gives_deadline=bernoulli(rng, 0.4, size),
        uploads_logistics=bernoulli(rng, 0.96, size),
        colluding=colluding,
        carrier=rng.integers(0, 1 << 30, size),
    )


def _products(rng: np.random.Generator, settings: WorldSettings, shops: Shops) -> Products:
    counts = np.clip(lognormal(rng, 14, 0.6, len(shops)).astype(np.int64), 4, 90)
    shop = np.repeat(np.arange(len(shops)), counts)
    size = len(shop)
    stray = bernoulli(rng, 0.12, size)
    category = np.where(stray, rng.integers(0, len(CATEGORIES), size), shops.category[shop])
    column = _columns()
    bad_from = np.where(
        bernoulli(rng, 0.10, size),
        settings.start_ms + (rng.random(size) * settings.days * DAY_MS).astype(np.int64),
        np.iinfo(np.int64).max // 2,
    )
    return Products(
        shop=shop,
        category=category,
        noun=rng.integers(0, 1 << 30, size),
        price=_prices(rng, category, shops.currency[shop]),
        weight_g=lognormal(rng, column["weight_g"][category], 0.45, size),
        defects=column["defects"][category] * lognormal(rng, 1.0, 0.6, size),
        fragile=column["fragile"][category] * lognormal(rng, 1.0, 0.3, size),
        bad_from=bad_from,
        bad_until=bad_from + (rng.uniform(14, 50, size) * DAY_MS).astype(np.int64),
        no_reason=bernoulli(rng, column["no_reason"][category], size),
        bundle=bernoulli(rng, column["bundles"][category], size),
        popularity=lognormal(rng, 1.0, 1.1, size),
        first=np.concatenate([[0], np.cumsum(counts)]),
    )


def _columns() -> dict[str, Floats]:
    names = ("weight_g", "defects", "fragile", "no_reason", "bundles", "price", "spread")
    return {name: np.array([float(getattr(c, name)) for c in CATEGORIES]) for name in names}


def _prices(rng: np.random.Generator, category: Ints, currency: Ints) -> Ints:
    """Prices end as prices do: in 9, in .9 or .99, some in round numbers."""
    column = _columns()
    size = len(category)
    raw = lognormal(rng, column["price"][category], 1.0, size) ** 1.0
    raw = column["price"][category] * np.exp(
        column["spread"][category] * np.log(raw / column["price"][category])
    )
    major = np.maximum(np.round(raw * np.array(UNITS_PER_CNY)[currency]), 2)
    ending = weighted_choice(rng, [30, 30, 22, 18], size)
    tens = np.maximum(np.round(major / 10) * 10, 10)
    cents = np.select(
        [ending == 0, ending == 1, ending == 2],
        [(tens - 1) * 100, major * 100 - 10, major * 100 - 1],
        major * 100,
    )
    priced: Ints = np.maximum(cents, 190).astype(np.int64)
    return priced
