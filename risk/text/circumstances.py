"""What a text says of how something was bought: by a child, or with a deposit."""

from __future__ import annotations

import re

from risk.text import tags
from risk.text.tokens import Tokens

_CHILD = (
    "(?:孩子|小孩|小朋友|娃|宝宝|儿子|女儿|孙子|孙女|外孙女?|弟弟|妹妹|侄子|侄女|未成年人?|小学生)"
)
_PAID = (
    "(?:偷偷|偷用|偷拿|私自|擅自|背着|瞒着|趁我|误充|乱充|充值|充了|充的|打赏|刷礼物|刷了|下单"
    "|付款|支付|付的|买的|买了|点的|乱点|误点|误触)"
)
_GROWN = "(?:[我妈爸爷奶姥姑舅姨叔婶]|老公|老婆|老师)"
_UNSEEN = f"(?:用了?|拿了?|背着|瞒着|趁|把|没经|未经)[他她]?{_GROWN}+"
"""A grown-up whose phone was taken, or who did not know, did not pay."""
_ELSE = "不喜欢|不想|不爱|[让叫要求][我他她]|没有|没(?!经)|不是|用的|上课|生日|结婚"
"""What a child does or wants who did not pay."""
_BY_CHILD_ZH = re.compile(
    f"{_CHILD}(?:{_UNSEEN}|(?!{_ELSE}|{_GROWN}).){{0,9}}?{_PAID}|未成年人?(?:的)?(?:退款|消费|充值)"
)
_FOR_ZH = re.compile(
    "(?:给|帮|替|为了?|送|不是|并非|没有?|无)(?:[我他她你]们?|咱们?|自己|[家的个俩大小亲岁0-9])*$"
)
_YEARS_ZH = "(?:1[89]|[2-9][0-9]|十[八九]|[二三四五]十[一二三四五六七八九]?)(?:周?岁|多岁)"
_GROWN_ZH = re.compile(
    f"{_CHILD}(?:今年|都|已经?|也|快|满|有)*(?:{_YEARS_ZH}|成年|工作了)"
    f"|(?:{_YEARS_ZH}|(?<!未)成年)的{_CHILD}"
)
_CHILD_EN = (
    r"(?:(?:son|daughter|child|kid|kids|grandson|granddaughter|nephew|niece|toddler)(?!'s)"
    r"(?! support\b)|(?:year|yr) old)\b"
)
_BY_CHILD_EN = re.compile(
    rf"\b(?:my|our|his|her)(?: [\w'-]+){{0,4}}? {_CHILD_EN}"
    r"(?:(?! not\b| never\b| asked\b| told\b| i\b| we\b)[ \w'-]){0,40}? "
    r"(?:bought|purchased|ordered|paid|spent|subscribed|topped|clicked|tapped|charged"
    r"|made (?:the|this|these|a|an|some)(?: [\w-]+)? (?:payments?|purchases?|top-ups?))\b"
    r"|\b(?:bought|purchased|made|paid|ordered) by (?:a|my|our)(?: [\w'-]+){0,3}? "
    r"(?:minor|child|son|daughter|kid|year old)\b(?!'s)"
)
_FOR_EN = re.compile(r"\b(?:for|to|with|from|of|gave|not|wasn't|isn't) $")
_GROWN_EN = re.compile(
    r"\b(?:1[89]|[2-9]\d) ?(?:year|yr)|\b(?:is|who's|aged|now) (?:1[89]|[2-9]\d)\b"
    r"|\b(?:grown|adult)\b"
)
_DEPOSIT = re.compile("定金")
_NO_DEPOSIT = re.compile(
    "订金|预付款|意向金|押金|全款"
    "|(?:不是|并非|[没未无]有?|不用|不需要?|无需)(?:付|交|支付|缴|收|过|的|什么|任何)*定金"
)
"""What is paid beforehand and given back to who changes their mind, unlike a deposit of the law, or
the whole price; and that no deposit was paid."""


def circumstances(tokens: Tokens) -> int:
    """The bits of what a text says of the purchase.

    >>> from risk.text.tokens import tokenise
    >>> circumstances(tokenise("孩子偷偷充值的")) == tags.MINOR
    True
    >>> circumstances(tokenise("给我孩子充值的，充错了"))
    0
    """
    if not tokens.words:
        return 0
    joined, spoken = "".join(tokens.words), " ".join(tokens.words)
    by_child = _paid(_BY_CHILD_ZH, _FOR_ZH, joined) and not _GROWN_ZH.search(joined)
    by_child = by_child or _paid(_BY_CHILD_EN, _FOR_EN, spoken)
    deposit = _DEPOSIT.search(joined) and not _NO_DEPOSIT.search(joined)
    return (tags.MINOR if by_child else 0) | (tags.DEPOSIT if deposit else 0)


def _paid(by_child: re.Pattern[str], others: re.Pattern[str], text: str) -> bool:
    """Whether a child paid, and neither is that denied nor was something bought for the child."""
    return any(
        not others.search(text[: found.start()]) and not _GROWN_EN.search(found[0])
        for found in by_child.finditer(text)
    )
