"""What a stored policy says about the work of its people."""

from __future__ import annotations

from risk.cases.policies.used_policy import parsed_policy
from risk.policy.review_sections import Review


def review_of(content: str) -> Review | None:
    """The section of a policy's text; None in policies of earlier releases."""
    stored = parsed_policy(content)
    return None if stored is None else stored.review
