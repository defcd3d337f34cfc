"""Keys bound to merchants: what they may send and what they may see."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from api.problems import ProblemError
from risk.access.keys import Key
from risk.decisions.submission import ScoreBody
from risk.facts import MEMBERS, ORDERS, RETRACTIONS
from risk.facts.models import Fact
from risk.history import ownership
from risk.history.store import History


def check_facts(history: History, key: Key, kind: str, facts: Sequence[Fact]) -> None:
    """Raises ProblemError (403) where a bound key speaks of another merchant's orders or requests.

    A reference to an order nobody has sent yet is let through, as everywhere.
    """
    if not key.merchants:
        return
    if kind == RETRACTIONS.name:
        raise ProblemError("forbidden", "a key bound to merchants takes no facts back")
    if kind == ORDERS.name:
        _check_lines(key, facts)
    with history.read() as connection:
        _check_orders(connection, key, _ids(facts, "order_id"))
        _check_refunds(connection, key, _ids(facts, "refund_id"))


def check_score(history: History, key: Key, body: ScoreBody) -> None:
    """The same for every member of a scoring body."""
    if key.merchants:
        for member, facts in body.items():
            check_facts(history, key, MEMBERS[member].name, facts)


def sees(history: History, key: Key, refund_id: str) -> bool:
    """Whether a stored request is one the key may see."""
    if not key.merchants:
        return True
    with history.read() as connection:
        order = ownership.orders_of(connection, [refund_id]).get(refund_id, "")
        return bool(ownership.of_orders(connection, [order]).get(order, set()) & key.merchants)


def _check_lines(key: Key, lines: Sequence[Fact]) -> None:
    for row, line in enumerate(lines):
        if line.value("merchant_id") not in key.merchants:
            raise _forbidden("merchant_id", row)


def _check_orders(connection: sa.Connection, key: Key, orders: Sequence[str]) -> None:
    for order, owners in ownership.of_orders(connection, orders).items():
        if not owners & key.merchants:
            raise _forbidden("order_id", orders.index(order))


def _check_refunds(connection: sa.Connection, key: Key, refunds: Sequence[str]) -> None:
    orders = ownership.orders_of(connection, refunds)
    owners = ownership.of_orders(connection, orders.values())
    for refund, order in orders.items():
        if order in owners and not owners[order] & key.merchants:
            raise _forbidden("refund_id", refunds.index(refund))


def _ids(facts: Sequence[Fact], name: str) -> list[str]:
    return [value for fact in facts if (value := fact.value(name)) is not None]


def _forbidden(name: str, row: int) -> ProblemError:
    error = {
        "pointer": f"#/{name}",
        "field": name,
        "row": row,
        "expected": "a merchant this key is bound to",
        "got": "another",
    }
    return ProblemError("forbidden", f"this key may not speak of this {name}", [error])
