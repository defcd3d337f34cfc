"""Money used up by repairs, exchanges and resends, with the numbers by hand."""

from __future__ import annotations

from typing import Any

import pytest

from tests.risk.money_by_hand import AT, line, outcome, own, parcel_back, request, used
from tests.worlds import HOUR


def inspection(condition: str, refund_id: str = "A") -> dict[str, Any]:
    return {"refund_id": refund_id, "inspected_at": AT - HOUR, "known_at": AT - HOUR,
            "condition": condition}  # fmt: skip


def test_a_repair_uses_nothing_up() -> None:
    asked = [own(type="repair"), request("A", type="repair")]
    assert used(refunds=asked)[1:] == ("0.00", "0.00", "0.00")
    paid = used(refunds=asked, outcomes=[outcome("A", "15")])
    assert paid[1:] == ("0.00", "0.00", "15.00")
    closed = used(refunds=asked, outcomes=[outcome("A", "0", resolution="exchanged")])
    assert closed[1:] == ("0.00", "0.00", "0.00")


@pytest.mark.parametrize(
    ("found", "asked_before", "granted_before"),
    [
        ([{"verdict": "courier_fault"}], "0.00", "100.00"),
        ([{"verdict": "legitimate"}], "0.00", "100.00"),
        ([{"verdict": "abuse"}], "100.00", "0.00"),
        ([{"verdict": "undetermined"}], "100.00", "0.00"),
        ([{"verdict": "courier_fault"}, {"resolution": "refused"}], "0.00", "0.00"),
        ([{"verdict": "courier_fault"}, {"resolution": "refunded"}], "0.00", "100.00"),
    ],
)
def test_a_resend_that_was_found_due_is_open_no_more(
    found: list[dict[str, Any]], asked_before: str, granted_before: str
) -> None:
    asked = [own("5"), request("A", "0", type="resend")]
    told = [outcome("A", **{"resolution": None, "at": AT - n * HOUR, **one})
            for n, one in enumerate(found, start=1)]  # fmt: skip
    assert used(refunds=asked, outcomes=told)[2:] == (asked_before, granted_before)
    gone = [asked[0], {**asked[1], "state": "withdrawn"}]
    assert used(refunds=gone, outcomes=told[:1])[2:] == ("0.00", "0.00")


@pytest.mark.parametrize(
    ("world", "asked"),
    [
        ({}, "80.00"),
        ({"shipments": [parcel_back(status="shipped")]}, "80.00"),
        ({"shipments": [parcel_back("other")]}, "80.00"),
        ({"shipments": [parcel_back()]}, "0.00"),
        ({"shipments": [parcel_back(None)]}, "0.00"),
        ({"shipments": [parcel_back()], "inspections": [inspection("empty")]}, "80.00"),
        ({"inspections": [inspection("used")]}, "0.00"),
    ],
)
def test_an_exchange_uses_up_what_it_asks_until_the_first_article_is_back(
    world: dict[str, Any], asked: str
) -> None:
    exchange = request("A", "80", type="exchange")
    assert used(refunds=[own("5"), exchange], **world)[2:] == (asked, "0.00")
    done = [outcome("A", "0", resolution="exchanged")]
    assert used(refunds=[own("5"), exchange], outcomes=done, **world)[2:] == ("0.00", asked)


def test_what_was_wrong_from_the_start_is_the_first_article() -> None:
    exchange = request("A", "80", type="exchange", reason_code="wrong_item")
    back = [inspection("different_item")]
    assert used(refunds=[own("5"), exchange], inspections=back)[2] == "0.00"
    assert used(refunds=[own("5"), {**exchange, "reason_code": "late"}], inspections=back)[2] == (
        "80.00"
    )


def test_a_parcel_of_another_line_is_not_the_first_article() -> None:
    exchange, lines = request("A", "80", type="exchange"), [line(), line("2", "7")]
    for of_line, asked in (("2", "80.00"), ("1", "0.00"), (None, "0.00")):
        back = {**parcel_back(None), "line_id": of_line}
        found = used(orders=lines, refunds=[own("5"), exchange], shipments=[back])
        assert found[2] == asked, of_line


def test_a_resend_uses_its_price_up_though_a_parcel_came_back() -> None:
    asked = [own("5"), request("A", "0", type="resend")]
    sent = [outcome("A", "0", resolution="exchanged")]
    assert used(refunds=asked, outcomes=sent, shipments=[parcel_back()])[3] == "100.00"


def test_the_own_inspection_counts_at_once_and_that_of_another_request_after_it() -> None:
    now = {"inspected_at": AT, "known_at": AT}
    mine = [{**inspection("as_sent", "R"), **now}]
    assert used(refunds=[own("80", type="exchange")], inspections=mine)[1] == "0.00"
    other = [own("5"), request("A", "80", type="exchange")]
    found = [{**inspection("as_sent"), **now}]
    assert used(refunds=other, inspections=found)[2] == "80.00"
    assert used(AT + 1, refunds=other, inspections=found)[2] == "0.00"


def test_an_exchange_without_an_amount_and_a_resend_use_the_price_of_the_line() -> None:
    other = [request("A", "0", type="exchange"), request("B", "0", type="resend")]
    assert used(refunds=[own("5"), *other])[2:] == ("200.00", "0.00")
    done = [outcome("B", resolution="exchanged")]
    assert used(refunds=[own("5"), *other], outcomes=done)[2:] == ("100.00", "100.00")
    assert used(refunds=[own("0", type="resend")])[1] == "100.00"
