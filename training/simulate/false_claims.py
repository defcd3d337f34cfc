"""Assignment of false claims to orders: placed for the purpose, or among existing ones."""

import numpy as np
import pandas as pd

from risk.facts.units import DAY_MS
from training.simulate import place_ids
from training.simulate.categories import CATEGORIES, NAMES
from training.simulate.crews import SHARED, Crew, FraudPlan
from training.simulate.customers import People
from training.simulate.market import UNITS_PER_CNY, Market
from training.simulate.random_draws import Floats, Ints, hash_ints, weighted_choice
from training.simulate.schemes import CONDUCT_NAMES, CONDUCTS
from training.simulate.seasons import Calendar
from training.simulate.shopping import own_identities, price_lines, products_of

LIMITS = np.array([50.0, 100.0, 200.0, 300.0, 500.0])
CANDIDATES = 14


def assign_claims(
    rng: np.random.Generator,
    world: FraudPlan,
    lines: pd.DataFrame,
    people: People,
    market: Market,
    calendar: Calendar,
) -> pd.DataFrame:
    """The lines of the block with `claim`: the planned claim that a line serves, or -1."""
    lines = lines.assign(claim=-1)
    starts = np.searchsorted(lines["who"].to_numpy(), np.arange(len(people) + 1))
    placed, bait = lines["placed"].to_numpy(), []
    taken: dict[int, int] = {}
    for number, claim in enumerate(world.claims):
        rows = np.arange(starts[claim.who], starts[claim.who + 1])
        near = rows[np.abs(placed[rows] - claim.moment) < 30 * DAY_MS]
        free = [int(row) for row in near if int(row) not in taken]
        if claim.bait or not free:
            bait.append(number)
        else:
            taken[free[int(rng.integers(0, len(free)))]] = number
    lines.loc[list(taken), "claim"] = list(taken.values())
    if not bait:
        return lines
    extra = _bait_lines(rng, world, np.array(bait), people, market, calendar)
    extra["order"] += int(lines["order"].max()) + 1 if len(lines) else 0
    return pd.concat([lines, extra], ignore_index=True)


def _bait_lines(
    rng: np.random.Generator,
    world: FraudPlan,
    numbers: Ints,
    people: People,
    market: Market,
    calendar: Calendar,
) -> pd.DataFrame:
    claims = [world.claims[number] for number in numbers]
    crews = [world.crews[claim.crew] for claim in claims]
    who = [claim.who for claim in claims]
    lines = pd.DataFrame({"who": who, "order": np.arange(len(who)), "line": 1, "claim": numbers})
    moment = np.array([claim.moment for claim in claims])
    clock = calendar.clock(rng, people.western[who])
    lines["placed"] = np.maximum(moment - (moment - calendar.start) % DAY_MS + clock, moment)
    lines["channel"] = weighted_choice(rng, [0.32, 0.18, 0.30, 0.16, 0.04], len(who))
    wanted = zip(crews, who, strict=True)
    product = np.array(
        [_choose_product(rng, crew, people, buyer, market) for crew, buyer in wanted]
    )
    lines = lines.assign(product=product, shop=market.products.shop[product])
    lines["quantity"] = _pieces(rng, market.products.bundle[product])
    price_lines(rng, lines, market, calendar)
    _price_below_limit(rng, lines, crews, market)
    own_identities(rng, lines, people)
    _shared_identities(rng, lines, crews, people)
    return _with_other_lines(rng, lines, market, calendar)


def _pieces(rng: np.random.Generator, bundle: np.ndarray) -> Ints:
    single = 1 + (rng.random(len(bundle)) < 0.1)
    return np.where(bundle, 2 + rng.integers(0, 5, len(bundle)), single)


def _with_other_lines(
    rng: np.random.Generator, lines: pd.DataFrame, market: Market, calendar: Calendar
) -> pd.DataFrame:
    """Lines with a second line in some orders, as ordinary orders have."""
    company = lines[rng.random(len(lines)) < 0.14].assign(line=2, quantity=1, claim=-1)
    company["product"] = products_of(rng, market, company["shop"].to_numpy())
    price_lines(rng, company, market, calendar)
    return pd.concat([lines, company], ignore_index=True)


