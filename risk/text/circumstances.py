"""What a text says of how something was bought: by a child, or with a deposit."""

from __future__ import annotations

import re

from risk.text import tags
from risk.text.tokens import Tokens

_CHILD_ZH = (
    "(?:孩子|小孩|小朋友|娃|宝宝|儿子|女儿|孙子|孙女|外孙女?|弟弟|妹妹|侄子|侄女|未成年人?|小学生)"
)
_PAID_ZH = (
    "(?:偷偷|偷用|偷拿|私自|擅自|背着|瞒着|趁我|误充|乱充|充值|充了|充的|打赏|刷礼物|刷了|下单"
    "|付款|支付|付的|买的|买了|点的|乱点|误点|误触)"
)
_ELSE_ZH = "不喜欢|不想|不爱|让我|叫我|要我|求我|没有?|不是|用的|上课|我[给帮替]"
"""What a child does or wants who did not pay."""
_BY_CHILD_ZH = re.compile(
    f"(?<![给帮替为送]){_CHILD_ZH}(?:(?!{_ELSE_ZH}).){{0,9}}{_PAID_ZH}"
    "|未成年人?(?:的)?(?:退款|消费|充值)"
)
_BY_CHILD_EN = re.compile(
    r"\b(?:my|our|his|her)(?: [\w'-]+){0,4}? (?:son|daughter|child|kid|kids|grandson|granddaughter"
    r"|nephew|niece|toddler|(?:year|yr) old)\b"
    r"(?:(?! not\b| never\b| asked\b| told\b| i\b| we\b)[ \w'-]){0,40}? "
    r"(?:bought|purchased|ordered|paid|spent|subscribed|topped|clicked|tapped|charged"
    r"|made (?:the|this|these|a|an|some)(?: [\w-]+)? (?:payments?|purchases?|top-ups?))\b"
    r"|\b(?:bought|purchased|made|paid|ordered) by (?:a|my|our)(?: [\w'-]+){0,3}? "
    r"(?:minor|child|son|daughter|kid|year old)\b"
)
_DEPOSIT = re.compile("(?<!不是)定金")
_PREPAID = re.compile("订金|预付款|意向金|押金")
"""What is paid beforehand and given back to who changes their mind, unlike a deposit of the law."""


def circumstances(tokens: Tokens) -> int:
    """The bits of what a text says of the purchase.

    >>> from risk.text.tokens import tokenise
    >>> circumstances(tokenise("孩子偷偷充值的")) == tags.MINOR
    True
    >>> circumstances(tokenise("给孩子充值的，充错了"))
    0
    """
    if not tokens.words:
        return 0
    joined = "".join(tokens.words)
    spoken = " ".join(tokens.words)
    by_child = _BY_CHILD_ZH.search(joined) or _BY_CHILD_EN.search(spoken)
    deposit = _DEPOSIT.search(joined) and not _PREPAID.search(joined)
    return (tags.MINOR if by_child else 0) | (tags.DEPOSIT if deposit else 0)
