"""Stored whole numbers as the API and files write them: times with an offset, money as decimals."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from risk.facts.currencies import decimals
from risk.facts.units import MG_PER_GRAM, MONEY_UNIT

MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def iso(ms: int) -> str:
    """The time in ISO 8601 and UTC, to the millisecond; `ms` is milliseconds since the epoch.

    >>> iso(1_772_323_200_000)
    '2026-03-01T00:00:00.000+00:00'
    """
    return (_EPOCH + timedelta(milliseconds=ms)).isoformat(timespec="milliseconds")


def money(amount: int, currency: str = "") -> str:
    """A decimal string with the places that the currency is paid in, and more where the amount has
    them; `amount` is ten-thousandths of the major unit.

    >>> money(3_490_000), money(12_345)
    ('349.00', '1.2345')
    >>> money(259_000_000, "JPY"), money(125_000, "KWD"), money(5_000, "JPY")
    ('25900', '12.500', '0.5')
    """
    whole, part = divmod(amount, MONEY_UNIT)
    digits, least = f"{part:04d}", decimals(currency)
    shown = digits[:least] + digits[least:].rstrip("0")
    return f"{whole}.{shown}" if shown else str(whole)


def money_text(amount: int, currency: str) -> str:
    """An amount with the code of its currency.

    >>> money_text(259_000_000, "JPY")
    '25900 JPY'
    """
    return f"{money(amount, currency)} {currency}"


def weight_text(milligrams: int) -> str:
    """A weight in kilograms, to the gram.

    >>> weight_text(185_000), weight_text(910_000), weight_text(12_000_000)
    ('0.185 kg', '0.91 kg', '12 kg')
    """
    whole, part = divmod(round(milligrams / MG_PER_GRAM), 1000)
    grams = f"{part:03d}".rstrip("0")
    return f"{whole}.{grams} kg" if grams else f"{whole} kg"


def local_day(day: datetime, language: str) -> str:
    """A day as one writes it.

    >>> from datetime import datetime
    >>> [local_day(datetime(2026, 3, 5), language) for language in ("en", "zh")]
    ['5 Mar 2026', '2026年3月5日']
    """
    if language == "zh":
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def local_minute(moment: datetime) -> str:
    """A local time to the minute, with its offset.

    >>> from datetime import datetime
    >>> local_minute(datetime.fromisoformat("2026-03-13T14:00:00+08:00"))
    '2026-03-13 14:00 (UTC+08:00)'
    """
    shown = moment.isoformat(" ", "minutes")
    return f"{shown[:16]} (UTC{shown[16:]})"


def written_minute(moment: datetime, language: str) -> str:
    """A local time to the minute as one writes it to somebody, with its offset.

    >>> from datetime import datetime
    >>> at = datetime.fromisoformat("2026-03-13T14:00:00+08:00")
    >>> [written_minute(at, language) for language in ("en", "zh")]
    ['13 Mar 2026 14:00 (UTC+08:00)', '2026年3月13日 14:00（UTC+08:00）']
    """
    offset = f"UTC{moment.isoformat()[-6:]}"
    marks = f"（{offset}）" if language == "zh" else f" ({offset})"
    return f"{local_day(moment, language)} {moment:%H:%M}{marks}"
