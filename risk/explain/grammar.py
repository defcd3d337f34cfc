"""The forms of a feature's sentence that its number asks for, in English and Chinese.

A sentence of the catalogue is written for many (`{value} earlier returns were`). From it come the
forms for one, for none, for a negative time and for a no.
"""

from __future__ import annotations

import re
from functools import lru_cache

GAP = "{value}"
_NOUN = re.compile(r"^( (?:[a-z-]+ ){0,2}?)([a-z]+[^s\W])s\b")
_AFTER = re.compile(r"(?P<gap>\{value\}(?:小时|天))后|后(?P<later>\{value\}(?:小时|天))")
_NONE_ZH = tuple(
    (re.compile(pattern.replace("#", r"\{value\}")), words)
    for pattern, words in (
        ("另有#人", "没有其他人"), ("另有#[位笔次]", "没有其他"), ("有#[次处条]", "没有"),
        ("新增#位", "没有新增"), ("(?:的|(新增))关联客户#位", r"没有\1关联客户"),
        ("(^|此前)#[张条次]", r"\1没有"),
    )
)  # fmt: skip
_NO_SHARE_ZH = tuple(
    (re.compile(pattern.replace("#", r"\{value\}")), words)
    for pattern, words in (
        ("另有#笔", "没有"), ("#位", "没有人"), ("共申请#次", "没有申请"),
        ("其他客户(反映问题|申请)#次", r"其他客户没有\1"), ("直接关联#条", "没有直接关联"),
        ("，(?:其中)?([^，]+)#[次笔]$", r"，没有\1的"),
    )
)  # fmt: skip
_LINKS = frozenset(("of", "by", "with", "in", "on", "at", "within", "for", "among", "between"))


def singular(text: str) -> str:
    """The English sentence for exactly one.

    >>> singular("{value} earlier returns were damaged")
    '{value} earlier return was damaged'
    >>> singular("declined {value} times")
    'declined once'
    """
    head, _, tail = text.partition(GAP)
    if tail.startswith(" times"):
        return head + "once" + tail.removeprefix(" times")
    found = _NOUN.match(tail)
    if found is None or _LINKS & set(found.group(1).split()):
        return text
    rest = tail[found.end() :]
    verb = re.compile(r"\b(were|are)\b")
    agreeing = verb.sub(lambda m: {"were": "was", "are": "is"}[m.group()], rest, count=1)
    return f"{head}{GAP}{found.group(1)}{found.group(2)}{agreeing}"


def zero(text: str, language: str) -> str:
    """The sentence for none at all.

    >>> zero("{value} other orders", "en")
    'no other orders'
    >>> zero("另有{value}笔订单", "zh")
    '没有其他订单'
    """
    if language == "en":
        return "no" + text.removeprefix(GAP)
    for pattern, words in _NONE_ZH:
        text = pattern.sub(words, text)
    return text


@lru_cache(maxsize=256)
def none_of_share(text: str) -> str:
    """The Chinese sentence of a share for none of the whole.

    >>> none_of_share("{whole}位关联客户中，{value}位申请过退款")
    '{whole}位关联客户中，没有人申请过退款'
    """
    for pattern, words in _NO_SHARE_ZH:
        text = pattern.sub(words, text)
    return text


def earlier(text: str, language: str) -> str:
    """The sentence for a negative time: before what it usually comes after.

    >>> earlier("asked {value} hours after delivery", "en")
    'asked {value} hours before delivery'
    """
    if language == "en":
        return text.replace("hours after", "hours before").replace("days after", "days before")
    return _AFTER.sub(lambda m: f"前{m['gap'] or m['later']}", text)


def negated(text: str, language: str) -> str:
    """The whole sentence of a yes-or-no feature where the answer is no.

    >>> negated("the reason is: damaged", "en")
    'the reason is not: damaged'
    >>> negated("paid in advance", "en")
    'paid in advance: no'
    """
    if language == "zh":
        return text.replace("：", "不是：") if "：" in text else f"{text}：否"
    if text.startswith("asked for: "):
        return f"not {text}"
    return text.replace(" is: ", " is not: ") if " is: " in text else f"{text}: no"


def capitalised(text: str) -> str:
    """The sentence with its first letter in upper case; the rest stays.

    >>> capitalised("no PIN was asked for")
    'No PIN was asked for'
    """
    return text[:1].upper() + text[1:]
