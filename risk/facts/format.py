"""Stored whole numbers as the API and files write them: times with an offset, money as decimals."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from risk.facts.units import MONEY_UNIT

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def iso(ms: int) -> str:
    """The time in ISO 8601 and UTC, to the millisecond; `ms` is milliseconds since the epoch.

    >>> iso(1_772_323_200_000)
    '2026-03-01T00:00:00.000+00:00'
    """
    return (_EPOCH + timedelta(milliseconds=ms)).isoformat(timespec="milliseconds")


def money(amount: int) -> str:
    """A decimal string with two to four places; `amount` is ten-thousandths of the major unit.

    >>> money(3_490_000), money(12_345)
    ('349.00', '1.2345')
    """
    whole, part = divmod(amount, MONEY_UNIT)
    places = f"{part:04d}"
    return f"{whole}.{places[:2]}{places[2:].rstrip('0')}"


def local_minute(moment: datetime) -> str:
    """A local time to the minute, with its offset.

    >>> from datetime import datetime
    >>> local_minute(datetime.fromisoformat("2026-03-13T14:00:00+08:00"))
    '2026-03-13 14:00 (UTC+08:00)'
    """
    shown = moment.isoformat(" ", "minutes")
    return f"{shown[:16]} (UTC{shown[16:]})"
