"""One form of money and times on every page, whatever wrote the text."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.console.localisation import Locale
from risk.facts.currencies import CURRENCIES
from risk.facts.format import local_minute, money_text
from risk.facts.localised import Language

EN, ZH = Locale("en", "Asia/Shanghai"), Locale("zh", "Asia/Shanghai")
languages = st.sampled_from(["en", "zh"])


@given(st.integers(0, 10**13), st.sampled_from(sorted(CURRENCIES)), languages)
def test_money_reads_as_on_the_rest_of_the_page(
    amount: int, currency: str, language: Language
) -> None:
    locale = Locale(language, "UTC")
    for around in ("{} is on its way", "申请金额{}，", "({})"):
        told = around.format(money_text(amount, currency))
        assert locale.said(told) == around.format(locale.money(amount, currency))


@given(st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)), st.integers(-12, 14), languages)
def test_times_are_the_readers_and_in_messages_those_of_the_shop(
    at: datetime, hours: int, language: Language
) -> None:
    locale = Locale(language, "UTC")
    moment = at.replace(second=0, microsecond=0, tzinfo=timezone(timedelta(hours=hours)))
    text = f"最迟 {local_minute(moment)} 前"
    ms = int(moment.timestamp() * 1000)
    assert locale.said(text) == f"最迟 {locale.time(ms)} 前"
    written = locale.written(text)
    assert moment.strftime("%H:%M") in written
    assert moment.strftime("UTC%z")[:6] in written
    assert not re.search(r"\d{4}-\d\d-\d\d", written)


def test_a_day_has_its_year_where_that_is_not_clear() -> None:
    """Half a year back or ahead, or in this year, it is; a year ago the same day is another."""
    now = datetime.now(timezone(timedelta(hours=8)))
    for days, clear in ((0, True), (90, True), (-90, True), (370, False), (-370, False)):
        at = now - timedelta(days=days)
        ms = int(at.timestamp() * 1000)
        for shown in (EN.day(ms), EN.time_texts(ms)[2], ZH.day(ms), ZH.time_texts(ms)[2]):
            assert (str(at.year) not in shown) is clear, shown


@pytest.mark.parametrize(
    ("text", "en", "zh"),
    [
        ("1,200.00 CNY spent", "CN¥1,200.00 spent", "¥1,200.00 spent"),
        ("349.00 CNY → 300.00 CNY", "CN¥349.00 → CN¥300.00", "¥349.00 → ¥300.00"),
        ("78 JPY back", "¥78 back", "JP¥78 back"),
        ("退还 77.70 CNY或换货", "退还 CN¥77.70或换货", "退还 ¥77.70或换货"),
        ("order 12 ABC, SKU 9 CNYX", "order 12 ABC, SKU 9 CNYX", "order 12 ABC, SKU 9 CNYX"),
        ("at 2026-03-13 06:00 UTC.", "at 13 Mar 2026 14:00.", "at 2026年3月13日 14:00."),
        ("on 2026-03-13", "on 2026-03-13", "on 2026-03-13"),
        ("", "", ""),
    ],
)
def test_examples(text: str, en: str, zh: str) -> None:
    assert (EN.said(text), ZH.said(text)) == (en, zh)
