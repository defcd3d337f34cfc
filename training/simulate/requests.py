"""Refund requests of one block, honest and false, in one frame."""

import numpy as np
import pandas as pd

from risk.facts.units import DAY_MS, HOUR_MS
from training.simulate.crews import SHARED, Crew, FraudPlan, PlannedClaim
from training.simulate.customers import People
from training.simulate.false_claims import shared_identity
from training.simulate.honest_requests import CAUSE_NAMES, stated_reason
from training.simulate.market import Market
from training.simulate.parameters import WorldSettings
from training.simulate.parcels import CUSTOMER
from training.simulate.random_draws import (
    Bools,
    Floats,
    Ints,
    bernoulli,
    hash_ints,
    lognormal,
    weighted_choice,
)
from training.simulate.request_times import false_request_times, honest_request_times
from training.simulate.schemes import CONDUCT_NAMES, CONDUCTS, Weights

TYPES = ("refund_only", "return_and_refund", "exchange", "repair", "resend", "price_adjustment")
ONLY, RETURN, EXCHANGE, REPAIR, RESEND, ADJUST = range(len(TYPES))
# Weights of TYPES by reason, for honest customers whose goods have arrived.
TYPE_WEIGHTS: dict[str, tuple[float, ...]] = {
    "defective": (28, 48, 14, 8, 2, 0),
    "damaged": (48, 30, 12, 0, 10, 0),
    "not_as_described": (24, 66, 8, 0, 0, 2),
    "late": (80, 14, 0, 0, 0, 6),
    "not_received": (82, 2, 0, 0, 16, 0),
    "wrong_item": (14, 46, 30, 0, 10, 0),
    "missing_item": (62, 8, 0, 0, 30, 0),
    "counterfeit": (18, 82, 0, 0, 0, 0),
    "double_charge": (88, 0, 0, 0, 0, 12),
    "other": (38, 44, 8, 2, 2, 6),
    "unwanted": (4, 86, 9, 0, 0, 1),
}


def honest_frame(
    rng: np.random.Generator,
    settings: WorldSettings,
    asked: pd.DataFrame,
    lines: pd.DataFrame,
    parcels: pd.DataFrame,
    market: Market,
) -> pd.DataFrame:
    """Honest requests for the lines and causes drawn by `honest_requests`."""
    frame = _from_lines(asked["row"].to_numpy(), lines)
    frame["cause"] = asked["cause"].to_numpy()
    allowed = market.products.no_reason[frame["product"]]
    frame["reason"] = stated_reason(rng, frame["cause"].to_numpy(), allowed)
    frame["requested"], arrived = honest_request_times(rng, settings, frame, parcels)
    frame["type"] = _honest_types(rng, frame["reason"].to_numpy(), arrived)
    frame["cents"] = _honest_amounts(rng, frame)
    frame["says_received"] = np.where(bernoulli(rng, 0.88, len(frame)), arrived, -1)
    return frame.assign(crew=-1, scheme=-1, conduct=-1, skill=0.0, burnt=False)


def follow_ups(
    rng: np.random.Generator, settings: WorldSettings, frame: pd.DataFrame, count: int
) -> pd.DataFrame:
    """Second requests on the same line after an unsatisfactory first answer.

    The first one, in `frame`, asked for a part, the second asks for what it left.
    """
    in_time = frame["requested"].to_numpy() < settings.end_ms - 16 * DAY_MS
    early = np.flatnonzero(in_time & (frame["type"].to_numpy() != RESEND))
    places = rng.permutation(early)[:count]
    picked = frame.iloc[places].copy()
    whole = picked["cents"].to_numpy()
    part = whole * (20 + hash_ints(picked["row"].to_numpy(), 71) % 50) // 100
    frame.loc[frame.index[places], "cents"] = part
    picked["cents"] = whole - part
    wait = lognormal(rng, 5.0, 0.5, len(picked)) * DAY_MS
    picked["requested"] = np.minimum(
        picked["requested"] + wait.astype(np.int64), settings.end_ms - HOUR_MS
    )
    picked["type"] = np.where(picked["type"] == ONLY, ONLY, RETURN)
    return picked


