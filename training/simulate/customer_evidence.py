"""Evidence of requests: customers' photos (own, reused or forged), merchants' videos, couriers'
delivery records."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from risk.facts.units import DAY_MS, HOUR_MS, MINUTE_MS
from training.simulate.crews import Crew
from training.simulate.customers import People
from training.simulate.honest_requests import CAUSE_NAMES
from training.simulate.market import Market
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
from training.simulate.schemes import CONDUCT_NAMES, CONDUCTS

KINDS = ("photo", "video", "document", "chat", "declined")
PHOTO, VIDEO, DOCUMENT, CHAT, DECLINED = range(len(KINDS))
CUSTOMER, MERCHANT, COURIER = "customer", "merchant", "courier"
# Probability by reason that honest customers attach a photo, and that one is requested later.
UPFRONT = {"damaged": 0.66, "defective": 0.5, "not_as_described": 0.44, "wrong_item": 0.5,
           "missing_item": 0.36, "counterfeit": 0.42, "double_charge": 0.35}  # fmt: skip
ASKED = {"damaged": 0.5, "defective": 0.5, "not_as_described": 0.4, "wrong_item": 0.5,
         "missing_item": 0.5, "counterfeit": 0.5, "other": 0.2}  # fmt: skip


def make_evidence(
    rng: np.random.Generator,
    frame: pd.DataFrame,
    parcels: pd.DataFrame,
    people: People,
    market: Market,
    crews: list[Crew],
    signals: Mapping[str, float],
) -> pd.DataFrame:
    """One row an item: request (row of `frame`), kind, by, submitted, asked, hash, captured."""
    upfront, asked = _upfront_and_asked(rng, frame, people)
    helpful = _willing(rng, frame, people, signals["declines"])
    given = np.flatnonzero(upfront | (asked & helpful))
    pieces = 1 + weighted_choice(rng, [0.45, 0.28, 0.17, 0.1], len(given))
    rows = np.repeat(given, pieces)
    items = _customers_items(rng, frame, rows, asked & ~upfront)
    forged = _forged(rng, frame, rows, signals["reuses"])
    _pictures(rng, items, frame, parcels, forged, _sources(rng, frame.iloc[rows], market, crews))
    return pd.concat(
        [items, _declined(rng, frame, asked & ~helpful & ~upfront),
         _from_merchants(rng, frame, market), _from_couriers(rng, frame)],
        ignore_index=True,
    )  # fmt: skip


def _by_reason(table: dict[str, float], reason: Ints) -> Floats:
    return np.array([table.get(name, 0.06) for name in CAUSE_NAMES])[reason]


def _upfront_and_asked(
    rng: np.random.Generator, frame: pd.DataFrame, people: People
) -> tuple[Bools, Bools]:
    size, reason = len(frame), frame["reason"].to_numpy()
    false = frame["crew"].to_numpy() >= 0
    honest = _by_reason(UPFRONT, reason) * (0.35 + 1.25 * people.photographs[frame["who"]])
    conduct = np.array([CONDUCTS[name].shows_proof for name in CONDUCT_NAMES])
    skill = frame["skill"].to_numpy()
    sly = conduct[frame["conduct"].to_numpy()] * (1 - skill) + honest * skill
    upfront = bernoulli(rng, np.where(false, sly, honest), size)
    asked = ~upfront & bernoulli(rng, _by_reason(ASKED, reason), size)
    return upfront, asked


def _willing(
    rng: np.random.Generator, frame: pd.DataFrame, people: People, declines: float
) -> Bools:
    """Mask of customers who answer a request for evidence; many honest ones do not."""
    willing = 0.15 + 0.85 * people.helpful[frame["who"].to_numpy()]
    false = frame["crew"].to_numpy() >= 0
    sly = willing - declines * (0.42 - 0.45 * frame["skill"].to_numpy())
    return bernoulli(rng, np.clip(np.where(false, sly, willing), 0.0, 1.0), len(frame))


def _customers_items(
    rng: np.random.Generator, frame: pd.DataFrame, rows: Ints, late: Bools
) -> pd.DataFrame:
    size = len(rows)
    requested = frame["requested"].to_numpy()[rows]
    first = np.concatenate([[True], rows[1:] != rows[:-1]]) if size else np.zeros(0, dtype=bool)
    group = np.cumsum(first) - 1
    ask = requested + (lognormal(rng, 5.0, 0.8, size)[group] * HOUR_MS).astype(np.int64)
    reply = ask + (np.minimum(lognormal(rng, 9.0, 1.1, size)[group], 160) * HOUR_MS).astype(
        np.int64
    )
    soon = requested + (rng.random(size)[group] * 4 * MINUTE_MS).astype(np.int64)
    step = (np.arange(size) * 23_000) % (3 * MINUTE_MS)
    money = frame["reason"].to_numpy()[rows] == CAUSE_NAMES.index("double_charge")
    kind = weighted_choice(rng, [0.82, 0.1, 0.01, 0.07], size)
    return pd.DataFrame(
        {
            "request": rows,
            "kind": np.where(money, weighted_choice(rng, [0.3, 0, 0.6, 0.1], size), kind),
            "by": CUSTOMER,
            "submitted": np.where(late[rows], reply, soon) + step,
            "asked": np.where(late[rows], ask, -1),
        }
    )


def _pictures(
    rng: np.random.Generator,
    items: pd.DataFrame,
    frame: pd.DataFrame,
    parcels: pd.DataFrame,
    forged: Bools,
    source: Ints,
) -> None:
    """Add hashes and capture times: honest files are new, forged ones old or reused."""
    rows, size = items["request"].to_numpy(), len(items)
    stock = bernoulli(rng, 0.035, size)
    fresh = hash_ints(rows, frame["requested"].to_numpy()[rows], np.arange(size), 3)
    shop_picture = hash_ints(frame["product"].to_numpy()[rows], rng.integers(0, 3, size), 17)
    borrowed = forged & bernoulli(rng, 0.75 - 0.25 * frame["skill"].to_numpy()[rows], size)
    files = np.where(borrowed, source, np.where(stock, shop_picture, fresh))
    items["hash"] = np.where(bernoulli(rng, 0.06, size), -1, files)
    wrong_clock = bernoulli(rng, 0.02, size)
    older = forged & bernoulli(rng, 0.5, size)
    past = frame["placed"].to_numpy()[rows] - (lognormal(rng, 25, 1.2, size) * DAY_MS).astype(
        np.int64
    )
    taken = _taken(rng, items, transport_times(frame, parcels)[1][rows])
    taken = np.where(older | stock | wrong_clock, past, taken)
    items["captured"] = np.where(bernoulli(rng, 0.52, size), taken, -1)


def _taken(rng: np.random.Generator, items: pd.DataFrame, delivered: Ints) -> Ints:
    """Capture times of honest photos: after delivery, mostly just before submission."""
    submitted = items["submitted"].to_numpy()
    since = np.minimum(delivered, submitted - MINUTE_MS)
    taken: Ints = submitted - (rng.beta(1, 6, len(items)) * (submitted - since)).astype(np.int64)
    return taken


def _sources(
    rng: np.random.Generator, frame: pd.DataFrame, market: Market, crews: list[Crew]
) -> Ints:
    """Hashes of reused photos: the crew's own few, or common ones from the web."""
    size = len(frame)
    pool = np.array([crew.seed for crew in crews] or [0])[frame["crew"].to_numpy()]
    category = market.products.category[frame["product"].to_numpy()]
    web = hash_ints(category, rng.integers(0, 30, size), 19)
    return np.where(bernoulli(rng, 0.3, size), web, hash_ints(pool, rng.integers(0, 3, size), 23))


