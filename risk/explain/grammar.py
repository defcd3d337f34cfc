"""The little grammar that turns a feature's sentence into the forms its numbers ask for.

A sentence of the catalogue is written for many. From it come the forms for one, for a time before
rather than after, and for a number nobody knows, in English and Chinese. Each is made once.
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


def one(text: str) -> str:
    """The sentence for exactly one: `1 earlier return was`, `declined once`."""
    head, _, tail = text.partition(GAP)
    if tail.startswith(" times"):
        return head + "once" + tail.removeprefix(" times")
    found = _NOUN.match(tail)
    if found is None or _LINKS & set(found.group(1).split()):
        return text
    rest = tail[found.end() :]
    verb = re.compile(r"\b(were|are)\b")
    singular = verb.sub(lambda m: {"were": "was", "are": "is"}[m.group()], rest, count=1)
    return f"{head}{GAP}{found.group(1)}{found.group(2)}{singular}"


def none(text: str, unit: str, language: str) -> str:
    """The sentence for nothing at all: `No other orders`, `Nothing spent`, `没有其他订单`."""
    if language == "en":
        return ("nothing" if unit == "money" else "no") + text.removeprefix(GAP)
    for pattern, words in _NONE_ZH:
        text = pattern.sub(words, text)
    return text


def before(text: str, language: str) -> str:
    """The sentence for a negative time: before what it is usually after."""
    if language == "en":
        return text.replace("hours after", "hours before").replace("days after", "days before")
    return _AFTER.sub(lambda m: f"前{m['gap'] or m['later']}", text)


def unknown(text: str, unit: str, language: str) -> str:
    """The whole sentence where the number is not known."""
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


def denied(text: str, language: str) -> str:
    """The whole sentence of a yes-or-no feature where the answer is no."""
    if language == "zh":
        return text.replace("：", "不是：") if "：" in text else f"{text}：否"
    if text.startswith("asked for: "):
        return f"not {text}"
    return text.replace(" is: ", " is not: ") if " is: " in text else f"{text}: no"


def capital(text: str) -> str:
    """The sentence with a capital where it begins with a word."""
    return text[:1].upper() + text[1:]
