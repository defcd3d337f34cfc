"""People from the trade: who asks, how often, in what mood, and how a lead would answer them.

The probability stands for what the model makes of the story.
"""

from __future__ import annotations

from dataclasses import replace

from risk.policy import Listing
from tests.risk.policy_cases import DAY, HOUR, NOW, asked, case, decided

RETURN = {"type": "return_and_refund", "no_reason_return": True}


def test_the_expensive_article_after_a_week_of_use_vague_reason_proof_refused() -> None:
    """Asked once, kindly. Then a person talks to them; nobody asks twice and nobody just pays."""
    vague = case(0.42, 3200, reason_code="other", delivered_at=NOW - 8 * DAY, claims_received=True)
    first = decided(vague)
    assert (first.tier, asked(first)) == ("request_evidence", {"customer"})
    refused = replace(vague, stage="evidence", evidence=(("declined", "customer"),))
    assert decided(refused).tier == "platform_intervention"
    assert decided(refused).required_evidence == ()


def test_the_fifth_refund_only_this_month_at_49_90_from_a_shared_device() -> None:
    """Each is small, together they are not: somebody looks at the pattern."""
    fifth = case(
        0.72, 49.9, refunds=5, orders=6, customer_stake=1_996_000, ring_stake=9_000_000,
        linked_customers=4, linked_refunds=11,
    )  # fmt: skip
    assert decided(fifth).tier == "platform_intervention"
    assert decided(replace(fifth, probability=0.4)).tier == "request_evidence"


def test_a_single_refund_only_at_49_90() -> None:
    """The same claim from somebody who never asked before is simply paid."""
    ruling = decided(case(0.1, 49.9, orders=3))
    assert ruling.tier == "approve"


def test_the_dormitory_newcomer_with_her_first_request() -> None:
    """Three hundred share her address and one of them was caught last year: not her doing."""
    newcomer = case(
        0.08, 129, orders=1, refunds=1, age_days=6.0, linked_customers=120, linked_refunds=60,
        linked_fraud=1, ring_stake=30_000_000, reason_code="wrong_item", type="return_and_refund",
    )  # fmt: skip
    assert decided(newcomer).tier == "approve"


def test_the_reseller_with_forty_returns_all_as_sent() -> None:
    """Forty returns, forty times in order. He is a customer, not a case."""
    reseller = case(
        0.05, 380, type="return_and_refund", reason_code="not_as_described", orders=160,
        refunds=40, age_days=900.0, customer_stake=40_000_000,
    )  # fmt: skip
    assert decided(reseller).tier == "approve"
    assert decided(replace(reseller, refunds=41, orders=90)).tier == "approve"


def test_the_vip_with_a_12_00_claim() -> None:
    """Paid before the kettle boils."""
    ruling = decided(
        case(0.2, 12, reason_code="missing_item", type="resend", customer_tier="vip", orders=80)
    )
    assert (ruling.tier, ruling.conditions) == ("approve", ())
    assert [rule.id for rule in ruling.rules] == ["small_amount"]


def test_the_same_photo_a_third_time() -> None:
    """Two other customers have shown this very crack already."""
    copied = case(0.78, 320, stage="evidence", evidence=(("photo", "customer"),), reused_evidence=1)
    assert decided(copied).tier == "platform_intervention"
    milder = decided(replace(copied, probability=0.4))
    assert "today's date" in milder.required_evidence[0].text["en"]


def test_the_same_photo_from_the_same_customer_for_both_halves_of_one_order() -> None:
    """Two requests, one broken parcel, one picture: nothing odd about it."""
    second = case(0.08, 150, evidence=(("photo", "customer"),), reused_evidence=1)
    assert decided(second).tier == "approve"


