"""The forms of a feature's sentence that its number asks for, in English and Chinese.

A sentence of the catalogue is written for many (`{value} earlier returns were`). From it come the
forms for one, for none, for a negative time, for an unknown number and for a no.
"""

from __future__ import annotations

import re

GAP = "{value}"
_UNKNOWN_FIRST = (
    ("{value} of 1000", "an unknown degree"),
    ("{value} o'clock UTC", "an unknown hour"),
    ("day {value} of the week", "an unknown day of the week"),
)
_UNKNOWN_BY_UNIT = {
    "ratio": (
        ("{value} times", "an unknown multiple of"),
        ("{value} of", "an unknown share of"),
        ("{value} a piece", "an unknown price a piece"),
    ),
    "share": (("{value} of", "an unknown share of"),),
    "money": (("{value}", "an unknown amount"),),
}
_UNKNOWN_ELSE = (("{value}", "an unknown number of"),)
_HOW_MANY = (("{value}/1000", "如何"), ("UTC {value}时", "几时"), ("第{value}天", "第几天"))
_NOUN = re.compile(r"^( (?:[a-z-]+ ){0,2}?)([a-z]+[^s\W])s\b")
_AFTER = re.compile(r"(?P<gap>\{value\}(?:小时|天))后|后(?P<later>\{value\}(?:小时|天))")
_NONE_ZH = tuple(
    (re.compile(pattern.replace("#", r"\{value\}")), words)
    for pattern, words in (
        ("另有#人", "没有其他人"), ("另有#[位笔次]", "没有其他"), ("有#[次处条]", "没有"),
        ("新增#位", "没有新增"), ("(?:的|(新增))关联客户#位", r"没有\1关联客户"),
        ("(^|此前)#[张条次]", r"\1没有"), ("(申请退款|消费)共#", r"没有\1"),
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


def zero(text: str, unit: str, language: str) -> str:
    """The sentence for none at all.

    >>> zero("{value} other orders", "count", "en")
    'no other orders'
    >>> zero("{value} spent", "money", "en")
    'nothing spent'
    >>> zero("另有{value}笔订单", "count", "zh")
    '没有其他订单'
    """
    if language == "en":
        return ("nothing" if unit == "money" else "no") + text.removeprefix(GAP)
    for pattern, words in _NONE_ZH:
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


def unknown(text: str, unit: str, language: str) -> str:
    """The whole sentence where the number is not known.

    >>> unknown("{value} other orders", "count", "en")
    'an unknown number of other orders'
    >>> unknown("the parcel was insured", "flag", "en")
    'the parcel was insured: unknown'
    """
    if GAP not in text:
        return f"{text}：未知" if language == "zh" else f"{text}: unknown"
    if language == "zh":
        for pattern, asked in (*_HOW_MANY, (GAP, "多少")):
            if pattern in text:
                return f"{text.replace(pattern, asked)}：未知"
    for pattern, words in (*_UNKNOWN_FIRST, *_UNKNOWN_BY_UNIT.get(unit, ()), *_UNKNOWN_ELSE):
        if pattern in text:
            return text.replace(pattern, words)
    return text


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
