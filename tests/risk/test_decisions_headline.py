"""What stands on a row of the queue: facts, the same for a case that was drawn for audit."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from risk.decisions.case_records import Parcel
from risk.decisions.headline import headline, headlines
from risk.decisions.parcel_facts import weighings
from risk.features.order_money import OrderMoney
from risk.policy import Ruling, Situation, decide
from tests.risk.policy_cases import POLICY, case, situations

FAMILIES = {"customer_requests_90d": "purchase_pattern", "photo_reused": "evidence",
            "order_hour": "order_context", "text_copied": "reason"}  # fmt: skip


def reason(feature: str, contribution: float, value: float = 3.0) -> dict[str, Any]:
    return {
        "code": feature, "family": FAMILIES.get(feature, "reason"), "feature": feature,
        "effect": "raises" if contribution > 0 else "lowers", "contribution": contribution,
        "value": value, "counted": 3, "text": {"en": feature.capitalize(), "zh": f"“{feature}”"},
    }  # fmt: skip


def rule(name: str, effect: str) -> dict[str, Any]:
    return {"id": name, "effect": effect, "text": {"en": f"{name} says so.", "zh": f"{name}。"}}


def body(*reasons: dict[str, Any], rules: Any = (), why: str = "least_cost") -> dict[str, Any]:
    linked = {"customers": 0, "refunds": 0, "confirmed_fraud": 0}
    return {"reasons": list(reasons), "rules": list(rules), "why": {"id": why}, "linked": linked}


DELIVERED = case(courier="delivered", evidence=(("photo", "customer"), ("declined", "customer")))
RECORD = "1 photo from the customer."
NEUTRAL = "Whether the claim holds is to be checked."


def test_what_is_special_stands_first_then_the_record_and_what_is_for() -> None:
    """Nobody disputes that it came: that is not said."""
    both = body(reason("customer_requests_90d", 1.0), reason("photo_reused", 0.5),
                reason("customer_orders_90d", -1.0))  # fmt: skip
    told = headline(both, DELIVERED)
    assert told["en"] == (
        f"Customer_requests_90d; photo_reused. {RECORD} "
        "In the customer's favour: customer_orders_90d."
    )
    assert told["zh"] == (
        "“customer_requests_90d”；“photo_reused”。客户照片1张。有利的是：“customer_orders_90d”。"
    )
    idle = body(reason("order_hour", 2.0))
    assert headline(idle, DELIVERED)["en"] == f"{RECORD} {NEUTRAL}", "nobody would say the hour"


def test_a_rule_that_asks_is_why_and_one_that_only_routes_is_not() -> None:
    asks, first = rule("light_parcel", "at_least:request_evidence"), rule("person_first", "x")
    vague = reason("text_copied", 1.0)
    assert headline(body(vague, rules=[first, asks]), DELIVERED)["en"] == (
        f"light_parcel says so. {RECORD}"
    )
    other = rule("own_findings", "at_least:platform_intervention")
    led = body(vague, rules=[asks, other], why="own_findings")
    assert "own_findings says so" in headline(led, DELIVERED)["en"], "the one that decided"
    milder = rule("good_customer", "at_most:request_evidence")
    assert "Text_copied" in headline(body(vague, rules=[milder, first]), DELIVERED)["en"]


@pytest.mark.parametrize(
    ("known", "english"),
    [
        ({"courier": None}, "No record of a parcel."),
        ({"courier": "not_shipped"}, "Nothing was sent by the record."),
        (
            {"courier": "delivered", "reason_code": "not_received"},
            "Delivered by the courier's record.",
        ),
        (
            {"courier": "delivered", "claims_received": False},
            "Delivered by the courier's record.",
        ),
        (
            {"courier": "delivered", "return_arrived": True, "inspections": ("empty",)},
            "Inspection by the shop: empty parcel.",
        ),
        (
            {
                "courier": "delivered",
                "return_arrived": False,
                "evidence": (("photo", "merchant"),) * 2,
            },
            "The return is on its way, 2 photos from the shop.",
        ),
    ],
)
def test_where_the_goods_are(known: dict[str, Any], english: str) -> None:
    assert headline(body(), case(**known))["en"] == f"{english} {NEUTRAL}"


def test_a_delivery_that_a_reason_tells_is_told_once() -> None:
    disputed = case(courier="delivered", reason_code="not_received")
    told = headline(body(reason("claim_missing_after_signature", 1.0)), disputed)
    assert told["en"] == "Claim_missing_after_signature."
    other = headline(body(reason("text_copied", 1.0)), disputed)
    assert other["en"] == "Text_copied. Delivered by the courier's record."


def test_what_no_parcel_holds_is_said_to_have_none() -> None:
    code = rule("code_record", "at_least:request_evidence")
    told = headline(body(rules=[code]), case(evidence=(("chat", "customer"),)))
    assert told["en"] == "code_record says so. 1 chat message from the customer."
    assert headline(body(rules=[code]), case())["en"] == "code_record says so."


def test_that_nothing_was_given_is_said_where_the_customer_is_asked() -> None:
    asks = {**body(), "required_evidence": [{"from": "customer", "kind": "photo"}]}
    assert "No evidence yet." in headline(asks, case(courier="delivered"))["en"]
    assert "evidence" not in headline(body(), case(courier="delivered"))["en"]
    assert "尚无凭证" in headline(asks, case(courier="delivered"))["zh"]
    shop = {**body(), "required_evidence": [{"from": "merchant", "kind": "video"}]}
    assert "evidence" not in headline(shop, case(courier="delivered"))["en"]


def weighed_back(back: float, sent: float | None, due: float | None) -> Situation:
    outbound = (("outbound", sent, None),) if sent else ()
    return case(courier="delivered", return_arrived=True, return_weight_g=back,
                sent_weight_g=due, weighings=(*outbound, ("return", back, None)))  # fmt: skip


def test_a_return_that_weighs_what_was_sent_speaks_for_the_customer() -> None:
    """Packed beside packed: what the article weighs by itself is no matter."""
    told = headline(body(), weighed_back(705.0, 710.0, 520.0))
    assert told["en"].endswith(
        "In the customer's favour: the return weighs 0.705 kg, the parcel sent weighed 0.71 kg: "
        "it came back as heavy as it was sent."
    )
    assert "有利的是：退货重 0.705 kg，发出时重 0.71 kg：重量与发出时一致" in told["zh"]
    assert "0.52" not in told["en"] + told["zh"]


def test_weights_are_compared_like_with_like() -> None:
    """A packed parcel beside an article alone only where the parcel is the lighter one."""
    light = headline(body(), weighed_back(140.0, 2_100.0, 1_900.0))
    assert "the return weighs 0.14 kg, the parcel sent weighed 2.1 kg." in light["en"]
    assert "退货重 0.14 kg，发出的包裹重 2.1 kg" in light["zh"]
    bare = headline(body(), weighed_back(140.0, None, 1_900.0))
    assert "the return weighs 0.14 kg, what should come back weighs 1.9 kg." in bare["en"]
    assert "kg" not in headline(body(), weighed_back(705.0, None, 520.0))["en"]


def test_what_the_rule_says_of_an_inspection_is_not_said_again() -> None:
    other = rule("another_article", "at_least:platform_intervention")
    found = case(courier="delivered", inspections=("different_item",))
    assert headline(body(rules=[other]), found)["en"] == "another_article says so."
    elsewhere = rule("own_findings", "at_least:platform_intervention")
    assert "Inspection by the shop" in headline(body(rules=[elsewhere]), found)["en"]


def test_each_parcel_is_weighed_on_its_way_and_on_arrival() -> None:
    parcels = [
        Parcel("outbound", "shipped", 1, 2_550_000, tracking="a"),
        Parcel("outbound", "delivered", 2, None, tracking="a"),
        Parcel("return", "shipped", 3, 2_500_000, tracking="b"),
        Parcel("return", "delivered", 4, 190_000, tracking="b"),
    ]
    assert weighings(parcels) == (("outbound", 2_550.0, None), ("return", 2_500.0, 190.0))


def test_a_parcel_that_grew_lighter_on_its_way_speaks_for_the_customer() -> None:
    heavy = reason("own_return_weight_ratio", -1.0, 0.98)
    gone = case(courier="delivered", return_arrived=True, return_weight_g=2_500.0,
                weighings=(("outbound", 2_550.0, None), ("return", 2_500.0, 190.0)))  # fmt: skip
    told = headline(body(heavy), gone)
    assert told["en"].endswith(
        "In the customer's favour: the return weighed 2.5 kg when handed in and 0.19 kg on "
        "arrival: it lost weight on its way."
    )
    assert "0.98" not in told["en"], "nothing contradicts the last weight"
    out = case(courier="delivered", reason_code="missing_item",
               weighings=(("outbound", 230.0, 60.0),))  # fmt: skip
    assert "包裹发出时重 0.23 kg，签收时重 0.06 kg：途中变轻" in headline(body(), out)["zh"]
    same = case(courier="delivered", reason_code="missing_item",
                weighings=(("outbound", 230.0, 225.0),))  # fmt: skip
    assert "lost" not in headline(body(), same)["en"], "scales differ by as much"


def test_the_open_request_for_the_same_goods_is_held_against_nobody() -> None:
    other = {**reason("customer_unproven_90d", 0.9, 1.0), "counted": 1}
    twice = replace(DELIVERED, money=OrderMoney(800_0000, 800_0000, 300_0000, 0, "CNY"))
    told = headline(body(other), twice)["en"]
    assert told == f"{RECORD} Other open requests ask 300.00 CNY for the same goods. {NEUTRAL}"
    assert "Customer_unproven_90d" in headline(body(other), DELIVERED)["en"]
    ruled = body(rules=[rule("other_open_request", "at_least:platform_intervention")])
    assert headline(ruled, twice)["en"] == f"other_open_request says so. {RECORD}", "said once"


def test_a_finding_of_an_inspection_is_named_with_who_made_it() -> None:
    bad = reason("inspected_bad", 1.0, 1.0)
    seen = case(courier="delivered", inspections=("different_item",), inspected_by=("platform",))
    assert "Inspection by the platform: different item." in headline(body(bad), seen)["en"]
    assert "平台验货结果：非原商品" in headline(body(bad), seen)["zh"]


def test_what_was_given_or_hardly_weighs_is_told_against_nobody() -> None:
    given = [reason("customer_photos", 0.4, 1.0), reason("parcel_left", 0.4, 1.0),
             reason("proof_given", 0.2, 1.0), reason("customer_requests_90d", 0.016)]  # fmt: skip
    assert headline(body(*given), DELIVERED)["en"] == f"{RECORD} {NEUTRAL}"


def test_who_sees_no_links_reads_nothing_of_other_customers() -> None:
    ring = {**reason("ring_abuse", 2.0), "family": "shared_identity"}
    rules = [rule("linked_findings", "at_least:request_evidence")]
    linked = {"customers": 3, "refunds": 4, "confirmed_fraud": 2}
    made = {**body(ring, reason("text_copied", 1.0), rules=rules), "linked": linked}
    kept = headlines(made, DELIVERED)
    assert "linked_findings" in kept["en"]
    assert kept["blind"]["en"] == f"Text_copied. {RECORD}"
    alone = headlines({**made, "reasons": [ring]}, DELIVERED)
    assert alone["blind"]["en"] == f"{RECORD} {NEUTRAL}", "a question, and no word of why"
    assert alone["blind"]["zh"].endswith("申请是否属实有待核对。")
    assert "3 linked customers" in headlines({**made, "rules": []}, DELIVERED)["en"]
    assert "blind" not in headlines(body(reason("text_copied", 1.0)), DELIVERED)


drawn_reasons = st.lists(
    st.tuples(
        st.sampled_from([*FAMILIES, "customer_orders_90d"]),
        st.floats(-2, 2).filter(lambda weight: abs(weight) > 0.01),
    ),
    max_size=6,
    unique_by=lambda one: one[0],
)


@settings(max_examples=400, deadline=None)
@given(situations, drawn_reasons)
def test_no_sentence_tells_a_case_that_was_drawn_for_audit(
    known: Situation, drawn: list[tuple[str, float]]
) -> None:
    reasons = [reason(*one) for one in drawn]
    audited = decide(POLICY, replace(known, audit_draw=0.0))
    plain = decide(POLICY, replace(known, audit_draw=1.0))
    said = headline(_of(audited, reasons), known)
    assert said == headline(_of(plain, reasons), known)
    if audited.audit.drawn:
        by_score = body(*reasons, rules=_rules(audited), why="least_cost")
        assert said == headline(by_score, known), "as one whose score alone brought it here"


def _of(ruling: Ruling, reasons: list[dict[str, Any]]) -> dict[str, Any]:
    return {**body(*reasons, rules=_rules(ruling), why=ruling.why.id), "tier": ruling.tier}


def _rules(ruling: Ruling) -> list[dict[str, Any]]:
    return [{"id": r.id, "effect": r.effect, "text": dict(r.text)} for r in ruling.rules]
