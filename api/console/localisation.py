"""Locale: dates, money, numbers and durations in English and Chinese."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from risk.explain.code_labels import label
from risk.facts.currencies import CURRENCIES, decimals
from risk.facts.format import MONTHS, local_day
from risk.facts.localised import Language, LocalisedText
from risk.facts.units import MINUTE_MS, MONEY_UNIT

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SIGNS: dict[str, LocalisedText] = {
    "CNY": {"en": "CN¥", "zh": "¥"},
    "USD": {"en": "$", "zh": "US$"},
    "EUR": {"en": "€", "zh": "€"},
    "GBP": {"en": "£", "zh": "£"},
    "JPY": {"en": "¥", "zh": "JP¥"},
    "HKD": {"en": "HK$", "zh": "HK$"},
}
_SPANS: dict[Language, tuple[str, str, str]] = {
    "en": ("{} d", "{} h", "{} min"),
    "zh": ("{} 天", "{} 小时", "{} 分"),
}

_MONEY = re.compile(
    r"(?<![A-Za-z0-9.,])(?P<amount>\d[\d,]*(?:\.\d+)?) (?P<currency>[A-Z]{3})(?![A-Za-z])"
)
"""An amount as `risk.facts.format.money_text` writes it."""
_TIME = re.compile(
    r"(?P<at>\d{4}-\d\d-\d\d \d\d:\d\d) (?:\(UTC(?P<offset>[+-]\d\d:\d\d)\)|UTC(?![+\w]))"
)
"""A time as `risk.facts.format.local_minute` writes it, or in UTC."""


NEAR_DAYS = 182
"""A day that is no further away, or of this year, is clear without its year."""


def _day(at: datetime, language: Language) -> str:
    """A day, with its year where that is not clear."""
    today = datetime.now(at.tzinfo)
    if at.year != today.year and abs(at - today) > timedelta(days=NEAR_DAYS):
        return local_day(at, language)
    return f"{at.month}月{at.day}日" if language == "zh" else f"{at.day} {MONTHS[at.month - 1]}"


def _moment(found: re.Match[str]) -> int:
    at = datetime.fromisoformat(f"{found['at']}{found['offset'] or '+00:00'}")
    return int(at.timestamp() * 1000)


@dataclass(frozen=True, slots=True)
class Locale:
    """A reader's language and time zone, and the formats that follow from them."""

    language: Language
    zone: str

    def moment(self, ms: int) -> datetime:
        """A time (ms) in the reader's time zone."""
        return (_EPOCH + timedelta(milliseconds=ms)).astimezone(ZoneInfo(self.zone))

    def date(self, ms: int) -> str:
        """5 Mar 2026, or 2026年3月5日."""
        return local_day(self.moment(ms), self.language)

    def day(self, ms: int) -> str:
        """5 Mar, or 3月5日: a day, with its year where that is not this one's or near."""
        return _day(self.moment(ms), self.language)

    def time(self, ms: int) -> str:
        """The date with hour and minute."""
        return self.time_texts(ms)[1]

    def clock(self, ms: int) -> str:
        """Hour and minute."""
        at = self.moment(ms)
        return f"{at.hour:02}:{at.minute:02}"

    def iso(self, ms: int) -> str:
        """For the `datetime` of an element: ISO 8601 with the reader's offset."""
        return self.moment(ms).isoformat(timespec="seconds")

    def time_texts(self, ms: int) -> tuple[str, str, str]:
        """A time as `iso`, as `time`, and as `day` and `clock`.

        >>> Locale("en", "UTC").time_texts(0)
        ('1970-01-01T00:00:00+00:00', '1 Jan 1970 00:00', '1 Jan 1970 00:00')
        """
        at = self.moment(ms)
        clock = f"{at.hour:02}:{at.minute:02}"
        full = f"{local_day(at, self.language)} {clock}"
        return at.isoformat(timespec="seconds"), full, f"{_day(at, self.language)} {clock}"

    def money(self, amount: int, currency: str) -> str:
        """An amount in 1/10,000 of the major unit, with its sign or code."""
        number = f"{amount / MONEY_UNIT:,.{decimals(currency)}f}"
        sign = _SIGNS.get(currency)
        return sign[self.language] + number if sign else f"{currency}\N{NO-BREAK SPACE}{number}"

    def whole(self, amount: float, currency: str) -> str:
        """A sum in major units, rounded to whole ones."""
        sign = _SIGNS.get(currency)
        number = f"{amount:,.0f}"
        return sign[self.language] + number if sign else f"{currency}\N{NO-BREAK SPACE}{number}"

    def number(self, value: float, places: int = 0) -> str:
        """With thousands separators; a dash for NaN."""
        if math.isnan(value):
            return "–"
        return f"{value:,.{places}f}"

    def percent(self, share: float, places: int = 0) -> str:
        """A share of one as a percentage; a dash for NaN, `<1%` for a smaller share."""
        if math.isnan(share):
            return "–"
        least = 10.0**-places
        if 0 < share * 100 < least:
            return f"<{least:.{places}f}%"
        return f"{share * 100:.{places}f}%"

    def span(self, ms: float) -> str:
        """A duration in its two largest units, from minutes on."""
        minutes = int(abs(ms)) // MINUTE_MS
        days, rest = divmod(minutes, 24 * 60)
        hours, minutes = divmod(rest, 60)
        parts = [(days, 0), (hours, 1), (minutes, 2)]
        while len(parts) > 1 and parts[0][0] == 0:
            parts.pop(0)
        units = _SPANS[self.language]
        return " ".join(units[unit].format(n) for n, unit in parts[:2] if n or len(parts) == 1)

    def left(self, ms: int) -> str:
        """Time left, or by how much it is overdue."""
        span = self.span(ms)
        if self.language == "zh":
            return f"剩余 {span}" if ms >= 0 else f"已超时 {span}"
        return f"{span} left" if ms >= 0 else f"{span} overdue"

    def said(self, text: str) -> str:
        """A text of a decision or a dossier with its money and times as the page has them.

        >>> Locale("en", "UTC").said("77.70 CNY back by 2026-03-13 14:00 (UTC+08:00)")
        'CN¥77.70 back by 13 Mar 2026 06:00'
        """
        return _said(self, text)

    def written(self, text: str) -> str:
        """A message to a customer: as `said`, with times where the shop is.

        >>> Locale("zh", "UTC").written("最晚 2026-03-13 14:00 (UTC+08:00)")
        '最晚 2026年3月13日 14:00（UTC+08:00）'
        """
        paid = _MONEY.sub(self.paid, text)
        return _TIME.sub(self._where_it_is, paid)

    def paid(self, found: re.Match[str]) -> str:
        """An amount that a text names, as the page has it."""
        if found["currency"] not in CURRENCIES:
            return found[0]
        amount = Decimal(found["amount"].replace(",", "")) * MONEY_UNIT
        return self.money(int(amount), found["currency"])

    def _where_it_is(self, found: re.Match[str]) -> str:
        there = replace(self, zone="UTC")
        offset = found["offset"] or "+00:00"
        marks = "（{}）" if self.language == "zh" else " ({})"
        wall = datetime.fromisoformat(f"{found['at']}+00:00")
        told = there.time(int(wall.timestamp() * 1000))
        return told + marks.format(f"UTC{offset}")

    def within(self, table: str, code: str | None) -> str:
        """The label of a code in the middle of a sentence."""
        text = label(table, code, self.language)
        return text[:1].lower() + text[1:] if self.language == "en" else text

    @property
    def label(self) -> Callable[[str, str | None], str]:
        """The label of a code: (table, code) → text in the reader's language."""
        return lambda table, code: label(table, code, self.language)


@lru_cache(maxsize=4_096)
def _said(locale: Locale, text: str) -> str:
    """What `Locale.said` says; pages say the same texts again and again."""
    paid = _MONEY.sub(locale.paid, text)
    return _TIME.sub(lambda found: locale.time(_moment(found)), paid)
