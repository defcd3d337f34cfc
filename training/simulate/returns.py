"""Return parcels and their inspections."""

import numpy as np
import pandas as pd

from risk.facts.units import DAY_MS, HOUR_MS
from training.simulate.carriers import CHINESE, COURIERS
from training.simulate.crews import Crew
from training.simulate.customers import RESELLER, People
from training.simulate.honest_requests import CAUSE_NAMES, MERCHANT_FAULTS
from training.simulate.market import Market
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
from training.simulate.request_times import transport_times
from training.simulate.requests import EXCHANGE, REPAIR, RETURN
from training.simulate.schemes import CONDUCT_NAMES, CONDUCTS

CONDITIONS = ("as_sent", "used", "damaged_by_customer", "different_item", "counterfeit", "empty",
              "incomplete", "seller_fault")  # fmt: skip
AS_SENT, USED, BROKEN, OTHER, FAKE, EMPTY, INCOMPLETE, FAULT = range(len(CONDITIONS))


def ship_returns(
    rng: np.random.Generator,
    frame: pd.DataFrame,
    parcels: pd.DataFrame,
    people: People,
    crews: list[Crew],
) -> pd.DataFrame:
    """One row a return parcel: request, sent, arrived, grams, tracking, courier, goods."""
    returning = np.isin(frame["type"].to_numpy(), (RETURN, EXCHANGE, REPAIR))
    kept = bernoulli(rng, 0.88, len(frame))
    rows = np.flatnonzero(returning & kept & (frame["parcel"].to_numpy() >= 0))
    size, parcel = len(rows), frame["parcel"].to_numpy()[rows]
    sent, unweighed = _sent(rng, frame.iloc[rows], parcels)
    goods = _goods(rng, frame, rows)
    returned = pd.DataFrame({"request": rows, "sent": sent, "goods": goods})
    returned["arrived"] = sent + (lognormal(rng, 66, 0.4, size) * HOUR_MS).astype(np.int64)
    returned["grams"] = _grams(rng, frame, rows, parcels["grams"].to_numpy()[parcel], goods)
    returned["weighed"] = ~unweighed & bernoulli(rng, 0.8, size)
    returned["uploaded"] = bernoulli(rng, 0.93, size)
    _track(rng, returned, frame.iloc[rows], unweighed, people, crews)
    return returned


def _sent(
    rng: np.random.Generator, frame: pd.DataFrame, parcels: pd.DataFrame
) -> tuple[Ints, Bools]:
    """Times (ms) of returns, and which of them are sent unweighed before receipt."""
    size = len(frame)
    shipped, delivered, _ = transport_times(frame, parcels)
    requested, honest = frame["requested"].to_numpy(), frame["crew"].to_numpy() < 0
    before = requested < delivered
    # Honest customers too refuse parcels at delivery.
    refused = honest & before & bernoulli(rng, 0.4, size)
    farmed = _before_receipt(frame) & before
    pause = (np.minimum(lognormal(rng, 26, 0.8, size), 300) * HOUR_MS).astype(np.int64)
    soon = requested + (rng.uniform(0.3, 9, size) * HOUR_MS).astype(np.int64)
    way = shipped + (rng.uniform(0.4, 1.0, size) * (delivered - shipped)).astype(np.int64)
    sent = np.maximum(requested, delivered) + pause
    sent = np.where(refused, np.maximum(soon, way), sent)
    return np.where(farmed, soon, sent), farmed


