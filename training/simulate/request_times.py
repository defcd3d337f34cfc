"""Times at which honest and false requests are made."""

import numpy as np
import pandas as pd

from risk.facts.units import DAY_MS, HOUR_MS, MINUTE_MS
from training.simulate.honest_requests import CAUSE_NAMES
from training.simulate.parameters import WorldSettings
from training.simulate.random_draws import Floats, Ints, bernoulli, lognormal
from training.simulate.schemes import CONDUCT_NAMES, CONDUCTS

# Median hours from delivery to request, and the standard deviation of the logarithm.
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


def transport_times(frame: pd.DataFrame, parcels: pd.DataFrame) -> tuple[Ints, Ints, np.ndarray]:
    """Ship time, delivery time (ms) and loss of each request's goods, (n,) each."""
    parcel = frame["parcel"].to_numpy()
    mine = parcels.take(np.maximum(parcel, 0))
    placed = frame["placed"].to_numpy()
    carried = parcel >= 0
    shipped = np.where(carried, mine["shipped"].to_numpy(), placed + MINUTE_MS)
    delivered = np.where(carried, mine["delivered"].to_numpy(), placed + 2 * MINUTE_MS)
    return shipped, delivered, np.asarray(carried & mine["lost"].to_numpy())


def honest_request_times(
    rng: np.random.Generator, settings: WorldSettings, frame: pd.DataFrame, parcels: pd.DataFrame
) -> tuple[Ints, Ints]:
    """Times (n,) of honest requests, and whether the goods have arrived by then (1 or 0)."""
    size = len(frame)
    shipped, delivered, lost = transport_times(frame, parcels)
    cause = frame["cause"].to_numpy()
    wait = _waits(rng, cause)
    late = cause == CAUSE_NAMES.index("late")
    absent = cause == CAUSE_NAMES.index("not_received")
    charged = cause == CAUSE_NAMES.index("double_charge")
    placed = frame["placed"].to_numpy()
    underway = shipped + ((0.55 + 0.6 * rng.random(size)) * (delivered - shipped)).astype(np.int64)
    missing = shipped + (lognormal(rng, 8.0, 0.4, size) * DAY_MS).astype(np.int64)
    changed_mind = (cause == CAUSE_NAMES.index("unwanted")) & bernoulli(rng, 0.12, size)
    moment = delivered + wait
    moment = np.where(late, underway, moment)
    moment = np.where(absent & lost, missing, moment)
    moment = np.where(charged, placed + wait, moment)
    moment = np.where(changed_mind, placed + wait // 12, moment)
    moment = _before_the_end(rng, moment, delivered, settings)
    return moment, ((moment > delivered) & ~lost & ~absent).astype(np.int64)


def false_request_times(
    rng: np.random.Generator, settings: WorldSettings, frame: pd.DataFrame, parcels: pd.DataFrame
) -> Ints:
    """Times (n,) of false requests: after delivery, or before it for freight insurance fraud."""
    size = len(frame)
    shipped, delivered, _ = transport_times(frame, parcels)
    conduct = frame["conduct"].to_numpy()
    days = np.array([CONDUCTS[name].days for name in CONDUCT_NAMES])[conduct]
    skill = frame["skill"].to_numpy()
    wait = lognormal(rng, days * (0.6 + 0.9 * skill), 0.9, size) * DAY_MS
    early = np.array([CONDUCTS[name].before_receipt for name in CONDUCT_NAMES])[conduct]
    early &= bernoulli(rng, 0.9 - 0.4 * skill, size)
    soon = shipped + (rng.uniform(0.1, 0.7, size) * (delivered - shipped)).astype(np.int64)
    # Who is good at it waits as honest people with the same complaint do.
    usual = bernoulli(rng, 0.8 * skill, size)
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
    rng: np.random.Generator, moment: Ints, delivered: Ints, settings: WorldSettings
) -> Ints:
    """Times moved before the end of the export where they would lie after it."""
    last = settings.end_ms - HOUR_MS
    room: Floats = np.maximum(last - delivered, HOUR_MS) * rng.random(len(moment))
    sooner = np.minimum(delivered + room.astype(np.int64), last)
    return np.where(moment > last, np.where(delivered < last, sooner, last), moment)