def _price_below_limit(
    rng: np.random.Generator, lines: pd.DataFrame, crews: list[Crew], market: Market
) -> None:
    """Set prices just below the review limits, for crews that know them."""
    rate = np.array(UNITS_PER_CNY)[market.shops.currency[lines["shop"].to_numpy()]]
    cents = lines["cents"].to_numpy()
    steps = (LIMITS[None, :] * rate[:, None] * 100).round()
    limit = np.where(steps <= cents[:, None] * 1.12, steps, 0).max(axis=1)
    knows = np.array([CONDUCTS[CONDUCT_NAMES[crew.conduct]].loot == "under" for crew in crews])
    near = knows & (limit > 0.6 * cents) & (rng.random(len(lines)) < 0.65)
    below = np.round(limit * rng.uniform(0.955, 0.998, len(lines)) / 10) * 10
    lines["cents"] = np.where(near, np.maximum(below, 90), cents).astype(np.int64)


def _choose_product(
    rng: np.random.Generator, crew: Crew, people: People, who: int, market: Market
) -> int:
    """The product bought for a claim: nearly the best of a few candidates."""
    conduct, products = CONDUCTS[CONDUCT_NAMES[crew.conduct]], market.products
    if crew.shop >= 0:
        low, high = products.first[crew.shop], products.first[crew.shop + 1]
        options = rng.integers(low, high, CANDIDATES)
    else:
        shops = weighted_choice(rng, market.shops.popularity, CANDIDATES * 3)
        options = products_of(rng, market, shops)
        home = market.shops.western[products.shop[options]] == people.western[who]
        options = options[home] if home.any() else options
    rate = np.array(UNITS_PER_CNY)[market.shops.currency[products.shop[options]]]
    price = products.price[options] / 100 / rate
    score = _desirability(conduct.loot, price, products.bundle[options])
    if conduct.categories:
        wanted = [NAMES.index(name) for name in conduct.categories]
        score = score + 2.5 * np.isin(products.category[options], wanted)
    desire = np.array([category.loot for category in CATEGORIES])[products.category[options]]
    noise = rng.gumbel(0, 0.5 + 1.2 * crew.skill, len(options))
    return int(options[np.argmax(score + 0.8 * np.log(desire) + noise)])


def _desirability(loot: str, price: Floats, bundle: np.ndarray) -> Floats:
    if loot == "high":
        return np.asarray(0.45 * np.log(price / 300.0))
    if loot == "low":
        return np.asarray(-0.8 * np.log(price / 40.0))
    if loot == "bundle":
        return np.asarray(3.0 * bundle)
    if loot == "under":
        gap = np.array([np.min(np.where(p < LIMITS, LIMITS - p, 999) / LIMITS) for p in price])
        return np.asarray(1.2 * (gap < 0.08) + 0.2 * np.log(price / 100))
    return np.zeros(len(price))


def _shared_identities(
    rng: np.random.Generator, lines: pd.DataFrame, crews: list[Crew], people: People
) -> None:
    """Set the identities that a crew shares, not always; spellings vary with skill."""
    size = len(lines)
    skill = np.array([crew.skill for crew in crews])
    who = lines["who"].to_numpy()
    for code, name in enumerate(SHARED):
        if name == "payout":
            continue
        shared = np.array([crew.shares[name] for crew in crews]) & (
            rng.random(size) < 0.95 - 0.3 * skill
        )
        pool = shared_identity(crews, code, people)
        lines[name] = np.where(shared, pool, lines[name].to_numpy())
        if name == "place":
            level = np.where(rng.random(size) < 0.35 + 0.4 * skill, 3, 1)
            hand = hash_ints(people.hand[who], rng.integers(0, 3, size))
            crew_hand = np.array([crew.seed for crew in crews])
            hand = np.where(
                level == 3, hash_ints(hand, np.arange(size)), hash_ints(crew_hand, who % 2)
            )
            lines["spelling"] = np.where(shared, (hand << 2) | level, lines["spelling"].to_numpy())


def shared_identity(crews: list[Crew], code: int, people: People) -> Ints:
    """The identity of one kind that each crew shares; skilled crews use a busy locker."""
    lead = np.array([crew.members[0] for crew in crews])
    seed = np.array([crew.seed for crew in crews])
    if SHARED[code] == "place":
        locker = (seed % 100) < 50 * np.array([crew.skill for crew in crews])
        hideout = place_ids.place_id(place_ids.HOME, people.city[lead], seed)
        return np.where(locker, people.away[lead], hideout)
    western = np.where(people.western[lead], 8, 0)
    scrambled = hash_ints(seed, code + 50)
    return (scrambled & ~15) | western | 5 if SHARED[code] == "phone" else scrambled
