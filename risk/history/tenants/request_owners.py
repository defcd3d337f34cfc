"""Requests of bound callers until their order is known: whose they are, and what settles it.

Such a request is its sender's. It shares the order id that it names while nobody else has a request
on that order; where another merchant has, or the order is another's, it is about an order of its
own with the same id, and is moved back when the order turns out to be its merchant's after all.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from risk.facts.parse_columns import Columns
from risk.history.connection.connect import Write
from risk.history.facts.relocate import relocate
from risk.history.facts.revise import slices
from risk.history.schema import FACTS, latest
from risk.history.schema.schema_tenants import request_owners
from risk.history.tenants.alias_rows import (
    Alias,
    add_aliases,
    aliases_of,
    aliases_to,
    own_id,
    remove_alias,
)
from risk.history.tenants.ownership import Subject, of_orders, of_subjects, requested_by_others

_c = request_owners.c


def note_senders(write: Write, columns: Columns, merchants: Sequence[str | None]) -> None:
    """Note whose the requests are whose order is not known to be the merchant's."""
    subjects: set[Subject] = {("order_id", order) for order in columns["order_id"]}
    owners = of_subjects(write.connection, subjects)
    pairs = zip(columns["refund_id"], columns["order_id"], merchants, strict=True)
    for refund, order, merchant in pairs:
        known = owners.get(("order_id", order))
        if merchant is not None and (known is None or merchant not in known):
            _note_sender(write, refund, merchant)


def _note_sender(write: Write, refund_id: str, merchant_id: str) -> None:
    known = sa.select(_c.merchant_id).where(_c.refund_id == refund_id)
    if write.connection.execute(known).first() is None:
        row = {"refund_id": refund_id, "merchant_id": merchant_id}
        write.connection.execute(sa.insert(request_owners).values(**row))
        write.filled.add("request_owners")


@dataclass(frozen=True, slots=True)
class Unsettled:
    """A request whose order is not known to be its sender's: `order_id` is the one it is stored
    under, `named` the one that the sender says."""

    refund_id: str
    merchant_id: str
    order_id: str
    named: str


def settle_owners(write: Write, orders: Collection[str]) -> None:
    """Settle whose these orders are for the requests of bound callers that name them."""
    unsettled = _unsettled(write.connection, orders)
    owners = of_orders(
        write.connection, {o for one in unsettled for o in (one.order_id, one.named)}
    )
    for one in unsettled:
        own = {one.merchant_id}
        if owners.get(one.order_id, set()) == own:
            _settle(write, one)
        elif one.order_id != one.named:
            if owners.get(one.named, set()) == own:
                _move_back(write, one)
        elif one.named in owners or _is_shared(write.connection, one):
            _set_apart(write, one)


def _is_shared(connection: sa.Connection, one: Unsettled) -> bool:
    """Whether anybody else speaks of the order that a request names, which nobody knows."""
    claims = aliases_of(connection, {("order_id", one.named)})
    return any(
        not claim.is_renamed and claim.merchant_id != one.merchant_id for claim in claims
    ) or requested_by_others(connection, one.named, one.merchant_id)


def _unsettled(connection: sa.Connection, orders: Collection[str]) -> list[Unsettled]:
    refunds, found = FACTS["refunds"], []
    named = {("order_id", order) for order in orders}
    wanted = set(orders) | {row.internal_id for row in aliases_of(connection, named)}
    for some in slices(wanted):
        query = (
            sa.select(_c.refund_id, _c.merchant_id, refunds.c.order_id)
            .join(refunds, refunds.c.refund_id == _c.refund_id)
            .where(refunds.c.order_id.in_(some), latest(refunds))
        )
        found += [tuple(map(str, row)) for row in connection.execute(query)]
    to = {
        (row.merchant_id, row.internal_id): row.id
        for row in aliases_to(connection, {("order_id", order) for _, _, order in found})
    }
    return [
        Unsettled(refund, merchant, order, to.get((merchant, order), order))
        for refund, merchant, order in sorted(found)
    ]


def _settle(write: Write, one: Unsettled) -> None:
    write.connection.execute(sa.delete(request_owners).where(_c.refund_id == one.refund_id))


def _move_back(write: Write, one: Unsettled) -> None:
    relocate(write, one.refund_id, one.order_id, one.named)
    remove_alias(write, one.merchant_id, "order_id", one.named)
    _settle(write, one)


def _set_apart(write: Write, one: Unsettled) -> None:
    """Give the request an order id of its merchant's own."""
    known = aliases_of(write.connection, {("order_id", one.named)})
    internal = next((row.internal_id for row in known if row.merchant_id == one.merchant_id), None)
    if internal is None:
        internal = own_id(write.connection, one.merchant_id, "order_id", one.named)
        add_aliases(write, [Alias(one.merchant_id, "order_id", one.named, internal)])
    relocate(write, one.refund_id, one.order_id, internal)
