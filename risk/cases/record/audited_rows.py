"""Requests that a random check found legitimate: their customers were never heard, so it counts for
nothing else, and is only told for them."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from risk.findings import NEGATIVE_VERDICTS, RANDOM_AUDIT
from risk.history.schema import FACTS, latest

_outcomes = FACTS["outcomes"]
_SAID = (
    sa.select(*(_outcomes.c[name] for name in ("refund_id", "verdict", "selected_by", "known_at")))
    .where(_outcomes.c.refund_id.in_(sa.bindparam("refunds", expanding=True)), latest(_outcomes))
    .where(_outcomes.c.decided_by != "system")
    .order_by(_outcomes.c.known_at, _outcomes.c.decided_at)
)


def audited_legitimate(connection: sa.Connection, refunds: Sequence[str]) -> dict[str, int]:
    """Since when (ms) it is known of these requests, where nobody has said anything since."""
    found: dict[str, int] = {}
    for row in connection.execute(_SAID, {"refunds": refunds}) if refunds else ():
        found.pop(row.refund_id, None)
        if row.selected_by == RANDOM_AUDIT and row.verdict in NEGATIVE_VERDICTS:
            found[row.refund_id] = int(row.known_at)
    return found
