"""Merchants, articles, couriers, bad batches and bad depots."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from tests.bench.another_market.draws import Floats, Rng, chance, digits


@dataclass(frozen=True)
class Category:
    """A kind of goods: median price (CNY), weight (g), and assumed chances of trouble an order."""

    name: str
    word: str
    english: str
    price: float
    weight: float
    fit: float
    fault: float
    fragile: float


CATEGORIES = (
    Category("apparel", "衣服", "jacket", 139, 420, 0.075, 0.016, 0.002),
    Category("shoes", "鞋子", "pair of shoes", 239, 900, 0.080, 0.014, 0.002),
    Category("electronics", "耳机", "headset", 329, 380, 0.020, 0.034, 0.012),
    Category("appliances", "锅", "rice cooker", 459, 3800, 0.016, 0.028, 0.022),
    Category("cosmetics", "面霜", "face cream", 169, 210, 0.014, 0.010, 0.012),
    Category("snacks", "零食", "box of snacks", 59, 1200, 0.008, 0.012, 0.014),
    Category("fresh", "水果", "fruit", 79, 2600, 0.004, 0.034, 0.036),
    Category("home", "杯子", "set of cups", 89, 950, 0.022, 0.014, 0.034),
    Category("jewellery", "项链", "necklace", 699, 60, 0.034, 0.010, 0.003),
    Category("toys", "玩具", "toy", 99, 600, 0.018, 0.020, 0.010),
)
COURIERS = ("sf", "zto", "yto", "yunda", "jd", "jt")
TRACKING = ("SF", "7", "YT", "4", "JDV", "JT")
SPEED = np.array([1.3, 2.4, 2.6, 3.0, 1.5, 2.7])
LOSS = np.array([0.003, 0.006, 0.009, 0.012, 0.003, 0.010])
FALSE_SIGN = np.array([0.002, 0.008, 0.013, 0.021, 0.002, 0.016])
ROUGH = np.array([0.6, 1.0, 1.1, 1.5, 0.7, 1.3])
CITIES = (
    "浙江省杭州市",
    "广东省广州市",
    "四川省成都市",
    "湖北省武汉市",
    "山东省济南市",
    "江苏省苏州市",
    "河南省郑州市",
    "陕西省西安市",
    "福建省厦门市",
    "辽宁省沈阳市",
)


@dataclass(frozen=True)
class Trouble:
    """A bad batch (of an article) or a bad depot (of a courier in a city), from a day to a day."""

    where: tuple[int, int]
    start: float
    end: float
    rate: float


@dataclass(frozen=True)
class Market:
    """All that sells and carries."""

    merchants: pd.DataFrame
    skus: pd.DataFrame
    batches: tuple[Trouble, ...]
    depots: tuple[Trouble, ...]


def make_market(rng: Rng, orders: int, days: int) -> Market:
    """A market for this many orders; 11 % of merchants find in their own interest, 3 % collude
    (assumed)."""
    count = max(24, orders // 1400)
    temper = rng.choice(["fair", "interested", "colluding"], count, p=[0.86, 0.11, 0.03])
    temper[:2] = ["interested", "colluding"]
    merchants = pd.DataFrame(
        {
            "merchant_id": digits(rng, count, 8, ""),
            "temper": temper,
            "care": rng.beta(6, 2, count),
            "packing_error": 0.006 * rng.gamma(1.5, 1.0, count),
            "fakes": np.where(rng.random(count) < 0.06, 0.03, 0.0005),
            "video": rng.random(count) < 0.3,
            "one_video": rng.random(count) < 0.1,
            "records_packing": rng.random(count) < 0.4,
            "courier": rng.integers(0, len(COURIERS), count),
            "inspects": rng.beta(3, 6, count),
            "size": rng.pareto(1.6, count) + 0.3,
        }
    )
    skus = _make_skus(rng, merchants)
    popular = rng.choice(
        len(skus), max(3, orders // 9000), p=skus.popularity / skus.popularity.sum(), replace=False
    )
    batches = tuple(
        Trouble((int(s), 0), a, a + float(rng.uniform(15, 45)), float(rng.uniform(0.15, 0.45)))
        for s, a in zip(popular, rng.uniform(0, days * 0.9, len(popular)), strict=True)
    )
    depots = tuple(
        Trouble(
            (int(rng.integers(1, 6)), int(rng.integers(0, len(CITIES)))),
            a,
            a + float(rng.uniform(8, 30)),
            float(rng.uniform(0.08, 0.25)),
        )
        for a in rng.uniform(0, days * 0.9, 7)
    )
    return Market(merchants, skus, batches, depots)


def _make_skus(rng: Rng, merchants: pd.DataFrame) -> pd.DataFrame:
    """Articles of the merchants; each merchant keeps to one or two categories."""
    rows = []
    for merchant, size in enumerate(merchants["size"]):
        kinds = rng.choice(len(CATEGORIES), 1 + int(chance(rng, 0.4)), replace=False)
        for _ in range(int(rng.integers(5, 30))):
            kind = int(rng.choice(kinds))
            base = CATEGORIES[kind]
            pieces = int(rng.integers(2, 9)) if chance(rng, 0.25) else 1
            price = base.price * float(np.exp(0.55 * rng.standard_normal()))
            rows.append(
                {
                    "merchant": merchant,
                    "kind": kind,
                    "price": round(price) + float(rng.choice([-0.1, 0, 0.9])),
                    "weight": round(base.weight * float(np.exp(0.4 * rng.standard_normal()))),
                    "fault": base.fault * float(rng.gamma(1.2, 0.8)),
                    "pieces": pieces,
                    "catalogue_weight": chance(rng, 0.7),
                    "no_return": base.name == "fresh" or chance(rng, 0.03),
                    "popularity": size * float(rng.pareto(1.3) + 0.1),
                }
            )
    skus = pd.DataFrame(rows)
    skus["sku"] = digits(rng, len(skus), 12, "6")
    skus["price"] = skus["price"].clip(lower=6.9)
    return skus


def day_weights(days: int, start: np.datetime64) -> Floats:
    """What share is bought on each day (days,): slow growth, and peaks on 18 June, 11 November,
    12 December and 8 March."""
    dates = pd.DatetimeIndex(start + np.arange(days).astype("timedelta64[D]"))
    weights = 1.0 + 0.3 * np.arange(days) / max(days, 1)
    for month, day, height in ((6, 18, 2.2), (11, 11, 3.5), (12, 12, 1.4), (3, 8, 0.9)):
        gap = np.abs(
            (dates - pd.to_datetime([f"{y}-{month}-{day}" for y in dates.year]))
            / pd.Timedelta("1D")
        )
        weights = weights + height * np.exp(-np.asarray(gap, dtype=float) / 1.5)
    return np.asarray(weights / weights.sum(), dtype=np.float64)
