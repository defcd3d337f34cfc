"""Keys bound to merchants: for whom a call speaks, and what its answers call things."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Annotated, Any

import orjson
from fastapi import Query
from pydantic import WithJsonSchema

from risk.access.keys import Key
from risk.decisions.submission import ScoreBody
from risk.errors import BadInput, Forbidden, Problem
from risk.facts import MEMBERS, ORDERS
from risk.facts.models import Fact
from risk.history.store import History
from risk.history.tenants.alias_rows import SEPARATOR
from risk.history.tenants.caller import Caller
from risk.history.tenants.shared_ids import own_ids, renamed

MerchantName = Annotated[
    str | None,
    WithJsonSchema({"type": "string", "maxLength": 200}),
    Query(
        max_length=200,
        description="whose ids are meant: for a key that is bound to several merchants, or where "
        "several merchants use the same id",
    ),
]


def caller_of(key: Key, merchant: str | None) -> Caller:
    """For whom a call speaks. Raises Forbidden for a merchant that is none of the key's."""
    if not key.merchants:
        return Caller(frozenset((merchant,)) if merchant else frozenset())
    if merchant and merchant not in key.merchants:
        problem = Problem("query", None, "merchant", "a merchant this key is bound to", "another")
        raise Forbidden("this key may not speak for this merchant", problem)
    return Caller(frozenset((merchant,)) if merchant else key.merchants, bound=True)


def check_lines(caller: Caller, kind: str, facts: Sequence[Fact]) -> None:
    """Raises Forbidden (BadInput where the caller names the merchant itself) for a line of an order
    of another merchant than the caller speaks for."""
    if not caller.merchants or kind != ORDERS.name:
        return
    for row, line in enumerate(facts):
        if line.value("merchant_id") not in caller.merchants:
            expected = "a merchant this call speaks for"
            problem = Problem(ORDERS.name, row, "merchant_id", expected, "another")
            if not caller.bound:
                raise BadInput([problem])
            raise Forbidden("this key may not speak of this merchant_id", problem)


def check_score(caller: Caller, body: ScoreBody) -> None:
    """The same for every member of a scoring body."""
    for member, facts in body.items():
        check_lines(caller, MEMBERS[member].name, facts)


def decision_in_own_ids(history: History, caller: Caller, decision: bytes) -> bytes:
    """A Decision in JSON with the id that the caller's merchant uses for the request."""
    if not caller.merchants or SEPARATOR.encode() not in decision:
        return decision
    content = orjson.loads(decision)
    own = in_own_ids(history, caller, content, {content["refund_id"]})
    return decision if own is content else orjson.dumps(own)


def in_own_ids(history: History, caller: Caller, content: Any, ids: Collection[str]) -> Any:
    """JSON values with the caller's ids in the place of internal ones, of these requests and
    orders; the very same values where there are none."""
    internal = {value for value in ids if SEPARATOR in value}
    if not caller.merchants or not internal:
        return content
    with history.read() as connection:
        names = {
            **own_ids(connection, caller, "refund_id", internal),
            **own_ids(connection, caller, "order_id", internal),
        }
    return renamed(content, names) if names else content
