"""Customers: what they are like, where they live, and what identifies them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tests.bench.another_market.draws import Rng, digits, hexes
from tests.bench.another_market.market import CITIES

STREETS = (
    "文一西路",
    "人民路",
    "解放大道",
    "建设街",
    "和平里",
    "学府路",
    "滨江大道",
    "科技园路",
    "东风路",
    "长江路",
)
UNIVERSITIES = ("理工大学", "师范大学", "交通职业学院", "农业大学", "财经学院")


def make_people(rng: Rng, count: int, shells: int, days: int) -> pd.DataFrame:
    """Customers; the last `shells` are accounts that whoever makes many accounts may use.

    Assumed: honesty Beta(8, 1.5), skill Beta(2, 2.5), impulse Gamma(1.2), fussiness Gamma(0.6),
    1 % resellers, 34 % in households, 7 % in dormitories, 12 % behind a pick-up point, one in eight
    new within the year.
    """
    total = count + shells
    people = pd.DataFrame(
        {
            "customer_id": digits(rng, total, 13, ""),
            "honesty": rng.beta(8, 1.5, total),
            "skill": rng.beta(2, 2.5, total),
            "impulse": rng.gamma(1.2, 0.8, total),
            "anger": rng.beta(1.4, 5, total),
            "fussy": rng.gamma(0.6, 1 / 0.6, total),
            "words": rng.beta(2, 2, total),
            "english": rng.random(total) < 0.07,
            "activity": rng.gamma(0.8, 1.0, total) + 0.05,
            "created": -rng.exponential(650, total) - 1,
            "city": rng.integers(0, len(CITIES), total),
            "phone": digits(rng, total, 10, "1"),
            "device": hexes(rng, total, 32),
            "second_device": hexes(rng, total, 32),
            "payment": [
                f"alipay_{x}" if rng.random() < 0.55 else f"card_{x}" for x in hexes(rng, total, 20)
            ],
            "payout": [f"acct_{x}" for x in hexes(rng, total, 18)],
            "home": "alone",
            "group": "",
        }
    )
    late = rng.random(total) < 0.125
    people.loc[late, "created"] = rng.uniform(0, days * 0.97, int(late.sum()))
    people["ip"] = [f"{a}.{b}.{c}.{d}" for a, b, c, d in rng.integers(1, 255, (total, 4))]
    resellers = rng.random(total) < 0.01
    people.loc[resellers, "activity"] += 9.0
    people.loc[resellers, "group"] = "reseller"
    people.loc[resellers, "impulse"] = 1.5
    shell_rows = np.arange(total) >= count
    people.loc[shell_rows, "activity"] *= 0.3
    people["address"] = [_address(rng, c) for c in people["city"]]
    _settle(rng, people, count)
    people["tier"] = rng.choice(
        ["", "regular", "silver", "gold", "vip"], total, p=[0.3, 0.4, 0.15, 0.1, 0.05]
    )
    return people


def _address(rng: Rng, city: int) -> str:
    street, number, block, room = (
        rng.choice(STREETS),
        rng.integers(1, 900),
        rng.integers(1, 30),
        rng.integers(101, 2600),
    )
    return f"{CITIES[city]}{street}{number}号{block}幢{room}室"


def _settle(rng: Rng, people: pd.DataFrame, count: int) -> None:
    """Puts customers into households, dormitories and behind pick-up points, sharing what such
    people share."""
    order = rng.permutation(count)
    place = 0
    columns = {
        name: people[name].to_numpy(dtype=object).copy()
        for name in ("address", "payment", "device", "phone", "ip", "city", "home", "payout")
    }
    while place < int(count * 0.34):
        size = int(rng.integers(2, 5))
        members = order[place : place + size]
        place += size
        shares = {
            "address": 1.0,
            "city": 1.0,
            "ip": 0.8,
            "payment": 0.35,
            "device": 0.15,
            "phone": 0.12,
            "payout": 0.2,
        }
        for name, share in shares.items():
            if rng.random() < share:
                columns[name][members] = columns[name][members[0]]
        columns["home"][members] = "household"
    for home, share, low, high in (("dormitory", 0.07, 60, 260), ("locker", 0.12, 15, 90)):
        stop = place + int(count * share)
        while place < stop:
            members = order[place : min(place + int(rng.integers(low, high)), stop)]
            place += len(members)
            city = int(columns["city"][members[0]])
            where = (
                f"{rng.choice(UNIVERSITIES)}学生公寓{rng.integers(1, 20)}号楼"
                if home == "dormitory"
                else f"{rng.choice(STREETS)}{rng.integers(1, 900)}号菜鸟驿站"
            )
            columns["address"][members] = f"{CITIES[city]}{where}"
            columns["city"][members] = city
            columns["home"][members] = home
            columns["ip"][members] = columns["ip"][members[0]]
    for name, values in columns.items():
        people[name] = values
    people["city"] = people["city"].astype(int)
