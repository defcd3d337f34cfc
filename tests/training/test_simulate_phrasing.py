"""Texts and addresses of the made marketplace: many, in both languages, like people's own."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from risk.identity import normalise
from training.simulate import place_ids
from training.simulate.categories import NAMES
from training.simulate.cities import CITY_COUNT, FIRST_WESTERN, load_places
from training.simulate.honest_requests import CAUSE_NAMES
from training.simulate.identities import phone, write_address
from training.simulate.phrases import load_phrases
from training.simulate.phrasing import TextTopic, Writer, reword, write_text
from training.simulate.random_draws import Dice
from training.simulate.requests import TYPES

SHARES = st.floats(0, 1)
WRITERS = st.builds(Writer, st.booleans(), SHARES, SHARES, SHARES, SHARES)
MATTERS = st.builds(
    TextTopic, st.sampled_from(CAUSE_NAMES), st.sampled_from(TYPES), st.sampled_from(NAMES),
    st.integers(0, 1 << 30), st.integers(1, 12), st.booleans(),
)  # fmt: skip
SEEDS = st.integers(0, (1 << 48) - 1)
CAREFUL = Writer(english=False, words=1.0, vague=0.0, typos=0.0, temper=0.3)


@given(SEEDS, WRITERS, MATTERS)
def test_every_slot_is_filled_and_every_text_can_be_written_again(
    seed: int, writer: Writer, matter: TextTopic
) -> None:
    text = write_text(Dice(seed), writer, matter)
    assert text == write_text(Dice(seed), writer, matter)
    if text is not None:
        assert text.strip()
        assert "{" not in text
        assert "}" not in text


@pytest.mark.parametrize("reason", CAUSE_NAMES)
@pytest.mark.parametrize("english", [False, True])
def test_people_who_take_their_time_hardly_ever_write_the_same(reason: str, english: bool) -> None:
    writer = Writer(english, 1.0, 0.0, 0.05, 0.3)
    texts = [
        write_text(
            Dice(i * 7919), writer, TextTopic(reason, "refund_only", NAMES[i % len(NAMES)], i)
        )
        for i in range(400)
    ]
    assert len(set(texts)) > 320


def test_both_languages_have_words_for_the_same_things() -> None:
    chinese, english = load_phrases("zh"), load_phrases("en")
    for name in ("cores", "short", "contradictions", "asks", "vague", "details", "goods"):
        assert set(getattr(chinese, name)) == set(getattr(english, name)), name
    assert set(chinese.cores) == set(CAUSE_NAMES)
    assert set(chinese.goods) == set(NAMES)
    assert set(TYPES) < set(chinese.asks)


def test_terse_people_write_little_and_often_nothing() -> None:
    brief = Writer(english=False, words=0.0, vague=0.5, typos=0.1, temper=0.1)
    matter = TextTopic("defective", "refund_only", "shoes", 3)
    texts = [write_text(Dice(i), brief, matter) for i in range(500)]
    empty = sum(text is None for text in texts) / 500
    assert empty == pytest.approx(0.3, abs=0.07)
    assert np.median([len(text) for text in texts if text]) < 10
    long = [write_text(Dice(i), CAREFUL, matter) or "" for i in range(500)]
    assert np.median([len(text) for text in long]) > 25


def test_a_reworded_text_stays_near_and_is_often_not_the_same() -> None:
    original = "物流显示已签收，但我没有收到包裹，问了楼下保安"
    copies = [reword(Dice(i), original, english=False) for i in range(200)]
    assert 0.3 < np.mean([copy != original for copy in copies]) < 0.8
    shared = [len(set(original) & set(copy)) / len(set(original)) for copy in copies]
    assert min(shared) > 0.8


@given(st.integers(0, CITY_COUNT - 1), st.sampled_from((place_ids.HOME, place_ids.ROOM)), SEEDS)
def test_plain_spellings_of_one_door_name_one_door(city: int, kind: int, owner: int) -> None:
    place = int(place_ids.place_id(kind, city, owner)[0])
    keys = Counter(normalise("door", write_address(place, (seed << 2) | 0)) for seed in range(12))
    assert keys.most_common(1)[0][1] >= 9
    other = int(place_ids.place_id(kind, city, owner + 1)[0])
    assert normalise("door", write_address(other, 4)) not in keys or other == place


@pytest.mark.parametrize("city", [0, 5, FIRST_WESTERN, CITY_COUNT - 1])
def test_one_door_is_spelled_in_many_ways(city: int) -> None:
    place = int(place_ids.place_id(place_ids.HOME, city, 42)[0])
    plain = {write_address(place, seed << 2) for seed in range(60)}
    wild = {write_address(place, (seed << 2) | 3) for seed in range(60)}
    assert len(plain) > 8
    assert len(wild) > len(plain)


def test_kind_and_city_can_be_read_off_a_door() -> None:
    for kind in range(5):
        place = int(place_ids.place_id(kind, 17, 5, 6)[0])
        assert place_ids.kind_of(place) == kind
        assert place_ids.city_of(place) == 17


def test_names_of_places_are_as_many_as_the_cities_counted_on() -> None:
    assert len(load_places().chinese_cities) == FIRST_WESTERN
    assert len(load_places().chinese_cities) + len(load_places().western_cities) == CITY_COUNT


@given(st.integers(0, (1 << 44) - 1), st.booleans())
def test_one_phone_is_written_in_many_ways_and_stays_one_phone(owner: int, western: bool) -> None:
    number = (owner << 4) | (8 if western else 0)
    written = {phone(number | style) for style in range(8)}
    assert len(written) == 3
    assert len({normalise("phone", text) for text in written}) <= (2 if western else 1)
