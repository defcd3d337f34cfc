"""Copies share an exact key, near copies a near one, strangers none."""

import random
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from risk.text import analyse

PARTS = [
    "left earbud",
    "zipper",
    "glass lid",
    "hinge",
    "power button",
    "collar",
    "drawer rail",
    "strap",
]
HAPPENED = [
    "snapped",
    "buzzes",
    "flickers",
    "smells of paint",
    "peeled off",
    "came loose",
    "rusted",
]
WHEN = ["on the second evening", "after washing at 30 degrees", "while my nephew watched"]
ROUND = [
    "near the kitchen window",
    "in our garage",
    "on the train to Bristol",
    "under the bunk bed",
]
ASIDE = [
    "and glue dripped onto a walnut shelf",
    "so grandmother fetched pliers",
    "as neighbours can confirm",
    "which frightened our parrot",
    "and sparks flew across the carpet",
]
CHINESE = [
    ("昨晚把咖啡壶插上以后底座冒烟，插头烫手，厨房里一股焦糊味，邻居都跑来敲门", "咖啡壶"),
    ("孩子骑了不到一公里，平衡车左轮卡死，膝盖摔破缝了三针，发票在信封里", "平衡车"),
    ("羽绒被的锁边裂了个口子，鹅毛钻得满屋都是，婆婆咳嗽了整整两宿", "羽绒被"),
    ("鱼缸水泵嗡嗡作响，金鱼第二天就翻肚皮，玻璃胶还在往外渗水", "鱼缸"),
]


def keys(text: str) -> tuple[str | None, set[str]]:
    wording = analyse(text, reason_code="damaged", type="", claims_received=None)
    return wording.exact, set(wording.near)


def sentence(rng: random.Random) -> str:
    part, what, when, where, aside = (
        rng.choice(words) for words in (PARTS, HAPPENED, WHEN, ROUND, ASIDE)
    )
    tail = f"{rng.choice(PARTS)} number {rng.randint(2, 99)}"
    return f"The {part} {what} {when} {where}, {aside}, {tail}"


def edited(rng: random.Random, text: str, edits: int) -> str:
    words = text.split()
    for _ in range(edits):
        at = rng.randrange(len(words))
        if rng.random() < 0.5:
            words[at] = rng.choice(["really", "purple", "quickly", "somewhere", "Tuesday"])
        else:
            words.insert(at, rng.choice(["please", "indeed", "wooden", "yesterday"]))
    return " ".join(words)


def test_a_few_words_changed_still_share_a_key() -> None:
    rng = random.Random(7)
    found = {1: 0, 2: 0, 3: 0}
    for edits in found:
        for _ in range(300):
            text = sentence(rng)
            found[edits] += bool(keys(text)[1] & keys(edited(rng, text, edits))[1])
    assert found[1] > 285
    assert found[2] > 270
    assert found[3] > 250


def test_strangers_with_another_story_rarely_do() -> None:
    lines = [
        "The kettle lid melted beside our Norwegian fireplace while uncle Tor played chess",
        "Both gloves unravelled during a hailstorm, exposing yellow lining and copper threads",
        "A moth crawled from the cereal pouch and my twins screamed through breakfast",
        "Ink from the fountain pen flooded three passports inside a velvet pouch",
        "The tripod collapsed on a ferry deck and cracked the borrowed telephoto lens",
        "Grandfather's hearing aid whistles whenever the microwave hums next door",
        *(text for text, _ in CHINESE),
    ]
    assert not any(keys(one)[1] & keys(other)[1] for one, other in combinations(lines, 2))


@pytest.mark.parametrize("text", [text for text, _ in CHINESE])
def test_chinese_copies_with_a_few_changes_share_a_key(text: str) -> None:
    exact, near = keys(text)
    for copy in (
        f"你好，{text}",
        f"{text}，请尽快处理",
        text.replace("，", " "),
        f"亲，{text}，谢谢！",
    ):
        assert keys(copy)[1] & near, copy
    assert keys(text.replace("，", " "))[0] == exact


def test_most_chinese_copies_survive_another_article() -> None:
    shared = [bool(keys(text)[1] & keys(text.replace(word, "电饭锅"))[1]) for text, word in CHINESE]
    assert sum(shared) >= 3


@given(st.integers(0, 10_000))
def test_case_width_and_punctuation_hide_no_copy(seed: int) -> None:
    text = sentence(random.Random(seed))
    full = "".join(chr(ord(c) + 0xFEE0) if "a" <= c <= "z" else c for c in text.lower())
    for copy in (text.upper(), text.replace(",", " ;"), f"  {text}.", full):
        assert keys(copy) == keys(text)


@given(st.integers(0, 10_000))
def test_a_changed_number_is_no_copy_but_a_near_one(seed: int) -> None:
    text = sentence(random.Random(seed))
    (exact, near), (other, close) = keys(text + " 12"), keys(text + " 47")
    assert exact != other
    assert near == close


@pytest.mark.parametrize(
    "text",
    [
        "not received", "不想要了", "item not as described", "I want a refund please",
        "质量不好，申请退款", "It does not work", "收到货发现质量有问题，申请退款", "wrong size",
        "12345", "The item arrived damaged", "没收到货，物流显示已签收",
        "I changed my mind and no longer need it",
    ],
)  # fmt: skip
def test_what_anybody_might_write_is_nobodys(text: str) -> None:
    assert keys(text) == (None, set())
