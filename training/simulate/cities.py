"""Names for addresses, loaded from `places.toml` on first use."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FIRST_WESTERN = 30
CITY_COUNT = 42


@dataclass(frozen=True, slots=True)
class Places:
    """Lists of names. A Chinese city is (province, city, districts), a western one (state, city,
    country, stem of the postcode), a street type its long and its short form.
    """

    chinese_cities: tuple[tuple[str, str, tuple[str, ...]], ...]
    western_cities: tuple[tuple[str, str, str, str], ...]
    street_types: tuple[tuple[str, str], ...]
    roads: tuple[str, ...]
    estates: tuple[str, ...]
    campuses: tuple[str, ...]
    towers: tuple[str, ...]
    streets: tuple[str, ...]
    german_streets: tuple[str, ...]


@cache
def load_places() -> Places:
    """The lists of `places.toml`."""
    text = (Path(__file__).parent / "places.toml").read_text(encoding="utf-8")
    return Places(**{name: as_tuples(value) for name, value in tomllib.loads(text).items()})


def as_tuples(value: Any) -> Any:
    """A TOML value with its lists as tuples."""
    if isinstance(value, dict):
        return {name: as_tuples(item) for name, item in value.items()}
    return tuple(as_tuples(item) for item in value) if isinstance(value, list) else value
