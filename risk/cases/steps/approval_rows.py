"""Approvals that leave something to be done, as rows of the log of decisions."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from risk.history.schema import FACTS, latest, requests
from risk.history.schema.schema_cases import case_events, cases
from risk.history.schema.schema_decisions import decisions

MOST = 1000
ASKING = ("ask_merchant", "ask_courier", "wait")
PAYING = ("heard", "read", "read_shop", "packed", "purchase", "unconfirmed")
"""Actions that leave something to be done, and steps of paying that do."""

_d, _r = decisions.c, requests.c
_later = decisions.alias("later")
_refunds, _outcomes = FACTS["refunds"], FACTS["outcomes"]
_decided_again = sa.exists().where(
    _later.c.refund_id == _d.refund_id,
    sa.or_(
        _later.c.as_of > _d.as_of,
        sa.and_(_later.c.as_of == _d.as_of, _later.c.decided_at > _d.decided_at),
    ),
)
_stands = sa.exists().where(
    _refunds.c.refund_id == _d.refund_id, latest(_refunds), _refunds.c.state == "open"
)
_answered = sa.exists().where(_outcomes.c.refund_id == _d.refund_id, latest(_outcomes))
_in_queue = sa.exists().where(cases.c.refund_id == _d.refund_id, cases.c.state == "open")
_leaves_more = sa.or_(
    *(_d.body.contains(f'"recommended":{{"action":"{one}"') for one in ASKING),
    *(_d.body.contains(f'"step":"{one}"') for one in PAYING),
)
_own = sa.and_(_r.refund_id == _d.refund_id, latest(requests))
_APPROVALS = (
    sa.select(
        _d.refund_id, _d.as_of, _d.body, _r.customer_id, _r.merchant_id, _r.reason_code, _r.amount,
        _r.currency,
    )
    .join_from(decisions, requests, _own, isouter=True)
    .where(_d.tier == "approve", _leaves_more, ~_decided_again, _stands, ~_answered, ~_in_queue)
    .order_by(_d.decided_at.desc(), _d.decision_id.desc())
)  # fmt: skip


def approvals_since(connection: sa.Connection, since: int) -> list[dict[str, Any]]:
    """The latest decisions that approve, made after `since` (ms), newest first, at most `MOST`:
    nothing was found or paid yet, the request stands, and no person is to find it out."""
    query = _APPROVALS.where(_d.decided_at > since).limit(MOST)
    return [dict(row) for row in connection.execute(query).mappings()]


def approval_of(connection: sa.Connection, refund_id: str) -> dict[str, Any] | None:
    """The same of one request, however long ago it was decided."""
    row = connection.execute(_APPROVALS.where(_d.refund_id == refund_id)).mappings().first()
    return None if row is None else dict(row)


def asked_of(connection: sa.Connection, since: int) -> dict[str, int]:
    """When somebody was last asked about each request (ms), after `since`."""
    c = case_events.c
    query = sa.select(c.refund_id, sa.func.max(c.at)).where(c.action == "ask", c.at > since)
    return {name: int(at) for name, at in connection.execute(query.group_by(c.refund_id))}
