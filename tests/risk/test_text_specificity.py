"""Specificity ranks sentences as people do, in any domain, and better than length alone.

The sentences and their ratings (1 says nothing, 5 names what, where, when and how much) were
written by hand for this test, in five domains and two languages, before anything was fitted.
"""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import spearmanr

from risk.text import analyse

RATED = {
    "refund": [
        (5, "The left hinge snapped on 3 May when I opened the lid, 12 days after delivery."),
        (4.5, "Only two of the four 500 ml bottles were in the box, and one cap was cracked."),
        (4, "The red light blinks three times and then the charger switches itself off."),
        (3, "The sleeve came off at the seam after the first wash."),
        (2.5, "The colour is nothing like the picture on your page."),
        (1.5, "It does not work properly and I am really not happy with it at all."),
        (1, "Bad quality, very disappointed."),
        (1, "I just don't like it, please give me my money back as soon as possible, thank you."),
        (5, "3月5日签收的耳机，左耳用原装线充了两小时，指示灯一直闪红，充不进电。"),
        (4.5, "外箱右下角被压扁，里面六个玻璃杯碎了两个，杯口有裂缝。"),
        (3.5, "衣服洗了一次袖口就开线，颜色也掉到白裤子上了。"),
        (3, "尺码标的是M，实际比我平时穿的S还小。"),
        (2, "和图片上的颜色完全不一样，感觉差了很多。"),
        (1, "质量太差了，很不满意，不想要了。"),
        (1, "东西不好，真的非常失望，希望你们能尽快给我处理一下这个问题，谢谢。"),
    ],
    "news": [
        (5, "A fire destroyed 14 wooden houses on Harbour Street in Bergen early on Tuesday."),
        (4.5, "The council voted 9 to 2 to close the Eastfield library at the end of June."),
        (4, "Norway's central bank raised its rate by a quarter point to 4.5 per cent."),
        (3, "Farmers in the valley say the new dam has dried out their rice fields."),
        (2.5, "The minister promised to publish the report before the summer."),
        (1.5, "Much remains to be done before the situation can be said to have improved."),
        (1.5, "Change is never easy, and not everybody will agree with every decision."),
        (1, "Things could get better or worse."),
        (5, "4月12日凌晨，成都地铁7号线因信号故障停运40分钟，约3000名乘客滞留。"),
        (4, "县医院新建的住院楼有九层，共二百六十张床位，下月起用。"),
        (2.5, "当地农民说，今年的苹果比往年便宜。"),
        (1.5, "我们要进一步提高认识，加强管理，推动各项工作不断取得新的发展。"),
        (1, "情况总体上还是比较好的。"),
    ],
    "restaurant": [
        (5, "We waited 50 minutes for two bowls of cold ramen, and they charged us $38 for it."),
        (4, "The waiter spilled red wine on my wife's coat and brought a wet towel."),
        (3.5, "Try the grilled octopus with lemon and the walnut cake."),
        (2.5, "The soup was too salty and the bread was stale."),
        (2, "Portions are small for the price."),
        (1, "Great place, great food, great people!"),
        (1.5, "We really enjoyed everything about this place and would definitely come back."),
        (5, "点了一份68元的酸菜鱼，等了45分钟才上，鱼片里挑出三根头发。"),
        (3.5, "靠窗的桌子很小，空调正对着头吹，孩子当晚就咳嗽了。"),
        (2, "菜的味道偏咸，米饭也有点硬。"),
        (1, "环境不错，服务也很好，下次还会再来的。"),
    ],
    "social": [
        (4.5, "Missed the 7:40 bus at Elm Square again because the driver left two minutes early"),
        (3.5, "My cat just knocked the tomato plants off the balcony and hid under the bed"),
        (3, "Planting garlic and onions behind the garage this weekend"),
        (2, "Can't wait for the weekend, this week has been so long"),
        (1.5, "lol I really don't know what to say about that"),
        (1, "so true!!!"),
        (1.5, "Sometimes you just have to let things go and be happy with what you have."),
        (4.5, "今早八点在人民广场站2号口捡到一张蓝色公交卡，背面写着王雨。"),
        (3, "我家猫把阳台上的番茄苗全咬断了。"),
        (1.5, "有时候真的觉得好累，什么都不想说。"),
        (1, "哈哈哈真的是这样"),
    ],
    "film": [
        (
            4.5,
            "In the last scene Mara sells her father's violin to a Lisbon pawnbroker for 90 euros.",
        ),
        (
            4,
            "A retired sailor teaches a deaf boy to repair clocks on an island without power.",
        ),
        (3, "The second half moves from the courtroom to a fishing village."),
        (2.5, "The actors speak so fast that half of the jokes are lost."),
        (2, "The plot is predictable, but the music makes up for some of it."),
        (1.5, "A moving and truly unforgettable story about life and love."),
        (1, "One of the best films ever made, simply amazing from beginning to end!"),
        (1.5, "It is the kind of film that you will either love or hate, depending on your mood."),
        (4.5, "影片讲一个修表匠用三年时间，在1998年的洪水后替邻村找回十二块手表。"),
        (3, "后半段从法庭转到海边的小渔村，节奏慢了下来。"),
        (1.5, "这是一部非常感人、非常值得一看的好电影，强烈推荐给大家。"),
    ],
}
ALL = [pair for pairs in RATED.values() for pair in pairs]


def specificity(text: str) -> int:
    found = analyse(text, reason_code="other", type="", claims_received=None).specificity
    return 0 if found is None else found


def agreement(pairs: list[tuple[float, str]], measure: Callable[[str], int]) -> float:
    """Spearman's rank correlation with the ratings."""
    found = spearmanr([rating for rating, _ in pairs], [measure(text) for _, text in pairs])
    return float(found.statistic)


def english(pairs: list[tuple[float, str]]) -> list[tuple[float, str]]:
    return [(rating, text) for rating, text in pairs if text.isascii()]


def chinese(pairs: list[tuple[float, str]]) -> list[tuple[float, str]]:
    return [(rating, text) for rating, text in pairs if not text.isascii()]


@pytest.mark.parametrize("of", [english, chinese])
def test_it_ranks_as_people_do_and_better_than_length(
    of: Callable[[list[tuple[float, str]]], list[tuple[float, str]]],
) -> None:
    ours, length = agreement(of(ALL), specificity), agreement(of(ALL), len)
    assert ours > 0.85
    assert ours > length + 0.15


def test_it_ranks_better_than_the_number_of_words() -> None:
    words = agreement(english(ALL), lambda text: len(text.split()))
    assert agreement(english(ALL), specificity) > words + 0.15


@pytest.mark.parametrize("domain", RATED)
def test_no_domain_is_left_behind(domain: str) -> None:
    assert agreement(english(RATED[domain]), specificity) > 0.8


@given(st.sampled_from([text for _, text in ALL if text.isascii()]))
def test_a_number_and_a_name_make_a_sentence_more_specific(text: str) -> None:
    assert specificity(f"{text} It was 14 May in Leeds.") > specificity(text)


@given(st.sampled_from([text for _, text in ALL]), st.integers(1, 5))
def test_saying_it_again_adds_nothing(text: str, times: int) -> None:
    assert specificity((text + " ") * (times + 1)) == specificity(text + " " + text)


@given(st.text(max_size=300))
def test_it_stays_in_its_range(text: str) -> None:
    assert 0 <= specificity(text) <= 1_000
