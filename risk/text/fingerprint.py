"""Fingerprints of a text: equal for copies, partly equal for near copies.

The near keys are a MinHash sketch (Broder 1997) cut into three bands of two rows. Words that
stand in everybody's complaint are left out, so that two strangers' reports stay apart.
"""

from hashlib import blake2b
from zlib import crc32

from risk.text.tags import COMMON
from risk.text.tokens import Token

_ROWS = (0x9E3779B1, 0x85EBCA6B, 0xC2B2AE35, 0x27D4EB2F, 0x165667B1, 0xD3A2646C)
_OWN_WORDS = 4


def fingerprints(tokens: list[Token]) -> tuple[str | None, tuple[str, ...]]:
    """(exact, near): None and () for a text too short or generic to be anybody's own."""
    own = [t.word for t in tokens if t.entry is None or not t.entry.bits & COMMON]
    if len(set(own)) < _OWN_WORDS:
        return None, ()
    exact = blake2b(" ".join([t.word for t in tokens]).encode("utf-8", "replace"), digest_size=12)
    hashes = [crc32(word.encode("utf-8", "replace")) for word in own]
    rows = [min([(h ^ row) * 0x2545F491 & 0xFFFFFFFF for h in hashes]) for row in _ROWS]
    near = tuple(f"{band}{rows[band]:08x}{rows[band + 3]:08x}" for band in range(3))
    return exact.hexdigest(), near
