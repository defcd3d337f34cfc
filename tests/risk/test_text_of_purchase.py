"""What texts say of a purchase, and words of one that are of something else."""

# ruff: noqa: E501

from __future__ import annotations

import pytest

from risk.text import analyse, tags
from risk.text.stories import is_unwanted_after_all


def story(text: str) -> int:
    found = analyse(text, reason_code="other", type="refund_only", claims_received=None)
    return found.story or 0


@pytest.mark.parametrize("text", [
    "孩子偷偷充值的", "孩子趁我不注意充值的", "儿子拿我手机充了三千", "女儿用了他爸爸的手机打赏主播",
    "没注意，孩子把我手机拿去乱点的", "不是我买的，是孩子偷偷充的", "我今年50岁，孙子用奶奶手机充值", "孩子没经我同意下单",
    "我12岁的儿子充值了", "孩子20号充值的，才九岁", "My 9 year old son bought this on my phone",
    "my daughter took her mother's phone and made a purchase", "it was bought by my 7 year old son",
])  # fmt: skip
def test_a_child_that_paid_is_read(text: str) -> None:
    assert story(text) & tags.MINOR


@pytest.mark.parametrize("text", [
    "给我儿子买的，充错了", "帮我女儿充值的", "送我弟弟买的游戏卡", "给我家孩子充的", "给7岁的孩子充的", "孩子妈妈买的点卡",
    "孩子他爸下单的", "儿子生日我买的点卡", "女儿让她爸充值的", "孩子上学，我充值的", "孩子不在家，我买的", "不是孩子买的，是我买的",
    "没有孩子，自己买的", "我家没小孩，是我充的", "我儿子今年30岁，他买的", "二十五岁的女儿买的", "I bought it for my son who paid me back",
    "my 30 year old son bought it", "My son, who is 34, ordered it", "my daughter's friend's mother bought it",
    "My nephew's teacher bought this", "my wife's child support was paid", "it was not bought by my son",
])  # fmt: skip
def test_who_bought_for_a_child_or_has_grown_up_ones_is_no_child(text: str) -> None:
    assert not story(text) & tags.MINOR


@pytest.mark.parametrize("text", [
    "没付定金", "没有交过定金，付的全款", "客服说是定金，我付的是全款", "这不是什么定金", "无需定金", "并非定金", "是订金不是定金",
])  # fmt: skip
def test_who_says_that_there_is_no_deposit_paid_none(text: str) -> None:
    assert not story(text) & tags.DEPOSIT
    assert story("不想要了，没有退定金") & tags.DEPOSIT


@pytest.mark.parametrize("text", [
    "刚买多久就这样", "才买多久啊就这样了", "买多少钱的东西就这质量", "照片拍多了手机传不上来", "家里还有一瓶正品，味道完全不同",
    "家里有了正品对比，字体不同", "杯子太滑容易手滑", "冲动的水流，冲不干净", "快递改主意了", "你们答应换货又反悔", "抽屉放不下标注的尺寸",
    "looks cheaper on arrival than advertised", "It looks cheaper at close range than my other one",
    "cheaper on the inside, no serial", "You promised an exchange, then had second thoughts",
    "You changed your mind about the exchange", "our trip was cancelled because of it", "a third party cancelled",
    "The seller claims the real reason is I don't want it. That's a lie", "真正原因不想要是因为屏幕闪",
    "the real reason I don't want it is the colour of the light", "商家认为真实原因是不想要，其实屏幕闪", "真实原因不合适是因为尺码标错",
    "商家写真实原因是不想要", "客服备注真实原因不想要，我没说过",
])  # fmt: skip
@pytest.mark.parametrize("reason", ["defective", "damaged", "counterfeit"])
def test_words_of_something_else_take_no_fault_back(text: str, reason: str) -> None:
    assert not is_unwanted_after_all(story(text), reason)


@pytest.mark.parametrize("text", [
    "买多了，退一件", "手滑拍多了", "一时冲动买的", "家里还有，用不上了", "计划有变，不需要了", "选错原因，真实原因是太小",
    "The seller told me to pick this, the real reason is it is too small",
    "found it cheaper elsewhere", "our trip was cancelled", "my wife changed her mind, change of mind",
])  # fmt: skip
def test_a_needless_purchase_is_read(text: str) -> None:
    assert is_unwanted_after_all(story(text), "defective")


@pytest.mark.parametrize(
    ("text", "only"),
    [
        ("不好，谢谢您，辛苦了，麻烦帮忙处理一下，祝您生活愉快", True),
        ("您好亲，不满意，请尽快处理，感谢理解，工作顺利，万事如意", True),
        ("Not good. Hello dear customer service, thank you very much, best regards", True),
        ("不好", False),
        ("屏幕闪，请处理", False),
        ("漏水 谢谢", False),
        ("开不了机，麻烦处理", False),
        ("the zip tore, thank you", False),
    ],
)
def test_polite_words_make_a_text_say_no_more(text: str, only: bool) -> None:
    assert bool(story(text) & tags.COURTESY) is only


@pytest.mark.parametrize(
    ("text", "harm"),
    [
        ("这个颜色真让人窒息", False),
        ("价格令人窒息", False),
        ("快递员受伤了，迟到", False),
        ("快递员摔伤了，没送到", False),
        ("孩子差点窒息", True),
        ("梯子断了，我摔伤了腰", True),
        ("充电宝起火，快递员受伤", True),
    ],
)
def test_a_word_of_harm_tells_of_the_goods(text: str, harm: bool) -> None:
    assert bool(story(text) & tags.HARM) is harm
