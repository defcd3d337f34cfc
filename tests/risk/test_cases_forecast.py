"""The coming weeks' requests, from orders whose requests are still to come."""

from __future__ import annotations

from collections import Counter

import pytest
import sqlalchemy as sa

from risk.cases.figures.forecast import BASE_DAYS, LEAST_DAYS, WEEK_DAYS, forecast, sales_forecast
from risk.cases.figures.sales_rows import lines_by_day, requests_by_days
from risk.facts.format import iso
from risk.facts.units import DAY_MS, HOUR_MS
from risk.history.connection.connect import now_ms
from risk.history.intake import ingest
from risk.history.schema import FACTS, latest, requests
from risk.history.store import History
from tests.case_rows import NOW

TODAY = 20_000
LAG, SHARE = 10, 0.1


def asked_of(sold: dict[int, int]) -> dict[tuple[int, int], int]:
    """Every tenth order line comes back, ten days later."""
    return {(day, day + LAG): round(n * SHARE) for day, n in sold.items() if day + LAG < TODAY}


def steady(lines: int = 100) -> dict[int, int]:
    return dict.fromkeys(range(TODAY - BASE_DAYS, TODAY), lines)


def test_a_steady_shop_goes_on_steadily() -> None:
    sold = steady()
    found = forecast(sold, asked_of(sold), TODAY)
    assert found is not None
    assert [week.requests for week in found.weeks] == pytest.approx([70.0] * 4)
    assert found.last_week == 70
    assert found.sales_days == []
    assert found.missed == pytest.approx(0.0)
    assert found.weeks[0].placed == pytest.approx(70.0), "seven days of ten-day-old orders"
    assert found.weeks[1].placed == pytest.approx(30.0), "three more, then orders not placed yet"


def test_a_sales_day_comes_back_as_requests_and_moves_nothing_else() -> None:
    sold = {**steady(), TODAY - 2: 1_100}
    found = forecast(sold, asked_of(sold), TODAY)
    assert found is not None
    assert found.sales_days == [(TODAY - 2, 11.0)]
    assert [round(week.requests) for week in found.weeks] == [70, 170, 70, 70]


def test_what_is_asked_today_does_not_count_yet() -> None:
    sold = steady()
    before = forecast(sold, asked_of(sold), TODAY)
    later = forecast({**sold, TODAY: 5_000}, {**asked_of(sold), (TODAY, TODAY): 900}, TODAY)
    assert before == later


@pytest.mark.parametrize("days", [0, 1, LEAST_DAYS - 1])
def test_a_young_shop_has_no_forecast(days: int) -> None:
    assert forecast(dict.fromkeys(range(TODAY - days, TODAY), 10), {}, TODAY) is None


def test_the_rows_of_a_store_are_counted_by_day_of_order_and_request(history: History) -> None:
    for n in range(50):
        placed = NOW - (n + 1) * DAY_MS
        line = {"order_id": f"O-{n}", "customer_id": f"C-{n}", "amount": "10.00",
                "placed_at": iso(placed)}  # fmt: skip
        ingest(history, "orders", [line])
        if n % 5 == 4 and n > 5:
            at = iso(placed + 3 * DAY_MS)
            asked = {"refund_id": f"R-{n}", "order_id": f"O-{n}", "amount": "10.00",
                     "requested_at": at, "reason_code": "damaged"}  # fmt: skip
            ingest(history, "refunds", [asked])
    with history.read() as connection:
        found = sales_forecast(connection, NOW, 0)
    assert found is not None
    assert sum(week.requests for week in found.weeks) == pytest.approx(
        4 * WEEK_DAYS * 9 / 47, rel=0.05
    )


def make_days(history: History) -> None:
    """Orders and requests over some days, some of them corrected, some taken back."""
    for n in range(12):
        line = {"order_id": f"O-{n}", "customer_id": f"C-{n}", "amount": "10.00",
                "placed_at": iso(NOW - n * DAY_MS // 3 - 5 * DAY_MS)}  # fmt: skip
        asked = {"refund_id": f"R-{n}", "order_id": f"O-{n}", "amount": "10.00",
                 "requested_at": iso(NOW - n * DAY_MS // 4), "reason_code": "damaged"}  # fmt: skip
        ingest(history, "orders", [line, {**line, "line_id": "2"}][: 1 + n % 2])
        ingest(history, "refunds", [asked])
        if n % 4 == 1:
            moved = {**asked, "requested_at": iso(NOW - DAY_MS), "revision": 2}
            ingest(history, "refunds", [moved])
        if n % 4 == 2:
            ingest(history, "orders", [{**line, "placed_at": iso(NOW - 9 * DAY_MS), "revision": 2}])
    for kind, key in (
        ("refunds", {"refund_id": "R-3"}),
        ("orders", {"order_id": "O-7", "line_id": "1"}),
    ):
        taken = {"kind": kind, "key": key, "retracted_at": iso(now_ms()), "reason": "a typo"}
        ingest(history, "retractions", [taken], who="ada")


@pytest.mark.parametrize("offset", [0, 8 * HOUR_MS, -5 * HOUR_MS])
def test_days_are_counted_as_the_facts_that_stand_say(history: History, offset: int) -> None:
    make_days(history)
    today = (NOW + offset) // DAY_MS
    first, since = today - 7, (today - 7) * DAY_MS - offset
    with history.read() as connection:
        lines, refunds = (
            connection.execute(sa.select(FACTS[kind]).where(latest(FACTS[kind]))).all()
            for kind in ("orders", "refunds")
        )
        placed = dict(
            connection.execute(
                sa.select(requests.c.refund_id, requests.c.placed_at).where(latest(requests))
            ).all()
        )
        by_day = lines_by_day(connection, first, today, offset)
        by_days = requests_by_days(connection, since, offset)
    days = Counter((line.placed_at + offset) // DAY_MS for line in lines)
    assert by_day == {day: n for day, n in days.items() if first <= day < today} != {}
    asked_on = [
        ((placed[one.refund_id] + offset) // DAY_MS, (one.requested_at + offset) // DAY_MS)
        for one in refunds
        if placed[one.refund_id] is not None
        and min(one.requested_at, placed[one.refund_id]) >= since
    ]
    assert by_days == Counter(asked_on) != {}
