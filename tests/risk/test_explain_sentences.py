"""A reason reads as a person would say it, and only what can be counted is told."""

from __future__ import annotations

import math
import re
from typing import Any

import hypothesis.strategies as st
import numpy as np
import orjson
import pytest
from hypothesis import given

from risk.explain import ReasonBuilder, is_remainder, sentence
from risk.features.catalog import feature
from risk.features.spec import Feature
from risk.features.subjects import SUBJECTS, speaks_of, unknown_subjects
from tests.risk.reason_values import FEATURES, NAN, VALUES, rows

ADJECTIVES = "other|earlier|honest|different|refund|refund-only|tracking|delivery|linked"


@pytest.mark.parametrize(
    ("name", "value", "en", "zh"),
    [
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
        ("hours_delivery_to_request", 5, "Asked 5 hours after the delivery", "签收5小时后申请"),
        ("hours_delivery_to_request", 48.5, "Asked 48 hours after the delivery",
         "签收48小时后申请"),
        ("hours_delivery_to_request", 120, "Asked 5 days after the delivery", "签收5天后申请"),
        ("hours_delivery_to_request", -1, "Asked 1 hour before the delivery", "签收前1小时申请"),
        ("hours_delivery_to_request", -96, "Asked 4 days before the delivery", "签收前4天申请"),
        ("hours_to_deliver", -2.5, "Delivered 2.5 hours before the order", "下单前2.5小时送达"),
        ("asked_of_order", 1, "100% of the order's price is asked back", "申请金额占订单的100%"),
        ("return_weight_ratio", 0.25, "The return weighs 0.25 times what was sent",
         "退货重量是发货重量的0.25倍"),
        ("own_return_weight_ratio", 0.25, "The return weighs 0.25 times what was sent",
         "退货重量是发货重量的0.25倍"),
        ("own_missing_but_signed", 1, "The customer says that it did not come; by the courier's "
         "record the customer received it", "客户称未收到，但快递有本人签收记录"),
        ("own_missing_but_delivered", 2, "Said not to have come, yet delivered",
         "称未收到，但物流显示已签收"),
        ("own_denied_but_delivered", 1, "The customer says nothing came, yet it was delivered",
         "客户表示未收到货，但物流显示已签收"),
        ("amount", 349, "349.00 CNY is asked for", "申请金额349.00 CNY"),
        ("order_hour", 13.5, "Ordered at 13:30 UTC", "下单时间为UTC 13:30"),
        ("parcel_signed", 2, "Handed to the customer, by the courier's record", "由客户本人签收"),
        ("parcel_signed", 0, "Handed to somebody else, by the courier's record",
         "不是由客户本人签收"),
        ("customer_photos", 0, "The customer gave no photos", "客户没有提供照片"),
        ("merchant_faults_90d", 0, "Neither the shop nor its courier was found at fault in 90 days",
         "该店铺90天内没有被认定商家或快递责任"),
        ("customer_money_asked_30d", 0, "0.00 CNY asked back by this customer in 30 days",
         "该客户30天内申请退款共0.00 CNY"),
        ("customer_returns_bad", 1, "1 earlier return was not as sent",
         "此前1次退货与寄出不符，或已使用、损坏"),
        ("customer_returns_bad", 2, "2 earlier returns were not as sent",
         "此前2次退货与寄出不符，或已使用、损坏"),
        ("money_a_line", 900, "900.00 CNY a line of the order", "订单平均每行900.00 CNY"),
        ("text_specificity", 713, "The wording says what happened, where or when",
         "理由写明了情况、部位或时间"),
        ("text_hedging", 0, "The wording is hardly hedged", "措辞基本不含糊"),
        ("courier_missing_7d", 0, "No others missed goods with this courier in 7 days",
         "7天内该快递没有其他人称未收到或少件"),
        ("ring_new_customers", 0, "No linked customers came within 30 days",
         "30天内没有新增关联客户"),
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
    assert told is not None
    assert told["en"] == f"Ordered on day {weekday} of the week"


@pytest.mark.parametrize(
    ("name", "part", "whole", "en", "zh"),
    [
        ("customer_refund_only_share_90d", 3, 12,
         "Refund-only among this customer's other requests in 90 days: 3 of 12",
         "该客户90天内的其他12次申请中，仅退款3次"),
        ("customer_refund_share_90d", 0, 1,
         "Other orders of this customer asked back in 90 days: 0, placed: 1",
         "该客户90天内没有订单申请退款，另下单1笔"),
        ("customer_money_share_365d", 59.9, 1200,
         "Asked back by this customer in 365 days: 59.90 CNY, spent: 1,200.00 CNY",
         "该客户365天内另申请退款59.90 CNY，另消费1,200.00 CNY"),
        ("customer_unproven_orders_share", 0, 7,
         "7 other orders of this customer, no doubtful refund-only request",
         "该客户另下单7笔，没有存疑的仅退款申请"),
        ("customer_unproven_orders_share", 2, 7,
         "Other orders with a refund-only request for goods received, unconfirmed: 2; placed: 7",
         "该客户另下单7笔，其中已收到货而申请仅退款且未经核实属实2笔"),
        ("ring_abuser_share", 3, 3, "Linked customers who were found abusing: 3 of 3",
         "3位关联客户中，3位被认定滥用"),
    ],
)  # fmt: skip
def test_a_share_is_given_by_its_counts(
    name: str, part: float, whole: float, en: str, zh: str
) -> None:
    share = feature(name)
    unit = 10_000 if share.measures[1].aggregate == "sum" else 1
    prior, size = share.params
    value = (part * unit + prior) / (whole * unit + size)
    assert sentence(share, value, "CNY", whole) == {"en": en, "zh": zh}


@given(st.data())
def test_every_sentence_is_a_fact_that_can_be_counted(data: st.DataObject) -> None:
    one = data.draw(st.sampled_from(FEATURES))
    value = data.draw(st.one_of(VALUES, st.floats(0, 1), st.just(one.cold_start)))
    counting = any(f.formula == "copy" and f.measures[0] == one.measures[-1] for f in FEATURES)
    whole = data.draw(st.one_of(st.none(), st.just(NAN), st.integers(0, 40).map(float)))
    told = sentence(one, value, "CNY", whole if counting else None)
    if math.isnan(value) or (one.formula == "share" and (not counting or whole in (None, 0))):
        assert told is None, "nothing is known"
    if told is None:
        return
    for text in told.values():
        assert text == text.strip()
        assert not re.search(
            r"[{}]|nan|of of|  |^[a-z]|: no$|：否$|没有.*没有|unknown|未知|of 1000|/1000", text
        )
    if one.unit == "money":
        assert "CNY" in told["en"], "an amount has its currency"
    if one.formula == "share":
        assert "%" not in told["en"], "no smoothed share"


@pytest.mark.parametrize("one", FEATURES, ids=lambda one: one.name)
def test_every_feature_that_counts_has_a_sentence(one: Feature) -> None:
    single = sentence(one, 1.0, "CNY")
    if one.is_share or one.unit == "points":
        assert single is None or one.unit == "points"
        return
    assert single is not None
    noun = re.search(rf"\b1 (?:(?:{ADJECTIVES}) )*([a-z]+)\b", single["en"])
    assert noun is None or not noun.group(1).endswith("s")
    assert not re.search(r"\b1 \w+ (were|are)\b", single["en"])


@pytest.mark.parametrize(
    "name",
    [
        "inspected_good", "inspected_bad", "inspected_incomplete", "customer_returns_good",
        "return_arrived", "own_return_arrived", "photo_seen_elsewhere", "proof_declined",
        "customer_honest", "ring_honest", "complaint_before_delivery",
        "own_complaint_before_delivery", "order_pieces", "order_articles", "order_lines",
        "order_money", "tracking_orders", "tracking_customers",
    ],
)  # fmt: skip
def test_nothing_is_concluded_from_what_was_never_examined(name: str) -> None:
    assert sentence(feature(name), 0.0, "CNY") is None


@given(rows(60), st.integers(0, 3), st.sets(st.sampled_from(sorted(SUBJECTS))))
def test_nothing_is_said_of_whom_nobody_named(
    drawn: tuple[list[float], list[float]], start: int, unknown: set[str]
) -> None:
    weights, values = np.array(drawn[0]), np.array(drawn[1])
    builder = ReasonBuilder(FEATURES[start::4][:60])
    answered = builder.reasons(values, weights, "CNY", unknown)
    assert orjson.loads(builder.reasons_json(values, weights, "CNY", unknown)) == answered
    assert math.fsum(one["contribution"] for one in answered) == pytest.approx(
        math.fsum(drawn[0]), abs=1e-9
    )
    for one in answered:
        if not is_remainder(one):
            assert speaks_of(feature(one["feature"])).isdisjoint(unknown)
    for one in builder.every(values, weights, "CNY", unknown):
        if not speaks_of(feature(one["feature"])).isdisjoint(unknown):
            assert one["text"]["en"] == "Nothing known here that can be counted"


BARE = {"customer_id": "C-1", "text_length": 0, "currency": "CNY"}


@pytest.mark.parametrize(
    ("named", "told", "untold"),
    [
        ({}, "customer_orders_365d", "customer_same_merchant_365d"),
        ({}, "customer_requests_30d", "sku_faults_30d"),
        ({}, "order_requests", "courier_missing_7d"),
        ({}, "customer_photos", "parcel_signed"),
        ({}, "amount", "ring_customers"),
        ({}, "type_repair", "sold_live"),
        ({}, "reason_late", "text_agitated"),
        ({"claims_received": 0}, "text_contradictions", "text_hedging"),
        ({}, "reason_late", "text_contradictions"),
        ({"merchant_id": "M-1"}, "customer_same_merchant_365d", "customer_same_category_365d"),
        ({"sku": "S-1", "text_length": 9}, "sku_faults_30d", "other_device"),
        ({"device": 7, "channel": "shop"}, "ring_customers", "payment_customers"),
    ],
)
def test_a_reason_is_told_where_what_it_speaks_of_is_known(
    named: dict[str, Any], told: str, untold: str
) -> None:
    unknown = unknown_subjects({**BARE, **named}, ())
    assert speaks_of(feature(told)).isdisjoint(unknown)
    assert not speaks_of(feature(untold)).isdisjoint(unknown)


def test_a_courier_is_known_by_the_parcels() -> None:
    assert {"parcels", "courier"} <= {*unknown_subjects(BARE, ())}
    assert "parcels" not in unknown_subjects(BARE, (None,))
    assert "courier" not in unknown_subjects(BARE, (None, "SF"))
