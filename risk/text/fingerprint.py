"""Duplicate and near-duplicate detection: fingerprints of a text.

The near keys are a MinHash sketch (A. Broder, "On the resemblance and containment of documents",
1997): under each of three permutations, the smallest hashes of a text's own words. Words common to
all complaints, and numbers, are left out, so that two strangers' reports differ and a changed date
does not hide a copy. Of single Chinese characters, which strangers share more often than words, a
key takes three, else two.
"""

from hashlib import blake2b
from zlib import crc32

from risk.text.tags import COMMON
from risk.text.tokens import Tokens

_PERMUTATIONS = (0, 0x9E3779B1, 0x5BD1E995)
_OWN_WORDS = 4


def fingerprints(tokens: Tokens) -> tuple[str | None, tuple[str, ...]]:
    """(exact, near): equal for copies; near copies share at least one near key.

    None and () for a text too short or generic to be anybody's own.

    >>> from risk.text.tokens import tokenise
    >>> one = fingerprints(tokenise("the red zipper jammed near the collar after two washes"))
    >>> two = fingerprints(tokenise("the red zipper jammed near the collar after three washes!"))
    >>> one[0] == two[0], len(set(one[1]) & set(two[1]))
    (False, 1)
    >>> fingerprints(tokenise("It is broken"))
    (None, ())
    """
    own = {
        word
        for word, bits in zip(tokens.words, tokens.bits, strict=True)
        if not bits & COMMON and not word[0].isdigit()
    }
    if len(own) < _OWN_WORDS:
        return None, ()
    exact = blake2b(" ".join(tokens.words).encode(), digest_size=12)
    joined = "".join(own)
    rows = 3 if len(joined) < 2 * len(own) else 2
    hashes = [crc32(word.encode()) for word in own]
    return exact.hexdigest(), tuple(
        [_key(hashes, mask, rows, band) for band, mask in enumerate(_PERMUTATIONS)]
    )


def _key(hashes: list[int], mask: int, rows: int, band: int) -> str:
    smallest = sorted(map(mask.__xor__, hashes))[:rows]
    return f"{band}" + "".join([f"{value:08x}" for value in smallest])
