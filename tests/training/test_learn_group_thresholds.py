"""Thresholds of groups: against a naive count, in a decision, and in the promise of a training."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from risk.decisions.champion import thresholds_of
from risk.decisions.honest_groups import FAMILY_DAYS, NEW_DAYS, READ, SHARED, honest_groups
from risk.facts.units import DAY_MS
from risk.features.ring import MAX_SHARED
from risk.model import Bundle
from risk.policy import Situation, Thresholds, ask_floor, bar, decide, parse_stored
from tests.risk.policy_cases import POLICY, case, probabilities, situations
from training.judge.promise_words import promise_sentences
from training.learn.expected_share import NotFoundAbusive, group_thresholds
from training.learn.fit import with_promise
from training.learn.lives import group_floors, groups_in, held_to
from training.learn.promise import NO_THRESHOLD, Promise

UNKNOWN = dict.fromkeys(READ, float("nan")) | {"ring_customers": 0.0}
GROUPS = ("household", "newcomer", "crowd")
chances = st.floats(0.001, 0.999)
of_groups = st.dictionaries(st.sampled_from(GROUPS), probabilities)


def seen_of(made: list[tuple[float, bool]]) -> NotFoundAbusive:
    probability = np.array([chance for chance, _ in made])
    members = {"household": np.array([inside for _, inside in made])}
    at = np.arange(len(made)) * DAY_MS
    return NotFoundAbusive(at, probability, 1 - probability, members)


def naive(made: list[tuple[float, bool]], threshold: float) -> float:
    """One request after another: the lowest threshold of the group from the highest down."""
    allowed = sum(1 - p for p, _ in made if p >= threshold) / sum(1 - p for p, _ in made)
    group = [p for p, inside in made if inside]
    found = NO_THRESHOLD
    for at in sorted(set(group), reverse=True):
        if sum(1 - p for p in group if p >= at) / sum(1 - p for p in group) > allowed + 1e-12:
            break
        found = at
    return max(found, threshold)


@given(st.lists(st.tuples(chances, st.booleans()), min_size=1, max_size=40), chances)
def test_it_is_what_one_finds_by_counting(made: list[tuple[float, bool]], at: float) -> None:
    found = group_thresholds(seen_of(made), at)
    if any(inside for _, inside in made):
        assert found == {"household": pytest.approx(naive(made, at))}
    else:
        assert found == {}


def test_a_group_that_looks_odd_more_often_is_asked_from_higher_on() -> None:
    rng = np.random.default_rng(4)
    usual, odd = rng.beta(1, 20, 4_000), rng.beta(2, 12, 1_000)
    made = [*((p, False) for p in usual), *((p, True) for p in odd)]
    seen = seen_of([made[at] for at in rng.permutation(len(made))])
    base = 0.2
    found = group_thresholds(seen, base)
    assert found["household"] > base
    held = seen.held_to(found)
    family = seen.groups["household"]
    reach = held.reaching(base) & family
    share = seen.honest[reach].sum() / seen.honest[family].sum()
    assert share <= seen.expected(base)


@given(situations, probabilities, of_groups, st.sets(st.sampled_from(GROUPS)))
def test_a_case_is_asked_from_the_highest_threshold_it_belongs_to(
    known: Situation, at: float, of_group: dict[str, float], groups: set[str]
) -> None:
    case_at = replace(known, groups=tuple(sorted(groups)), audit_draw=1.0)
    thresholds = Thresholds(at, None, None, of_group)
    floor = max([0.0, *(of_group.get(name, 0.0) for name in groups)])
    assert ask_floor(POLICY, thresholds, groups) == max(POLICY.caps.ask_above, at, floor)
    ruling = decide(POLICY, case_at, thresholds)
    bars = pd.DataFrame([bar(POLICY, case_at, case_at.probability)])
    found = held_to(bars, np.array([floor])).iloc[0]
    assert ruling.bothers is bool(found["bothered"] > 0 and at <= found["bothered"])
    assert (ruling.tier != "approve") is bool(found["held"] > 0 and at <= found["held"])


@given(probabilities, of_groups, st.floats(0, 2000), st.floats(0, 2000))
def test_sharing_longer_never_lowers_the_threshold(
    at: float, of_group: dict[str, float], days: float, longer: float
) -> None:
    def floor(shared: float) -> float:
        mine = UNKNOWN | {"phone_newest_days": shared, "ring_customers": 1.0}
        groups = [name for name, of in honest_groups(mine).items() if of]
        return ask_floor(POLICY, Thresholds(at, None, None, of_group), groups)

    assert floor(days) <= floor(days + longer)
    assert floor(float("nan")) <= floor(days)


@pytest.mark.parametrize("thing", SHARED)
def test_who_has_shared_for_long_is_a_household(thing: str) -> None:
    def groups(**known: float) -> list[str]:
        return [name for name, of in honest_groups(UNKNOWN | known).items() if of]

    linked = {"ring_customers": 1.0}
    assert groups(**{thing: FAMILY_DAYS}, **linked) == ["household"]
    assert groups(**{thing: FAMILY_DAYS - 1}, **linked) == []
    other = next(name for name in SHARED if name != thing)
    assert groups(**{thing: FAMILY_DAYS, other: 3.0}, **linked) == [], "somebody new shares"
    assert groups(**{thing: FAMILY_DAYS}) == [], "a crowd shares it, which links nobody"
    assert groups(**{thing: 3.0}, account_age_days=3.0) == [], "and neither is new by themselves"
    assert groups(account_age_days=3.0) == ["newcomer"]
    assert groups(account_age_days=3.0, days_since_first_order=NEW_DAYS) == []
    assert groups(account_age_days=3.0, ring_customers=1.0) == []
    assert groups() == []


@pytest.mark.parametrize("thing", [*SHARED, "device_newest_days"])
def test_who_shares_nothing_but_where_many_live_is_of_a_crowd(thing: str) -> None:
    def groups(**known: float) -> list[str]:
        return [name for name, of in honest_groups(UNKNOWN | known).items() if of]

    assert groups(address_customers=MAX_SHARED) == ["crowd"]
    assert groups(address_customers=MAX_SHARED - 1) == []
    assert groups(address_customers=MAX_SHARED, **{thing: 3.0}) == []


def test_rows_of_a_frame_belong_to_the_groups_of_their_cases() -> None:
    rng = np.random.default_rng(2)
    rows = [
        {name: rng.choice([np.nan, 0.0, 1.0, 20.0, 149.9, 150.0, 400.0]) for name in READ}
        | (dict.fromkeys(SHARED, np.nan) if rng.random() < 0.5 else {})
        for _ in range(300)
    ]
    frame = pd.DataFrame(rows)
    of_group = {"household": 0.7, "newcomer": 0.4, "crowd": 0.5}
    floors = [
        max([0.0, *(of_group[name] for name, of in honest_groups(row).items() if of)])
        for row in rows
    ]
    assert group_floors(of_group, frame).tolist() == floors
    assert len(set(floors)) == 4
    assert groups_in(frame[list(READ[1:])]) == {}
    assert group_floors(of_group, frame[list(READ[1:])]).tolist() == [0.0] * 300


def test_a_row_without_a_bar_keeps_none_and_rules_bother_whatever_the_group() -> None:
    bars = pd.DataFrame({"bothered": [np.nan, 1.0, 0.5, 0.5], "held": [np.nan, 1.0, 1.0, 0.5],
                         "rule": None})  # fmt: skip
    found = held_to(bars, np.array([0.9, 0.9, 0.9, 0.4]))
    assert found["bothered"].isna().tolist() == [True, False, False, False]
    assert found["bothered"].tolist()[1:] == [1.0, 0.0, 0.5]
    assert found["held"].tolist()[1:] == [1.0, 1.0, 0.5]


def test_what_is_named_is_the_threshold_of_the_group() -> None:
    thresholds = Thresholds(0.2, None, None, {"household": 0.8})
    paid = decide(POLICY, case(0.5, 5000.0, groups=("household",)), thresholds)
    assert (paid.tier, paid.why.id) == ("approve", "cap_group")
    assert "0.80" in paid.why.text["en"]
    assert "0.80" in paid.why.text["zh"]
    assert decide(POLICY, case(0.5, 5000.0), thresholds).tier == "request_evidence"
    low = decide(POLICY, case(0.15, 5000.0, groups=("household",)), thresholds)
    assert low.why.id == "cap_ask"
    sure = decide(POLICY, case(0.9, 5000.0, groups=("household",)), thresholds)
    assert sure.tier != "approve"


def test_a_policy_without_the_words_says_what_it_said() -> None:
    content = json.loads(POLICY.canonical)
    del content["wording"]["why"]["cap_group"]
    stored = parse_stored(json.dumps(content))
    thresholds = Thresholds(0.2, None, None, {"household": 0.8})
    told = decide(stored, case(0.5, 5000.0, groups=("household",)), thresholds)
    assert (told.tier, told.why.id) == ("approve", "cap_ask")


def test_a_bundle_keeps_them_and_one_without_asks_as_before() -> None:
    made = Promise(0.3, 0.05, 0.975, 0.02, 0.04, 400, 300.0, of_group={"household": 0.9})
    bundle = with_promise(Bundle({}, {}, {}, {}), made)
    assert bundle.thresholds == {"ask_above_group_household": 0.9, "ask_above": 0.3}
    assert bundle.asks_from == 0.3
    found = thresholds_of(bundle)
    assert found is not None
    assert ask_floor(POLICY, found, ("household",)) == 0.9
    assert ask_floor(POLICY, found, ("newcomer",)) == ask_floor(POLICY, found) == 0.3
    assert "household 0.900" in " ".join(promise_sentences(made))
    before = thresholds_of(Bundle({}, {}, {"ask_above": 0.3}, {}))
    assert ask_floor(POLICY, before, GROUPS) == 0.3
