"""Numbers as a reviewer reads them, by the unit and the sentence they stand in."""

from __future__ import annotations

from collections.abc import Callable

Show = Callable[[float, str], str]
"""Writes a number of zero or more; the second argument is the currency of the case."""

CLOCK, WEEKDAY = "{value} o'clock UTC", "day {value} of the week"
_FIRST_DAY = 3
"""The epoch began on a Thursday, and a week begins on Monday."""


def shower(text: str, unit: str) -> Show | None:
    """How the number of an English sentence is written; None where it is a yes or a no."""
    if "{value}" not in text:
        return None
    if CLOCK in text:
        return _clock
    if WEEKDAY in text:
        return _weekday
    if unit in ("share", "ratio"):
        return _percent if "{value} of" in text else _times
    return {"money": _money, "days": _span, "hours": _span}.get(unit, _count)


def _count(value: float, _: str) -> str:
    return f"{value:,.0f}"


def _span(value: float, _: str) -> str:
    """Days and hours: to one decimal below ten."""
    return f"{value:,.0f}" if value >= 9.95 else f"{value:.1f}".removesuffix(".0")


def _money(value: float, currency: str) -> str:
    return f"{value:,.2f} {currency}" if currency else f"{value:,.2f}"


def _percent(value: float, _: str) -> str:
    return f"{100 * value:.0f}%"


def _times(value: float, _: str) -> str:
    """Multiples, as exact as they are of use."""
    return f"{value:,.1f}" if value >= 1 else f"{value:.2f}"


def _clock(value: float, _: str) -> str:
    """Hours since midnight as a clock shows them."""
    minutes = int(value * 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _weekday(value: float, _: str) -> str:
    """Days since the epoch, modulo seven, as the day of a week that begins on Monday."""
    return str((int(value) + _FIRST_DAY) % 7 + 1)
