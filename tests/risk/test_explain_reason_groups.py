"""Reasons grouped by family, the summary of what is shared, and the facts behind a reason."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from risk.explain.reason_groups import (
    Side,
    net_weight,
    reason_groups,
    shared_identity_summary,
)
from risk.explain.remainders import SMALLEST
from risk.explain.spoken import is_spoken
from risk.history.reading.ring_links import LinkedCustomer, Links

FAMILIES = ("shared_identity", "purchase_pattern", "evidence", "reason")


def reason(family: str, contribution: float, value: float | None = 1.0) -> dict[str, Any]:
    text = {"en": f"{family} {contribution}", "zh": f"{family}{contribution}"}
    effect = "raises" if contribution > 0 else "lowers"
    return {"family": family, "effect": effect, "contribution": contribution, "value": value,
            "feature": f"f{contribution}", "text": text}  # fmt: skip


def decision(*reasons: dict[str, Any], customers: int = 0, fraud: int = 0) -> dict[str, Any]:
    ranked = sorted(reasons, key=lambda one: -abs(one["contribution"]))
    linked = {"customers": customers, "refunds": 9, "confirmed_fraud": fraud}
    return {"reasons": ranked, "linked": linked}


weights = st.floats(-3, 3).filter(lambda weight: abs(weight) > 1e-6)
drawn = st.lists(st.tuples(st.sampled_from(FAMILIES), weights), min_size=1, max_size=30)


@given(drawn)
def test_no_weight_is_lost_but_that_of_stories_too_small_to_tell(
    parts: list[tuple[str, float]],
) -> None:
    made = decision(*(reason(*part) for part in parts))
    sides: tuple[tuple[Side, int], ...] = (("raises", 1), ("lowers", -1))
    for side, sign in sides:
        mine = [(family, abs(weight)) for family, weight in parts if weight * sign > 0]
        stories = reason_groups(made, side)
        assert [one.weight for one in stories] == sorted(
            (one.weight for one in stories), reverse=True
        )
        for one in stories:
            assert one.weight == pytest.approx(sum(w for f, w in mine if f == one.family))
            assert len(one.reasons) + one.more == sum(f == one.family for f, _ in mine)
        left_out = {f for f, _ in mine} - {one.family for one in stories}
        assert all(sum(w for f, w in mine if f == name) < SMALLEST or stories for name in left_out)
        assert bool(stories) == bool(mine)


def test_the_strongest_known_reasons_speak() -> None:
    made = decision(
        reason("evidence", 0.9, None), reason("evidence", 0.5), reason("evidence", 0.3),
        reason("evidence", 0.2), reason("reason", 1.0), reason("reason", 0.01),
    )  # fmt: skip
    first, second = reason_groups(made, "raises")
    assert (first.family, second.family) == ("evidence", "reason")
    assert [one["contribution"] for one in first.reasons] == [0.5, 0.3]
    assert first.more == 2


def test_sharing_is_summed_up_where_it_fits() -> None:
    both = (reason("shared_identity", 1.0), reason("shared_identity", -0.4))
    bad = decision(*both, customers=3, fraud=2)
    assert net_weight(bad, "shared_identity") == pytest.approx(0.6)
    against, in_favour = reason_groups(bad, "raises")[0], reason_groups(bad, "lowers")[0]
    assert against.summary == {
        "en": "3 linked customers, 9 requests, 2 found to be abuse",
        "zh": "关联3位客户，共9次申请，其中2次被认定滥用",
    }
    assert in_favour.summary is None
    clean = decision(*both, customers=3, fraud=0)
    assert reason_groups(clean, "raises")[0].summary is None, (
        "nothing was found: no word against them"
    )
    kind = decision(reason("shared_identity", -1.0), customers=1, fraud=0)
    assert reason_groups(kind, "lowers")[0].summary is not None
    assert shared_identity_summary({"customers": 0, "refunds": 0, "confirmed_fraud": 0}) is None


def test_what_is_shared_is_named_without_saying_which() -> None:
    edges = [
        (("address", 7), "C-1"), (("address", 7), "C-2"),
        (("payment", 8), "C-1"), (("payment", 8), "C-2"),
        (("phone", 9), "C-2"), (("phone", 9), "C-3"),
    ]  # fmt: skip
    people = (LinkedCustomer("C-2", 1, 1, 0, 0), LinkedCustomer("C-3", 2, 1, 0, 0))
    links = Links("C-1", people, tuple(edges))
    said = shared_identity_summary({"customers": 1, "refunds": 1, "confirmed_fraud": 0}, links)
    assert said == {
        "en": "Shares a card and an address with one or another: "
        "1 linked customer, 1 request, none found to be abuse",
        "zh": "分别与他人共用支付方式、地址：关联1位客户，共1次申请，均未认定滥用",
    }, "the links are no longer those that were counted"


def test_a_queue_row_says_by_what_others_are_linked_as_far_as_the_reasons_count_them() -> None:
    counted = (("device_abuse_here_730d", 0.8, 2.0), ("payout_came_after_abuse", 0.2, 1.0),
               ("address_honest", -0.1, 3.0), ("phone_honest", -0.1, 70.0),
               ("payment_requests_each", 0.1, 0.3), (None, 0.1, None))  # fmt: skip
    made = decision(
        *({**reason("shared_identity", weight, value), "feature": name}
          for name, weight, value in counted),
        customers=3, fraud=2,
    )  # fmt: skip
    assert reason_groups(made, "raises")[0].summary == {
        "en": "Shares a device and a payout account with one or another: "
        "3 linked customers, 9 requests, 2 found to be abuse",
        "zh": "分别与他人共用设备、收款账户：关联3位客户，共9次申请，其中2次被认定滥用",
    }


def test_each_linked_customer_is_told_for_themselves() -> None:
    """One shares all and was found abusing, the other shares a home and was found in the right."""
    edges = [
        *((("address", 7), who) for who in ("C-1", "zed", "mia")),
        *(((kind, 8), who) for kind in ("payment", "device", "door") for who in ("C-1", "zed")),
        (("phone", 9), "mia"), (("phone", 9), "far"),
    ]  # fmt: skip
    people = (
        LinkedCustomer("zed", 1, 2, 2, 0), LinkedCustomer("mia", 1, 3, 0, 3),
        LinkedCustomer("far", 2, 4, 1, 1),
    )  # fmt: skip
    said = shared_identity_summary(
        {"customers": 3, "refunds": 9, "confirmed_fraud": 3}, Links("C-1", people, tuple(edges))
    )
    assert said == {
        "en": "zed shares a card, a device and an address: 2 requests, both found to be abuse; "
        "mia shares an address: 3 requests, all found legitimate; far shares a phone number with "
        "one of them: 4 requests, 1 found to be abuse, 1 found legitimate",
        "zh": "zed 共用支付方式、设备、地址：申请2次，2次被认定滥用；"
        "mia 共用地址：申请3次，3次属实；"
        "far 共用手机号（与上述客户）：申请4次，1次被认定滥用、1次属实",
    }


@pytest.mark.parametrize(
    ("feature", "effect", "value", "text", "spoken"),
    [
        ("parcel_delivered", "raises", 1.0, "1 delivery record", False),
        ("parcel_signed", "raises", 1.0, "Signed for by the customer", False),
        ("parcel_signed", "lowers", 0.0, "Not signed for by the customer", False),
        ("hours_delivery_to_request", "raises", 26.0, "Asked 26 hours after", False),
        ("hours_delivery_to_request", "raises", 190.0, "Asked 7.9 days after", True),
        ("hours_delivery_to_request", "lowers", -0.01, "Asked 0 hours before", False),
        ("hours_delivery_to_request", "lowers", -30.0, "Asked 30 hours before", True),
        ("customer_unproven_share", "raises", 0.02, "goods that came: 0, other orders: 1", False),
        ("customer_unproven_share", "lowers", 0.02, "goods that came: 0, other orders: 7", True),
        ("customer_unproven_share", "raises", 0.4, "goods that came: 2, other orders: 7", True),
        ("customer_never_came_share", "lowers", 0.3, "among other requests: 1 of 3", False),
        ("text_copied", "lowers", 2.0, "2 other customers used the same words", False),
        ("return_against_catalogue", "lowers", 2.2, "Weighs 2.2 times", False),
        ("return_against_catalogue", "lowers", 0.98, "Weighs 0.98 times", True),
        ("return_against_catalogue", "raises", 0.2, "Weighs 0.2 times", True),
        ("own_return_against_catalogue", "lowers", 2.2, "Weighs 2.2 times", False),
        ("own_return_against_catalogue", "lowers", 0.98, "Weighs 0.98 times", True),
        ("own_return_without_weight", "raises", 1.0, "Was shipped without a weight", False),
        ("own_missing_but_signed", "raises", 1.0, "Yet signed for by the customer", True),
    ],
)
def test_a_reason_is_told_on_the_side_where_a_person_would_give_it(
    feature: str, effect: str, value: float, text: str, spoken: bool
) -> None:
    told = {"feature": feature, "effect": effect, "value": value, "text": {"en": text}}
    assert is_spoken(told) is spoken


@pytest.mark.parametrize("feature", ["denied_but_delivered", "own_denied_but_delivered"])
@pytest.mark.parametrize(("hours", "told_of"), [(-0.1, False), (30.0, True)])
def test_a_parcel_that_came_after_the_request_contradicts_nobody(
    hours: float, told_of: bool, feature: str
) -> None:
    denied = {**reason("reason", 1.0), "feature": feature}
    when = {**reason("logistics", -0.5, hours), "feature": "hours_delivery_to_request"}
    [group] = reason_groups(decision(denied, when), "raises")
    assert bool(group.reasons) is told_of


def test_a_finding_is_told_first_of_its_group() -> None:
    parts = [("customer_requests_90d", 2.0), ("customer_abuse_here_90d", 0.5)]
    told = [{**reason("purchase_pattern", weight), "feature": name} for name, weight in parts]
    [group] = reason_groups(decision(*told), "raises")
    assert [one["feature"] for one in group.reasons] == [
        "customer_abuse_here_90d", "customer_requests_90d",
    ]  # fmt: skip


def test_another_parcel_of_the_order_contradicts_nothing() -> None:
    signed = {**reason("reason", 1.0), "feature": "missing_but_signed"}
    own = {**reason("logistics", -0.1, 0.0), "feature": "parcel_signed"}
    assert reason_groups(decision(signed), "raises")[0].reasons
    assert not reason_groups(decision(signed, own), "raises")[0].reasons


def test_findings_among_the_linked_never_speak_for_somebody() -> None:
    mine = reason("shared_identity", -1.0)
    assert reason_groups(decision(mine, customers=3), "lowers")[0].summary is not None
    assert reason_groups(decision(mine, customers=3, fraud=1), "lowers")[0].summary is None


def test_a_delivery_is_told_once_and_by_its_signature() -> None:
    names = ("claim_denied_after_delivery", "missing_but_signed", "own_missing_but_delivered", "f")
    made = [{**reason("reason", 0.9 - n / 10), "feature": name} for n, name in enumerate(names)]
    [group] = reason_groups(decision(*made), "raises")
    assert [one["feature"] for one in group.reasons] == ["missing_but_signed", "f"]
    assert len(group.reasons) + group.more == len(names)
    [unsigned] = reason_groups(decision(made[0], made[2]), "raises")
    assert [one["feature"] for one in unsigned.reasons] == ["claim_denied_after_delivery"]
