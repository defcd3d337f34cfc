"""The policy that a decision was made under, read once."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from risk import policy
from risk.errors import PolicyRefused
from risk.history.published_models import policy_content
from risk.policy import Policy


@lru_cache(maxsize=8)
def parsed_policy(content: str) -> Policy | None:
    """A stored policy from its text; None where this release cannot read it."""
    try:
        return policy.parse_stored(content)
    except PolicyRefused:
        return None


def used_policy(connection: sa.Connection, decision: Mapping[str, Any] | None) -> Policy | None:
    """The policy of a decision; None without a decision, and where it is not kept."""
    content = policy_content(connection, decision["policy"]["version"]) if decision else None
    return None if content is None else parsed_policy(content)
