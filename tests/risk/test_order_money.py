"""What was paid, asked before and granted before, with the numbers by hand."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from risk.features.order_money import spread
from tests.rendering import money_by_duckdb
from tests.risk.money_by_hand import (
    AT,
    LATER,
    line,
    money_found,
    outcome,
    own,
    parcel_back,
    request,
    used,
)
from tests.worlds import HOUR, START, stored

AMOUNTS = st.integers(0, 10**16)


def dispute(stage: str, amount: str = "30", at: int = AT - HOUR, name: str = "D") -> dict[str, Any]:
    return {"dispute_id": name, "order_id": "O", "stage": stage, "occurred_at": at,
            "known_at": at, "amount": amount}  # fmt: skip


def test_a_first_request_uses_nothing_up() -> None:
    assert used(refunds=[own("60")]) == ("100.00", "60.00", "0.00", "0.00")


def test_more_than_was_paid_is_said_as_it_is() -> None:
    assert used(refunds=[own("25900")]) == ("100.00", "25900.00", "0.00", "0.00")


def test_an_order_that_nobody_knows_has_no_price() -> None:
    asked = [own(), request("A", "40"), request("B", "20", line_id=None)]
    assert used(orders=[], refunds=asked) == (None, "100.00", "60.00", "0.00")
    resend = [own(type="resend")]
    assert used(orders=[], refunds=resend) == (None, "100.00", "0.00", "0.00")


def test_a_line_that_is_not_known_stands_for_the_order() -> None:
    lines = [line("1", "100"), line("2", "50")]
    asked = [own("30", line_id="9"), request("A", "40"), request("B", "20", line_id="8")]
    assert used(orders=lines, refunds=asked) == ("150.00", "30.00", "60.00", "0.00")
    asked = [own("30"), request("B", "20", line_id="8")]
    assert used(orders=lines, refunds=asked) == ("100.00", "30.00", "0.00", "0.00")


def test_other_requests_on_the_line_count_until_they_are_answered() -> None:
    asked = [own("50"), request("A", "100"), request("B", "60"), request("C", "7", line_id="2")]
    lines = [line(), line("2", "7")]
    assert used(orders=lines, refunds=asked) == ("100.00", "50.00", "160.00", "0.00")
    answers = [outcome("A", "100"), outcome("B", "25", resolution="partly_refunded")]
    found = used(orders=lines, refunds=asked, outcomes=answers)
    assert found == ("100.00", "50.00", "0.00", "125.00")


@pytest.mark.parametrize(
    ("answers", "asked", "granted"),
    [
        ([outcome("A", "40", decided_by="system")], "0.00", "40.00"),
        ([outcome("A")], "0.00", "100.00"),
        ([outcome("A", resolution="partly_refunded")], "0.00", "100.00"),
        ([outcome("A", resolution="refused")], "0.00", "0.00"),
        ([outcome("A", resolution="withdrawn")], "0.00", "0.00"),
        ([outcome("A", resolution=None, verdict="fraud")], "100.00", "0.00"),
        ([outcome("A", "0", resolution=None)], "0.00", "0.00"),
        ([outcome("A", "100"), outcome("A", resolution="refused", at=AT - 1)], "0.00", "100.00"),
        ([outcome("A", "100", decided_by="system"), outcome("A", "100", decided_by="reviewer")],
         "0.00", "100.00"),
        ([outcome("A", "30"), outcome("A", "45", at=AT - 1)], "0.00", "75.00"),
        ([outcome("A", "30"), outcome("A", "120", at=AT - 1)], "0.00", "120.00"),
        ([outcome("A", "100", at=AT)], "100.00", "0.00"),
        ([outcome("R", "100")], "100.00", "0.00"),
    ],
)  # fmt: skip
def test_what_outcomes_granted(answers: list[dict[str, Any]], asked: str, granted: str) -> None:
    found = used(refunds=[own("5"), request("A")], outcomes=answers)
    assert found == ("100.00", "5.00", asked, granted)


def test_what_is_withdrawn_or_put_better_asks_nothing_more() -> None:
    better = {**request("A", "20"), "revision": 2, "known_at": AT - HOUR}
    assert used(refunds=[own(), request("A"), better])[2] == "20.00"
    gone = {**request("A", state="withdrawn"), "revision": 2, "known_at": AT - HOUR}
    assert used(refunds=[own(), request("A"), gone])[2] == "0.00"
    assert used(AT - HOUR, refunds=[own(), request("A"), gone])[2] == "0.00"
    assert used(AT - HOUR - 1, refunds=[own(), request("A"), gone])[2] == "100.00"
    again = {**gone, "state": "open", "revision": 3, "known_at": AT - 1}
    assert used(refunds=[own(), request("A"), gone, again])[2] == "100.00"
    back = {"kind": "refunds", "key": '{"refund_id": "A"}', "retracted_at": AT - HOUR,
            "known_at": AT - HOUR, "reason": "a test"}  # fmt: skip
    assert used(refunds=[own(), request("A")], retractions=[back])[2] == "0.00"


def test_money_paid_stays_paid_when_the_request_is_withdrawn() -> None:
    gone = {**request("A", state="withdrawn"), "revision": 2, "known_at": AT - HOUR}
    found = used(refunds=[own(), request("A"), gone], outcomes=[outcome("A", "40", at=AT - 2)])
    assert found[2:] == ("0.00", "40.00")


def test_a_later_request_does_not_take_the_place_of_an_earlier_one() -> None:
    """An earlier one that was approved and not yet paid looks just the same."""
    assert used(refunds=[own(), request("A", reason_code="late")])[2] == "100.00"
    at_once = [own(), request("A", at=AT)]
    assert used(refunds=at_once)[2] == "100.00", "known at the same instant"
    assert used(refunds=[own(), request("A", at=AT + 1)])[2] == "0.00"


def test_only_the_price_of_goods_counts() -> None:
    parts: dict[str, Any] = {"postage": "8", "compensation": "12"}
    asked = [own("50", **parts), request("A", "60", **parts)]
    assert used(refunds=asked) == ("100.00", "30.00", "40.00", "0.00")
    for granted, goods in (("60", "40.00"), ("35", "35.00"), ("45", "40.00"), ("70", "50.00")):
        found = used(refunds=asked, outcomes=[outcome("A", granted)])
        assert found[2:] == ("0.00", goods), granted
    assert used(refunds=asked, outcomes=[outcome("A")])[2:] == ("0.00", "40.00")


def test_delivery_is_not_in_what_was_paid() -> None:
    assert used(orders=[line(delivery_amount="12")], refunds=[own()])[0] == "100.00"


@pytest.mark.parametrize(("names", "counted"), [("CC", 1), ("CD", 2), ("", 1)])
@pytest.mark.parametrize("others", [[], [request("A", "1")]])
def test_the_customers_that_the_lines_of_an_order_name(
    names: str, counted: int, others: list[dict[str, Any]]
) -> None:
    orders = [line(str(n), customer_id=who) for n, who in enumerate(names, 1)]
    assert money_found(orders=orders, refunds=[own(), *others]).customers == counted


THREE = [line("1", "33.33"), line("2", "33.33"), line("3", "33.34")]


def test_a_request_for_the_whole_order_falls_on_its_lines_by_their_price() -> None:
    whole = request("A", "50", line_id=None)
    parts = [used(orders=THREE, refunds=[own("1", line_id=n), whole])[2] for n in "123"]
    assert parts == ["16.66", "16.67", "16.67"]
    found = used(orders=THREE, refunds=[own("1", line_id="1"), whole], outcomes=[outcome("A")])
    assert found == ("33.33", "1.00", "0.00", "16.66")


def test_for_the_whole_order_every_line_counts() -> None:
    asked = [own("100", line_id=None), request("A", "20"), request("B", "30", line_id=None)]
    assert used(orders=THREE, refunds=asked) == ("100.00", "100.00", "50.00", "0.00")
    resend = request("A", "0", line_id="2", type="resend")
    assert used(orders=THREE, refunds=[own("1", line_id=None), resend])[2] == "33.33"
    whole = request("A", "0", line_id=None, type="resend")
    assert used(orders=THREE, refunds=[own("1", line_id="3"), whole])[2] == "33.34"


def test_currencies_are_never_added_up() -> None:
    lines = [line("1", "100"), line("2", "30", currency="USD", known_at=START + 1)]
    whole = request("A", "60", line_id=None)
    dollars = request("B", "20", line_id="2")
    lost = [dispute("lost")]
    found = used(orders=lines, refunds=[own(), whole, dollars], payment_disputes=lost)
    assert found == ("100.00", "100.00", "60.00", "30.00")
    found = used(
        orders=lines, refunds=[own("5", line_id="2"), whole, dollars], payment_disputes=lost
    )
    assert found == ("30.00", "5.00", "20.00", "0.00")
    found = used(
        orders=lines, refunds=[own("5", line_id=None), whole, dollars], payment_disputes=lost
    )
    assert found == ("100.00", "5.00", "60.00", "30.00")
    facts = stored({"orders": lines, "refunds": [own("5", line_id="2")]})
    assert money_by_duckdb(facts, [("R", AT, "request")])[0].currency == "USD"


@pytest.mark.parametrize(
    ("steps", "granted"),
    [
        ([dispute("opened", at=AT - 9)], "0.00"),
        ([dispute("opened"), dispute("lost", "25", at=AT - 9)], "25.00"),
        ([dispute("lost"), dispute("won", at=AT - 9)], "0.00"),
        ([dispute("lost"), dispute("opened", "29", at=AT - 9)], "30.00"),
        ([dispute("lost", at=AT - 9), {**dispute("won"), "known_at": AT - 5}], "30.00"),
        ([dispute("won"), dispute("lost")], "30.00"),
        ([dispute("lost"), dispute("lost", "10", name="E")], "40.00"),
        ([dispute("lost", at=AT)], "0.00"),
    ],
)
def test_lost_payment_disputes_are_money_too(steps: list[Any], granted: str) -> None:
    assert used(refunds=[own()], payment_disputes=steps)[2:] == ("0.00", granted)


def test_a_refund_and_a_lost_dispute_of_one_order_are_both_money() -> None:
    found = used(refunds=[own(), request("A")], outcomes=[outcome("A", "100")],
                 payment_disputes=[dispute("lost", "100")])  # fmt: skip
    assert found == ("100.00", "100.00", "0.00", "200.00")


def test_what_becomes_known_later_changes_nothing() -> None:
    late = {
        "orders": [line(), line("2", "70", known_at=LATER)],
        "refunds": [own(), request("A"), {**request("B"), "known_at": LATER}],
        "outcomes": [{**outcome("A", "100"), "known_at": LATER}],
        "payment_disputes": [{**dispute("lost"), "known_at": LATER}],
        "shipments": [{**parcel_back(), "known_at": LATER}],
    }
    assert used(AT, **late) == ("100.00", "100.00", "100.00", "0.00")
    found = used(LATER + 1, **late)
    assert found == ("100.00", "100.00", "100.00", "117.64"), "30 × 100/170 of the dispute"


@given(AMOUNTS, st.lists(AMOUNTS, min_size=1, max_size=9))
@example(10**16, [10**16] * 9)
def test_the_parts_of_an_amount_add_up(amount: int, prices: list[int]) -> None:
    total, reached, parts = sum(prices), 0, []
    for price in prices:
        parts.append(spread(amount, reached, reached + price, total))
        reached += price
        assert abs(parts[-1] * total - amount * price) < 100 * total or not total
        assert price or not parts[-1], "nothing falls on what cost nothing"
    assert sum(parts) == (amount if total else 0)
