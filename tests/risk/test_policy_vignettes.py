"""Goods and parcels from the trade, told and decided as an after-sales lead would.

The probability stands for what the model makes of the story.
"""

from __future__ import annotations

from dataclasses import replace

from tests.risk.policy_cases import DAY, NOW, asked, case, decided

RETURN = {"type": "return_and_refund", "no_reason_return": True}


def test_the_dress_with_a_stain_on_day_one() -> None:
    """She unpacked it yesterday, there is a stain, she sends it back: it is her right anyway."""
    dress = case(0.04, 259, **RETURN, delivered_at=NOW - DAY, claims_received=True)
    ruling = decided(dress)
    assert (ruling.tier, ruling.lane, ruling.conditions) == ("approve", "no_reason", ())
    assert "send the article back" in ruling.customer_message["en"]


def test_the_dress_with_a_stain_that_she_would_like_to_keep() -> None:
    """Refund without return of goods received: accepted, and the shop has its say."""
    ruling = decided(case(0.06, 259, claims_received=True, delivered_at=NOW - DAY))
    assert (ruling.tier, ruling.conditions) == ("approve", ("merchant_consent",))
    assert "partial_refund" in ruling.suggestions


def test_the_smart_watch_not_liked_after_a_week_comes_back_with_scratches() -> None:
    """On the seventh day it is a right; what comes back is looked at; scratches go to a person."""
    asks = case(0.18, 1299, **RETURN, reason_code="unwanted", delivered_at=NOW - 7 * DAY)
    before = decided(asks)
    assert (before.tier, before.conditions) == ("approve", ("inspect_on_return",))
    scratched = replace(asks, stage="inspection", inspections=("damaged_by_customer",))
    after = decided(scratched)
    assert (after.tier, after.why.id) == ("platform_intervention", "worn_goods")
    assert "partial_refund" in after.suggestions


def test_the_smart_watch_not_liked_after_nine_days() -> None:
    """The week is over: goodwill, so the shop is asked, and nobody refuses anything."""
    late = case(0.12, 1299, **RETURN, reason_code="unwanted", delivered_at=NOW - 9 * DAY)
    ruling = decided(late)
    assert (ruling.tier, ruling.lane) == ("approve", "standard")
    assert "merchant_consent" in ruling.conditions


def test_non_receipt_against_a_signed_delivery() -> None:
    """The courier says she signed. The courier is asked to show it, not she to prove a negative."""
    signed = case(
        0.4, 459, reason_code="not_received", claims_received=False,
        delivered_at=NOW - 2 * DAY, courier="delivered",
    )  # fmt: skip
    ruling = decided(signed)
    assert (ruling.tier, asked(ruling)) == ("request_evidence", {"courier"})
    assert "nothing you need to do" in ruling.customer_message["en"]


def test_non_receipt_against_a_signed_delivery_from_somebody_never_a_worry() -> None:
    """Misdelivered to a neighbour, most likely: accepted, with a look at the courier's record."""
    ruling = decided(
        case(0.05, 459, reason_code="not_received", claims_received=False, courier="delivered")
    )
    assert (ruling.tier, ruling.conditions) == ("approve", ("courier_record",))


def test_non_receipt_from_a_depot_on_strike() -> None:
    """Nothing has moved for ten days, for anybody: paid or sent again, and nobody is asked."""
    stuck = case(0.07, 189, reason_code="not_received", claims_received=False, courier="still")
    ruling = decided(stuck)
    assert ruling.tier == "approve"
    assert "resend" in ruling.suggestions
    nervous_model = decided(replace(stuck, probability=0.3))
    assert nervous_model.tier == "approve"


def test_the_parcel_the_courier_has_lost() -> None:
    """The courier says so: paid, whatever a model thinks."""
    lost = case(0.9, 2999, reason_code="not_received", claims_received=False, courier="lost")
    assert (decided(lost).tier, decided(lost).why.id) == ("approve", "courier_admits")
    assert decided(lost).conditions == ()


def test_the_defective_batch_on_its_worst_day() -> None:
    """Everybody who bought the kettle writes in today: the batch explains it, so all are paid."""
    kettle = case(0.03, 219, reason_code="defective", type="return_and_refund", orders=2)
    for known in (kettle, replace(kettle, agitated=True), replace(kettle, channel="live")):
        assert decided(known).tier == "approve"
    assert decided(kettle).suggestions[0] == "repair"


def test_the_custom_made_mug_no_longer_wanted() -> None:
    """Her own photo is on it, so no right of return: the shop is asked, a middle way offered."""
    mug = case(0.05, 69, type="return_and_refund", no_reason_return=False, reason_code="unwanted")
    ruling = decided(mug)
    assert (ruling.tier, ruling.lane) == ("approve", "standard")
    assert "merchant_consent" in ruling.conditions
    assert "as a courtesy" in ruling.customer_message["en"]
    assert ruling.suggestions