def false_frame(
    rng: np.random.Generator,
    settings: WorldSettings,
    world: FraudPlan,
    lines: pd.DataFrame,
    parcels: pd.DataFrame,
) -> pd.DataFrame:
    """False requests for the lines with a claim; adapts the parcels they rest on."""
    rows = np.flatnonzero(lines["claim"].to_numpy() >= 0)
    claims = [world.claims[number] for number in lines["claim"].to_numpy()[rows]]
    frame = _from_lines(_asked_twice(rows, lines), lines).assign(**_by_claim(rng, world, claims))
    parcel = frame["parcel"].to_numpy()
    parcels.loc[parcel[parcel >= 0], "lost"] = False
    absent = frame["reason"].isin([CAUSE_NAMES.index("not_received"), CAUSE_NAMES.index("late")])
    _set_receiver(rng, frame, parcels, absent.to_numpy())
    frame["requested"] = false_request_times(rng, settings, frame, parcels)
    frame["cents"] = _false_amounts(rng, frame)
    says = np.where(absent, 0, 1)
    frame["says_received"] = np.where(bernoulli(rng, 0.88, len(frame)), says, -1)
    return frame


def _asked_twice(rows: Ints, lines: pd.DataFrame) -> Ints:
    """The lines of false requests; one in sixteen is that of the same customer's last one."""
    who = lines["who"].to_numpy()[rows]
    order = np.lexsort((lines["placed"].to_numpy()[rows], who))
    before, after = order[:-1], order[1:]
    again = (who[before] == who[after]) & (hash_ints(rows[after], 73) % 16 == 0)
    chosen = rows.copy()
    chosen[after[again]] = rows[before[again]]
    return chosen


def _by_claim(
    rng: np.random.Generator, world: FraudPlan, claims: list[PlannedClaim]
) -> dict[str, Ints | Floats | Bools]:
    """The columns that follow from each claim and the crew behind it."""
    crews = [world.crews[claim.crew] for claim in claims]
    conducts = [CONDUCTS[CONDUCT_NAMES[crew.conduct]] for crew in crews]
    codes = {
        "cause": [-1] * len(claims),
        "crew": [crew.number for crew in crews],
        "scheme": [crew.scheme for crew in crews],
        "conduct": [crew.conduct for crew in crews],
        "reason": [_draw_name(rng, conduct.reasons, CAUSE_NAMES) for conduct in conducts],
        "type": [_draw_name(rng, conduct.types, TYPES) for conduct in conducts],
    }
    return {
        "skill": np.array([crew.skill for crew in crews], dtype=np.float64),
        "burnt": np.array([claim.burnt for claim in claims], dtype=bool),
        **{name: np.array(values, dtype=np.int64) for name, values in codes.items()},
    }


def _from_lines(rows: Ints, lines: pd.DataFrame) -> pd.DataFrame:
    columns = ["who", "order", "line", "shop", "product", "parcel", "placed", "device", "payment",
               "cents", "quantity"]  # fmt: skip
    return lines.iloc[rows][columns].reset_index(drop=True).assign(row=rows)


def _draw_name(rng: np.random.Generator, weights: Weights, names: tuple[str, ...]) -> int:
    drawn = int(weighted_choice(rng, list(weights.values()), 1)[0])
    return names.index(list(weights)[drawn])


def _set_receiver(
    rng: np.random.Generator, frame: pd.DataFrame, parcels: pd.DataFrame, absent: Bools
) -> None:
    """Set the receiver of parcels reported missing: mostly the customer, less so with skill."""
    signed = absent & bernoulli(rng, 0.75 - 0.55 * frame["skill"].to_numpy(), len(frame))
    parcel = frame["parcel"].to_numpy()[signed]
    parcels.loc[parcel[parcel >= 0], "received"] = CUSTOMER


