"""Other open requests for the goods that a request is about: the same line of the same order, or
the order as a whole."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa

from risk.facts.revisions import FOREVER
from risk.history.schema import FACTS, latest

_refunds, _outcomes = FACTS["refunds"], FACTS["outcomes"]
_WANTED = ("refund_id", "requested_at", "type", "reason_code", "amount")


def open_for_same_goods(
    connection: sa.Connection, refunds: Collection[str]
) -> dict[str, list[dict[str, Any]]]:
    """By request, the others that ask for its goods, oldest first: neither withdrawn nor answered
    by any outcome. Requests without such are left out."""
    own, other = _refunds.alias("own"), _refunds.alias("other")
    answered = sa.exists().where(_outcomes.c.refund_id == other.c.refund_id, latest(_outcomes))
    query = (
        sa.select(own.c.refund_id.label("of"), *(other.c[name] for name in _WANTED))
        .join_from(own, other, other.c.order_id == own.c.order_id)
        .where(
            own.c.refund_id.in_(refunds),
            other.c.refund_id != own.c.refund_id,
            own.c.valid_to == FOREVER,
            other.c.valid_to == FOREVER,
            own.c.state == "open",
            other.c.state == "open",
            sa.or_(
                own.c.line_id.is_(None),
                other.c.line_id.is_(None),
                own.c.line_id == other.c.line_id,
            ),
            ~answered,
        )
        .order_by(other.c.requested_at, other.c.refund_id)
    )
    found: dict[str, list[dict[str, Any]]] = {}
    for row in connection.execute(query).mappings():
        found.setdefault(row["of"], []).append({name: row[name] for name in _WANTED})
    return found
