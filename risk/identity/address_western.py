"""The key of a western (or pinyin) address: house number, street and unit, in whatever order.

"Flat 4B, 12 North High Street, Leeds LS1 4AP, UK" and "12 N. High St #4B Leeds" have one key.
"""

import re

from risk.identity import street_words as words
from risk.identity.western_street import read_street
from risk.identity.western_words import POSTCODE, Segments, has_type, is_number, segments

_BOX = re.compile(
    r"\b(?:p\.?\s?o\.?\s?box|post office box|postfach|apartado)\s*(?:no\.?)?\s*([0-9]+)"
)

Unit = tuple[int, str]


def western_door(text: str) -> str:
    """The key of an address in letters, already folded and without phones."""
    box = _BOX.search(text)
    if box:
        return f"we|{_city(segments(text[box.end() :]))}|box|{int(box[1])}|"
    units, parts = _take_units(segments(text))
    at = _street_at(parts, bool(units))
    if at is None:
        left = sorted(_plain(word) for part in parts for word in part)
        return f"we||{'.'.join(left)}||{_written(units)}" if left or units else ""
    street = read_street(parts[at])
    later = [street.rest, *parts[at + 1 :]]
    units += street.units or _bare_units([*parts[:at], *later])
    specific = units and street.numbers and not words.COMMON_STREETS.intersection(street.words)
    city = "" if specific else _city(later)
    return f"we|{city}|{street.name}|{street.numbers}|{_written(units)}"


def _plain(word: str) -> str:
    return words.TYPES.get(word) or words.DIRECTIONS.get(word) or word


def _written(units: list[Unit]) -> str:
    """Units in order; a floor only where no room, or no unit of a western house, implies it."""
    ranks = {rank for rank, _ in units}
    if 2 in ranks or ranks == {1, 3}:
        units = [unit for unit in units if unit[0] != 3]
    return ".".join([("f" if rank == 3 else "") + value for rank, value in sorted(set(units))])


def _take_units(parts: Segments) -> tuple[list[Unit], Segments]:
    """Takes "Apt 4B", "3rd floor", "501 shi" out of the segments."""
    units: list[Unit] = []
    left: Segments = []
    for part in parts:
        kept: list[str] = []
        i = 0
        while i < len(part):
            i += _unit_at(part, i, kept, units) or _keep(part[i], kept)
        left.append(kept)
    return units, left


def _keep(word: str, kept: list[str]) -> int:
    kept.append(word)
    return 1


def _unit_at(part: list[str], i: int, kept: list[str], units: list[Unit]) -> int:
    """How many words a unit at `i` takes; 0 if there is none."""
    word = part[i]
    if word in words.UNITS_AFTER and kept and kept[-1].isdecimal():
        units.append((words.UNITS_AFTER[word], kept.pop()))
        return 1
    rank = words.UNITS.get(word)
    if rank is None and not i and len(part) == 2 and words.TYPES.get(word) == "ln":
        rank = -1
    if rank is None:
        return 0
    if rank == 3 and kept and (kept[-1][1:].isdecimal() or kept[-1] == "ground"):
        units.append((3, kept.pop().lstrip("o")))
        return 1
    following = part[i + 1] if i + 1 < len(part) else ""
    if following and (is_number(following) or len(following) == 1):
        letter = part[i + 2] if i + 2 < len(part) else ""
        joined = len(letter) == 1 and letter not in "nsew" and following.isdecimal()
        units.extend(_ranked(following + letter if joined else following, rank))
        return 3 if joined else 2
    return 1 if word in ("flat", "apartment", "floor", "apt") else 0


def _ranked(value: str, rank: int) -> list[Unit]:
    """A chain such as 3-2-501 is building, entrance, room; anything else one value."""
    parts = value.split("-")
    if len(parts) == 1:
        return [(rank, value)]
    return list(zip(range(3 - len(parts), 3), parts, strict=True))


def _street_at(parts: Segments, numbered: bool) -> int | None:
    """The segment of the street; one without a number only where a unit already has one."""
    digits = [i for i, part in enumerate(parts) if any(map(is_number, part)) and len(part) > 1]
    typed = [i for i in digits if has_type(parts[i])]
    digits = [i for i in digits if any(is_number(w) and len(w) < 5 for w in parts[i])]
    bare = [i for i, part in enumerate(parts) if numbered and has_type(part)]
    for i in (*typed, *digits, *bare):
        if any(not is_number(word) for word in parts[i]):
            return i
    return None


def _bare_units(parts: Segments) -> list[Unit]:
    """A number standing alone beside the street: "123 Main St, 4B"."""
    for part in parts:
        if len(part) == 1 and is_number(part[0]) and len(part[0].split("-")[0]) < 5:
            return _ranked(part[0], 2)
    return []


def _city(parts: Segments) -> str:
    """The last word of the segment that names the town; "" if none does.

    That is the segment of the postcode or state, or the one before; without either the last that
    names no building.
    """
    last = ""
    for part in parts:
        named = [w for w in part if len(w) > 1 and w != POSTCODE and w.isalpha()]
        town = [w for w in named if w not in words.STATES and w not in words.COUNTRIES]
        if town and not words.BUILDINGS.intersection(town):
            last = "york" if town[-1] == "nyc" else town[-1]
        if last and _closes(part, named):
            break
    return last


def _closes(part: list[str], named: list[str]) -> bool:
    """Whether a segment holds a postcode or ends in a state: what follows is no town."""
    coded = any(w == POSTCODE or (w.isdecimal() and len(w) > 4) for w in part)
    return coded or (bool(named) and named[-1] in words.STATES)
