"""Whole numbers → what the outside world reads: times with an offset, money as a decimal string."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from risk.facts.units import MONEY_UNIT

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def iso(ms: int) -> str:
    """Milliseconds since the epoch → ISO 8601 in UTC, to the millisecond."""
    return (_EPOCH + timedelta(milliseconds=ms)).isoformat(timespec="milliseconds")


def money(amount: int) -> str:
    """Ten-thousandths of the major unit → a decimal string with two to four places."""
    whole, part = divmod(amount, MONEY_UNIT)
    places = f"{part:04d}"
    return f"{whole}.{places[:2]}{places[2:].rstrip('0')}"
