"""The items that a HEIC file lists (ISO 14496-12, 8.11.6), checked before its decoder is asked.

`pi-heif` ends its process where the kind or the name of an item is no text.
"""

from __future__ import annotations

import re

from risk.evidence.reading.record import UnreadableFile

_ITEM = re.compile(rb"(?s)(?=(.{4})infe(.))")
_LONGEST = 4_096


def check_items(content: bytes) -> None:
    """Raises UnreadableFile where an item is of a kind or name that is no text."""
    for found in _ITEM.finditer(content):
        end = found.start() + min(int.from_bytes(found[1], "big"), _LONGEST)
        numbers = 10 if found[2] == b"\x03" else 8
        try:
            content[found.start() + 8 + numbers : end].decode()
        except UnicodeDecodeError:
            raise UnreadableFile("a whole image/heic (its items)") from None
