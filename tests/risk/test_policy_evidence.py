"""Only what the reason calls for, of whom can answer, never twice, and only where it matters."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given

from risk.policy import Situation, decide
from risk.policy.costs import STRICTNESS
from tests.risk.policy_cases import POLICY, case, situations

DUE = {"probability": 0.4, "amount": 900}


def asked(known: Situation) -> list[tuple[str, str]]:
    return [(ask.kind, ask.source) for ask in decide(POLICY, known).required_evidence]


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        ("not_received", [("document", "merchant")]),
        ("late", [("document", "merchant")]),
        ("damaged", [("video", "merchant"), ("photo", "customer")]),
        ("defective", [("photo", "customer"), ("video", "customer")]),
        ("not_as_described", [("photo", "customer")]),
        ("wrong_item", [("video", "merchant"), ("photo", "customer")]),
        ("missing_item", [("document", "courier"), ("video", "merchant")]),
        ("counterfeit", [("document", "merchant"), ("photo", "customer")]),
        ("double_charge", [("document", "merchant")]),
        ("other", [("chat", "customer")]),
        ("unwanted", []),
    ],
)
def test_each_reason_calls_for_its_own_evidence(
    reason: str, expected: list[tuple[str, str]]
) -> None:
    assert asked(case(**DUE, reason_code=reason)) == expected


def test_the_courier_is_asked_about_a_parcel_that_is_on_record() -> None:
    for reason in ("not_received", "late"):
        sent = case(**DUE, reason_code=reason, courier="delivered")
        assert asked(sent) == [("document", "courier")]
    told = case(**DUE, reason_code="not_received", evidence=(("document", "merchant"),))
    assert asked(told) == [("document", "courier")]


def test_what_was_given_is_not_asked_again() -> None:
    wrong = case(**DUE, reason_code="wrong_item", evidence=(("photo", "customer"),))
    assert asked(wrong) == [("video", "merchant")]
    filmed = replace(wrong, evidence=(("video", "customer"),))
    assert asked(filmed) == [("video", "merchant")]
    packed = replace(wrong, evidence=(("video", "merchant"),))
    assert asked(packed) == [("photo", "customer")]


@given(situations)
def test_nothing_is_asked_of_whom_gave_it_or_would_not(known: Situation) -> None:
    for kind, source in asked(known):
        if known.reused_evidence != 1:
            assert (kind, source) not in known.evidence
        assert ("declined", source) not in known.evidence


def test_the_courier_answers_before_the_customer_is_asked() -> None:
    missing = case(**DUE, reason_code="not_received")
    answered = replace(missing, evidence=(("document", "courier"),))
    silent = replace(missing, evidence=(("declined", "courier"),))
    assert asked(answered) == asked(silent) == [("chat", "customer")]


def test_silence_of_the_customer_does_not_keep_the_courier_from_being_asked() -> None:
    declined = (("declined", "customer"),)
    missing = case(**DUE, reason_code="not_received", courier="delivered", evidence=declined)
    assert asked(missing) == [("document", "courier")]


def test_half_an_answer_is_met_with_the_other_half_of_the_question() -> None:
    shown = case(0.5, 900, reason_code="defective", evidence=(("photo", "customer"),))
    assert asked(shown) == [("video", "customer")]


def test_who_gave_nothing_when_asked_meets_a_person_and_no_second_question() -> None:
    refused = case(**DUE, reason_code="defective", evidence=(("declined", "customer"),))
    ruling = decide(POLICY, refused)
    assert (ruling.tier, ruling.why.id) == ("platform_intervention", "declined")
    assert decide(POLICY, replace(refused, probability=0.2)).tier == "approve"


def test_who_answered_everything_is_paid_or_meets_a_person_but_is_not_kept_waiting() -> None:
    answered = case(**DUE, reason_code="not_as_described", evidence=(("photo", "customer"),))
    assert decide(POLICY, answered).tier == "approve"
    assert decide(POLICY, replace(answered, probability=0.5)).tier == "platform_intervention"
    waits = replace(answered, reason_code="damaged", probability=0.5)
    assert decide(POLICY, waits).tier == "platform_intervention"


def test_a_picture_seen_in_another_case_is_asked_for_afresh_once() -> None:
    copied = case(
        **DUE, reason_code="damaged", evidence=(("photo", "customer"),), reused_evidence=1
    )
    first = decide(POLICY, copied).required_evidence
    assert [(ask.kind, ask.source) for ask in first] == [("photo", "customer")]
    assert "today's date" in first[0].text["en"]
    again = replace(copied, evidence=(("photo", "customer"),) * 2, reused_evidence=2)
    assert ("photo", "customer") not in asked(again)
    fresh = replace(again, reused_evidence=1)
    assert ("photo", "customer") not in asked(fresh)


def test_a_question_that_would_not_pay_for_itself_is_not_asked() -> None:
    assert asked(case(0.4, 25)) == []
    assert asked(case(0.4, 400)) != []


def test_a_stronger_question_is_asked_earlier() -> None:
    """A packing video and a photo tell more than the photo alone, so they pay from less money."""
    both = case(0.35, 60, reason_code="wrong_item")
    photo_only = replace(both, reason_code="not_as_described")
    assert (asked(both) != [], asked(photo_only)) == (True, [])


@given(situations)
def test_more_given_never_makes_a_question_of_the_customer_appear(known: Situation) -> None:
    """Proof given by merchant or customer at once leaves at most as much to ask of the customer."""
    given_all = tuple(
        (kind, source) for kind in ("photo", "video", "document", "chat")
        for source in ("customer", "merchant", "courier")
    )  # fmt: skip
    ruling = decide(
        POLICY, replace(known, evidence=given_all, reused_evidence=0, doubtful_pictures=0)
    )
    assert ruling.required_evidence == ()
    assert STRICTNESS[ruling.tier] in (0, 2)


@pytest.mark.parametrize("courier", ["moving", "still"])
def test_of_a_parcel_under_way_nobody_is_asked_who_signed_for_it(courier: str) -> None:
    missing = case(**DUE, reason_code="not_received", claims_received=False, courier=courier)
    part = replace(missing, courier="delivered", delivered_at=missing.as_of, other_parcel="moving")
    for one in (missing, part):
        [item] = decide(POLICY, one).required_evidence
        assert (item.kind, item.source) == ("document", "courier")
        assert "still on its way" in item.text["en"]
