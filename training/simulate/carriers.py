"""Couriers and their depots, with weeks of poor service."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from risk.facts.units import DAY_MS
from training.simulate.parameters import WorldSettings
from training.simulate.random_draws import Floats, Ints, bernoulli, lognormal, stream_generator

CHINESE: Sequence[str] = ("SF", "YTO", "ZTO", "STO", "YUNDA", "JD", "EMS", "JTSD")
WESTERN: Sequence[str] = ("UPS", "DHL", "FEDEX", "DPD", "ROYALMAIL", "HERMES")
COURIERS: tuple[str, ...] = (*CHINESE, *WESTERN)
PREFIXES: tuple[str, ...] = (
    *("SF", "YT", "75", "77", "43", "JDVB", "11", "JT"),
    *("1Z", "JJD", "61", "15", "RM", "H0"),
)
WEEK = 7 * DAY_MS
# City of one parcel in the tables below: a depot serves one city for one courier.
CITIES = 64


@dataclass(frozen=True, slots=True)
class Carriers:
    """Factors around 1 by courier, city and week, and each courier's median hours."""

    start: int
    hours: Floats
    trouble: Floats
    bad: Floats

    def week(self, moments: Ints) -> Ints:
        """The week of the world of each moment."""
        return np.clip((moments - self.start) // WEEK, 0, self.trouble.shape[2] - 1)

    def strain(self, courier: Ints, city: Ints, moments: Ints) -> Floats:
        """Factor on the rate of lost, late and damaged parcels."""
        return self.trouble[courier, city, self.week(moments)]

    def is_bad(self, courier: Ints, city: Ints, moments: Ints) -> Floats:
        """1.0 in the depot's weeks of poor service, else 0.0."""
        return self.bad[courier, city, self.week(moments)]


def make_carriers(settings: WorldSettings) -> Carriers:
    """The couriers of a world; about a third of the depots have two to five bad weeks."""
    rng = stream_generator(settings.seed, 2)
    weeks = settings.days // 7 + 12
    shape = (len(COURIERS), CITIES, weeks)
    base = lognormal(rng, 1.0, 0.35, len(COURIERS))[:, None, None]
    depot = lognormal(rng, 1.0, 0.3, len(COURIERS) * CITIES).reshape(len(COURIERS), CITIES, 1)
    bad = np.zeros(shape)
    afflicted = np.argwhere(bernoulli(rng, 0.35, len(COURIERS) * CITIES).reshape(shape[:2]))
    for courier, city in afflicted:
        first = int(rng.integers(0, weeks))
        bad[courier, city, first : first + int(rng.integers(2, 6))] = 1.0
    strength = lognormal(rng, 7.0, 0.4, bad.size).reshape(shape)
    hours = np.concatenate([lognormal(rng, 46, 0.25, len(CHINESE)), lognormal(rng, 80, 0.3, 6)])
    return Carriers(settings.start_ms, hours, base * depot * np.where(bad > 0, strength, 1.0), bad)
