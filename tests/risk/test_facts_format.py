"""Whole numbers as the outside world reads them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import hypothesis.strategies as st
import pytest
from hypothesis import given

from risk.facts.format import iso, money


@given(st.integers(0, 10**16))
def test_money_is_the_exact_decimal_with_two_to_four_places(amount: int) -> None:
    text = money(amount)
    assert Decimal(text) == Decimal(amount) / 10_000
    whole, _, places = text.partition(".")
    assert 2 <= len(places) <= 4
    assert len(places) == 2 or not places.endswith("0")
    assert whole == str(int(whole))


@pytest.mark.parametrize(
    ("amount", "text"),
    [(0, "0.00"), (1, "0.0001"), (100, "0.01"), (1_250, "0.125"), (125_000, "12.50")],
)
def test_money_as_it_is_written(amount: int, text: str) -> None:
    assert money(amount) == text


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        (259_000_000, "JPY", "25900"), (0, "KRW", "0"), (5_000, "VND", "0.5"),
        (125_000, "BHD", "12.500"), (12_345, "KWD", "1.2345"), (125_000, "EUR", "12.50"),
    ],
)  # fmt: skip
def test_money_has_the_places_that_its_currency_is_paid_in(
    amount: int, currency: str, text: str
) -> None:
    assert money(amount, currency) == text
    assert Decimal(text) == Decimal(amount) / 10_000


@given(st.integers(631_152_000_000, 7_258_118_399_999))
def test_a_time_is_told_in_utc_to_the_millisecond(ms: int) -> None:
    told = datetime.fromisoformat(iso(ms))
    assert told.utcoffset() == timedelta(0)
    assert (told - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1) == ms
    assert len(iso(ms)) == len("2026-03-01T00:00:00.000+00:00")


@given(st.lists(st.integers(631_152_000_000, 7_258_118_399_999), min_size=2, max_size=2))
def test_times_sort_as_text(pair: list[int]) -> None:
    assert (iso(pair[0]) < iso(pair[1])) == (pair[0] < pair[1])
