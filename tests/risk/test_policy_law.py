"""The law of each market: every rule of a pack applies where it should, and names its source."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from risk.errors import PolicyRefused
from risk.features.order_money import OrderMoney
from risk.policy import Policy, Situation, decide, lane, parse, parse_stored
from risk.policy.law import LAW_RULES, packs_of
from risk.policy.next_step import next_step
from risk.policy.situation import Courier
from tests.risk.policy_cases import DAY, NOW, POLICY, case, situations, yuan

MARKETS = ("CN", "EU", "UK")


def of_market(market: str) -> Policy:
    return parse(POLICY.source.replace('default = "CN"', f'default = "{market}"'))


POLICIES = {market: of_market(market) for market in MARKETS}
RIGHT_DAYS = {"CN": 7, "EU": 14, "UK": 14}
FAULT_DAYS = {"CN": 7, "EU": 14, "UK": 30}
PROOF_DAYS = {"CN": 184, "EU": 365, "UK": 365}

RETURN = case(
    0.02, 259, type="return_and_refund", reason_code="unwanted", placed_at=NOW - 10 * DAY,
    delivered_at=NOW - 3 * DAY, courier="delivered", category="apparel",
)  # fmt: skip
KEPT = replace(RETURN, type="refund_only", claims_received=True)


def aged(known: Situation, days: int) -> Situation:
    return replace(known, delivered_at=NOW - days * DAY, placed_at=NOW - (days + 4) * DAY)


def applied(market: str, known: Situation) -> list[str]:
    return [rule.id for rule in decide(POLICIES[market], known).rules]


SHOWS: dict[str, Situation] = {
    "seven_day_right": RETURN,
    "excluded_by_law": replace(RETURN, category="Fresh Food"),
    "outside_right": replace(RETURN, no_reason_return=False),
    "quality_right": replace(RETURN, reason_code="defective"),
    "burden_of_proof": aged(
        replace(
            RETURN, reason_code="defective", category="phones", probability=0.9, amount=9_000_0000
        ),
        100,
    ),
    "statutory_refund": replace(KEPT, reason_code="counterfeit"),
    "courier_admits": case(0.9, 900, reason_code="not_received", courier="lost"),
}
"""A case that each rule of a pack applies to."""


@pytest.mark.parametrize("market", MARKETS)
@pytest.mark.parametrize("rule", LAW_RULES)
def test_each_rule_of_a_pack_applies_and_names_law_article_and_date(market: str, rule: str) -> None:
    laws = POLICIES[market].laws
    assert laws
    said = laws[market].rules[rule]
    [found] = [one for one in decide(POLICIES[market], SHOWS[rule]).rules if one.id == rule]
    assert found.source == f"{said.law}, {said.article} (in force from {said.since})"
    assert found.text["zh"].split("（")[0] == said.zh.split("（")[0]
    assert "{" not in found.text["en"] + found.text["zh"]


@pytest.mark.parametrize("market", MARKETS)
def test_the_right_and_the_fault_window_last_as_the_market_says(market: str) -> None:
    policy, days, fault = POLICIES[market], RIGHT_DAYS[market], FAULT_DAYS[market]
    assert lane(policy, aged(RETURN, days)) == "no_reason"
    assert lane(policy, aged(RETURN, days + 1)) == "standard"
    broken = replace(RETURN, reason_code="defective", no_reason_return=False)
    assert "quality_right" in applied(market, aged(broken, fault))
    assert "quality_right" not in applied(market, aged(broken, fault + 1))


@pytest.mark.parametrize("market", MARKETS)
def test_the_seller_proves_as_long_as_the_market_says(market: str) -> None:
    doubted, days = SHOWS["burden_of_proof"], PROOF_DAYS[market]
    assert "burden_of_proof" in applied(market, aged(doubted, days))
    assert "burden_of_proof" not in applied(market, aged(doubted, days + 1))
    shirt = aged(replace(doubted, category="apparel"), days)
    assert ("burden_of_proof" in applied(market, shirt)) == (market != "CN")


@pytest.mark.parametrize(
    "category", ["fresh_food", "Made-to-measure", "鲜花", "digital", "magazine"]
)
def test_the_law_excludes_these_by_itself(category: str) -> None:
    for market in MARKETS:
        excluded = replace(RETURN, category=category)
        assert lane(POLICIES[market], excluded) == "standard"
        assert lane(POLICIES[market], replace(excluded, no_reason_return=True)) == "no_reason"
        ruling = decide(POLICIES[market], excluded)
        assert (ruling.tier, ruling.conditions) == ("approve", ("merchant_consent",))


@pytest.mark.parametrize(
    ("category", "by_right"),
    [("cleaning", {"EU", "UK"}), ("家政服务", {"EU", "UK"}), ("hotel", set()), ("机票", set()),
     ("medicine", {"EU", "UK"}), ("药品", {"EU", "UK"})],
)  # fmt: skip
def test_services_bookings_and_medicines_are_excluded_where_the_law_says_so(
    category: str, by_right: set[str]
) -> None:
    for market in MARKETS:
        given_up = replace(RETURN, category=category, delivered_at=None, courier=None)
        right = market in by_right
        assert lane(POLICIES[market], given_up) == ("no_reason" if right else "standard")
        ruling = decide(POLICIES[market], given_up)
        assert (ruling.tier, "merchant_consent" in ruling.conditions) == ("approve", not right)
    cancelled = replace(RETURN, category="cleaning", delivered_at=None, courier=None)
    ruling = decide(POLICIES["EU"], cancelled)
    assert "cancels the service or booking" in ruling.customer_message["en"]
    assert next_step(POLICIES["EU"], cancelled, ruling).step == "service_back"


@pytest.mark.parametrize("category", [None, "underwear", "snacks", "gift cards", "jewellery"])
def test_anything_else_is_excluded_only_by_the_order(category: str | None) -> None:
    for market in MARKETS:
        unsaid = replace(RETURN, category=category)
        assert lane(POLICIES[market], unsaid) == "no_reason"
        assert decide(POLICIES[market], unsaid).conditions == ()
        assert lane(POLICIES[market], replace(unsaid, no_reason_return=False)) == "standard"


def test_of_an_order_that_nobody_knows_no_right_is_presumed() -> None:
    assert lane(POLICY, replace(RETURN, placed_at=None, delivered_at=None)) == "standard"


@pytest.mark.parametrize(
    ("reason", "category", "due"),
    [("counterfeit", "bags", True), ("missing_item", "toys", True), ("defective", "fruit", True),
     ("defective", "phones", False), ("unwanted", "fruit", False)],
)  # fmt: skip
def test_what_the_law_gives_needs_no_consent(reason: str, category: str, *, due: bool) -> None:
    for market in MARKETS:
        ruling = decide(POLICIES[market], replace(KEPT, reason_code=reason, category=category))
        assert ("statutory_refund" in [rule.id for rule in ruling.rules]) == due
        assert ("merchant_consent" in ruling.conditions) != due


def test_who_bears_the_postage_is_said() -> None:
    for market in MARKETS:
        policy = POLICIES[market]
        mind = decide(policy, RETURN).customer_message
        fault = decide(policy, replace(RETURN, reason_code="defective")).customer_message
        assert "postage back is yours" in mind["en"]
        assert "运费由您承担" in mind["zh"]
        assert "postage is on us" in fault["en"]
        assert "运费由我们承担" in fault["zh"]


def test_where_the_law_says_so_the_money_is_paid_on_proof_of_sending() -> None:
    sent = replace(RETURN, stage="return", return_arrived=False)
    for market, action in {"CN": "wait", "EU": "pay", "UK": "pay"}.items():
        ruling = decide(POLICIES[market], sent)
        assert next_step(POLICIES[market], sent, ruling).action == action
        waits = "do not wait for it" not in ruling.customer_message["en"]
        assert waits == (action == "wait")
    beyond = replace(sent, no_reason_return=False, reason_code="other")
    assert next_step(POLICIES["EU"], beyond, decide(POLICIES["EU"], beyond)).action == "wait"
    beside = OrderMoney(yuan(259), yuan(259), 0, 0, "CNY", extras=yuan(12), delivery=yuan(5))
    asks = replace(sent, money=beside)
    assert next_step(POLICIES["EU"], asks, decide(POLICIES["EU"], asks)).step == "pay_price"
    mixed = replace(sent, lines=(("apparel", None), ("personalised", None)))
    step = next_step(POLICIES["EU"], mixed, decide(POLICIES["EU"], mixed))
    assert step.action == "wait", "of a part of it the law gives nothing on sending"


@pytest.mark.parametrize("courier", ["lost", "returned_to_sender", "not_shipped", "delivered"])
def test_delivery_is_paid_back_of_what_never_came_where_the_law_says_so(courier: Courier) -> None:
    """Directive 2011/83/EU, art. 18(3): all sums paid; Consumer Rights Act 2015, s. 28(9)."""
    used = OrderMoney(yuan(80), yuan(85), 0, 0, "CNY", delivery=yuan(5))
    known = case(
        0.02, 85, reason_code="not_received", claims_received=False, courier=courier, money=used
    )
    for market in MARKETS:
        excess = "amount_check" in applied(market, known)
        assert excess == (market == "CN" or courier == "delivered")
    more = replace(known, money=replace(used, asked=yuan(85.02)))
    assert all("amount_check" in applied(market, more) for market in MARKETS)


def test_merchants_may_be_in_markets_of_their_own() -> None:
    mixed = parse(POLICY.source.replace("[markets.merchants]", '[markets.merchants]\n"M" = "UK"'))
    tenth_day = aged(RETURN, 10)
    assert lane(mixed, tenth_day) == "standard"
    assert lane(mixed, replace(tenth_day, merchant_id="M")) == "no_reason"
    assert (
        "within 14 days"
        in decide(mixed, replace(aged(RETURN, 20), merchant_id="M")).customer_message["en"]
    )


def test_a_market_without_a_pack_is_refused_by_name() -> None:
    with pytest.raises(PolicyRefused, match=r"no law pack for the market 'US'.*CN, EU, UK"):
        of_market("US")
    with pytest.raises(PolicyRefused, match="BR"):
        parse(POLICY.source.replace("[markets.merchants]", '[markets.merchants]\nM = "BR"'))


def test_a_policy_keeps_the_law_it_was_stored_with() -> None:
    kept = parse_stored(POLICY.canonical)
    assert kept.version == POLICY.version
    assert kept.laws is not None
    assert POLICIES["EU"].version != POLICY.version
    pack = packs_of({"default": "UK"})["UK"]
    assert pack["no_reason"]["days"] == 14


rights = situations.map(
    lambda known: replace(
        known, type="return_and_refund", no_reason_return=None, category="apparel",
        placed_at=NOW - 60 * DAY, requested_at=NOW - DAY, delivered_at=NOW - 2 * DAY,
        verdict=None, inspections=(), money=None, line_unknown=False, return_arrived_at=None,
    )
)  # fmt: skip


@given(rights, st.sampled_from(MARKETS))
def test_inside_a_right_nobody_is_asked_and_nobody_else_counts(
    known: Situation, market: str
) -> None:
    """Neither findings of the customer or of others, nor lists, pictures or probability."""
    ruling = decide(POLICIES[market], known)
    assert ruling.lane == "no_reason"
    assert (ruling.tier, ruling.required_evidence) == ("approve", ())
    assert set(ruling.conditions) <= {"inspect_on_return"}


@given(situations, st.sampled_from(MARKETS))
def test_consent_never_stands_beside_a_refund_that_the_law_gives(
    known: Situation, market: str
) -> None:
    ruling = decide(POLICIES[market], known)
    if "statutory_refund" in [rule.id for rule in ruling.rules]:
        assert "merchant_consent" not in ruling.conditions


@pytest.mark.parametrize("market", MARKETS)
@pytest.mark.parametrize("type_", ["refund_only", "return_and_refund"])
def test_a_deposit_is_the_shops_where_the_law_says_so(market: str, type_: str) -> None:
    given_up = case(0.02, 259, type=type_, reason_code="unwanted", category="定金",
                    placed_at=NOW - DAY, courier="not_shipped", claims_received=False)  # fmt: skip
    found = decide(POLICIES[market], given_up)
    assert ("deposit" in applied(market, given_up)) is (market == "CN")
    assert ("merchant_consent" in found.conditions) is (market == "CN")


def test_bulky_goods_are_paid_on_collection_where_the_law_pays_on_sending() -> None:
    sofa = replace(RETURN, category="sofa")
    said = {market: decide(policy, sofa).customer_message for market, policy in POLICIES.items()}
    assert "within 72 hours of its arrival" in said["CN"]["en"]
    assert "within 24 hours of the collection" in said["EU"]["en"]
    assert "取件后 24 小时内为您退款" in said["UK"]["zh"]
    assert "寄回" not in "".join(one["zh"] for one in said.values())
