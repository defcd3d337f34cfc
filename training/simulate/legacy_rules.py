"""The scorecard that selected requests for review before there was a model: biased by design."""

import numpy as np
import pandas as pd

from risk.facts.units import DAY_MS
from training.simulate.customers import People
from training.simulate.honest_requests import CAUSE_NAMES
from training.simulate.market import UNITS_PER_CNY, Market
from training.simulate.parcels import CUSTOMER
from training.simulate.random_draws import Floats, Ints
from training.simulate.requests import ONLY

REVIEW_LIMIT = 200.0


def legacy_points(
    rng: np.random.Generator,
    frame: pd.DataFrame,
    lines: pd.DataFrame,
    parcels: pd.DataFrame,
    people: People,
    market: Market,
) -> Floats:
    """Points (n,) of each request by the legacy rules, with noise for the reviewer."""
    size, who = len(frame), frame["who"].to_numpy()
    money = in_yuan(frame, market)
    parcel = frame["parcel"].to_numpy()
    signed = (parcel >= 0) & (parcels["received"].to_numpy()[parcel] == CUSTOMER)
    absent = frame["reason"].to_numpy() == CAUSE_NAMES.index("not_received")
    points = np.zeros(size)
    points += 1.6 * (money >= 800) + 1.0 * (money >= REVIEW_LIMIT)
    points += 0.8 * (frame["type"].to_numpy() == ONLY)
    points += 1.3 * np.minimum(earlier_requests(frame, 60 * DAY_MS), 3)
    points += 1.4 * (absent & signed)
    young = frame["requested"].to_numpy() - people.created[who] < 30 * DAY_MS
    points += 0.9 * young
    points += 0.9 * (_accounts_at_address(frame, lines) >= 6)
    return points + rng.gumbel(0.0, 1.0, size)


def in_yuan(frame: pd.DataFrame, market: Market) -> Floats:
    """The amounts (n,) in yuan, at fixed rates."""
    rate = np.array(UNITS_PER_CNY)[market.shops.currency[frame["shop"].to_numpy()]]
    return np.asarray(frame["cents"].to_numpy() / 100 / rate)


def earlier_requests(frame: pd.DataFrame, window: int) -> Ints:
    """Number (n,) of the same customer's requests within `window` (ms) before each."""
    who, moment = frame["who"].to_numpy(), frame["requested"].to_numpy()
    order = np.lexsort((moment, who))
    span = np.int64(1) << 45
    key = who[order].astype(np.int64) * span + (moment[order] - moment.min())
    first = np.searchsorted(key, np.maximum(key - window, who[order].astype(np.int64) * span))
    counts = np.empty(len(frame), dtype=np.int64)
    counts[order] = np.arange(len(frame)) - first
    return counts


def _accounts_at_address(frame: pd.DataFrame, lines: pd.DataFrame) -> Ints:
    pairs = lines[["place", "who"]].drop_duplicates()
    places, counts = np.unique(pairs["place"].to_numpy(), return_counts=True)
    place = lines["place"].to_numpy()[frame["row"].to_numpy()]
    accounts: Ints = counts[np.searchsorted(places, place)]
    return accounts
