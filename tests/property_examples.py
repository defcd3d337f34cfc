"""How many examples dear property tests take."""

from __future__ import annotations

from hypothesis import settings

NEW = "explore"
"""The profile under which every run draws new examples."""


def examples(number: int) -> settings:
    """So many where new ones are drawn, and half of them where each run has the same: a second look
    at what was found sound says less than a first one elsewhere."""
    anew = settings.get_current_profile_name() == NEW
    return settings(max_examples=number if anew else -(-number // 2))
