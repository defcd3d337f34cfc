"""Other open requests for the goods that a request is about: the same line of the same order, or
the order as a whole."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa

from risk.cases.record import claim_rows
from risk.cases.record.recommended_step import step_of
from risk.facts.revisions import FOREVER
from risk.history.schema import FACTS, latest

_refunds, _outcomes, _evidence = FACTS["refunds"], FACTS["outcomes"], FACTS["evidence"]
_WANTED = ("refund_id", "requested_at", "type", "reason_code", "amount")


_own, _other = _refunds.alias("own"), _refunds.alias("other")
_answered = sa.exists().where(_outcomes.c.refund_id == _other.c.refund_id, latest(_outcomes))
_OPEN = (
    sa.select(_own.c.refund_id.label("of"), *(_other.c[name] for name in _WANTED))
    .join_from(_own, _other, _other.c.order_id == _own.c.order_id)
    .where(
        _own.c.refund_id.in_(sa.bindparam("refunds", expanding=True)),
        _other.c.refund_id != _own.c.refund_id,
        _own.c.valid_to == FOREVER,
        _other.c.valid_to == FOREVER,
        _own.c.state == "open",
        _other.c.state == "open",
        sa.or_(
            _own.c.line_id.is_(None),
            _other.c.line_id.is_(None),
            _own.c.line_id == _other.c.line_id,
        ),
        ~_answered,
    )
    .order_by(_other.c.requested_at, _other.c.refund_id)
)


def open_for_same_goods(
    connection: sa.Connection, refunds: Collection[str]
) -> dict[str, list[dict[str, Any]]]:
    """By request, the others that ask for its goods, oldest first: neither withdrawn nor answered
    by any outcome. Requests without such are left out."""
    found: dict[str, list[dict[str, Any]]] = {}
    for row in connection.execute(_OPEN, {"refunds": list(refunds)}).mappings():
        found.setdefault(row["of"], []).append({name: row[name] for name in _WANTED})
    return found


class AskedThere(NamedTuple):
    """The other request on which a customer was asked which one stands, when (ms), and whether they
    gave anything there since."""

    refund_id: str
    at: int
    answered: bool


def asked_there(
    connection: sa.Connection,
    decision: Mapping[str, Any] | None,
    same_goods: Sequence[Mapping[str, Any]],
) -> AskedThere | None:
    """On which of the other requests for the same goods the customer was asked last which of them
    stands; None where a case does not wait for that."""
    if step_of((decision or {}).get("recommended") or NO_STEP) != "open_request":
        return None
    asked = [
        (event["at"], other["refund_id"])
        for other in same_goods
        for event in claim_rows.events(connection, other["refund_id"])
        if event["action"] == "ask" and event["body"].get("from") == "customer"
    ]
    if not asked:
        return None
    at, refund_id = max(asked)
    given = sa.select(_evidence.c.evidence_id).where(
        _evidence.c.refund_id == refund_id,
        _evidence.c.submitted_by == "customer",
        _evidence.c.known_at > at,
        latest(_evidence),
    )
    answered = connection.execute(given.limit(1)).first() is not None
    return AskedThere(refund_id, at, answered)


NO_STEP: Mapping[str, Any] = {"step": "", "text": {"en": ""}}
