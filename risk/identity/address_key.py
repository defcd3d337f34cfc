"""The key of the delivery point (`door`) that an address means, however the address is written."""

import re

from risk.identity.address_chinese import chinese_door
from risk.identity.address_noise import drop_chinese_noise, drop_contacts
from risk.identity.address_western import western_door
from risk.identity.normalisers import fold
from risk.identity.traditional_characters import SIMPLIFIED

_LONGEST = 400
_HAN = re.compile("[\u3400-\u9fff]")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−－~～_", "-") | {"⁄": "/", "／": "/"})


def door_key(raw: str) -> str | None:
    """The key that all spellings of one delivery point share; None for an address without any.

    An address with Han characters is read as Chinese. Numbers keep their order and lose their unit
    words; names lose case, spellings of the kind of street, and administrative prefixes. The city
    stays in the key unless a street, a building and a room make it specific. Only the first 400
    characters are read.

    >>> door_key("12 North High Street, Flat 4B, Leeds") == door_key("12 N. High St #4B Leeds")
    True
    >>> door_key("文三路九十号3号楼2单元501室(放门口)") == door_key("文三路90号3-2-501")
    True
    """
    text = fold(raw[:_LONGEST]).translate(_DASHES)
    if not text:
        return None
    text = drop_contacts(text)
    if _HAN.search(text):
        text = drop_chinese_noise(text.translate(SIMPLIFIED))
        return chinese_door(text) if text.strip("- ") else None
    return western_door(text) or None
