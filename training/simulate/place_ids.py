"""Places where people live, work and pick up parcels, each one integer.

The low eight bits are the city, the next four the kind, the rest is a hash from which street,
building and room are derived.
"""

import numpy as np

from training.simulate.random_draws import Ints, hash_ints

HOME, LOCKER, OFFICE, ROOM, STATION = range(5)
_LOW = (1 << 44) - 1


def place_id(kind: int | Ints, city: int | Ints, *owner: int | Ints) -> Ints:
    """The id of a place, from its kind, its city and whatever identifies it among others."""
    scrambled = hash_ints(*owner, kind, city) & _LOW
    number: Ints = (scrambled << 12) | (np.asarray(kind, dtype=np.int64) << 8) | np.asarray(city)
    return number


def kind_of(place: int) -> int:
    """The kind of a place."""
    return (place >> 8) & 15


def city_of(place: int) -> int:
    """The index of a place's city."""
    return place & 255
