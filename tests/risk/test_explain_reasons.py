"""Reasons add up to the score, and say nothing twice."""

from __future__ import annotations

import math

import hypothesis.strategies as st
import numpy as np
import orjson
import pytest
from hypothesis import given

from risk.explain import ReasonBuilder, is_remainder, sentence
from risk.explain.absences import absent_among
from risk.explain.remainders import SMALLEST
from risk.explain.spoken import is_spoken
from risk.features.catalog import feature
from risk.features.spec import Feature
from risk.features.subjects import SUBJECTS
from tests.risk.reason_values import FEATURES, NAN, rows


def counted_at(values: list[float], features: tuple[Feature, ...], one: Feature) -> float | None:
    """The value of the feature that counts what a share is a part of."""
    whole = one.measures[1] if one.is_share else None
    for at, other in enumerate(features):
        if other.formula == "copy" and other.measures[0] == whole:
            return values[at]
    return None


@given(rows(60), st.integers(0, 3))
def test_contributions_of_reasons_are_those_of_features(
    drawn: tuple[list[float], list[float]], start: int
) -> None:
    weights, values = drawn
    some = FEATURES[start::4][:60]
    builder = ReasonBuilder(some)
    answered = builder.reasons(np.array(values), np.array(weights), "CNY")
    every = builder.every(np.array(values), np.array(weights), "CNY")
    for told in (answered, every):
        total = math.fsum(reason["contribution"] for reason in told)
        assert total == pytest.approx(math.fsum(weights), abs=1e-9)
    told = [reason for reason in answered if not is_remainder(reason)]
    weighs = [abs(reason["contribution"]) >= SMALLEST for reason in told]
    ranked = [
        (not (heavy and is_spoken(reason)), -abs(reason["contribution"]))
        for heavy, reason in zip(weighs, told, strict=True)
    ]
    assert ranked == sorted(ranked), "what a person would say first, the strongest of it first"
    assert len(told) <= 12
    assert len({reason["code"] for reason in answered}) == len(answered)
    families = [reason["family"] for reason in answered if is_remainder(reason)]
    assert len(set(families)) == len(families)
    contributions = {reason["code"]: reason["contribution"] for reason in every}
    for reason in told:
        assert reason["effect"] == ("raises" if reason["contribution"] > 0 else "lowers")
        assert contributions[reason["code"]] == reason["contribution"]
        speaker = feature(reason["feature"])
        value = values[some.index(speaker)]
        assert reason["family"] == speaker.family
        assert reason["text"] == sentence(speaker, value, "CNY", counted_at(values, some, speaker))


def test_the_three_strongest_of_each_side_are_stated() -> None:
    some = [one for one in FEATURES if one.name.startswith("reason_")]
    some += [one for one in FEATURES if one.name.startswith("type_")]
    weights = np.array([1.0 + i / 100 for i in range(len(some))])
    weights[:4] = [-0.1, -0.2, -0.3, -0.4]
    told = ReasonBuilder(some).reasons(np.ones(len(some)), weights, "CNY")
    lowering = [one["contribution"] for one in told if one["contribution"] < 0]
    assert lowering[:3] == [-0.4, -0.3, -0.2]
    assert sum(not is_remainder(one) for one in told) == 12
    (rest, *_) = [one for one in told if is_remainder(one)]
    assert (rest["feature"], rest["value"]) == (None, None)