def _track(
    rng: np.random.Generator,
    returned: pd.DataFrame,
    frame: pd.DataFrame,
    farmed: Bools,
    people: People,
    crews: list[Crew],
) -> None:
    """Tracking numbers, mostly one a return, and couriers."""
    size, who, crew = len(returned), frame["who"].to_numpy(), frame["crew"].to_numpy()
    seed = np.array([member.seed for member in crews] or [0])[crew]
    sent = returned["sent"].to_numpy()
    reused = farmed & bernoulli(rng, 0.5, size)
    # Resellers pack several returns into one parcel.
    packed = (people.group[who] == RESELLER) & (crew < 0) & bernoulli(rng, 0.6, size)
    track = hash_ints(people.uid[who], sent, returned["request"].to_numpy(), 37)
    track = np.where(reused, hash_ints(seed, sent // (120 * DAY_MS), 31), track)
    returned["tracking"] = np.where(
        packed, hash_ints(people.uid[who], sent // (5 * DAY_MS), 41), track
    )
    returned["courier"] = _couriers(rng, people, who, reused | packed)


def _couriers(rng: np.random.Generator, people: People, who: Ints, reused: Bools) -> Ints:
    draw = hash_ints(people.city[who], np.where(reused, 0, rng.integers(0, 4, len(who))))
    western = len(CHINESE) + draw % (len(COURIERS) - len(CHINESE))
    return np.where(people.western[who], western, draw % len(CHINESE))


def _before_receipt(frame: pd.DataFrame) -> Bools:
    conduct = np.array([CONDUCTS[name].before_receipt for name in CONDUCT_NAMES])
    code = frame["conduct"].to_numpy()
    return np.asarray((code >= 0) & conduct[code])


def _goods(rng: np.random.Generator, frame: pd.DataFrame, rows: Ints) -> Ints:
    """True content of each return: honest customers return what they received, rarely worn."""
    size = len(rows)
    cause = frame["cause"].to_numpy()[rows]
    faults = [CAUSE_NAMES.index(name) for name in (*MERCHANT_FAULTS, "damaged")]
    goods = np.where(np.isin(cause, faults), FAULT, AS_SENT)
    goods = np.where(
        bernoulli(rng, 0.015, size), weighted_choice(rng, [0.5, 0.2, 0.3], size) + USED, goods
    )
    held = np.array([CONDUCTS[name].sends_back for name in CONDUCT_NAMES])
    plan = held[frame["conduct"].to_numpy()[rows]]
    false = frame["crew"].to_numpy()[rows] >= 0
    brick = np.where(bernoulli(rng, 0.4, size), EMPTY, np.where(bernoulli(rng, 0.85, size), OTHER,
                                                              INCOMPLETE))  # fmt: skip
    worn = np.where(bernoulli(rng, 0.85, size), USED, BROKEN)
    for name, code in (("other", brick), ("used", worn), ("fake", np.full(size, FAKE))):
        goods = np.where(false & (plan == name), code, goods)
    return np.where(false & (plan == "as_sent"), AS_SENT, goods)


def _grams(
    rng: np.random.Generator, frame: pd.DataFrame, rows: Ints, outbound: Floats, goods: Ints
) -> Floats:
    """Weights (g) of returns; skilled abusers match the outbound weight."""
    size = len(rows)
    skill = frame["skill"].to_numpy()[rows]
    share = np.where(bernoulli(rng, 0.05, size), rng.uniform(0.35, 0.95, size), 1.0)
    honest = outbound * share * rng.normal(1.0, 0.06, size) + rng.normal(0, 30, size)
    light = lognormal(rng, 140, 0.5, size)
    odd = outbound * lognormal(rng, 0.75, 0.8, size)
    careful = bernoulli(rng, 0.05 + 0.7 * skill, size)
    swapped = np.where(goods == EMPTY, light, odd)
    dishonest = np.isin(goods, (EMPTY, OTHER)) & ~careful & (frame["crew"].to_numpy()[rows] >= 0)
    return np.maximum(np.where(dishonest, swapped, honest), 25)


def inspect_returns(
    rng: np.random.Generator,
    settings: WorldSettings,
    frame: pd.DataFrame,
    returned: pd.DataFrame,
    market: Market,
) -> pd.DataFrame:
    """Inspections of some returns, more in careful shops: request, at, condition."""
    shop = frame["shop"].to_numpy()[returned["request"].to_numpy()]
    thorough = market.shops.thorough[shop]
    looked = returned[bernoulli(rng, 0.12 + 0.5 * thorough, len(returned))]
    rows, size = looked["request"].to_numpy(), len(looked)
    careful = market.shops.thorough[frame["shop"].to_numpy()[rows]]
    truth = looked["goods"].to_numpy()
    skill = frame["skill"].to_numpy()[rows]
    found = 0.94 - 0.5 * skill * (1 - 0.5 * careful)
    found = np.where(np.isin(truth, (USED, FAKE)), found - 0.12, found)
    found = np.where(truth == FAULT, 0.8, found)
    seen = np.where(bernoulli(rng, found, size), truth, AS_SENT)
    wrong = (truth == AS_SENT) & bernoulli(rng, 0.022 * settings.label_noise, size)
    seen = np.where(wrong, weighted_choice(rng, [0, 5, 2, 1, 0, 0, 2], size), seen)
    opened = looked["arrived"].to_numpy() + (lognormal(rng, 30, 0.7, size) * HOUR_MS).astype(
        np.int64
    )
    return pd.DataFrame({"request": rows, "at": opened, "condition": seen})
