"""Whether a text says that a part of what was ordered is missing or at fault, not the whole."""

from __future__ import annotations

import re

from risk.text.tokens import Tokens

_PARTS = frozenset(
    """
    screw screws bolt bolts nut nuts charger cable cord manual lid cap remote accessory accessories
    part parts adapter adaptor plug strap button buttons hook hooks bracket brackets shelf knob
    handle cover case tripod stand filter
    螺丝 配件 说明书 充电器 数据线 盖子 瓶盖 遥控器 零件 吊牌 赠品 支架 把手 轮子 螺母 扣子 标签
    层板 挂钩 收纳袋 适配器 插头 底座
    """.split()
)
_LACKING = frozenset(
    """
    missing no not without lacks lacking lack forgot forgotten absent short isn't wasn't
    少 少了 缺 缺少 缺件 没 没有 没有配件 漏 漏发 少发 少件 漏了 少寄 不全 无
    """.split()
)
_AFTER = frozenset(
    """
    missing lacking absent short not isn't wasn't forgotten 少了 缺 缺少 缺件 漏 漏发 少发 少件 漏了
    少寄 不全 没 没有 无
    """.split()
)
"""What lacks the word before it; elsewhere the next word is lacking: 有充电器，没有手机."""
_GOES_ON = frozenset("了 到 在 发 寄 放 给 装 收到 看到 找到 发货 发来 寄来 见到".split())
_ALONE = frozenset("only just inside 只有 仅有 仅 只 里面".split())
_SOME = frozenset("some half one two three four five six seven eight nine several few".split())
_SOME_ZH = re.compile(
    "一半|其中|几[个只件瓶盒]|[死坏碎烂破裂]了?[一两二三四五六七八九十0-9]+[个只条瓶颗枚盒件袋]"
)
_NUMERALS = "一二两三四五六七八九十几0123456789"
_ALL = frozenset("all every both".split())
_ALL_ZH = re.compile(
    "全部|全都|[全都][死坏碎烂破裂]|没有?一[个只件条瓶颗枚盒袋]"
    "|([一二三四五六七八九十0-9]{1,4})[个只条瓶颗枚盒件袋].{0,4}[死坏碎烂破裂]了?\\1[个只条瓶颗枚盒件袋]"
)
_NEAR = 3


def names_part(tokens: Tokens) -> bool:
    """Whether a part is said to be missing ("no charger", 少了一包螺丝), or some of several at
    fault ("5 of 10", 其中). What alone was in the box is no part that is missing.

    >>> from risk.text.tokens import tokenise
    >>> names_part(tokenise("a bag of screws is missing"))
    True
    >>> names_part(tokenise("phone missing, only the charger inside"))
    False
    """
    words = tokens.words
    if not words:
        return False
    if _counts_some(words):
        return True
    if _PARTS.isdisjoint(words):
        return False
    return any(word in _PARTS and _lacks(words, at) for at, word in enumerate(words))


def _lacks(words: tuple[str, ...], at: int) -> bool:
    """Whether what is named at a place is missing, within a few words of it."""
    first, end = max(0, at - _NEAR), at + _NEAR + 1
    if not _ALONE.isdisjoint(words[first:end]):
        return False
    after = enumerate(words[at + 1 : end], at + 1)
    return not _LACKING.isdisjoint(words[first:at]) or any(
        word in _AFTER and (word.isascii() or _ends(words, place)) for place, word in after
    )


def _ends(words: tuple[str, ...], at: int) -> bool:
    """Whether no other article follows, which would be what is lacking."""
    then = words[at + 1] if at + 1 < len(words) else ""
    return not then or then in _GOES_ON or then[0] in _NUMERALS


def _counts_some(words: tuple[str, ...]) -> bool:
    """Whether some of several are named, and not all of them."""
    text = "".join(words)
    if not _ALL.isdisjoint(words) or _ALL_ZH.search(text):
        return False
    return bool(_SOME_ZH.search(text)) or _counts_of(words)


def _counts_of(words: tuple[str, ...]) -> bool:
    """Whether so many of several are named: "two of the six", "5 of 10"."""
    for at, word in enumerate(words[1:-1], 1):
        if word == "of" and (words[at - 1] in _SOME or words[at - 1].isdigit()):
            after = words[at + 1 : at + 3]
            if words[at - 1] not in after and any(map(_is_several, after)):
                return True
    return False


def _is_several(word: str) -> bool:
    return word in _SOME or word in ("them", "these") or word.isdigit()