def test_nothing_is_stated_of_a_customer_whom_nobody_knows() -> None:
    offered = [one for one in FEATURES if not one.retired]
    weights, values = np.linspace(1, 2, len(offered)), np.full(len(offered), 2.0)
    builder = ReasonBuilder(offered)
    for unknown in ((), tuple(SUBJECTS)):
        told = builder.reasons(values, weights, "CNY", unknown)
        every = builder.every(values, weights, "CNY", unknown)
        said = " ".join(one["text"]["en"] for one in (*told, *every))
        assert ("this customer" in said) is not bool(unknown)
        assert math.fsum(one["contribution"] for one in told) == pytest.approx(weights.sum())
        written = builder.reasons_json(values, weights, "CNY", unknown)
        assert orjson.loads(written) == told


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
    builder = ReasonBuilder(own)
    told = builder.reasons(np.array([1.0, 2.0, 3.0]), np.array([0.4, 0.9, -0.2]), "CNY")
    (reason,) = told
    assert reason["contribution"] == pytest.approx(1.1)
    assert (reason["feature"], reason["value"]) == (own[1].name, 2)
    lowered = builder.reasons(np.array([1.0, 2.0, 3.0]), np.array([0.4, 0.9, -2.0]), "CNY")
    assert (lowered[0]["effect"], lowered[0]["feature"]) == ("lowers", own[2].name)
    unknown = builder.reasons(np.array([1.0, NAN, 3.0]), np.array([0.4, 0.9, -0.2]), "CNY")
    assert (unknown[0]["feature"], unknown[0]["contribution"]) == (
        own[0].name,
        told[0]["contribution"],
    )


def test_features_without_a_contribution_are_no_reason() -> None:
    builder, nothing = ReasonBuilder(FEATURES), np.zeros(len(FEATURES))
    assert builder.reasons(nothing, nothing, "CNY") == builder.every(nothing, nothing, "CNY") == []


def test_a_reason_may_be_changed_without_changing_the_next_one() -> None:
    for value in (0.0, 1.0, 5.0):
        first = sentence(feature("customer_orders_7d"), value)
        assert first is not None
        kept = dict(first)
        first["en"] = "spoilt"
        assert sentence(feature("customer_orders_7d"), value) == kept


def test_a_share_says_how_many_it_counts() -> None:
    share = feature("customer_unproven_share")
    whole = next(
        one for one in FEATURES if one.formula == "copy" and one.measures[0] == share.measures[1]
    )
    prior, size = share.params
    for part in (0, 3):
        values = np.array([(part + prior) / (12 + size), 12.0])
        told = ReasonBuilder([share, whole]).every(values, np.array([1.0, 0.1]), "CNY")
        [reason] = [one for one in told if one["feature"] == share.name]
        assert reason["counted"] == part
        assert is_spoken(reason) is bool(part), "none of twelve is no reason against anybody"
        del reason["counted"]
        assert is_spoken(reason) is bool(part), "earlier releases said it in words alone"


@pytest.mark.parametrize(
    ("absent", "among"),
    [
        ("customer_requests_90d", ["customer_orders_90d"]),
        ("payment_requests_30d", ["payment_customers"]),
        ("ring_requests", ["ring_customers"]),
        ("parcel_signed", ["parcel_delivered", "reason_not_received"]),
        ("device_new_customers_30d", ["device_customers"]),
        ("ring_money_30d", ["ring_customers"]),
        ("missing_but_signed", ["parcel_delivered"]),
        ("own_missing_but_signed", ["parcel_delivered"]),
        ("refund_only_just_under", ["amount"]),
        ("reason_late", ["reason_damaged"]),
    ],
)
def test_that_there_is_none_is_stated_only_among_what_is_there(
    absent: str, among: list[str]
) -> None:
    """As a favour, where it is evidence; never against anybody; else it is in the remainder."""
    some = [feature(name) for name in (absent, *among)]
    says = absent_among(absent) == tuple(among)
    for there in (0.0, 4.0):
        for weight in (-0.5, 0.5):
            values, weights = np.array([0.0, *[there] * len(among)]), np.zeros(len(some))
            weights[0] = weight
            told = ReasonBuilder(some).reasons(values, weights, "CNY")
            assert math.fsum(one["contribution"] for one in told) == weight
            stated = [one for one in told if not is_remainder(one)]
            assert bool(stated) is (says and there > 0 and weight < 0), (absent, there, weight)
            assert all(is_spoken(one) for one in stated)
            builder = ReasonBuilder(some)
            assert orjson.loads(builder.reasons_json(values, weights, "CNY")) == told


def test_a_contradiction_that_is_none_is_not_stated() -> None:
    some = [feature("missing_but_signed"), feature("parcel_signed")]
    for signed in (0.0, 1.0):
        told = ReasonBuilder(some).reasons(np.array([1.0, signed]), np.array([1.4, 0.0]), "CNY")
        assert is_remainder(told[0]) is not bool(signed), "another parcel of the order was signed"
