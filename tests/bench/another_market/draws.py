"""Random draws and times shared by all modules."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

Rng = np.random.Generator
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Row = dict[str, Any]
LAST_DAY = np.datetime64("2026-06-01T00:00:00")


def pick(rng: Rng, table: Mapping[str, float]) -> str:
    """One key of the table, by its weight."""
    point = float(rng.random()) * sum(table.values())
    for name, weight in table.items():
        point -= weight
        if point < 0:
            return name
    return name


def chance(rng: Rng, share: float) -> bool:
    """True in this share of calls."""
    return bool(rng.random() < share)


def wait(rng: Rng, median: float, spread: float, most: float = 60.0) -> float:
    """A waiting time in days: log-normal around the median, cut at the most."""
    return float(min(median * np.exp(spread * rng.standard_normal()), most))


def records(table: pd.DataFrame) -> list[Row]:
    """The rows of a table as plain dictionaries."""
    return [{str(name): value for name, value in row.items()} for row in table.to_dict("records")]


def digits(rng: Rng, count: int, length: int, prefix: str) -> npt.NDArray[np.object_]:
    """Distinct ids of a prefix and digits, in random order."""
    step = (10**length - 10 ** (length - 1)) // count
    numbers = 10 ** (length - 1) + np.arange(count) * step + rng.integers(0, step, count)
    return np.array([f"{prefix}{n}" for n in rng.permutation(numbers)], dtype=object)


def hexes(rng: Rng, count: int, length: int) -> npt.NDArray[np.object_]:
    """Random hexadecimal strings of a length."""
    return np.array([rng.bytes(length // 2).hex() for _ in range(count)], dtype=object)


def stamp(days: Any, length: int) -> npt.NDArray[np.object_]:
    """ISO 8601 texts with the offset of China; the market begins `length` days before its last
    day."""
    values = np.asarray(days, dtype=np.float64)
    known = ~np.isnan(values)
    start = LAST_DAY - np.timedelta64(length, "D")
    seconds = np.floor(np.where(known, values, 0.0) * 86400).astype("timedelta64[s]")
    texts = np.datetime_as_string(start.astype("datetime64[s]") + seconds, unit="s")
    return np.array(
        [f"{t}+08:00" if k else "" for t, k in zip(texts, known, strict=True)], dtype=object
    )
