"""What a stored policy says about the work of its people, read once."""

from __future__ import annotations

from functools import lru_cache

from risk import policy
from risk.errors import PolicyRefused
from risk.policy.review_sections import Review


@lru_cache(maxsize=8)
def review_of(content: str) -> Review | None:
    """The section of a policy's text; None in policies of earlier releases."""
    try:
        return policy.parse_stored(content).review
    except PolicyRefused:
        return None
