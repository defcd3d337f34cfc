"""What a reason's wording shows: stories, contradictions, hedging, relevance, anger."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from risk.text import TextAnalysis, analyse, tags, topics
from risk.text.topics import ELSEWHERE

HARMLESS: dict[str, Any] = {"reason_code": "other", "type": "refund_only", "claims_received": None}

OWN = tags.UNWANTED | tags.BY_CHOICE
STORIES = [
    ("Tracking says delivered but I never received anything", tags.NOT_RECEIVED),
    ("The parcel never showed up, I tried to contact the seller", tags.NOT_RECEIVED),
    ("I opened a ticket two weeks ago, still waiting for my package", tags.NOT_RECEIVED),
    ("I received it but the zipper is broken", tags.RECEIVED | tags.DAMAGED),
    ("I received the email only", 0),
    ("wore it once and the seam ripped", tags.USED | tags.DAMAGED),
    ("unopened, would like to send it back", tags.RECEIVED),
    ("it is not broken", tags.SOUND),
    ("changed my mind", OWN | tags.NEEDLESS),
    ("nothing wrong with it, I just changed my mind", tags.SOUND | OWN | tags.NEEDLESS),
    ("没坏，就是不想要了", tags.SOUND | tags.UNWANTED),
    ("客服说没问题，我不想要了", tags.UNWANTED),
    ("the seller says nothing wrong, I don't want it", tags.UNWANTED),
    ("listing promised perfect condition, the zip sticks, I don't want it", tags.UNWANTED),
    ("没有质量问题，买多了", tags.SOUND | OWN | tags.NEEDLESS),
    ("I was charged twice for one order", tags.DOUBLE_CHARGE),
    ("much too small for me", tags.FIT),
    ("the power bank exploded and burned my hand", tags.HARM),
    ("nobody was injured", 0),
    ("the kettle gave me an electric shock", tags.HARM),
    ("my skin got a rash from the cream", tags.HARM),
    ("I was in hospital and could not answer", 0),
    ("the toast was burnt", 0),
    ("充电宝爆炸起火，烧伤了孩子的手", tags.HARM),
    ("没有人受伤", 0),
    ("吃了以后上吐下泻，去了急诊", tags.USED | tags.HARM),
    ("孩子住院，没来得及退货", 0),
    ("屏幕有划伤", 0),
    ("这是假货，不是正品", tags.COUNTERFEIT),
    ("物流显示已签收，但是我本人没有收到", tags.NOT_RECEIVED),
    ("一直没收到货", tags.NOT_RECEIVED),
    ("还没有收到货", tags.NOT_RECEIVED),
    ("收到了但是尺码偏小", tags.RECEIVED | tags.FIT),
    ("没拆封，不想要了", tags.RECEIVED | tags.UNWANTED),
    ("少了一个充电器", tags.MISSING | tags.PART),
    ("没有破损", tags.SOUND),
    ("确认收货点错了", 0),
    ("穿了一次就开线", tags.USED | tags.DEFECTIVE),
]
CONTRADICTIONS = [
    # reason code, text, claims received, type, at least one contradiction
    ("not_received", "收到了但是尺码太小，穿了一次", None, "refund_only", True),
    ("not_received", "I wore it once and it ripped", None, "refund_only", True),
    ("not_received", "The parcel never came", True, "refund_only", True),
    ("not_received", None, True, "refund_only", True),
    ("not_received", "The parcel never came", False, "refund_only", False),
    ("not_received", "物流显示已签收，我没收到", False, "refund_only", False),
    ("not_received", "an empty box arrived", None, "refund_only", False),
    ("not_received", "still waiting", None, "repair", True),
    ("damaged", "never arrived", None, "refund_only", True),
    ("damaged", "the screen was cracked when it arrived", True, "refund_only", False),
    ("damaged", "the screen was cracked when it arrived", False, "refund_only", True),
    ("damaged", "不喜欢，不想要了", True, "refund_only", True),
    ("defective", "充不进电，按键失灵", True, "exchange", False),
    ("unwanted", "没拆封，不想要了", True, "return_and_refund", False),
    ("unwanted", "没拆封，不想要了", False, "return_and_refund", True),
    ("missing_item", "one of the two bottles was missing", True, "resend", False),
    ("late", "took forever, I wear it now though: worn twice", None, "refund_only", True),
    ("other", "whatever", None, "refund_only", False),
]


@pytest.mark.parametrize(("text", "told"), STORIES)
def test_the_story_told_is_the_one_asserted(text: str, told: int) -> None:
    assert analyse(text, **HARMLESS).story == told


@pytest.mark.parametrize(("code", "text", "received", "remedy", "against"), CONTRADICTIONS)
def test_contradictions_are_seen_and_none_are_made_up(
    code: str, text: str | None, received: bool | None, remedy: str, against: bool
) -> None:
    wording = analyse(text, reason_code=code, type=remedy, claims_received=received)
    assert (wording.contradiction > 0) is against


def test_more_contradictions_count_more() -> None:
    one = analyse("收到了", reason_code="not_received", type="", claims_received=None)
    two = analyse("收到了", reason_code="not_received", type="", claims_received=True)
    assert 0 < one.contradiction < two.contradiction


@pytest.mark.parametrize(
    ("vague", "firm"),
    [
        (
            "maybe it broke, I think it might be the battery, not sure",
            "the battery broke on Monday",
        ),
        ("好像有点问题，大概是坏了吧", "电池坏了，充不进电"),
        ("it seems somewhat smaller, perhaps", "it is smaller: 38 cm instead of 42 cm"),
    ],
)
def test_hedging_is_heard(vague: str, firm: str) -> None:
    soft, hard = analyse(vague, **HARMLESS).hedging, analyse(firm, **HARMLESS).hedging
    assert soft is not None
    assert soft > 300
    assert hard == 0


@pytest.mark.parametrize("text", ["The charger died on 3 May.", "Ms May bought it"])
def test_a_name_is_no_hedge(text: str) -> None:
    assert analyse(text, **HARMLESS).hedging == 0


OFF = [
    ("鞋", "电池充不进电，屏幕一直黑屏"),
    ("shoes", "the battery does not hold a charge"),
    ("服装", "奶奶住院了，急需用钱，家里最近很困难"),
    ("electronics", "the landlord raised the rent and my boss cut my salary"),
]
ON = [
    ("鞋", "鞋底开胶，穿了两天"),
    ("electronics", "the battery drains in two hours"),
    ("apparel", "it pills after one wash and my sister has the same one"),
    ("home", "站不稳一直晃，同事买的同款就没这个问题"),
    ("phones", "not as expected"),
    (None, "the laces broke"),
    ("something new", "the laces broke"),
    ("shoes", "my daughter's birthday is on Friday and nothing has arrived"),
]


@pytest.mark.parametrize(("category", "text"), OFF)
def test_a_reason_about_something_else_is_irrelevant(category: str, text: str) -> None:
    wording = analyse(text, **HARMLESS, category=category)
    assert (wording.irrelevance or 0) >= 500
    assert wording.topics
    assert not wording.topics & topics(category)


@pytest.mark.parametrize(("category", "text"), ON)
def test_a_reason_to_the_point_is_not(category: str | None, text: str) -> None:
    wording = analyse(text, **HARMLESS, category=category)
    assert wording.irrelevance == 0
    assert wording.topics != ELSEWHERE


def test_categories_are_recognised_by_whole_words_in_both_languages() -> None:
    assert topics("Women's shoes") & topics("童鞋")
    assert topics("mobile phones") == topics("手机")
    assert topics("petite") == topics("carpet") == topics(None) == topics("") == 0
    assert topics("Shoes & Bags") == topics("shoes") | topics("bags")


@pytest.mark.parametrize(
    ("text", "upset"),
    [
        ("I will call my lawyer", 1),
        ("再不处理我就投诉", 1),
        ("where is my order!!!", 1),
        ("WHERE IS MY ORDER AGAIN", 1),
        ("Where is my order? Thank you!", 0),
        ("你好，麻烦看一下", 0),
        ("The LED and the USB port of my JBL speaker are dead", 0),
    ],
)
def test_the_upset_are_heard(text: str, upset: int) -> None:
    assert analyse(text, **HARMLESS).agitated == upset


@pytest.mark.parametrize("text", [None, "", "   ", "…", "。。"])
def test_without_a_text_nothing_is_known(text: str | None) -> None:
    wording = analyse(text, **HARMLESS)
    assert wording == TextAnalysis(None, None, None, 0, None, None, None, None, None, ())


@given(st.text(max_size=400), st.sampled_from(["not_received", "damaged", "unwanted"]))
def test_any_text_is_read_within_bounds_and_alike_each_time(text: str, code: str) -> None:
    wording = analyse(text, reason_code=code, type="exchange", claims_received=True, category="鞋")
    again = analyse(text, reason_code=code, type="exchange", claims_received=True, category="鞋")
    assert wording == again
    for value in (wording.specificity, wording.hedging, wording.irrelevance):
        assert value is None or 0 <= value <= 1_000
    assert len(wording.near) in (0, 3)
    assert (wording.exact is None) == (not wording.near)


@pytest.mark.parametrize("seed", ["a", "收到", "not ", "1.", "!", "(((", "@a-", "é́", "no-", "ﷺ"])
def test_of_ten_megabytes_only_the_beginning_is_read(seed: str) -> None:
    hostile = seed * (10_000_000 // len(seed))
    whole, page = analyse(hostile, **HARMLESS), analyse(hostile[:2_000], **HARMLESS)
    assert (whole.specificity, whole.story, whole.exact) == (
        page.specificity,
        page.story,
        page.exact,
    )
