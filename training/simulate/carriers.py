"""Couriers and their depots, each with good weeks and bad ones."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from risk.facts.units import DAY_MS
from training.simulate.chance import Floats, Ints, around, generator, happens
from training.simulate.parameters import Settings

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
    """Factors around 1 by courier, city and week, and each courier's pace in hours."""

    start: int
    hours: Floats
    trouble: Floats
    bad: Floats

    def week(self, moments: Ints) -> Ints:
        """Which week of the world a moment falls into."""
        return np.clip((moments - self.start) // WEEK, 0, self.trouble.shape[2] - 1)

    def strain(self, courier: Ints, city: Ints, moments: Ints) -> Floats:
        """How much likelier than usual a parcel is to be lost, late or broken."""
        return self.trouble[courier, city, self.week(moments)]

    def is_bad(self, courier: Ints, city: Ints, moments: Ints) -> Floats:
        """1.0 where the depot has one of its bad weeks."""
        return self.bad[courier, city, self.week(moments)]


def hire(settings: Settings) -> Carriers:
    """Make the couriers; one depot in five has two to five bad weeks somewhere in the year."""
    rng = generator(settings.seed, 2)
    weeks = settings.days // 7 + 12
    shape = (len(COURIERS), CITIES, weeks)
    base = around(rng, 1.0, 0.35, len(COURIERS))[:, None, None]
    depot = around(rng, 1.0, 0.3, len(COURIERS) * CITIES).reshape(len(COURIERS), CITIES, 1)
    bad = np.zeros(shape)
    afflicted = np.argwhere(happens(rng, 0.35, len(COURIERS) * CITIES).reshape(shape[:2]))
    for courier, city in afflicted:
        first = int(rng.integers(0, weeks))
        bad[courier, city, first : first + int(rng.integers(2, 6))] = 1.0
    strength = around(rng, 7.0, 0.4, bad.size).reshape(shape)
    hours = np.concatenate([around(rng, 46, 0.25, len(CHINESE)), around(rng, 80, 0.3, 6)])
    return Carriers(settings.start_ms, hours, base * depot * np.where(bad > 0, strength, 1.0), bad)
