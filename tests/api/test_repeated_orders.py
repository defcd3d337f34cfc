"""Refunds that repeat themselves are those of several orders, however often one of them is asked
for."""

from __future__ import annotations

from itertools import count

import httpx
import pytest

from tests.examination.stories import (
    HONEST,
    SAME_ORDER,
    Ago,
    Decision,
    Earlier,
    Facts,
    Story,
    Telling,
)

_numbers = count(1)
ORDER: Facts = {**SAME_ORDER, "placed_at": Ago(6)}
KEPT: Facts = {"claims_received": True, "reason_code": "damaged", "amount": "20.00"}


@pytest.fixture(scope="module")
def client(on_starter: httpx.Client) -> httpx.Client:
    return on_starter


def repeated(client: httpx.Client, *earlier: Earlier, order: str = "@last") -> Decision | None:
    """The rule as it speaks of the last request of a customer after others, if it does."""
    story = Story(order={**ORDER, "order_id": order}, refund=KEPT, earlier=earlier)
    decision = Telling(client, f"orders{next(_numbers)}").tell(story)
    found = (one["text"] for one in decision["rules"] if one["id"] == "repeated_refunds")
    return next(found, None)


def before(order: str, outcome: Facts | None = None, **more: object) -> Earlier:
    return Earlier(Story(order={**ORDER, "order_id": order}, refund={**KEPT, **more}), outcome)


FOUR = tuple(before(f"@o{n}") for n in range(4))


def test_four_other_orders_are_a_repetition(client: httpx.Client) -> None:
    said = repeated(client, *FOUR)
    assert said
    assert "refunds of 5 orders" in said["en"]
    assert "对 5 笔订单申请仅退款" in said["zh"]


@pytest.mark.parametrize("order", ["@o1", "@last"])
def test_one_order_that_is_asked_for_again_and_again_is_none(
    client: httpx.Client, order: str
) -> None:
    again = tuple(before(order, amount=f"{n}.00") for n in range(5, 10))
    assert repeated(client, *again, before("@o2"), before("@o3"), order=order) is None
    assert repeated(client, *again, *FOUR, before("@o5"), order=order), "four others beside it are"


def test_what_was_found_right_or_withdrawn_counts_not(client: httpx.Client) -> None:
    assert repeated(client, *FOUR[:3], before("@o9", HONEST)) is None
    taken = Story(order={**ORDER, "order_id": "@o9"}, refund=KEPT, withdrawn=True)
    assert repeated(client, *FOUR[:3], Earlier(taken)) is None


def test_an_order_found_right_counts_not_whatever_else_was_asked_of_it(
    client: httpx.Client,
) -> None:
    twice = (before("@o9", amount="5.00"), before("@o9", HONEST, amount="6.00"))
    assert repeated(client, *FOUR[:3], *twice) is None


def test_goods_of_another_reason_or_type_are_not_kept(client: httpx.Client) -> None:
    other = before("@o9", type="return_and_refund")
    assert repeated(client, *FOUR[:3], other) is None
