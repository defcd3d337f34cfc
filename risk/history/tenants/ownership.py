"""Ownership: which merchants an order or request belongs to, for keys bound to merchants."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import sqlalchemy as sa

from risk.facts import EVIDENCE, KINDS, REFUNDS
from risk.history.schema import FACTS, latest
from risk.history.schema.schema_tenants import request_owners

_BATCH = 500


def of_orders(connection: sa.Connection, order_ids: Collection[str]) -> dict[str, set[str | None]]:
    """The merchants of the stored lines of each order; an order not stored is not in it.

    Lines that were corrected are their latest revision's; where all were taken back, the last's.
    """
    lines = _of_lines(connection, order_ids)
    return {order: set(merchants.values()) for order, merchants in lines.items()}


def _of_lines(
    connection: sa.Connection, order_ids: Collection[str]
) -> dict[str, dict[str | None, str | None]]:
    """The merchant of each stored line of each order."""
    orders = FACTS["orders"]
    found: dict[str, dict[str | None, str | None]] = {}
    current: dict[str, dict[str | None, str | None]] = {}
    wanted = sorted(set(order_ids))
    for start in range(0, len(wanted), _BATCH):
        c = orders.c
        query = sa.select(c.order_id, c.line_id, c.merchant_id, latest(orders)).where(
            c.order_id.in_(wanted[start : start + _BATCH])
        )
        for order, line, merchant, is_latest in connection.execute(query.order_by(c.revision)):
            for those in (found, current) if is_latest else (found,):
                those.setdefault(order, {})[line] = merchant
    return found | current


def orders_of(connection: sa.Connection, refund_ids: Iterable[str]) -> dict[str, str]:
    """The order of each stored request, by its latest revision."""
    lines = lines_of(connection, refund_ids)
    return {refund: order for refund, (order, _) in lines.items()}


def lines_of(
    connection: sa.Connection, refund_ids: Iterable[str]
) -> dict[str, tuple[str, str | None]]:
    """The order and the line (None: the whole order) of each stored request, as last stated."""
    c = FACTS["refunds"].c
    found: dict[str, tuple[str, str | None]] = {}
    wanted = sorted(set(refund_ids))
    for start in range(0, len(wanted), _BATCH):
        query = (
            sa.select(c.refund_id, c.order_id, c.line_id)
            .where(c.refund_id.in_(wanted[start : start + _BATCH]))
            .order_by(c.revision)
        )
        found.update(
            (str(refund), (str(order), line)) for refund, order, line in connection.execute(query)
        )
    return found


def of_requests(
    connection: sa.Connection, refund_ids: Collection[str]
) -> dict[str, set[str | None]]:
    """The merchants of each request: of who sent it while its order is not known to be theirs, then
    of the line it is about, or of all lines of its order.

    A request of which neither is known is not in it.
    """
    sent_by = _senders(connection, refund_ids)
    asked = lines_of(connection, set(refund_ids) - sent_by.keys())
    owners = _of_lines(connection, {order for order, _ in asked.values()})
    found: dict[str, set[str | None]] = {**sent_by}
    for refund, (order, line) in asked.items():
        lines = owners.get(order)
        if lines:
            found[refund] = {lines[line]} if line in lines else set(lines.values())
    return found


def _senders(connection: sa.Connection, refund_ids: Collection[str]) -> dict[str, set[str | None]]:
    c = request_owners.c
    found: dict[str, set[str | None]] = {}
    wanted = sorted(set(refund_ids))
    for start in range(0, len(wanted), _BATCH):
        some = c.refund_id.in_(wanted[start : start + _BATCH])
        rows = connection.execute(sa.select(c.refund_id, c.merchant_id).where(some))
        found.update((str(refund), {str(merchant)}) for refund, merchant in rows)
    return found


Subject = tuple[str, str]
"""What a fact is about: the name of the field that says so, and the id in it."""


def of_subjects(
    connection: sa.Connection, subjects: Collection[Subject]
) -> dict[Subject, set[str | None]]:
    """The merchants of orders, requests and evidence; what nobody knows is not in it."""
    by_name = {"order_id": of_orders, "refund_id": of_requests, "evidence_id": _of_evidence}
    found: dict[Subject, set[str | None]] = {}
    for name, read in by_name.items():
        wanted = {value for field, value in subjects if field == name}
        if wanted:
            owners = read(connection, wanted)
            found.update(((name, value), merchants) for value, merchants in owners.items())
    return found


def _of_evidence(
    connection: sa.Connection, evidence_ids: Collection[str]
) -> dict[str, set[str | None]]:
    about = stored_subjects(connection, EVIDENCE.name, evidence_ids)
    owners = of_subjects(connection, set(about.values()))
    return {item: owners[subject] for item, subject in about.items() if subject in owners}


def stored_subjects(
    connection: sa.Connection, kind: str, ids: Collection[str]
) -> dict[str, Subject]:
    """What each stored request, item of evidence or payment dispute is about, by its id; a request
    is about itself."""
    key, about = KINDS[kind].key[0], KINDS[kind].about
    names = (key,) if kind == REFUNDS.name else about
    c = FACTS[kind].c
    found: dict[str, Subject] = {}
    wanted = sorted(ids)
    for start in range(0, len(wanted), _BATCH):
        query = sa.select(c[key], *(c[name] for name in names))
        for value, *subjects in connection.execute(
            query.where(c[key].in_(wanted[start : start + _BATCH])).order_by(c.revision)
        ):
            named = zip(names, subjects, strict=True)
            found[str(value)] = next((name, str(of)) for name, of in named if of)
    return found


def requested_by_others(connection: sa.Connection, order_id: str, merchant_id: str) -> bool:
    """Whether somebody else than the merchant has a request on an order that nobody knows."""
    c, senders = FACTS["refunds"].c, request_owners.c
    own = sa.select(senders.refund_id).where(senders.merchant_id == merchant_id)
    query = sa.select(c.refund_id).where(c.order_id == order_id, c.refund_id.not_in(own))
    return connection.execute(query.limit(1)).first() is not None