def test_the_custom_made_mug_with_somebody_elses_photo() -> None:
    """A mistake of the workshop has nothing to do with rights of return: just put it right."""
    mug = case(0.05, 69, type="resend", no_reason_return=False, reason_code="wrong_item")
    assert (decided(mug).tier, decided(mug).conditions) == ("approve", ())


def test_the_opened_perishable_no_longer_wanted() -> None:
    """Opened food does not come back by right; goodwill is the shop's to give."""
    cheese = case(0.1, 88, type="refund_only", reason_code="unwanted", claims_received=True,
                  no_reason_return=False)  # fmt: skip
    assert decided(cheese).conditions == ("merchant_consent",)
    assert decided(cheese).tier == "approve"


def test_the_perishable_that_arrived_spoiled() -> None:
    """Nobody wants it back. A doubtful one: a photo, which spoiled fruit gives easily."""
    fruit = case(0.05, 88, reason_code="damaged", claims_received=True, no_reason_return=False)
    assert decided(fruit).tier == "approve"
    doubtful = decided(replace(fruit, probability=0.45))
    assert (doubtful.tier, "customer" in asked(doubtful)) == ("request_evidence", True)


def test_the_empty_box_by_weight() -> None:
    """1,900 g went out, 140 g came back: opened on camera, the scales asked, then a person."""
    box = case(
        0.35, 2400, type="return_and_refund", reason_code="not_as_described", stage="return",
        sent_weight_g=1900, return_weight_g=140,
    )  # fmt: skip
    weighed = decided(box)
    assert (weighed.tier, weighed.conditions) == ("request_evidence", ("inspect_on_return",))
    assert asked(weighed) == {"courier", "merchant"}
    opened = replace(box, stage="inspection", inspections=("empty",))
    assert decided(opened).tier == "platform_intervention"
    assert decided(opened).suggestions == ()


def test_wear_and_return_of_an_evening_gown() -> None:
    """By right it may come back; it comes back worn; a person settles for part of the money."""
    gown = case(0.3, 1800, **RETURN, delivered_at=NOW - 4 * DAY, reason_code="unwanted")
    assert decided(gown).conditions == ("inspect_on_return",)
    worn = decided(replace(gown, stage="inspection", inspections=("used",)))
    assert (worn.tier, "partial_refund" in worn.suggestions) == ("platform_intervention", True)


def test_the_counterfeit_swap() -> None:
    """A real one went out, a copy came back: the platform decides, with the inspection."""
    swap = case(0.2, 5200, **RETURN, stage="inspection", inspections=("counterfeit",),
                delivered_at=NOW - 3 * DAY)  # fmt: skip
    assert decided(swap).tier == "platform_intervention"


def test_the_bag_its_owner_thinks_a_copy() -> None:
    """She asks for nothing outrageous: the shop shows where it bought, she shows the label."""
    bag = case(0.33, 2600, reason_code="counterfeit", claims_received=True)
    assert asked(decided(bag)) == {"merchant", "customer"}


def test_the_missing_screws_of_a_shelf() -> None:
    """A bag of screws is cheaper to send than a question to ask."""
    screws = case(0.06, 15, type="resend", reason_code="missing_item")
    assert decided(screws).tier == "approve"


def test_the_return_that_arrived_as_it_left() -> None:
    """It is back, it is whole: pay, even where the history looked odd."""
    back = case(0.75, 900, **RETURN, delivered_at=NOW - 12 * DAY, stage="inspection",
                inspections=("as_sent",))  # fmt: skip
    ruling = decided(back)
    assert (ruling.tier, ruling.why.id) == ("approve", "returned_as_sent")
    assert "72 hours" in ruling.customer_message["en"]


def test_the_charger_left_at_home() -> None:
    """The phone is back, the charger is not: ask, and offer to pay the postage."""
    phone = case(0.1, 2100, **RETURN, delivered_at=NOW - 5 * DAY, stage="inspection",
                 inspections=("incomplete",))  # fmt: skip
    ruling = decided(phone)
    assert (ruling.tier, "customer" in asked(ruling)) == ("request_evidence", True)
    assert "free of charge" in ruling.customer_message["en"]
    found = replace(phone, evidence=(("chat", "customer"), ("video", "merchant")))
    assert (decided(found).tier, decided(found).conditions) == ("approve", ())


def test_the_parcel_changed_of_mind_before_it_left() -> None:
    """Not shipped yet: there is nothing to send back and nothing to lose."""
    early = case(0.3, 800, **RETURN, reason_code="unwanted", courier="not_shipped")
    ruling = decided(early)
    assert (ruling.tier, ruling.conditions) == ("approve", ())
    assert "send the article back" not in ruling.customer_message["en"]
