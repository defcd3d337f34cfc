"""Numbers as a reviewer reads them, by the unit and the sentence they stand in."""

from __future__ import annotations

from collections.abc import Callable

from risk.facts.currencies import decimals

NumberFormat = Callable[[float, str], str]
"""Formats a number of zero or more; the second argument is the currency of the case."""

CLOCK, WEEKDAY = "{value} o'clock UTC", "day {value} of the week"
_FIRST_DAY = 3
"""The epoch began on a Thursday, and a week begins on Monday."""


def format_of(text: str, unit: str) -> NumberFormat | None:
    """How the number of an English sentence is formatted; None for a yes-or-no sentence.

    >>> format_of("{value} other orders", "count")(12_000, "")
    '12,000'
    >>> format_of("{value} of the price", "ratio")(0.25, "")
    '25%'
    >>> format_of("{value} asked back", "money")(99.5, "CNY")
    '99.50 CNY'
    >>> format_of("{value} asked back", "money")(12_500, "JPY")
    '12,500 JPY'
    >>> format_of("asked {value} days after delivery", "days")(2.0, "")
    '2'
    >>> format_of("the parcel was insured", "flag") is None
    True
    """
    if "{value}" not in text:
        return None
    if CLOCK in text:
        return _clock
    if WEEKDAY in text:
        return _weekday
    if unit == "ratio":
        return _percent if "{value} of" in text else _multiple
    return {"money": _money, "days": _duration, "hours": _duration}.get(unit, _count)


def _count(value: float, _: str) -> str:
    return f"{value:,.0f}"


def _duration(value: float, _: str) -> str:
    """Days and hours: to one decimal below ten."""
    return f"{value:,.0f}" if value >= 9.95 else f"{value:.1f}".removesuffix(".0")


def _money(value: float, currency: str) -> str:
    return f"{value:,.{decimals(currency)}f} {currency}".rstrip()


def _percent(value: float, _: str) -> str:
    return f"{100 * value:.0f}%"


def _multiple(value: float, _: str) -> str:
    """One decimal from 1 on, two below."""
    return f"{value:,.1f}" if value >= 1 else f"{value:.2f}"


def _clock(value: float, _: str) -> str:
    """Hours since midnight as `HH:MM`."""
    minutes = int(value * 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _weekday(value: float, _: str) -> str:
    """Days since the epoch, modulo seven, as the day of a week that begins on Monday."""
    return str((int(value) + _FIRST_DAY) % 7 + 1)
