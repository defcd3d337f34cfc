"""Customers of one block: households, addresses, accounts, identities and habits."""

from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from risk.facts.units import DAY_MS
from training.simulate import place_ids
from training.simulate.cities import CITY_COUNT, FIRST_WESTERN
from training.simulate.market import Shops
from training.simulate.parameters import WorldSettings
from training.simulate.random_draws import (
    Bools,
    Floats,
    Ints,
    bernoulli,
    hash_ints,
    lognormal,
    weighted_choice,
)

GROUPS = ("none", "household", "dormitory", "locker", "office", "reseller")
NOBODY, HOUSEHOLD, DORMITORY, LOCKER, OFFICE, RESELLER = range(len(GROUPS))
TIERS: tuple[str | None, ...] = (None, "normal", "silver", "gold", "vip")


@dataclass(slots=True)
class People:
    """Columns with one entry a customer. Rates are factors around 1, shares lie in [0, 1]."""

    uid: Ints
    city: Ints
    western: Bools
    group: Ints
    household: Ints
    home: Ints
    next_home: Ints
    moves_at: Ints
    away: Ints
    away_share: Floats
    created: Ints
    tier: Ints
    appetite: Floats
    picky: Floats
    regrets: Floats
    live: Floats
    device: Ints
    spare_device: Ints
    phone: Ints
    payment: Ints
    spare_payment: Ints
    payout: Ints
    network: Ints
    words: Floats
    vague: Floats
    typos: Floats
    temper: Floats
    helpful: Floats
    photographs: Floats
    hand: Ints
    favourites: Ints

    def __len__(self) -> int:
        return len(self.uid)