def _honest_types(rng: np.random.Generator, reason: Ints, arrived: Ints) -> Ints:
    types = np.zeros(len(reason), dtype=np.int64)
    for code, name in enumerate(CAUSE_NAMES):
        rows = np.flatnonzero(reason == code)
        types[rows] = weighted_choice(rng, TYPE_WEIGHTS[name], len(rows))
    # Without goods to send back, a refund only, unless the parcel can be refused.
    turned = reason == CAUSE_NAMES.index("unwanted")
    bare = (arrived == 0) & ~turned & np.isin(types, (RETURN, EXCHANGE, REPAIR))
    return np.where(bare, ONLY, types)


def _honest_amounts(rng: np.random.Generator, frame: pd.DataFrame) -> Ints:
    """Amounts (n,): mostly all that was paid, a share of it for small faults or missing parts."""
    size = len(frame)
    paid = frame["cents"].to_numpy().astype(np.float64)
    quantity = frame["quantity"].to_numpy()
    missing = frame["reason"].to_numpy() == CAUSE_NAMES.index("missing_item")
    piece = np.where(quantity > 1, 1.0 / quantity, rng.choice([1.0, 0.5, 0.3], size))
    share = np.where(missing & bernoulli(rng, 0.8, size), piece, 1.0)
    some = (frame["type"].to_numpy() == ONLY) & ~missing & bernoulli(rng, 0.22, size)
    share = np.where(some, rng.choice([0.1, 0.2, 0.3, 0.5], size), share)
    adjust = frame["type"].to_numpy() == ADJUST
    share = np.where(adjust, rng.uniform(0.05, 0.3, size), share)
    return np.maximum(paid * share, 50).astype(np.int64)


def _false_amounts(rng: np.random.Generator, frame: pd.DataFrame) -> Ints:
    size = len(frame)
    paid = frame["cents"].to_numpy().astype(np.float64)
    quantity = frame["quantity"].to_numpy()
    conduct = frame["conduct"].to_numpy()
    part = np.array([CONDUCTS[name].part for name in CONDUCT_NAMES])[conduct]
    pieces = np.maximum(np.ceil(quantity * rng.uniform(0.2, 0.7, size)), 1) / quantity
    piece = np.where(quantity > 1, pieces, rng.choice([1.0, 0.5, 0.3], size))
    some = (frame["type"].to_numpy() == ONLY) & bernoulli(rng, 0.16, size)
    share = np.where(part, piece, np.where(some, rng.choice([0.3, 0.5, 0.8], size), 1.0))
    return np.maximum(paid * share, 50).astype(np.int64)


def add_identities(
    rng: np.random.Generator, frame: pd.DataFrame, people: People, crews: list[Crew]
) -> None:
    """Add the request's device and payout account (-1: unknown)."""
    size, who = len(frame), frame["who"].to_numpy()
    usual = bernoulli(rng, 0.8, size)
    frame["device"] = np.where(usual, frame["device"], people.spare_device[who])
    frame["payout"] = people.payout[who]
    false = np.flatnonzero(frame["crew"].to_numpy() >= 0)
    mine = [crews[number] for number in frame["crew"].to_numpy()[false]]
    if mine:
        code = SHARED.index("payout")
        shared = np.array([crew.shares["payout"] for crew in mine])
        shared &= bernoulli(rng, 0.92 - 0.3 * frame["skill"].to_numpy()[false], len(false))
        pool = shared_identity(mine, code, people)
        frame.loc[false, "payout"] = np.where(shared, pool, frame["payout"].to_numpy()[false])
    frame.loc[bernoulli(rng, 0.3, size), "payout"] = -1
    frame.loc[bernoulli(rng, 0.12, size), "device"] = -1
