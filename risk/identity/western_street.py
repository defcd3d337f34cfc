"""One segment of a western address read as a street: name, house number, what is left."""

from dataclasses import dataclass, field

from risk.identity import street_words as words
from risk.identity.western_words import is_number, is_type


@dataclass(frozen=True, slots=True)
class Street:
    """`name` is canonical, `words` its parts, `units` (rank, value), `rest` what stood behind."""

    name: str
    numbers: str
    words: frozenset[str]
    rest: list[str] = field(default_factory=list)
    units: list[tuple[int, str]] = field(default_factory=list)


def read_street(part: list[str]) -> Street:
    """The street of a segment that holds at least one word, and a number if the house has one."""
    at = next((i for i, word in enumerate(part) if is_number(word)), None)
    if at is None:
        return _number_first("", part, [])
    before, after = part[:at], part[at + 1 :]
    ahead = any(map(is_type, after)) and not any(map(is_type, before[1:]))
    if before and not (ahead and not is_type(before[0])):
        return _number_last(before, part[at], after)
    units: list[tuple[int, str]] = []
    number = part[at]
    if len(after) > 1 and is_number(after[0]) and not is_type(after[1]):
        units, number, after = [(2, number)], after[0], after[1:]
    elif "/" in number:
        unit, _, number = number.partition("/")
        units = [(2, unit)]
    if len(after) > 1 and len(after[0]) == 1 and after[0] not in "nsew":
        number, after = number + after[0], after[1:]
    return _number_first(number, after, units)


def _number_last(before: list[str], number: str, after: list[str]) -> Street:
    """Hauptstrasse 12 a, Calle Mayor 5 3B."""
    if after and (len(after[0]) == 1 or after[0] in ("bis", "ter")):
        number, after = number + after[0], after[1:]
    units, rest = _units_behind(after)
    return Street(_name(before), number, frozenset(before), rest, units)


def _number_first(number: str, after: list[str], units: list[tuple[int, str]]) -> Street:
    """12 North High Street 4B Leeds."""
    if after and after[0] in ("bis", "ter"):
        number, after = number + after[0], after[1:]
    after = _with_saints(after)
    end = _name_end(after)
    more, rest = _units_behind(after[end:])
    return Street(_name(after[:end]), number, frozenset(after[:end]), rest, units + more)


def _with_saints(after: list[str]) -> list[str]:
    """Reads the St of "North St James Road" as Saint: a kind of street never opens a name."""
    at = next((i for i, word in enumerate(after) if word not in words.DIRECTIONS), 0)
    if after[at : at + 1] == ["st"] and any(map(is_type, after[at + 1 :])):
        return [*after[:at], "saint", *after[at + 1 :]]
    return after


def _name_end(after: list[str]) -> int:
    """Where the name ends: behind its kind of street, if that is not its first word."""
    if after and after[0] in words.WHOLE_STREETS:
        return 1
    for i, word in enumerate(after):
        if is_number(word) and not (i + 1 < len(after) and is_type(after[i + 1])):
            return i or 1
        if i and is_type(word):
            return _past_type(after, i + 1)
    return len(after)


def _past_type(after: list[str], end: int) -> int:
    while end < len(after) and (is_type(after[end]) or after[end] in words.DIRECTIONS):
        end += 1
    numbered = after[end - 1] in ("hwy", "highway", "route") or "county" in after[:end]
    return end + 1 if numbered and end < len(after) else end


def _units_behind(after: list[str]) -> tuple[list[tuple[int, str]], list[str]]:
    if not after or not is_number(after[0]) or len(after[0].split("-")[0]) > 4:
        return [], after
    chain = after[0].split("-")
    ranked = list(zip(range(3 - len(chain), 3), chain, strict=True)) if len(chain) < 4 else []
    return ranked, after[1:]


def _name(parts: list[str]) -> str:
    """Words in order, then directions, then the kind of street: N Main St is Main St N."""
    plain, marks = [], []
    for i, word in enumerate(parts):
        pinyin = i + 1 < len(parts) and parts[i + 1] in words.PINYIN_TYPES
        if word in words.DIRECTIONS and len(parts) > 1:
            marks.append(words.DIRECTIONS[word])
        elif word in words.PINYIN_DIRECTIONS and (pinyin or word == "middle"):
            marks.append(words.PINYIN_DIRECTIONS[word])
        elif i and word in words.PINYIN_TYPES:
            marks.append(words.PINYIN_TYPES[word])
        elif word in words.TYPES and (i or not any(map(is_type, parts[1:]))):
            marks.append(words.TYPES[word])
        else:
            plain.append(_folded(word))
    return "".join(plain) + "".join([f" {mark}" for mark in sorted(marks)])


def _folded(word: str) -> str:
    if word.isdecimal():
        return "o" + word
    word = "saint" if word == "st" else word
    return word.replace("ae", "a").replace("oe", "o").replace("ue", "u")
