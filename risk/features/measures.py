"""Measures as the entries of the catalogue write them: a moment, a count, a sum, the first and last."""

from __future__ import annotations

from risk.facts.units import DAY_MS
from risk.features.spec import Measure


def window_of(days: int | None) -> int | None:
    """A window of so many days in milliseconds; None: everything."""
    return None if days is None else days * DAY_MS


def moment(column: str) -> Measure:
    """A moment of the case itself, such as `s.as_of`."""
    return Measure("case", "value", f"CAST({column} AS BIGINT)")


def counted(of: str, where: str = "", days: int | None = None, distinct: str = "") -> Measure:
    """A count as a part of a share or ratio."""
    return Measure(of, "distinct" if distinct else "count", distinct or "1", where, window_of(days))


def summed(of: str, column: str, where: str = "", days: int | None = None) -> Measure:
    """A sum as a part of a share or ratio."""
    return Measure(of, "sum", column, where, window_of(days))


def first(of: str, column: str, where: str = "") -> Measure:
    """The earliest moment in a column."""
    return Measure(of, "min", column, where)


def last(of: str, column: str, where: str = "") -> Measure:
    """The latest moment in a column."""
    return Measure(of, "max", column, where)
