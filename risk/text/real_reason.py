"""Whether a text says in so many words that the real reason is one of the customer's own."""

from __future__ import annotations

import re

from risk.text import tags
from risk.text.tokens import Tokens

_PICKS_ZH, _PICKS_EN = "[选改填点]", r"(?:pick|choose|select|put|chose|picked|selected)\b"
_OTHERS_ZH = re.compile(
    f"(?:客服|商家|卖家|店家|店铺|老板|平台|他们|你们|对方)(?:(?!{_PICKS_ZH}).){{0,6}}$"
)
_OTHERS_EN = re.compile(
    r"\b(?:seller|shop|store|merchant|support|agent|they|he|she|you)(?: (?!"
    + _PICKS_EN
    + r")[\w'-]+){0,4} (?:the |my |that )*$"
)
"""Who else gives a real reason; not who had the customer pick another."""
_ZH = re.compile(
    "(?<![说称是])(?:真实的?|真正的?|实际)原因(?:其实)?就?是?(?:因为)?我?(?:穿着?|戴着?|觉得)?(?:"
    "(?:太|偏|有点|尺码太?)[小大紧松长短肥瘦](?![声力动路])|不合身|不合脚|不合适|不想要|不需要"
    "|不喜欢(?!这?个?(?:质量|做工))|买[错多重]|拍[错多重]|改主意|改变主意|后悔)"
    "(?!了?(?:的原因)?是?因为)"
)
_EN = re.compile(
    r"(?<!says the )(?<!said the )(?<!say the )\b(?:real|actual|true) reason (?:is |was |being )?"
    r"(?:that |because )?(?:it |they |it's |they're )?(?:is |are |was |were )?"
    r"(?:just |simply |a bit |a little |way |far )?"
    r"(?:too (?:small|big|large|tight|loose|short|wide|narrow)\b"
    r"|(?:doesn't|does not|don't|didn't) (?:fit|suit)\b|i(?:'ve)? changed my mind"
    r"|i (?:just )?(?:don't|do not) (?:want|like|need) (?:it|them)\b)"
    r"(?! (?:any ?more )?(?:is|are|was|because|since|as)\b)"
)
_PACKAGING = frozenset(
    """
    box boxes packaging package parcel carton wrapping bag
    盒子 盒 箱子 箱 纸箱 包装 外包装 包装盒 外箱 快递盒 快递箱 袋子 包裹
    """.split()
)
_NEAR = 4


def own_reason(tokens: Tokens, found: int) -> int:
    """What a text tells, where it says that the real reason is that the article is too small or not
    wanted: so it is, and what is broken is only the packaging. Other bits stay as they were found.

    >>> from risk.text.tokens import tokenise
    >>> said = own_reason(tokenise("the real reason: too small, but the box broke"), tags.DAMAGED)
    >>> said & tags.NEEDLESS > 0, said & tags.DAMAGED
    (True, 0)
    """
    joined, spoken = "".join(tokens.words), " ".join(tokens.words)
    told = _gives(_ZH, _OTHERS_ZH, joined) or _gives(_EN, _OTHERS_EN, spoken)
    if not told or _breaks_itself(tokens):
        return found
    return found & ~(tags.DAMAGED | tags.POOR) | tags.UNWANTED | tags.BY_CHOICE | tags.NEEDLESS


def _gives(reason: re.Pattern[str], others: re.Pattern[str], text: str) -> bool:
    """Whether a text gives a reason that is not somebody else's words, nor explained by another."""
    found = reason.search(text)
    return found is not None and not others.search(text[: found.start()])


def _breaks_itself(tokens: Tokens) -> bool:
    """Whether something other than the packaging is said to be damaged or bad."""
    return any(
        bits & (tags.DAMAGED | tags.POOR)
        and _PACKAGING.isdisjoint(tokens.words[max(0, at - _NEAR) : at])
        for at, bits in enumerate(tokens.bits)
    )
