"""The coming weeks' requests, from orders whose requests are still to come."""

from __future__ import annotations

import pytest

from risk.cases.forecast import BASE_DAYS, LEAST_DAYS, WEEK_DAYS, forecast, sales_forecast
from risk.facts.format import iso
from risk.facts.units import DAY_MS
from risk.history.intake import ingest
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
