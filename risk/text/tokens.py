"""A text as tokens, each with its weight and bits, in Chinese and English alike."""

import re
from dataclasses import dataclass, field
from html import unescape
from unicodedata import normalize

from risk.text.lexicon import CHINESE, ENGLISH, WIDTHS
from risk.text.tags import COMMON

LONGEST = 2_000
"""Characters read of any text; what stands behind them is not looked at."""

_WORD = r"[^\W\d_\u3400-\u9fff]"
_TOKEN = re.compile(
    rf"[@#]?{_WORD}+(?:['’\-]{_WORD}+)*|[0-9]+(?:[.,:/\-][0-9]+)*|[\u3400-\u9fff]+"
    r"|[!?！？]|[.。…](?!\S)|[$€£¥%]"
)
_LINK = re.compile(r"(?:https?|www)\S{1,300}")
_OPENERS = frozenset(".!?。！？…")
_TITLES = frozenset("mr mrs ms dr prof gov sen rep st gen lt capt sgt jr vs no".split())

_NUMBER, _NAME, _LISTED_NAME, _MONEY, _MENTION, _TAG, _SHOUT = 2.0, 1.3, 0.6, 0.5, -0.3, 0.6, -0.3
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
_NUMBER_ZH, _CHARACTER, _FAMILIAR_CHARACTER = (0.9, 0), (0.42, 0), (0.2, COMMON)
_FAMILIAR = frozenset("大小多少好高长年天人手出开关起点打行成回自心方法本主意间道生学国家")


@dataclass(slots=True)
class Tokens:
    """Columns of equal length: lower-case words, their weights in specificity, their bits."""

    words: list[str] = field(default_factory=list)
    weights: list[float] = field(default_factory=list)
    bits: list[int] = field(default_factory=list)


def fold(text: str) -> str:
    """The part that is read, Unicode-compatible, without links and entities; case is kept."""
    text = text[:LONGEST]
    if not text.isascii():
        text = normalize("NFKC", text)[:LONGEST]
    if "&" in text:
        text = unescape(text)
    if "http" in text or "www" in text:
        text = _LINK.sub(" ", text)
    return text.replace("’", "'").strip()


def tokenise(text: str) -> Tokens:
    """The tokens of a folded text, in order."""
    raws = _TOKEN.findall(text)
    out = Tokens()
    opens = True
    plain = _mostly_capitals(raws)
    for raw in raws:
        if "\u3400" <= raw[0] <= "\u9fff":
            _chinese(raw, out)
        elif raw in _OPENERS:
            opens = not out.words or out.words[-1] not in _TITLES
            if raw in "!?！？":
                _add(out, raw, _SHOUT, COMMON)
            continue
        else:
            _english(raw, opens or plain, out)
        opens = False
    return out


def _add(out: Tokens, word: str, weight: float, bits: int) -> None:
    out.words.append(word)
    out.weights.append(weight)
    out.bits.append(bits)


def _mostly_capitals(raws: list[str]) -> bool:
    """Whether a text shouts or is a headline, so that its capitals name nothing."""
    words = [raw for raw in raws if raw[0].isalpha() and len(raw) > 3]
    return len(words) > 3 and sum(1 for w in words if w[0].isupper()) * 5 > len(words) * 3


def _english(raw: str, opens: bool, out: Tokens) -> None:
    word = raw.lower()
    entry = ENGLISH.get(word)
    named = raw != word and not opens and len(raw) > 1
    if entry is None:
        _add(out, word, _NAME if named and raw[0].isalpha() else _unlisted(word), 0)
    elif named and entry[0] < _LISTED_NAMES_BELOW and not raw.isupper():
        _add(out, word, _LISTED_NAME, entry[1])
    else:
        _add(out, word, *entry)


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


def _chinese(run: str, out: Tokens) -> None:
    """Forward maximum matching against the word list; what no list knows stays one character."""
    words, weights, bits = out.words.append, out.weights.append, out.bits.append
    i, size = 0, len(run)
    while i < size:
        word = run[i]
        entry = None
        if word in _DIGIT_ZH and run[i + 1 : i + 2] in _MEASURE_ZH:
            entry = _NUMBER_ZH
        else:
            for width in WIDTHS.get(word, ()):
                entry = CHINESE.get(run[i : i + width])
                if entry is not None:
                    word = run[i : i + width]
                    break
        weight, bit = entry or (_FAMILIAR_CHARACTER if word in _FAMILIAR else _CHARACTER)
        words(word)
        weights(weight)
        bits(bit)
        i += len(word)