def _forged(rng: np.random.Generator, frame: pd.DataFrame, rows: Ints, reuses: float) -> Bools:
    """Mask of forged items: unskilled abusers reuse photos, skilled ones stage new ones."""
    skill = frame["skill"].to_numpy()[rows]
    forger = frame["conduct"].to_numpy()[rows] == CONDUCT_NAMES.index("forged_evidence")
    chance = np.where(forger, 0.95 - 0.6 * skill, 0.6 - 0.58 * skill)
    chance = np.clip(chance * reuses, 0.0, 1.0)
    return (frame["crew"].to_numpy()[rows] >= 0) & bernoulli(rng, chance, len(rows))


def _declined(rng: np.random.Generator, frame: pd.DataFrame, which: Bools) -> pd.DataFrame:
    rows = np.flatnonzero(which)
    size = len(rows)
    asked = frame["requested"].to_numpy()[rows] + (lognormal(rng, 5, 0.8, size) * HOUR_MS).astype(
        np.int64
    )
    gone = asked + (rng.uniform(20, 72, size) * HOUR_MS).astype(np.int64)
    return _plain(rows, np.full(size, DECLINED), CUSTOMER, gone).assign(asked=asked)


def _from_merchants(rng: np.random.Generator, frame: pd.DataFrame, market: Market) -> pd.DataFrame:
    """Packing videos of shops that record them, for the reasons a video can answer."""
    names = ("missing_item", "wrong_item", "damaged", "counterfeit", "not_as_described")
    fits = np.isin(frame["reason"].to_numpy(), [CAUSE_NAMES.index(name) for name in names])
    films = market.shops.packing_video[frame["shop"].to_numpy()] * fits
    rows = np.flatnonzero(bernoulli(rng, films * 0.75, len(frame)))
    requested = frame["requested"].to_numpy()[rows]
    sent = requested + (lognormal(rng, 11, 0.8, len(rows)) * HOUR_MS).astype(np.int64)
    items = _plain(rows, np.full(len(rows), VIDEO), MERCHANT, sent)
    items["hash"] = hash_ints(rows, requested, 29)
    items["captured"] = frame["placed"].to_numpy()[rows] + 2 * HOUR_MS
    return items


def _from_couriers(rng: np.random.Generator, frame: pd.DataFrame) -> pd.DataFrame:
    """Couriers' delivery records for parcels reported missing."""
    absent = frame["reason"].to_numpy() == CAUSE_NAMES.index("not_received")
    rows = np.flatnonzero(absent & bernoulli(rng, 0.2, len(frame)))
    requested = frame["requested"].to_numpy()[rows]
    asked = requested + (lognormal(rng, 6, 0.5, len(rows)) * HOUR_MS).astype(np.int64)
    sent = asked + (lognormal(rng, 20, 0.7, len(rows)) * HOUR_MS).astype(np.int64)
    return _plain(rows, np.full(len(rows), DOCUMENT), COURIER, sent).assign(asked=asked)


def _plain(rows: Ints, kind: Ints, by: str, submitted: Ints) -> pd.DataFrame:
    return pd.DataFrame({"request": rows, "kind": kind, "by": by, "submitted": submitted,
                         "asked": -1, "hash": -1, "captured": -1})  # fmt: skip
