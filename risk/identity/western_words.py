"""Reads a western address into segments of canonical words."""

import re
from unicodedata import combining, normalize

from risk.identity import street_words as words

_POSTCODE = re.compile(
    r"\b[a-z]{1,2}[0-9][0-9a-z]?\s*[0-9][abd-hjlnp-uw-z]{2}\b"  # Royal Mail
    r"|\b[a-z][0-9][a-z]\s?[0-9][a-z][0-9]\b"  # Canada Post
    r"|\b[0-9]{5}-[0-9]{4}\b"  # ZIP+4
)
_COUNTRY = re.compile(
    r"\b(?:united kingdom|united states(?: of america)?|great britain"
    r"|u\.s\.a?\.?|u\.k\.|p\.?r\.? china)"
)
_SPLIT = re.compile(r"[,;\n|()\[\]]+")
_TOKEN = re.compile(r"[0-9]+[a-z]?(?:\s?[\-/]\s?[0-9]*[a-z]?[0-9]*(?=[\W_]|$))+|[^\W_]+")
_GLUED = re.compile(
    r"(apt|unit|flat|suite|ste|room|rm|no|bldg|building|floor|block|blk|fl)([0-9]+[a-z]?)"
)
_ORDINAL = re.compile(r"([0-9]+)(?:st|nd|rd|th)")
_FLOOR = re.compile(r"([0-9]+)(?:fl|og)")
_STREET_TAIL = re.compile(r"([^\W0-9]{3,}?)(?:strasse|str)")

POSTCODE = "zzpost"
"""The word that stands for a postcode in what is read."""
Segments = list[list[str]]


def segments(text: str) -> Segments:
    """Words between commas: accents gone, ordinals as o5, chains (3-2-501) whole, notes cut off."""
    if not text.isascii():
        text = "".join([c for c in normalize("NFKD", text) if not combining(c)])
    text = text.replace("'", "").replace("’", "").replace("c/o", ", attn ")
    text = _COUNTRY.sub(" ", _POSTCODE.sub(f" {POSTCODE} ", text))
    read = [_words(part) for part in _SPLIT.split(text)]
    return _with_numbers([part for part in read if part])


def _words(part: str) -> list[str]:
    out: list[str] = []
    for raw in _TOKEN.findall(part):
        if raw in words.NOTES:
            break
        out.extend(_canonical(raw))
    return out


def _canonical(raw: str) -> list[str]:
    if raw in words.EMPTY:
        return []
    if raw in words.ORDINALS:
        return ["o" + words.ORDINALS[raw]]
    if raw[0].isdigit():
        return _numeric("".join(raw.split()))
    glued = _GLUED.fullmatch(raw)
    if glued:
        return [word for word in (glued[1], glued[2]) if word not in words.EMPTY]
    tail = _STREET_TAIL.fullmatch(raw)
    return [tail[1], "st"] if tail else [raw]


def _numeric(raw: str) -> list[str]:
    ordinal = _ORDINAL.fullmatch(raw)
    if ordinal:
        return ["o" + ordinal[1]]
    floor = _FLOOR.fullmatch(raw)
    if floor:
        return ["floor", floor[1]]
    parts = [part for part in re.split(r"[\-/]", raw) if part]
    if len(parts) == 2 and parts[1].isalpha():
        return [str(int(parts[0])) + parts[1]] if parts[0].isdecimal() else ["".join(parts)]
    return [_trim(raw) if len(parts) < 2 else ("/" if "/" in raw else "-").join(map(_trim, parts))]


def _trim(number: str) -> str:
    return number.lstrip("0") or "0"


def is_number(word: str) -> bool:
    """Whether a word numbers something: 12, 4b, b4, 3-2-501, but no ordinal."""
    return word[0].isdigit() or (len(word) > 1 and word[0] != "o" and word[1:].isdigit())


def _with_numbers(parts: Segments) -> Segments:
    """Joins a house number that a comma cut off its street: "12, High Street"."""
    out: Segments = []
    for part in parts:
        if out and (_opens(out[-1], part) or _ends(out[-1], part)):
            out[-1].extend(part)
        else:
            out.append(part)
    return out


def _opens(before: list[str], part: list[str]) -> bool:
    return _is_house(before) and not any(map(is_number, part)) and any(map(is_type, part))


def _ends(before: list[str], part: list[str]) -> bool:
    return _is_house(part) and not any(map(is_number, before)) and has_type(before)


def _is_house(part: list[str]) -> bool:
    return len(part) == 1 and is_number(part[0]) and len(part[0]) < 5


def is_type(word: str) -> bool:
    """Whether a word is a kind of street."""
    return word in words.TYPES or word in words.PINYIN_TYPES or word in words.WHOLE_STREETS


def has_type(part: list[str]) -> bool:
    """Whether a segment names a kind of street."""
    return any(map(is_type, part)) and len(part) > 1