def make_customers(
    rng: np.random.Generator, settings: WorldSettings, shops: Shops, uids: Ints
) -> People:
    """The customers of one block of neighbourhoods; `uids` are their ids."""
    size = len(uids)
    area = np.sort(rng.integers(0, max(1, size // 300), size))
    area_uid = uids[0] + area * 7919
    city = _cities(rng, settings, int(area.max()) + 1)[area]
    group, household = _groups(rng, area, size)
    west = city >= FIRST_WESTERN
    people = People(
        uid=uids, city=city, western=west, group=group, household=household,
        **_places(rng, settings, city, group, household + int(uids[0]), area_uid),
        **_accounts(rng, settings, size, group),
        **_identities(rng, uids, household, group, west),
        **_writing_habits(rng, size),
        favourites=_favourites(rng, shops, west),
    )  # fmt: skip
    return _shuffled(rng, people)


def _cities(rng: np.random.Generator, settings: WorldSettings, areas: int) -> Ints:
    western = rng.permutation(areas) < round(settings.western_share * areas)
    chinese = weighted_choice(rng, 1.0 / np.sqrt(1 + np.arange(FIRST_WESTERN)), areas)
    return np.where(western, rng.integers(FIRST_WESTERN, CITY_COUNT, areas), chinese)


def _groups(rng: np.random.Generator, area: Ints, size: int) -> tuple[Ints, Ints]:
    sizes = 1 + weighted_choice(rng, [0.66, 0.2, 0.1, 0.04], size)
    household = np.repeat(np.arange(size), sizes)[:size]
    crowd = np.bincount(household, minlength=size)[household]
    campus = bernoulli(rng, 0.3, int(area.max()) + 1)[area]
    group = np.where(crowd > 1, HOUSEHOLD, NOBODY)
    alone = group == NOBODY
    group[alone & campus & bernoulli(rng, 0.6, size)] = DORMITORY
    alone = group == NOBODY
    group[alone & bernoulli(rng, 0.27, size)] = LOCKER
    group[(group == NOBODY) & bernoulli(rng, 0.14, size)] = OFFICE
    group[(group == NOBODY) & bernoulli(rng, 0.012, size)] = RESELLER
    return group, household


def _places(
    rng: np.random.Generator,
    settings: WorldSettings,
    city: Ints,
    group: Ints,
    family: Ints,
    area: Ints,
) -> dict[str, Any]:
    size = len(city)
    seed = settings.seed
    home = place_ids.place_id(place_ids.HOME, city, seed, family)
    station = place_ids.place_id(place_ids.STATION, city, seed, area)
    room = place_ids.place_id(place_ids.ROOM, city, seed, area, family // 4)
    student = group == DORMITORY
    home = np.where(student, np.where(bernoulli(rng, 0.55, size), station, room), home)
    box = place_ids.place_id(place_ids.LOCKER, city, seed, area, rng.integers(0, 2, size))
    desk = place_ids.place_id(place_ids.OFFICE, city, seed, area, rng.integers(0, 4, size))
    away_share = np.where(group == LOCKER, rng.beta(6, 2, size), 0.0)
    away_share = np.where(group == OFFICE, rng.beta(3, 2, size), away_share)
    now_and_then = (group <= HOUSEHOLD) & bernoulli(rng, 0.12, size)
    moves = bernoulli(rng, 0.07, size)
    return {
        "home": home,
        "next_home": np.where(
            moves, place_ids.place_id(place_ids.HOME, city, seed, family, 77), home
        ),
        "moves_at": settings.start_ms
        + (rng.random(size) * settings.days * DAY_MS).astype(np.int64),
        "away": np.where(group == OFFICE, desk, box),
        "away_share": np.where(now_and_then, 0.2, away_share),
    }


def _accounts(
    rng: np.random.Generator, settings: WorldSettings, size: int, group: Ints
) -> dict[str, Any]:
    newcomer = bernoulli(rng, 0.22, size)
    days = np.where(
        newcomer, -rng.uniform(0, settings.days - 5, size), lognormal(rng, 700, 0.9, size)
    )
    created = settings.start_ms - (np.minimum(days, 4000) * DAY_MS).astype(np.int64)
    appetite = lognormal(rng, 1.0, 0.8, size) * np.where(group == RESELLER, 9.0, 1.0)
    appetite = np.minimum(appetite, 20.0)
    standing = appetite * np.where(newcomer, 0.4, 1.0) * lognormal(rng, 1.0, 0.5, size)
    tier = np.searchsorted([0.7, 1.6, 3.0, 5.5], standing)
    return {
        "created": created,
        "tier": np.where(bernoulli(rng, 0.15, size), 0, tier),
        "appetite": appetite * np.where(newcomer, 0.7, 1.0),
        "picky": lognormal(rng, 1.0, 0.75, size) * np.where(group == RESELLER, 0.7, 1.0),
        "regrets": lognormal(rng, 1.0, 0.9, size) * np.where(group == RESELLER, 1.6, 1.0),
        "live": rng.beta(1.2, 2.4, size),
    }


def _identities(
    rng: np.random.Generator, uids: Ints, household: Ints, group: Ints, western: Bools
) -> dict[str, Any]:
    size = len(uids)
    family = household + uids[0]
    own = {
        name: hash_ints(uids, i) for i, name in enumerate(("dev", "tel", "pay", "out", "alt"), 1)
    }
    shared = {
        name: hash_ints(family, 90 + i) for i, name in enumerate(("dev", "tel", "pay", "out"))
    }
    in_family = group == HOUSEHOLD
    tel = np.where(in_family & bernoulli(rng, 0.12, size), shared["tel"], own["tel"])
    tel = (
        (tel & ~15) | np.where(western, 8, 0) | weighted_choice(rng, [1, 1, 6, 6, 6, 6, 6, 6], size)
    )
    second = bernoulli(rng, 0.3, size)
    spare = np.where(in_family & bernoulli(rng, 0.5, size), shared["dev"], hash_ints(uids, 8))
    borrowed = (group == DORMITORY) & bernoulli(rng, 0.12, size)
    spare = np.where(borrowed, hash_ints(family // 4, 88), spare)
    joint = in_family & bernoulli(rng, 0.2, size)
    return {
        "device": own["dev"],
        "spare_device": np.where(second | borrowed, spare, own["dev"]),
        "phone": tel,
        "payment": np.where(joint, shared["pay"], own["pay"]),
        "spare_payment": np.where(second, own["alt"], own["pay"]),
        "payout": np.where(in_family & bernoulli(rng, 0.3, size), shared["out"], own["out"]),
        "network": np.where(group == DORMITORY, hash_ints(uids // 40, 12), hash_ints(family, 11)),
    }


def _writing_habits(rng: np.random.Generator, size: int) -> dict[str, Any]:
    """Habits of writing and of answering; many customers are terse or vague."""
    return {
        "words": rng.beta(1.5, 1.7, size),
        "vague": rng.beta(1.4, 1.9, size),
        "typos": rng.beta(0.8, 5.0, size),
        "temper": rng.beta(1.1, 3.0, size),
        "helpful": rng.beta(3.5, 1.4, size),
        "photographs": rng.beta(2.0, 1.8, size),
        "hand": rng.integers(0, 1 << 40, size),
    }


def _favourites(rng: np.random.Generator, shops: Shops, western: Bools) -> Ints:
    """Four favourite shops (n, 4) of each customer, mostly of the own region."""
    size = len(western)
    here = weighted_choice(rng, np.where(shops.western, 0.02, 1.0) * shops.popularity, size * 4)
    there = weighted_choice(rng, np.where(shops.western, 1.0, 0.03) * shops.popularity, size * 4)
    return np.where(np.repeat(western, 4), there, here).reshape(size, 4)


def _shuffled(rng: np.random.Generator, people: People) -> People:
    """Customers in random order, so that ids carry no information."""
    order = rng.permutation(len(people))
    for item in fields(People):
        if item.name != "uid":
            setattr(people, item.name, getattr(people, item.name)[order])
    return people
