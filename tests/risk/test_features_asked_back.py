"""The same goods asked for anew are no second case, and what was found justified is none at all."""

from __future__ import annotations

from typing import Any

import pytest

from tests.risk.one_request import ASKED, PLACED, order, request, value, values
from tests.worlds import DAY, Fact

BEFORE = ASKED - DAY
ASKED_BACK = (
    "customer_orders_asked_30d", "customer_unproven_orders_30d", "customer_orders_same_sku_365d",
    "customer_orders_same_reason_365d",
)  # fmt: skip
UNPROVEN = "customer_unproven_orders_share"
HERS = {"customer_id": "A"}
FAULT = {"type": "refund_only", "reason_code": "damaged"}


def earlier(name: str = "E", about: str = "A", **more: object) -> Fact:
    return request(name, order_id=about, requested_at=BEFORE, **{**FAULT, **more})


def found(name: str, verdict: str) -> Fact:
    return {
        "refund_id": name,
        "decided_at": BEFORE + 1,
        "verdict": verdict,
        "decided_by": "platform",
    }


def counted(requests: list[Fact], *outcomes: Fact, orders: tuple[Fact, ...] = ()) -> list[float]:
    facts: dict[str, Any] = {
        "orders": [order("A"), order("A", line_id="2", sku="T"), *orders],
        "refunds": [request("A", **FAULT), *requests], "outcomes": list(outcomes),
    }  # fmt: skip
    return values(ASKED_BACK, **facts)


@pytest.mark.parametrize("verdict", ["undetermined", "abuse"])
def test_asked_anew_after_an_outcome_is_the_same_case(verdict: str) -> None:
    assert counted([earlier()], found("E", verdict)) == [0, 0, 0, 0]


@pytest.mark.parametrize(
    "before",
    [{"state": "withdrawn"}, {"type": "exchange"}, {"line_id": "2"}, {"reason_code": "defective"}],
)
def test_asked_in_another_form_or_for_another_line_is_the_same_order(before: Fact) -> None:
    assert counted([earlier(**before)]) == [0, 0, 0, 0]


def test_of_another_order_asked_for_twice_one_counts() -> None:
    two = [earlier("E", "B"), earlier("F", "B")]
    assert counted(two, orders=(order("B", **HERS),)) == [1, 1, 1, 1]
    three = [*two, earlier("G", "C")]
    assert counted(three, orders=(order("B", **HERS), order("C", **HERS))) == [2, 2, 2, 2]


@pytest.mark.parametrize(
    ("more", "verdict"),
    [({"state": "withdrawn"}, None), ({}, "legitimate"), ({}, "merchant_fault")],
)
def test_what_was_withdrawn_or_found_justified_counts_for_nothing(
    more: Fact, verdict: str | None
) -> None:
    outcomes = [found("E", verdict)] if verdict else []
    asked = [earlier("E", "B", **more), *([earlier("F", "B")] if verdict else [])]
    alike = 1 if verdict else 0
    found_of = counted(asked, *outcomes, orders=(order("B", **HERS),))
    assert found_of == [0, 0, alike, alike]


def test_shares_are_of_orders() -> None:
    orders = [order("A"), *(order(name, **HERS) for name in "BCD")]
    asked = [request("A", **FAULT), earlier("E", "B"), earlier("F", "B"), earlier("G", "A")]
    facts = {"orders": orders, "refunds": asked}
    assert value(UNPROVEN, **facts) == pytest.approx(1.1 / 6)
    assert value("customer_asked_share_30d", **facts) == pytest.approx(1.5 / 8)
    assert value("customer_asked_money_share_30d", **facts) == pytest.approx(
        (198 + 50) / (297 + 500)
    )


SENT_BACK = ("customer_orders_sent_back_30d", "customer_sent_back_share_365d")


def test_goods_to_be_sent_back_are_counted_by_orders_whatever_is_found_and_no_other_request() -> (
    None
):
    orders = [order("A"), *(order(name, **HERS) for name in "BCDEF")]
    back = [
        earlier("E", "B", type="return_and_refund"), earlier("F", "C", type="exchange"),
        earlier("G", "C", type="repair"), earlier("H", "D", type="repair", state="withdrawn"),
    ]  # fmt: skip
    kept = [earlier("I", "E"), earlier("J", "F", type="resend", reason_code="missing_item")]
    asked = request("A", **FAULT)
    for more, outcomes in (
        ([], []), (kept, []), ([], [found("E", "legitimate")]), ([], [found("E", "abuse")]),
    ):  # fmt: skip
        facts = {"orders": orders, "refunds": [asked, *back, *more], "outcomes": outcomes}
        assert values(SENT_BACK, **facts) == [2, pytest.approx(2.4 / 10)]


NEVER: Fact = {"reason_code": "not_received", "claims_received": False}
CAME: Fact = {"reason_code": "damaged", "claims_received": True}
STORIES = {
    "nothing came, then it came damaged": (NEVER, CAME, (0, 0)),
    "it came damaged, then nothing had come": (CAME, NEVER, (1, 1)),
    "damaged, then unwanted": (CAME, {"reason_code": "unwanted"}, (1, 0)),
    "the same again": (CAME, CAME, (0, 0)),
    "late, then not received": ({"reason_code": "late"}, {"reason_code": "not_received"}, (1, 0)),
}


@pytest.mark.parametrize(("first", "then", "told"), STORIES.values(), ids=STORIES)
def test_what_comes_between_two_requests_changes_no_story(
    first: Fact, then: Fact, told: tuple[int, int]
) -> None:
    names = ("goods_other_reasons", "goods_story_changed")
    orders = [order("A"), order("A", line_id="2", sku="T")]
    before = request("E", order_id="A", requested_at=BEFORE, line_id="1", reason_text=None, **first)
    for line, counted_there in (("1", told), (None, (0, told[1])), ("2", (0, 0))):
        asked = [before, request("A", line_id=line, reason_text=None, **then)]
        facts = {"orders": orders, "refunds": asked}
        assert tuple(values(names, **facts)) == counted_there


@pytest.mark.parametrize(
    ("more", "counted_as"),
    [({}, 3), ({"line_id": "1"}, 0), ({"amount": "99"}, 0), ({"reason_code": "damaged"}, 0)],
)
def test_a_whole_basket_at_fault_is_counted_by_its_articles(more: Fact, counted_as: int) -> None:
    orders = [order("A", line_id=str(n), sku=f"S{n}") for n in range(1, 4)]
    asked = [
        request("A", **{"amount": "297", "reason_code": "defective", "reason_text": None, **more})
    ]
    facts = {"orders": orders, "refunds": asked}
    assert value("basket_at_fault", **facts) == counted_as
    lines = 3 if "line_id" in more else 0
    assert value("line_order_lines", **facts) == value("line_order_articles", **facts) == lines


@pytest.mark.parametrize(("verdict", "strangers"), [(None, 2), ("legitimate", 1), ("abuse", 2)])
def test_who_was_found_honest_is_no_stranger(verdict: str | None, strangers: int) -> None:
    card = {"payment_instrument": "card"}
    orders = [order(name, placed_at=PLACED - DAY * (name != "A"), **card) for name in "ABC"]
    asked = [request("A"), *(request(n, requested_at=BEFORE) for n in "BC")]
    outcomes = [found("B", verdict)] if verdict else []
    facts = {"orders": orders, "refunds": asked, "outcomes": outcomes}
    for name in ("payment_strangers", "payment_new_strangers_30d", "payment_strangers_asked_30d"):
        assert value(name, **facts) == strangers, name
