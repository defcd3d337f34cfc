"""How long after what people ask for their money back."""

import numpy as np
import pandas as pd

from risk.facts.units import DAY_MS, HOUR_MS, MINUTE_MS
from training.simulate.chance import Floats, Ints, around, happens
from training.simulate.parameters import Settings
from training.simulate.schemes import CONDUCT_NAMES, CONDUCTS
from training.simulate.troubles import CAUSE_NAMES

# Median hours from having the goods to asking, and the spread of its logarithm.
WAITS: dict[str, tuple[float, float]] = {
    "defective": (100.0, 1.2),
    "damaged": (9.0, 1.1),
    "not_as_described": (40.0, 1.0),
    "late": (20.0, 0.8),
    "not_received": (44.0, 0.9),
    "wrong_item": (20.0, 1.1),
    "missing_item": (12.0, 1.1),
    "counterfeit": (90.0, 1.0),
    "double_charge": (30.0, 1.1),
    "other": (60.0, 1.1),
    "unwanted": (52.0, 0.8),
}


def in_hand(frame: pd.DataFrame, parcels: pd.DataFrame) -> tuple[Ints, Ints, np.ndarray]:
    """When each request's goods were shipped and delivered, and whether they were lost."""
    parcel = frame["parcel"].to_numpy()
    mine = parcels.take(np.maximum(parcel, 0))
    placed = frame["placed"].to_numpy()
    carried = parcel >= 0
    shipped = np.where(carried, mine["shipped"].to_numpy(), placed + MINUTE_MS)
    delivered = np.where(carried, mine["delivered"].to_numpy(), placed + 2 * MINUTE_MS)
    return shipped, delivered, np.asarray(carried & mine["lost"].to_numpy())


def honest_moments(
    rng: np.random.Generator, settings: Settings, frame: pd.DataFrame, parcels: pd.DataFrame
) -> tuple[Ints, Ints]:
    """When honest people ask, and whether they have the goods by then (1 or 0)."""
    size = len(frame)
    shipped, delivered, lost = in_hand(frame, parcels)
    cause = frame["cause"].to_numpy()
    wait = _waits(rng, cause)
    late = cause == CAUSE_NAMES.index("late")
    absent = cause == CAUSE_NAMES.index("not_received")
    charged = cause == CAUSE_NAMES.index("double_charge")
    placed = frame["placed"].to_numpy()
    underway = shipped + ((0.55 + 0.6 * rng.random(size)) * (delivered - shipped)).astype(np.int64)
    missing = shipped + (around(rng, 8.0, 0.4, size) * DAY_MS).astype(np.int64)
    changed_mind = (cause == CAUSE_NAMES.index("unwanted")) & happens(rng, 0.12, size)
    moment = delivered + wait
    moment = np.where(late, underway, moment)
    moment = np.where(absent & lost, missing, moment)
    moment = np.where(charged, placed + wait, moment)
    moment = np.where(changed_mind, placed + wait // 12, moment)
    moment = _before_the_end(rng, moment, delivered, settings)
    return moment, ((moment > delivered) & ~lost & ~absent).astype(np.int64)


def false_moments(
    rng: np.random.Generator, settings: Settings, frame: pd.DataFrame, parcels: pd.DataFrame
) -> Ints:
    """When false claims come: after delivery, or for freight farming before the goods arrive."""
    size = len(frame)
    shipped, delivered, _ = in_hand(frame, parcels)
    conduct = frame["conduct"].to_numpy()
    days = np.array([CONDUCTS[name].days for name in CONDUCT_NAMES])[conduct]
    skill = frame["skill"].to_numpy()
    wait = around(rng, days * (0.6 + 0.9 * skill), 0.9, size) * DAY_MS
    early = np.array([CONDUCTS[name].before_receipt for name in CONDUCT_NAMES])[conduct]
    early &= happens(rng, 0.9 - 0.4 * skill, size)
    soon = shipped + (rng.uniform(0.1, 0.7, size) * (delivered - shipped)).astype(np.int64)
    # Who is good at it waits as honest people with the same complaint do.
    usual = happens(rng, 0.8 * skill, size)
    wait = np.where(usual, _waits(rng, frame["reason"].to_numpy()), wait)
    moment = np.where(early, soon, delivered + wait.astype(np.int64))
    return _before_the_end(rng, moment, delivered, settings)


def _waits(rng: np.random.Generator, cause: Ints) -> Ints:
    median = np.array([WAITS[name][0] for name in CAUSE_NAMES])[cause]
    sigma = np.array([WAITS[name][1] for name in CAUSE_NAMES])[cause]
    return np.asarray(
        np.minimum(np.exp(np.log(median) + sigma * rng.standard_normal(len(cause))), 1400) * HOUR_MS
    ).astype(np.int64)


def _before_the_end(
    rng: np.random.Generator, moment: Ints, delivered: Ints, settings: Settings
) -> Ints:
    """Whoever would ask after the export is cut asks a little sooner instead."""
    last = settings.end_ms - HOUR_MS
    room: Floats = np.maximum(last - delivered, HOUR_MS) * rng.random(len(moment))
    sooner = np.minimum(delivered + room.astype(np.int64), last)
    return np.where(moment > last, np.where(delivered < last, sooner, last), moment)
