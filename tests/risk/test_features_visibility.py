"""What a case may see, sentence by sentence of the contract's rule on time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from risk.features.catalog import catalogue
from risk.history.store import History
from tests.rendering import empty, fill
from tests.worlds import DAY, HOUR, START, Fact, stored

AS_OF = START + 100 * DAY
Values = Callable[..., dict[str, float]]


@pytest.fixture
def seen(store: History) -> Values:
    """The features of request R at `AS_OF`, given facts as (kind, fact)."""

    def read(*facts: tuple[str, Fact], as_of: int = AS_OF) -> dict[str, float]:
        world: dict[str, list[Fact]] = {}
        for kind, fact in facts:
            world.setdefault(kind, []).append(fact)
        fill(empty(store), stored(world))
        with store.read() as connection:
            spine = store.reader.spine(connection, "R", as_of)
            assert spine is not None
            vector = store.reader.vector(connection, spine)
        return {f.name: value for f, value in zip(catalogue(), vector.tolist(), strict=True)}

    return read


def line(known_at: int, order: str = "O", number: str = "1", **more: object) -> tuple[str, Fact]:
    fact = {"order_id": order, "line_id": number, "customer_id": "C", "amount": "80",
            "placed_at": AS_OF - 50 * DAY, "known_at": known_at, "sku": f"S{number}"}  # fmt: skip
    return "orders", {**fact, **more}


def request(known_at: int, refund: str = "R", order: str = "O", **more: object) -> tuple[str, Fact]:
    fact = {"refund_id": refund, "order_id": order, "requested_at": AS_OF - 40 * DAY,
            "known_at": known_at, "amount": "80", "reason_code": "damaged"}  # fmt: skip
    return "refunds", {**fact, **more}


def parcel(known_at: int, order: str = "O", **more: object) -> tuple[str, Fact]:
    fact = {"order_id": order, "direction": "outbound", "status": "delivered", "courier": "UPS",
            "occurred_at": AS_OF - 45 * DAY, "known_at": known_at}  # fmt: skip
    return "shipments", {**fact, **more}


def photo(known_at: int, refund: str = "R", **more: object) -> tuple[str, Fact]:
    fact = {"evidence_id": f"E-{refund}", "refund_id": refund, "submitted_at": AS_OF - 39 * DAY,
            "kind": "photo", "content_hash": "abc", "known_at": known_at}  # fmt: skip
    return "evidence", {**fact, **more}


def inspection(known_at: int, refund: str = "R", condition: str = "used") -> tuple[str, Fact]:
    return "inspections", {"refund_id": refund, "inspected_at": AS_OF - 38 * DAY,
                           "condition": condition, "known_at": known_at}  # fmt: skip


def outcome(known_at: int, refund: str = "R", verdict: str = "fraud") -> tuple[str, Fact]:
    return "outcomes", {"refund_id": refund, "decided_at": AS_OF - 38 * DAY, "verdict": verdict,
                        "decided_by": "platform", "known_at": known_at}  # fmt: skip


LONG_AGO = AS_OF - 20 * DAY
Make = Callable[..., tuple[str, Fact]]
CASE = (line(LONG_AGO), request(LONG_AGO))
EARLIER = line(LONG_AGO, "P")

OF_OTHERS: dict[str, tuple[str, tuple[Any, ...], Make, dict[str, str]]] = {
    "order": ("customer_orders_365d", (), line, {"order": "P"}),
    "request": ("customer_requests_365d", (EARLIER,), request, {"refund": "Q", "order": "P"}),
    "evidence": ("photo_seen_elsewhere", (EARLIER, photo(LONG_AGO)), photo, {"refund": "Q"}),
    "inspection": ("customer_returns_bad", (EARLIER, request(LONG_AGO, "Q", "P")), inspection,
                   {"refund": "Q"}),
    "outcome": ("customer_abuse", (EARLIER, request(LONG_AGO, "Q", "P")), outcome, {"refund": "Q"}),
}  # fmt: skip
"""Facts of other cases: the feature that counts them, what else it takes, how to make one."""


@pytest.mark.parametrize("what", OF_OTHERS)
def test_every_fact_known_before_as_of_is_visible(what: str, seen: Values) -> None:
    feature, needed, make, about = OF_OTHERS[what]
    assert seen(*CASE, *needed, make(AS_OF - 1, **about))[feature] == 1


@pytest.mark.parametrize("what", OF_OTHERS)
@pytest.mark.parametrize("later", [0, 1, 30 * DAY])
def test_no_fact_of_another_case_known_at_as_of_or_later_is(
    what: str, later: int, seen: Values
) -> None:
    feature, needed, make, about = OF_OTHERS[what]
    assert seen(*CASE, *needed, make(AS_OF + later, **about))[feature] == 0


OF_THE_CASE: dict[str, tuple[str, Make, dict[str, str], int]] = {
    "line of its order": ("order_lines", line, {"number": "2"}, 1),
    "parcel": ("parcel_delivered", parcel, {}, 0),
    "evidence": ("customer_photos", photo, {}, 0),
    "inspection": ("inspected_bad", inspection, {}, 0),
    "other request on its order": ("order_requests", request, {"refund": "Q"}, 0),
}


@pytest.mark.parametrize("what", OF_THE_CASE)
def test_of_the_case_itself_also_what_is_known_at_as_of(what: str, seen: Values) -> None:
    feature, make, about, without = OF_THE_CASE[what]
    assert seen(*CASE, make(AS_OF, **about))[feature] == without + 1


@pytest.mark.parametrize("what", OF_THE_CASE)
def test_of_the_case_itself_nothing_known_later(what: str, seen: Values) -> None:
    feature, make, about, without = OF_THE_CASE[what]
    assert seen(*CASE, make(AS_OF + 1, **about))[feature] == without


def test_the_request_is_always_visible_to_itself(seen: Values) -> None:
    values = seen(line(LONG_AGO), request(AS_OF + 9 * DAY))
    assert values["amount"] == 80
    assert values["reason_damaged"] == 1


def test_its_order_is_always_visible_to_it(seen: Values) -> None:
    late = (line(AS_OF + 9 * DAY), line(AS_OF + 9 * DAY, number="2"))
    values = seen(*late, request(LONG_AGO))
    assert values["order_lines"] == 2
    assert values["hours_order_to_request"] == 240


def test_a_line_that_joined_a_late_order_later_still_is_not(seen: Values) -> None:
    late = (line(AS_OF + 9 * DAY), line(AS_OF + 10 * DAY, number="2"))
    assert seen(*late, request(LONG_AGO))["order_lines"] == 1


def test_the_requested_line_speaks_for_itself_whenever_it_is_known(seen: Values) -> None:
    late = line(AS_OF + 9 * DAY, number="2", channel="live")
    assert seen(line(LONG_AGO), late, request(LONG_AGO, line_id="2"))["sold_live"] == 1


def test_other_requests_of_the_same_instant_are_seen_as_requests_only(seen: Values) -> None:
    other = request(AS_OF, "Q")
    values = seen(*CASE, photo(LONG_AGO), other, photo(AS_OF, "Q"), outcome(AS_OF, "Q"))
    assert values["order_requests"] == 1
    assert values["photo_seen_elsewhere"] == 0
    assert values["customer_abuse"] == 0
    assert values["customer_requests_365d"] == 0


def test_an_outcome_of_the_same_request_is_never_seen(seen: Values) -> None:
    world = (*CASE, parcel(LONG_AGO), photo(LONG_AGO), EARLIER, request(LONG_AGO, "Q", "P"))
    without = seen(*world)
    for known_at in (AS_OF - 30 * DAY, AS_OF - 1, AS_OF, AS_OF + 1):
        found = seen(*world, outcome(known_at))
        changed = [
            name for name, value in found.items()
            if not (value == without[name] or np.isnan([value, without[name]]).all())
        ]  # fmt: skip
        assert changed == []


def test_of_outcomes_that_contradict_the_one_that_stood_then_counts(seen: Values) -> None:
    other = (EARLIER, request(LONG_AGO, "Q", "P"), outcome(AS_OF - 9, "Q", "abuse"))
    appeal = outcome(AS_OF - 5, "Q", "legitimate")
    appeal[1]["decided_by"] = "appeal"
    before, after = seen(*CASE, *other, appeal, as_of=AS_OF - 5), seen(*CASE, *other, appeal)
    assert (before["customer_abuse"], before["customer_honest"]) == (1, 0)
    assert (after["customer_abuse"], after["customer_honest"]) == (0, 1)


@pytest.mark.parametrize(
    ("known_at", "counted"),
    [(AS_OF - 7 * DAY, 1), (AS_OF - 7 * DAY - 1, 0), (AS_OF - 1, 1), (AS_OF, 0)],
)
def test_a_window_counts_what_became_known_from_its_start_until_as_of(
    known_at: int, counted: int, seen: Values
) -> None:
    assert seen(*CASE, line(known_at, "P"))["customer_orders_7d"] == counted


def test_a_fact_counts_from_when_it_was_known_not_from_when_it_happened(seen: Values) -> None:
    late = line(AS_OF - DAY, "P", placed_at=AS_OF - 300 * DAY)
    assert seen(*CASE, late)["customer_orders_7d"] == 1


def test_ages_and_durations_are_between_event_times(seen: Values) -> None:
    values = seen(*CASE, parcel(AS_OF - HOUR))
    assert values["hours_delivery_to_request"] == 5 * 24
    assert values["hours_to_deliver"] == 5 * 24


def test_a_request_counts_for_its_customer_once_its_order_is_known_too(seen: Values) -> None:
    asked = request(AS_OF - 3, "Q", "P")
    assert seen(*CASE, asked, line(AS_OF - 2, "P"))["customer_requests_7d"] == 1
    assert seen(*CASE, asked, line(AS_OF, "P"))["customer_requests_7d"] == 0
