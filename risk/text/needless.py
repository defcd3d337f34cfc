"""What takes it back that a text tells of a needless purchase: the words are of something else."""

from __future__ import annotations

import re

from risk.text.tokens import Tokens

_PICTURES = "(?:照片|相片|图片|图|视频|录像)"
_ZH = re.compile(
    "买多[久少大长贵次]|拍多[张少久次]"  # how long ago, how many pictures
    f"|{_PICTURES}.{{0,8}}(?:[拍多重]拍|拍[多重])|(?:[多重]拍|拍[多重]).{{0,4}}(?:{_PICTURES}|[张遍])"
    "|(?:容易|会|太|很|有点)手滑|手滑(?:摔|掉|打)"
    "|(?<!一时)冲动(?!消费|购物|下单|之下|[买拍了地])"
    "|(?:对|相|作|做)比|比[这它]|[正真]品|真货|真的|专柜|不同|不一样|不像|[没不]这样|[味气字]|防伪"
    "|标注|标的|尺寸|描述|写的|害[我得]|导致|都怪|耽误|因为[它这你]"
    "|(?:你们|你家|平台|老板|对方|快递员?)(?:(?!我).){0,8}(?:反悔|变?主意|想法)"
)
"""The article is set beside another, the trip is off on its account, or somebody else changed their
mind."""
_EN = re.compile(
    r"\b(?:look|feel|seem|sound)s? (?:\w+ )?cheaper|\bcheaper (?:parts?|materials?|quality)\b"
    r"|\bcheaper (?:on|at|in) (?:the |a |an )?(?:arrival|inside|outside|touch|close|closer|first)\b"
    r"|\b(?:you|your|company|courier|driver|owner|manager) (?:\w+ ){0,6}?"
    r"(?:changed\b|had second|second thoughts)\b|\bthird party\b"
    r"|\b(?:because of|thanks to|due to) (?:it|this|that|the|your|you)\b|\bruined\b|\bcompar\w+"
    r"|\bgenuine\b|\bauthentic\b|\breal one\b"
)


def is_of_something_else(tokens: Tokens) -> bool:
    """Whether words of a needless purchase may be of something else: of pictures taken, of the
    article beside another one, of a trip that it spoilt, or of somebody else's change of mind.

    >>> from risk.text.tokens import tokenise
    >>> is_of_something_else(tokenise("刚买多久就这样"))
    True
    >>> is_of_something_else(tokenise("不小心买多了"))
    False
    """
    zh, en = "".join(tokens.words), " ".join(tokens.words)
    return bool(_ZH.search(zh) or _EN.search(en))
