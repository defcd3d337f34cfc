"""The share of cases that are found out without score and links, so that both can be judged."""

from __future__ import annotations

import hashlib

SHARE = 0.1
"""So many of a hundred cases; which ones is drawn by the request's id."""

_BYTES = 8


def is_blind(refund_id: str) -> bool:
    """Whether tier, probability, contributions and links of a case stay hidden until it is closed.

    >>> sum(is_blind(f"R-{n}") for n in range(10_000))
    968
    """
    digest = hashlib.blake2b(refund_id.encode(), digest_size=_BYTES, person=b"blind case").digest()
    return bool(int.from_bytes(digest) < SHARE * 256**_BYTES)
