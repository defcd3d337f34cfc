"""The draw of the cases that are reviewed without score and links, so that both can be judged.

It is keyed with the store's key: nobody can tell from an id.
"""

from __future__ import annotations

import hashlib

SHARE = 0.1
"""So many of a hundred cases where the policy of their decision says nothing."""

_BYTES = 8


def is_drawn(refund_id: str, key: bytes, share: float) -> bool:
    """Whether a case is one of the share, by the draw of its request and the store's key.

    >>> sum(is_drawn(f"R-{n}", b"a key", 0.1) for n in range(10_000))
    998
    >>> is_drawn("R-1", b"a key", 0.0), is_drawn("R-1", b"a key", 1.0)
    (False, True)
    """
    digest = hashlib.blake2b(
        refund_id.encode(), key=key[:64], digest_size=_BYTES, person=b"blind case"
    ).digest()
    return bool(int.from_bytes(digest) < share * 256**_BYTES)
