"""Doors: the places people live, work and pick up parcels, each one number.

The low eight bits of a door are its city, the next four its kind, the rest is scrambled, and the
street, house and room follow from it.
"""

import numpy as np

from training.simulate.chance import Ints, mix

HOME, LOCKER, OFFICE, ROOM, STATION = range(5)
_LOW = (1 << 44) - 1


def door(kind: int | Ints, city: int | Ints, *owner: int | Ints) -> Ints:
    """The number of a place from its kind, its city and whatever tells it from others."""
    scrambled = mix(*owner, kind, city) & _LOW
    number: Ints = (scrambled << 12) | (np.asarray(kind, dtype=np.int64) << 8) | np.asarray(city)
    return number


def kind_of(place: int) -> int:
    """What sort of place a door is."""
    return (place >> 8) & 15


def city_of(place: int) -> int:
    """The index of a door's city."""
    return place & 255
