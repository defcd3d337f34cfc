"""The small parts of the made marketplace, against the obvious way of doing the same."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from risk.facts.units import DAY_MS, HOUR_MS
from training.simulate.contract_files import money
from training.simulate.identities import scrambled_ids
from training.simulate.legacy_rules import earlier_requests
from training.simulate.parameters import WorldSettings
from training.simulate.random_draws import (
    Dice,
    hash_ints,
    sample_exactly,
    stream_generator,
    weighted_choice,
)
from training.simulate.seasons import ABROAD, Calendar, next_daytime
from training.simulate.world import block_quotas


@given(st.lists(st.integers(0, (1 << 62)), min_size=1, max_size=50, unique=True))
def test_scrambled_numbers_are_distinct_small_and_the_same_again(numbers: list[int]) -> None:
    values = np.array(numbers, dtype=np.int64)
    scrambled = hash_ints(values, 7)
    assert len(set(scrambled.tolist())) == len(numbers)
    assert scrambled.min() >= 0
    assert scrambled.max() < 1 << 48
    assert (scrambled == hash_ints(values, 7)).all()
    assert not (scrambled == hash_ints(values, 8)).any()


@given(
    st.lists(st.sampled_from((0.0, 0.001, 1.0, 50.0)), min_size=1, max_size=60),
    st.integers(0, 70),
    st.integers(0, 1000),
)
def test_chosen_takes_exactly_so_many_and_never_the_impossible(
    weights: list[float], count: int, seed: int
) -> None:
    table = np.array(weights)
    rows = sample_exactly(stream_generator(seed), table, count)
    assert len(rows) == min(count, int((table > 0).sum()))
    assert len(set(rows.tolist())) == len(rows)
    assert (table[rows] > 0).all()


def test_weights_are_kept_to() -> None:
    drawn = weighted_choice(stream_generator(1), [1.0, 0.0, 3.0], 20_000)
    assert np.bincount(drawn, minlength=3)[1] == 0
    assert (drawn == 2).mean() == pytest.approx(0.75, abs=0.02)
    heavy = [
        0 in sample_exactly(stream_generator(seed), np.array([9.0, 1.0, 1.0]), 1)
        for seed in range(800)
    ]
    assert np.mean(heavy) == pytest.approx(9 / 11, abs=0.05)


def test_dice_are_even() -> None:
    dice = Dice(99)
    faces = np.bincount([dice.below(6) for _ in range(12_000)])
    assert faces.min() > 1_800
    assert np.mean([dice.chance(0.2) for _ in range(5_000)]) == pytest.approx(0.2, abs=0.03)


@given(
    st.lists(
        st.tuples(st.integers(0, 4), st.integers(0, 40)), min_size=1, max_size=60, unique=True
    ),
    st.integers(1, 30),
)
def test_earlier_requests_are_counted_as_one_would_by_hand(
    rows: list[tuple[int, int]], window: int
) -> None:
    frame = pd.DataFrame(rows, columns=["who", "requested"])
    by_hand = [
        sum(w == who and moment - window <= m < moment for w, m in rows) for who, moment in rows
    ]
    assert earlier_requests(frame, window).tolist() == by_hand


@given(st.lists(st.integers(-1, 10**13), min_size=1, max_size=30))
def test_money_is_exact(cents: list[int]) -> None:
    written = money(np.array(cents, dtype=np.int64)).to_pylist()
    for amount, value in zip(written, cents, strict=True):
        assert amount is None if value < 0 else int(amount * 100) == value


@given(st.integers(0, 1 << 39), st.integers(1, 500))
def test_ids_are_distinct_and_do_not_count_up(start: int, count: int) -> None:
    ids = scrambled_ids("R", np.arange(start, start + count), 0x9E3779B97)
    assert len(set(ids)) == count
    assert {len(name) for name in ids} == {14}


def test_purchases_follow_the_opening_of_the_account_and_the_season() -> None:
    settings = WorldSettings()
    calendar = Calendar(settings)
    since = np.repeat(settings.start_ms + np.arange(0, settings.days) * DAY_MS, 40)
    moments = calendar.draw(stream_generator(5), since, np.zeros(len(since), dtype=bool))
    assert (moments > since).all()
    assert (moments < settings.end_ms).mean() > 0.999
    busy = calendar.rush(np.array([settings.start_ms + 255 * DAY_MS]))[0]
    assert busy == pytest.approx(3.4 * 0.95)


@given(st.integers(0, 10_000), st.booleans())
def test_daytime_puts_off_to_local_hours_and_never_forward(seed: int, abroad: bool) -> None:
    moments = stream_generator(seed).integers(0, 400 * DAY_MS, 50)
    away = np.full(50, abroad)
    later = next_daytime(stream_generator(seed, 1), moments, 8.0, 20.0, away)
    assert (later >= moments).all()
    assert (later - moments).max() < 18 * HOUR_MS
    local = (later + 8 * HOUR_MS - (ABROAD if abroad else 0)) % DAY_MS
    assert (local >= 8 * HOUR_MS).all()
    assert (local <= 20 * HOUR_MS).all()


@given(st.integers(1, 30_000), st.floats(0, 0.6))
def test_quotas_add_up(refunds: int, prevalence: float) -> None:
    settings = WorldSettings(refunds=refunds, prevalence=prevalence)
    parts = block_quotas(settings)
    assert sum(part.requests for part in parts) == refunds
    assert sum(part.false for part in parts) == round(refunds * prevalence)
    assert all(part.false <= part.requests <= 4001 for part in parts)
