"""Times as systems write them: each is its instant, or a named problem."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import hypothesis.strategies as st
import pytest
from hypothesis import example, given

from risk.facts import KINDS
from risk.facts.format import iso
from risk.facts.parse import parse_time
from risk.facts.parse_columns import Millis, parse_columns

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


MS = timedelta(milliseconds=1)


FIRST, LAST = datetime(1990, 1, 2), datetime(2199, 12, 30)


OFFSETS = st.integers(-23 * 60, 23 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@given(st.datetimes(FIRST, LAST, timezones=OFFSETS))
@example(datetime(1990, 1, 1, tzinfo=UTC))
def test_a_time_is_its_instant_whatever_its_offset(moment: datetime) -> None:
    told = parse_time(moment.isoformat())
    assert told == (moment - EPOCH) // MS
    assert told == parse_time(moment) == parse_time(moment.astimezone(UTC))
    assert parse_time(iso(told)) == told


@given(st.integers(631_152_000_000, 7_258_118_399_999))
def test_milliseconds_come_back_from_what_is_rendered(ms: int) -> None:
    assert parse_time(iso(ms)) == ms
    kept, problems = parse_columns(
        KINDS["inspections"],
        {"refund_id": ["r"], "condition": ["used"], "inspected_at": Millis([ms])},
        [1],
    )
    assert (kept["inspected_at"], problems) == ([ms], [])


def test_a_column_of_milliseconds_may_not_lack_what_is_required() -> None:
    given: dict[str, Sequence[Any]] = {
        "refund_id": ["r"], "condition": ["used"], "inspected_at": Millis([None]),
    }  # fmt: skip
    parsed, problems = parse_columns(KINDS["inspections"], given, [1])
    assert [(p.field, p.expected) for p in problems] == [("inspected_at", "a value (required)")]
    assert parsed["inspected_at"] == [None]


def test_an_hour_that_the_clocks_repeat_is_two_instants() -> None:
    zone = ZoneInfo("Europe/London")
    once = datetime(2025, 10, 26, 1, 30, tzinfo=zone)
    again = once.replace(fold=1)
    assert parse_time(again) - parse_time(once) == 3_600_000
    assert parse_time(once.isoformat()) == parse_time("2025-10-26T01:30:00+01:00")


@pytest.mark.parametrize(
    ("text", "ms"),
    [
        ("2026-03-01T00:00:00Z", 1_772_323_200_000),
        (" 2026-03-01 08:00:00+08:00 ", 1_772_323_200_000),
        ("20260301T080000+0800", 1_772_323_200_000),
        ("2026-02-28T14:00:00.0009-10:00", 1_772_323_200_000),
        ("2026-03-01T00:00:00.9999Z", 1_772_323_200_999),
        ("2024-02-29T00:00:00Z", 1_709_164_800_000),
    ],
)
def test_times_as_systems_write_them(text: str, ms: int) -> None:
    assert parse_time(text) == ms


@pytest.mark.parametrize(
    ("value", "word"),
    [
        ("2026-03-01T08:00:00", "naive"),
        ("2026-03-01", "naive"),
        (datetime(2026, 3, 1), "naive"),
        ("2025-02-29T00:00:00Z", "ISO 8601"),
        ("2026-03-01T25:00:00Z", "ISO 8601"),
        ("2016-12-31T23:59:60Z", "ISO 8601"),
        ("yesterday", "ISO 8601"),
        ("1772323200", "ISO 8601"),
        (1_772_323_200_000, "ISO 8601"),
        (True, "ISO 8601"),
        ("1989-12-31T23:59:59.999Z", "1990"),
        ("2200-01-01T00:00:00Z", "2200"),
        ("0001-01-01T00:00:00+23:59", "1990"),
        ("9999-12-31T23:59:59-23:59", "2200"),
    ],
)
def test_what_is_no_time_is_refused(value: Any, word: str) -> None:
    with pytest.raises(ValueError, match=word):
        parse_time(value)