def test_the_partial_shortage_in_a_bundle_of_twelve() -> None:
    """Third time one is missing: scales and packing video first, and a photo of what came."""
    bundle = case(0.41, 240, reason_code="missing_item", claims_received=True, refunds=3, orders=5)
    assert asked(decided(bundle)) == {"courier", "merchant"}
    weighed = replace(
        bundle, stage="evidence", evidence=(("video", "merchant"), ("document", "courier"))
    )
    assert asked(decided(weighed)) == {"customer"}
    on_film = replace(
        bundle, stage="evidence", probability=0.64,
        evidence=(("video", "merchant"), ("document", "courier"), ("photo", "customer")),
    )  # fmt: skip
    assert decided(on_film).tier == "platform_intervention"


def test_charged_twice() -> None:
    """The till knows: the shop looks, the customer waits a day at most."""
    twice = case(0.35, 600, reason_code="double_charge")
    assert asked(decided(twice)) == {"merchant"}
    assert asked(decided(replace(twice, probability=0.05))) == {"merchant"}


def test_the_furious_customer_with_a_fair_claim() -> None:
    """Loud, and in all likelihood right: the money calms better than a questionnaire."""
    assert decided(case(0.07, 330, agitated=True, reason_code="late")).tier == "approve"


def test_the_furious_customer_with_a_doubtful_claim() -> None:
    """No form letter now: a colleague picks up the telephone, and soon."""
    ruling = decided(case(0.4, 330, agitated=True, reason_code="not_as_described"))
    assert (ruling.tier, ruling.priority) == ("platform_intervention", True)
    assert ruling.customer_message["en"].startswith("Thank you for telling us, and we are sorry")


def test_the_necklace_from_the_live_stream() -> None:
    """Live-stream, dear, doubtful: looked at first. Live-stream, dear, ordinary: paid."""
    necklace = case(0.38, 1980, channel="live", reason_code="not_as_described")
    assert (decided(necklace).tier, decided(necklace).priority) == ("platform_intervention", True)
    assert decided(replace(necklace, probability=0.05)).tier == "approve"


def test_the_camera_for_eighteen_thousand() -> None:
    """Not a big worry, but big money: somebody looks before it leaves."""
    camera = case(0.14, 18_000, reason_code="not_received", claims_received=False)
    assert decided(camera).tier == "platform_intervention"
    assert decided(replace(camera, probability=0.03)).tier == "approve"


def test_the_customer_on_the_block_list_who_is_right_this_time() -> None:
    """One photo is asked, since that is what the entry says; given, it is over."""
    entry = Listing("block", "brick in the box, confirmed in March", "chen", NOW + 90 * DAY)
    this_time = case(0.12, 140, listings=(entry,), abuse_findings=1, live_findings=1)
    assert decided(this_time).tier == "request_evidence"
    shown = replace(
        this_time, stage="evidence", evidence=(("photo", "customer"), ("video", "merchant"))
    )
    assert decided(shown).tier == "approve"


def test_the_appeal_that_was_won() -> None:
    """A person had stopped it, another found the shop at fault: paid, at once."""
    won = case(0.85, 1500, verdict="merchant_fault", evidence=(("declined", "customer"),))
    assert (decided(won).tier, decided(won).conditions) == ("approve", ())


def test_the_honest_man_of_few_words() -> None:
    """'broken' is all he writes. It is enough at this price and with this record."""
    terse = case(0.11, 160, reason_code="defective", type="return_and_refund", orders=9)
    assert decided(terse).tier == "approve"


def test_the_aged_account_bought_by_a_ring() -> None:
    """Old and spotless on paper, but two in its ring are confirmed: no fast lane."""
    bought = case(
        0.46, 480, orders=60, refunds=2, age_days=1500.0, linked_fraud=2, ring_stake=30_000_000
    )
    assert decided(bought).tier == "request_evidence"
    assert decided(replace(bought, linked_fraud=0, ring_stake=0)).tier == "approve"


def test_the_question_that_was_left_lying() -> None:
    """Fifty hours without an answer: on top of the pile, and the customer hears a new time."""
    waiting = case(0.5, 700, reason_code="not_as_described", as_of=NOW + 50 * HOUR)
    ruling = decided(waiting)
    assert (ruling.overdue, ruling.priority) == (True, True)
    assert ruling.rules[-1].id == "deadline_passed"
