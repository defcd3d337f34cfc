"""Stored whole numbers as the API and files write them: times with an offset, money as decimals."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from risk.facts.currencies import decimals
from risk.facts.units import MONEY_UNIT

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


def local_minute(moment: datetime) -> str:
    """A local time to the minute, with its offset.

    >>> from datetime import datetime
    >>> local_minute(datetime.fromisoformat("2026-03-13T14:00:00+08:00"))
    '2026-03-13 14:00 (UTC+08:00)'
    """
    shown = moment.isoformat(" ", "minutes")
    return f"{shown[:16]} (UTC{shown[16:]})"
