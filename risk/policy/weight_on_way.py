"""Whether a parcel lost weight between its sender and its receiver, or came back light."""

from __future__ import annotations

from risk.policy.schema import Policy
from risk.policy.situation import Situation

LIGHTER, LEAST_G = 0.8, 20.0
"""A parcel that arrives with less than this share, and so many grams less, lost something on its
way: scales differ by less."""


def is_lighter(start: float | None, end: float | None) -> bool:
    """Whether what was weighed on arrival is less than when it was sent (grams)."""
    if start is None or end is None:
        return False
    return end < LIGHTER * start and start - end >= LEAST_G


def grew_lighter(case: Situation, way: str) -> bool:
    """Whether a parcel of this direction did."""
    return any(one == way and is_lighter(start, end) for one, start, end in case.weighings)


def weighs_little(policy: Policy, case: Situation) -> bool:
    """Whether a return weighs far less than what should come back, opened or not."""
    sent, back = case.sent_weight_g, case.return_weight_g
    return bool(sent) and back is not None and back < (sent or 0) * policy.light_parcel.share
