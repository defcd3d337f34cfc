"""Tokeniser for Chinese and English: words with their weights and tags."""

import re
from dataclasses import dataclass
from functools import reduce
from html import unescape
from operator import or_
from unicodedata import normalize

from risk.text.lexicon import CHINESE, ENGLISH, STARTS, Token
from risk.text.tags import COMMON, HEDGE, LATIN
from risk.text.traditional import simplified
from risk.text.words_zh import FAMILIAR

LONGEST = 2_000
"""Characters read of any text; the rest is ignored."""

_WORD = r"[^\W\d_\u3400-\u9fff]"
_TOKEN = re.compile(
    rf"[@#]?{_WORD}+(?:['’\-]{_WORD}+)*|[0-9]+(?:[.,:/\-][0-9]+)*|[\u3400-\u9fff]+"
    r"|[!?！？]|[.。…](?!\S)|[$€£¥%]"
)
_ENUMERATOR = re.compile(r"\(?[0-9]{1,2}[.、,，:：)](?![0-9])")
_LINK = re.compile(r"(?:https?|www)\S{1,300}")
_OPENERS = frozenset(".!?。！？…")
_TITLES = frozenset("mr mrs ms dr prof gov sen rep st gen lt capt sgt jr vs no".split())

NAME, LISTED_NAME = 1.3, 0.6
"""The weights of what is written like a name, the second of a word of the lists."""

_NUMBER, _MONEY, _MENTION, _TAG, _SHOUT = 2.0, 0.5, -0.3, 0.6, -0.3
_LISTED_NAMES_BELOW = 0.6
_ENDINGS = (
    (("ly",), 0.1),
    (("ness", "ity", "ism", "tion", "sion", "ance", "ence", "ment", "ship", "hood"), 0.45),
    (("ous", "ful", "less", "ive", "able", "ible", "ish", "ic", "al"), 0.25),
    (("ing",), 0.45),
)
_DIGIT_ZH = frozenset("零二三四五六七八九十百千万亿两半几")
_MEASURE_ZH = frozenset(
    "年月日号天点元块毛件只条双瓶盒箱包袋台部本张斤克升米码寸次遍岁层楼度倍颗根片套辆届级个"
)
_NUMBER_ZH, _CHARACTER = 0.9, 0.45
_SINGLES: dict[str, Token] = {c: (c, 0.3, COMMON) for c in "".join(FAMILIAR.split())}
_SINGLES.update({word: token for word, token in CHINESE.items() if len(word) == 1})
_ALONE: tuple[int, ...] = ()
_COUNTED: tuple[int, ...] = (0,)
_STARTS = {a + b: _COUNTED for a in _DIGIT_ZH for b in _MEASURE_ZH} | STARTS


@dataclass(frozen=True, slots=True)
class Tokens:
    """Columns of equal length: lower-case words, their weights in specificity, their bits.

    `any` holds every bit that one of them has.
    """

    words: tuple[str, ...]
    weights: tuple[float, ...]
    bits: tuple[int, ...]
    any: int


def fold(text: str) -> str:
    """The text to tokenise: NFKC, simplified, at most `LONGEST`, no links or entities; case stays.

    What cannot be encoded (half a surrogate pair) is dropped.

    >>> fold("See https://example.com/a: my ＴＶ broke &amp; smokes")
    'See   my TV broke & smokes'
    """
    text = text[:LONGEST]
    if not text.isascii():
        text = normalize("NFKC", text)[:LONGEST].encode("utf-8", "ignore").decode()
        text = simplified(text)
    if "&" in text:
        text = unescape(text)
    if "http" in text or "www" in text:
        text = _LINK.sub(" ", text)
    text = text.replace("’", "'").strip()
    numbered = _ENUMERATOR.match(text)
    return text[numbered.end() :] if numbered else text


def tokenise(text: str) -> Tokens:
    """The tokens of a folded text, in order.

    >>> tokenise("The zipper broke").words
    ('the', 'zipper', 'broke')
    >>> tokenise("收到时拉链坏了").words
    ('收到', '时', '拉链', '坏了')
    """
    raws = _TOKEN.findall(text)
    out: list[Token] = []
    opens = True
    plain = text != text.lower() and _mostly_capitals(raws)
    for raw in raws:
        if "\u3400" <= raw[0] <= "\u9fff":
            _chinese(raw, out)
        elif raw in _OPENERS:
            opens = not out or out[-1][0] not in _TITLES
            if raw in "!?！？":
                out.append((raw, _SHOUT, COMMON))
            continue
        else:
            out.append(_english(raw, opens or plain))
        opens = False
    if not out:
        return Tokens((), (), (), 0)
    words, weights, bits = zip(*out, strict=True)
    return Tokens(words, weights, bits, reduce(or_, bits))


def _mostly_capitals(raws: list[str]) -> bool:
    """Whether a text is all capitals or a headline, so that its capitals mark no names."""
    words = [raw for raw in raws if raw[0].isalpha() and len(raw) > 3]
    return len(words) > 3 and sum(1 for w in words if w[0].isupper()) * 5 > len(words) * 3


def _english(raw: str, opens: bool) -> Token:
    word = raw.lower()
    token = ENGLISH.get(word)
    named = raw != word and not opens and len(raw) > 1
    if token is None:
        if not raw[0].isalpha():
            return word, _unlisted(word), 0
        return word, NAME if named else _unlisted(word), LATIN
    if named and token[1] < _LISTED_NAMES_BELOW and not raw.isupper():
        return word, LISTED_NAME, token[2] & ~HEDGE
    return token


def _unlisted(word: str) -> float:
    first = word[0]
    if first.isdigit():
        return _NUMBER
    if not first.isalpha():
        return _MENTION if first == "@" else _TAG if first == "#" else _MONEY
    if len(word) <= 3:
        return 0.3
    for endings, weight in _ENDINGS:
        if word.endswith(endings):
            return weight
    return 0.8 if len(word) > 8 or word.endswith("ed") else 0.65


def _chinese(run: str, out: list[Token]) -> None:
    """Forward maximum matching against the word list; a character in no list stays alone."""
    append, starts = out.append, _STARTS.get
    i, size = 0, len(run)
    while i < size:
        first = run[i]
        widths = starts(run[i : i + 2], _ALONE)
        for width in widths:
            token = CHINESE.get(run[i : i + width])
            if token is not None:
                break
        else:
            if widths is _COUNTED:
                token = (first, _NUMBER_ZH, 0)
            else:
                token = _SINGLES.get(first) or (first, _CHARACTER, 0)
        append(token)
        i += len(token[0])
