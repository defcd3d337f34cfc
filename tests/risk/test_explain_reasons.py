"""Reasons add up, speak both languages, and read as a person would say them."""

from __future__ import annotations

import math
import re

import hypothesis.strategies as st
import numpy as np
import orjson
import pytest
from hypothesis import given

from risk.explain import ReasonBuilder, reasons, sentence
from risk.features.catalog import catalogue, feature
from risk.features.spec import Feature

FEATURES = catalogue()
NAN = math.nan
WEIGHTS = st.one_of(st.just(0.0), st.floats(-5, 5, allow_subnormal=False))
VALUES = st.one_of(st.just(NAN), st.integers(-3, 900).map(float), st.floats(-50, 5_000))
ADJECTIVES = "other|earlier|honest|different|refund|refund-only|tracking|delivery|linked"


def rows(width: int) -> st.SearchStrategy[tuple[list[float], list[float]]]:
    many = {"min_size": width, "max_size": width}
    return st.tuples(st.lists(WEIGHTS, **many), st.lists(VALUES, **many))


@given(rows(30))
def test_contributions_of_reasons_are_those_of_features(
    drawn: tuple[list[float], list[float]],
) -> None:
    weights, values = drawn
    some = FEATURES[:: len(FEATURES) // 30][:30]
    told = reasons(some, np.array(values), np.array(weights), "CNY")
    total = math.fsum(reason["contribution"] for reason in told)
    assert total == pytest.approx(math.fsum(weights), abs=1e-9)
    strengths = [abs(reason["contribution"]) for reason in told]
    assert strengths == sorted(strengths, reverse=True)
    by_code = {reason["code"]: reason for reason in told}
    assert len(by_code) == len(told)
    for one, weight in zip(some, weights, strict=True):
        assert not weight or (one.story or one.name) in by_code
    for reason in told:
        assert reason["effect"] == ("raises" if reason["contribution"] > 0 else "lowers")
        speaker = feature(reason["feature"])
        value = values[some.index(speaker)]
        assert reason["family"] == speaker.family
        assert reason["text"] == sentence(speaker, value, "CNY")
        assert (reason["value"] is None) == math.isnan(value)


@given(rows(30), st.sampled_from(["CNY", "USD"]))
def test_reasons_are_written_as_they_are_told(
    drawn: tuple[list[float], list[float]], currency: str
) -> None:
    weights, values = np.array(drawn[0]), np.array(drawn[1])
    builder = ReasonBuilder(FEATURES[::5][:30])
    for _ in range(2):
        told = builder.reasons(values, weights, currency)
        assert orjson.loads(builder.reasons_json(values, weights, currency)) == told


def test_one_story_is_one_reason_told_by_its_strongest_feature_on_the_winning_side() -> None:
    own = [one for one in FEATURES if one.story == "customer_requests"][:3]
    told = reasons(own, np.array([1.0, 2.0, 3.0]), np.array([0.4, 0.9, -0.2]), "CNY")
    (reason,) = told
    assert reason["contribution"] == pytest.approx(1.1)
    assert (reason["feature"], reason["value"]) == (own[1].name, 2)
    lowered = reasons(own, np.array([1.0, 2.0, 3.0]), np.array([0.4, 0.9, -2.0]), "CNY")
    assert (lowered[0]["effect"], lowered[0]["feature"]) == ("lowers", own[2].name)


def test_features_without_a_contribution_are_no_reason() -> None:
    assert reasons(FEATURES, np.zeros(len(FEATURES)), np.zeros(len(FEATURES)), "CNY") == []


@pytest.mark.parametrize(
    ("name", "value", "en", "zh"),
    [
        ("customer_returns_bad", 1, "1 earlier return was not what was sent",
         "此前1次退货与寄出不符"),
        ("customer_returns_bad", 2, "2 earlier returns were not what was sent",
         "此前2次退货与寄出不符"),
        ("customer_burst", 1, "1 other order of the same day was asked back too",
         "同一天下单的另外1笔订单也申请了退款"),
        ("customer_orders_7d", 0, "No other orders by this customer in 7 days",
         "该客户7天内没有其他订单"),
        ("customer_orders_7d", 1234, "1,234 other orders by this customer in 7 days",
         "该客户7天内另有1,234笔订单"),
        ("proof_declined", 1, "Proof was asked for and declined once", "1次被要求举证而未提供"),
        ("proof_declined", 3, "Proof was asked for and declined 3 times", "3次被要求举证而未提供"),
        ("customer_photos", 1, "The customer gave 1 photo", "客户提供了1份照片"),
        ("account_age_days", 1, "The account is 1 day old", "账号注册1天"),
        ("account_age_days", 1.5, "The account is 1.5 days old", "账号注册1.5天"),
        ("account_age_days", 703.4, "The account is 703 days old", "账号注册703天"),
        ("account_age_days", NAN, "The account is an unknown number of days old",
         "账号注册多少天：未知"),
        ("hours_delivery_to_request", NAN, "Asked an unknown number of hours after the delivery",
         "签收多少小时后申请：未知"),
        ("hours_delivery_to_request", 5, "Asked 5 hours after the delivery", "签收5小时后申请"),
        ("hours_delivery_to_request", 48.5, "Asked 48 hours after the delivery",
         "签收48小时后申请"),
        ("hours_delivery_to_request", 120, "Asked 5 days after the delivery", "签收5天后申请"),
        ("hours_delivery_to_request", -1, "Asked 1 hour before the delivery", "签收前1小时申请"),
        ("hours_delivery_to_request", -96, "Asked 4 days before the delivery", "签收前4天申请"),
        ("hours_to_deliver", -2.5, "Delivered 2.5 hours before the order", "下单前2.5小时送达"),
        ("asked_of_order", 1, "100% of the order's price is asked back", "申请金额占订单的100%"),
        ("asked_of_order", NAN, "An unknown share of the order's price is asked back",
         "申请金额占订单的多少：未知"),
        ("return_weight_ratio", 0.25, "The return weighs 0.25 times what was sent",
         "退货重量是发货重量的0.25倍"),
        ("return_weight_ratio", NAN, "The return weighs an unknown multiple of what was sent",
         "退货重量是发货重量的多少倍：未知"),
        ("customer_refund_share_30d", 0.333, "33% of this customer's orders were asked back "
         "in 30 days", "该客户30天内订单的退款申请占比33%"),
        ("address_requests_each", 0.4, "0.40 requests a head among others with this address",
         "该地址的其他客户人均申请0.40次"),
        ("amount", 349, "349.00 CNY is asked for", "申请金额349.00 CNY"),
        ("dearest_line", NAN, "Its dearest line cost an unknown amount",
         "最贵的一行金额多少：未知"),
        ("order_hour", 13.5, "Ordered at 13:30 UTC", "下单时间为UTC 13:30"),
        ("order_hour", NAN, "Ordered at an unknown hour", "下单时间为几时：未知"),
        ("text_specificity", NAN, "The wording is specific to an unknown degree",
         "理由具体程度如何：未知"),
        ("parcel_signed", 2, "Signed for by the customer", "由客户本人签收"),
        ("parcel_signed", 0, "Not signed for by the customer", "不是由客户本人签收"),
        ("customer_photos", 0, "The customer gave no photos", "客户没有提供照片"),
        ("proof_declined", 0, "No request for proof was declined", "没有拒绝过举证要求"),
        ("merchant_faults_90d", 0, "Neither the shop nor its courier was found at fault in 90 days",
         "该店铺90天内没有被认定商家或快递责任"),
        ("customer_money_asked_30d", 0, "Nothing asked back by this customer in 30 days",
         "该客户30天内没有申请退款"),
        ("order_money", 0, "The order cost 0.00 CNY", "订单金额0.00 CNY"),
        ("courier_missing_7d", 0, "No others missed goods with this courier in 7 days",
         "7天内该快递没有其他人称未收到或少件"),
        ("ring_new_customers", 0, "No linked customers came within 30 days",
         "30天内没有新增关联客户"),
        ("no_reason_right", NAN, "The article may be returned without a reason: unknown",
         "商品支持七天无理由：未知"),
        ("reason_late", 1, "The reason given is: late", "申请原因：延迟送达"),
        ("reason_late", 0, "The reason given is not: late", "申请原因不是：延迟送达"),
        ("type_repair", 0, "Not asked for: repair", "申请类型不是：维修"),
    ],
)  # fmt: skip
def test_a_sentence_reads_as_a_person_would_say_it(
    name: str, value: float, en: str, zh: str
) -> None:
    assert sentence(feature(name), value, "CNY") == {"en": en, "zh": zh}


@pytest.mark.parametrize(("epoch_day", "weekday"), [(0, 4), (1, 5), (3, 7), (4, 1)])
def test_weekdays_count_from_monday(epoch_day: int, weekday: int) -> None:
    told = sentence(feature("order_weekday"), epoch_day % 7)
    assert told["en"] == f"Ordered on day {weekday} of the week"


@pytest.mark.parametrize("one", FEATURES, ids=lambda one: one.name)
def test_every_feature_speaks_for_every_value(one: Feature) -> None:
    for value in (NAN, 0.0, 1.0, 0.37, 2.0, 12.0, 4321.0, -1.0, -7.25, -400.0):
        told = sentence(one, value, "CNY")
        assert set(told) == {"en", "zh"}
        for text in told.values():
            assert text == text.strip()
            assert not re.search(r"[{}]|nan|of of|  |^[a-z]|: no$|：否$|没有.*没有", text)
    unknown, single = sentence(one, NAN), sentence(one, 1.0)
    assert re.search(r"\bunknown\b", unknown["en"])
    assert "未知" in unknown["zh"]
    noun = re.search(rf"\b1 (?:(?:{ADJECTIVES}) )*([a-z]+)\b", single["en"])
    assert noun is None or not noun.group(1).endswith("s")
    assert not re.search(r"\b1 \w+ (were|are)\b", single["en"])


def test_a_reason_may_be_changed_without_changing_the_next_one() -> None:
    for value in (NAN, 0.0, 1.0, 5.0):
        first = sentence(feature("customer_orders_7d"), value)
        kept = dict(first)
        first["en"] = "spoilt"
        assert sentence(feature("customer_orders_7d"), value) == kept
