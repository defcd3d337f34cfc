"""What has become of one fact: for whoever wants to take it back."""

from __future__ import annotations

from typing import Literal

import sqlalchemy as sa

from risk.history.facts.revise import retractions_of, stored_revisions


def standing_of(
    connection: sa.Connection, kind: str, fact_key: int
) -> Literal["unknown", "retracted", "stands"]:
    """Whether anything is stored of a fact, and whether a retraction of all of it is in force."""
    held = stored_revisions(connection, kind, [fact_key])
    back = retractions_of(connection, kind, [fact_key]).get(fact_key, [])
    latest = max(back, key=lambda r: (r.known_at, r.retracted_at), default=None)
    if not held:
        return "unknown"
    return "retracted" if latest is not None and latest.up_to is None else "stands"
