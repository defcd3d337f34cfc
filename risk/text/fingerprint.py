"""Fingerprints of a text: equal for copies, partly equal for near copies.

The near keys are a MinHash sketch (A. Broder, "On the resemblance and containment of documents",
1997) by one permutation: words fall into three bins and the smallest hashes of each bin are its
key. Words that stand in everybody's complaint, and numbers, are left out, so that two strangers'
reports stay apart and a changed date does not hide a copy.
"""

from hashlib import blake2b
from zlib import crc32

from risk.text.tags import COMMON
from risk.text.tokens import Tokens

_BANDS, _ROWS = 3, 2
_OWN_WORDS = 4


def fingerprints(tokens: Tokens) -> tuple[str | None, tuple[str, ...]]:
    """(exact, near): None and () for a text too short or generic to be anybody's own."""
    own = {w for w, b in zip(tokens.words, tokens.bits, strict=True) if not b & COMMON}
    if len(own) < _OWN_WORDS:
        return None, ()
    exact = blake2b(" ".join(tokens.words).encode("utf-8", "replace"), digest_size=12)
    bins: tuple[list[int], ...] = tuple([] for _ in range(_BANDS))
    for word in own:
        if not word[0].isdigit():
            value = crc32(word.encode("utf-8", "replace"))
            bins[value % _BANDS].append(value)
    near = [_key(band, sorted(found)[:_ROWS]) for band, found in enumerate(bins) if found]
    return exact.hexdigest(), tuple(near)


def _key(band: int, smallest: list[int]) -> str:
    return f"{band}" + "".join([f"{value:08x}" for value in smallest])
