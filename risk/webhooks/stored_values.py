"""Values that rest on what is stored: what returned lines cost, what a fact said before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from risk.errors import RefundRiskError
from risk.facts import ORDERS, REFUNDS, SUBMITTED
from risk.facts.format import iso
from risk.facts.revisions import FOREVER
from risk.facts.units import MONEY_UNIT
from risk.history.schema import FACTS
from risk.history.store import History
from risk.problem_phrases import phrase
from risk.webhooks.field_values import KeepStored, StoredLines
from risk.webhooks.mapping import KEEP, Facts


class NotStoredYet(RefundRiskError):
    """What a message rests on is not stored: it may be taken in once it is."""


@dataclass(frozen=True, slots=True)
class StoredValues:
    """Fills in the values of facts that rest on what is stored."""

    history: History

    def has(self, request: Mapping[str, Any]) -> bool:
        """Whether there is a request that this one may correct."""
        c = FACTS[REFUNDS.name].c
        query = sa.select(sa.literal(1)).where(c.refund_id == _id(request, "refund_id"))
        with self.history.read() as connection:
            return connection.execute(query.limit(1)).scalar() is not None

    def fill(self, facts: Facts) -> Facts:
        """The facts with these values. Raises NotStoredYet where what they rest on is missing."""
        if not any(_rests(fact) for rows in facts.values() for fact in rows):
            return facts
        with self.history.read() as connection:
            return {
                kind: [_filled(connection, kind, fact) for fact in rows]
                for kind, rows in facts.items()
            }


def _id(fact: Mapping[str, Any], name: str) -> str:
    """An id as a message wrote it, before anybody has checked it: what no store could hold is no
    id."""
    given = fact.get(name)
    if not isinstance(given, str) or "\x00" in given:
        return ""
    return given.encode("utf-8", "replace").decode()


def _rests(fact: Mapping[str, Any]) -> bool:
    return KEEP in fact or any(isinstance(v, StoredLines | KeepStored) for v in fact.values())


def _filled(connection: sa.Connection, kind: str, fact: dict[str, Any]) -> dict[str, Any]:
    if not _rests(fact):
        return fact
    kept = [name for name, value in fact.items() if isinstance(value, KeepStored)]
    before = _stored(connection, kind, fact) if kept or KEEP in fact else {}
    wanted = kept if KEEP not in fact else [*before]
    filled = {name: before[name] for name in wanted if name in before}
    for name, value in fact.items():
        if isinstance(value, StoredLines):
            filled[name] = _cost(connection, _id(fact, "order_id"), value)
        elif not isinstance(value, KeepStored) and name != KEEP:
            filled[name] = value
    return filled


def _stored(connection: sa.Connection, kind: str, fact: Mapping[str, Any]) -> dict[str, Any]:
    """What is stored of the same request, as it was written, without what is hashed."""
    if kind != REFUNDS.name:
        raise NotStoredYet(f"only {REFUNDS.name} can keep what is stored, not {kind}")
    table = FACTS[kind]
    here = sa.and_(table.c.refund_id == _id(fact, "refund_id"), table.c.valid_to == FOREVER)
    query = sa.select(table).where(here).order_by(table.c.revision.desc()).limit(1)
    row = connection.execute(query).mappings().one_or_none()
    if row is None:
        raise NotStoredYet(phrase("no_request_yet", refund=str(fact.get("refund_id"))))
    written = {
        field.name: _written(field.type, row[field.name])
        for field in SUBMITTED[kind].fields
        if not field.identity and field.name in row and field.name not in ("known_at", "revision")
    }
    return {name: value for name, value in written.items() if value is not None}


def _written(type_: str, value: Any) -> Any:
    """A stored value as the contract writes it."""
    if value is None:
        return None
    if type_ == "time":
        return iso(value)
    if type_ == "money":
        return f"{Decimal(value) / MONEY_UNIT:f}"
    return bool(value) if type_ == "flag" else value


def _cost(connection: sa.Connection, order_id: str, wanted: StoredLines) -> str:
    """What the lines of an order cost, of each as many pieces as come back."""
    c = FACTS[ORDERS.name].c
    query = sa.select(c.line_id, c.amount, c.quantity).where(
        c.order_id == order_id, c.valid_to == FOREVER
    )
    lines = {str(line): (int(amount), pieces)
             for line, amount, pieces in connection.execute(query)}  # fmt: skip
    if not lines or any(line not in lines for line, _ in wanted.lines):
        raise NotStoredYet(phrase("no_order_yet", order=str(order_id)))
    shares = wanted.lines or tuple((line, None) for line in lines)
    total = sum(_share(*lines[line], pieces) for line, pieces in shares)
    return f"{total / MONEY_UNIT:f}"


def _share(amount: int, bought: int | None, pieces: Decimal | None) -> Decimal:
    """The part of a line's amount that so many of its pieces are, at most all of it."""
    if pieces is None or not bought:
        return Decimal(amount)
    return (Decimal(amount) * min(pieces, Decimal(bought)) / bought).quantize(Decimal(1))
