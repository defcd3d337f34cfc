"""What a Decision says of odd data: each warning where it is due, none where nothing is odd."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given

from risk.decisions.data_warnings import data_warnings
from risk.features.order_money import OrderMoney
from risk.policy import Situation
from tests.risk.policy_cases import DAY, NOW, case, situations, yuan

USED = OrderMoney(yuan(99), yuan(99), 0, 0, "CNY")
WHOLE = case(money=USED, placed_at=NOW - DAY, respond_by=NOW + DAY, claims_received=True)


def codes(known: Situation) -> list[str]:
    return [warning["code"] for warning in data_warnings(known)]


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({}, []),
        ({"money": None, "line_unknown": True}, []),
        ({"money": replace(USED, paid=None)}, ["order_unknown", "currency_assumed"]),
        ({"line_unknown": True}, ["line_unknown"]),
        ({"money": replace(USED, currency="USD")}, ["currency_differs"]),
        ({"claims_received": False}, ["receipt_contradicts_reason"]),
        ({"reason_code": "not_received"}, ["receipt_contradicts_reason"]),
        ({"reason_code": "not_received", "claims_received": False}, []),
        ({"reason_code": "late"}, []),
        ({"claims_received": None}, []),
        ({"placed_at": NOW + 1}, ["requested_before_order"]),
        ({"respond_by": NOW - 1}, ["deadline_before_request"]),
        ({"requested_at": NOW + 1}, ["clock_ahead"]),
    ],
)
def test_each_warning_is_given_where_it_is_due(change: dict[str, Any], found: list[str]) -> None:
    assert codes(replace(WHOLE, **change)) == found


@given(situations)
def test_an_order_or_line_that_is_not_on_record_is_always_named(known: Situation) -> None:
    assert known.unmatched == (
        not {"order_unknown", "line_unknown", "currency_differs"}.isdisjoint(codes(known))
    )
    for warning in data_warnings(known):
        assert warning["text"]["en"].endswith(".")
        assert warning["text"]["zh"].endswith("。")
