"""A text as a list of tokens, in Chinese and English alike."""

import re
from typing import NamedTuple
from unicodedata import normalize

from risk.text import tags
from risk.text.lexicon import CHINESE, ENGLISH, Entry

LONGEST = 2_000
"""Characters read of any text; what stands behind them is not looked at."""

_TOKEN = re.compile(
    r"[@#]?[^\W\d_\u3400-\u9fff]+(?:['’\-][^\W\d_\u3400-\u9fff]+)*"
    r"|[0-9]+(?:[.,:/\-][0-9]+)*%?|[\u3400-\u9fff]+|[!?！？$€£¥]"
)
_CHINESE_NUMBER = frozenset("零一二三四五六七八九十百千万亿两半")
_MEASURE = frozenset(
    "年月日号天点元块毛件只条双瓶盒箱包袋台部本张斤克升米码寸次遍岁层楼度倍颗根片套辆届级"
)
_UNKNOWN_CHAR = Entry(0.42, 0)
_FAMILIAR_CHAR = Entry(0.2, tags.COMMON)
_FAMILIAR = frozenset("大小多少好高长年天人手出开关起点打行成回自心方法本主意间道生学国家")
_NUMBER_ZH = Entry(0.9, 0)


class Token(NamedTuple):
    """`word` is lower-case, `raw` as written, `entry` None for an English word of no list."""

    word: str
    raw: str
    entry: Entry | None


def fold(text: str) -> str:
    """The part that is read, Unicode-compatible, trimmed; case is kept."""
    text = text[:LONGEST]
    return (text if text.isascii() else normalize("NFKC", text)).strip()


def tokenise(text: str) -> list[Token]:
    """The tokens of a folded text, in order."""
    out: list[Token] = []
    find = ENGLISH.get
    for raw in _TOKEN.findall(text):
        if "\u3400" <= raw[0] <= "\u9fff":
            out.extend(_chinese(raw))
        else:
            word = raw.lower().replace("’", "'")
            out.append(Token(word, raw, find(word)))
    return out


def _chinese(run: str) -> list[Token]:
    """Forward maximum matching against the word list; what no list knows stays one character."""
    out: list[Token] = []
    i, size = 0, len(run)
    while i < size:
        for width in (5, 4, 3, 2, 1):
            word = run[i : i + width]
            entry = CHINESE.get(word)
            if entry is not None:
                break
        else:
            entry = _FAMILIAR_CHAR if word in _FAMILIAR else _UNKNOWN_CHAR
        if word in _CHINESE_NUMBER and i + 1 < size and run[i + 1] in _MEASURE:
            entry = _NUMBER_ZH
        out.append(Token(word, word, entry))
        i += len(word)
    return out
