"""The fuzzy key of an address: one door, one key, however it is written."""

import re

from risk.identity.address_chinese import chinese_door
from risk.identity.address_western import western_door
from risk.identity.noise import drop_chinese_noise, drop_contacts
from risk.identity.normalisers import fold
from risk.identity.variants import SIMPLIFIED

_LONGEST = 400
_HAN = re.compile("[\u3400-\u9fff]")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−－~～_", "-") | {"⁄": "/", "／": "/"})


def door_key(raw: str) -> str | None:
    """A canonical key that spelling variants of one door share and two doors of a street do not.

    Scripts are told apart by the presence of Han characters. Numbers keep their order and lose
    their unit words; names lose case, kind-of-street spellings and administrative prefixes.
    The city stays in the key unless at least a street, a building and a room make it specific.
    Only the first 400 characters are read. None if nothing is left.
    """
    text = fold(raw[:_LONGEST]).translate(_DASHES)
    if not text:
        return None
    text = drop_contacts(text)
    if _HAN.search(text):
        text = drop_chinese_noise(text.translate(SIMPLIFIED))
        return chinese_door(text) if text.strip("- ") else None
    return western_door(text) or None
