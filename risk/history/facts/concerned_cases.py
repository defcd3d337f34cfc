"""The open cases that new facts are about: marked when the facts are stored, decided again later.

The mark is stored with the facts, so that none is lost whatever happens before the next decision,
which takes it away. Requests are found by the orders that the facts name, cases by their requests.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from risk.facts.parse_columns import Columns
from risk.history.connection.connect import Subject, Write
from risk.history.facts.revise import slices
from risk.history.schema import FACTS
from risk.history.schema.schema_cases import cases

OF_ORDER = frozenset({"orders", "shipments", "evidence", "payment_disputes"})
"""Kinds that name an order, or a line of it, unless they name a request on it."""

OF_REQUEST = frozenset({"evidence", "inspections"})
"""Kinds about one request."""

OF_EVERY_REQUEST = frozenset({"refunds", "outcomes"})
"""Kinds about one request that say what is left for the others on its order."""

_CONCERNING = OF_ORDER | OF_REQUEST | OF_EVERY_REQUEST | {"files"}
_ABOUT = ("order_id", "line_id", "refund_id", "direction", "evidence_id")

_c, _r, _e = cases.c, FACTS["refunds"].c, FACTS["evidence"].c


def note_subjects(write: Write, kind: str, rows: Columns) -> None:
    """Note what these new rows are about, where an open case may be about it too."""
    if kind == "files":
        write.concerned.update(_of_evidence(write.connection, set(rows["evidence_id"])))
    elif kind in OF_EVERY_REQUEST:
        later = rows["revision"] if kind == "refunds" else (2,) * len(rows["refund_id"])
        named = {name for name, n in zip(rows["refund_id"], later, strict=True) if n > 1}
        write.concerned.update((order, None, None) for order in _orders(write.connection, named))
    elif kind in OF_ORDER or kind in OF_REQUEST:
        write.concerned.update(_subjects(rows))


def note_revised(write: Write, kind: str, keys: Collection[int]) -> None:
    """Note what facts are about that were corrected or taken back, by every revision of them."""
    c = FACTS[kind].c
    names = [name for name in _ABOUT if name in c]
    for some in slices(keys) if kind in _CONCERNING else ():
        query = sa.select(*(c[name] for name in names))
        every = sa.or_(c.fact_key.in_(some), c.corrects.in_(some))
        found = write.connection.execute(query.where(every)).all()
        rows: Columns = {name: [row[i] for row in found] for i, name in enumerate(names)}
        note_subjects(write, kind, {**rows, "revision": [2] * len(found)})


def _subjects(rows: Columns) -> Iterator[Subject]:
    """The order, line and request of each row; of a request alone its order does not matter."""
    nothing: Sequence[Any] = (None,) * len(rows["revision"])
    orders, lines, refunds = (
        rows.get(name, nothing) for name in ("order_id", "line_id", "refund_id")
    )
    ways = rows.get("direction", nothing)
    for order, line, refund, way in zip(orders, lines, refunds, ways, strict=True):
        yield (None, None, refund) if refund and way != "outbound" else (order, line, None)


def _of_evidence(connection: sa.Connection, items: Collection[str]) -> Iterator[Subject]:
    for some in slices(items):
        query = sa.select(_e.order_id, _e.refund_id).where(_e.evidence_id.in_(some))
        for order, refund in connection.execute(query):
            yield (None, None, refund) if refund else (order, None, None)


def _orders(connection: sa.Connection, refunds: Collection[str]) -> Iterator[str]:
    for some in slices(refunds):
        query = sa.select(_r.order_id).where(_r.refund_id.in_(some)).distinct()
        yield from connection.execute(query).scalars()


def leave_out(write: Write, order_id: str, refund_id: str) -> None:
    """Leave out what is about a request that this write decides, the only one on its order."""
    write.concerned = {
        subject for subject in write.concerned if subject[0] != order_id and subject[2] != refund_id
    }


def mark_concerned(write: Write) -> None:
    """Mark the open cases that what was noted is about, unless this write has decided them."""
    found = {refund for _, _, refund in write.concerned if refund}
    of_order: dict[str, set[str | None]] = {}
    for order, line, refund in write.concerned:
        if order and not refund:
            of_order.setdefault(order, set()).add(line)
    for some in slices(of_order):
        query = sa.select(_r.refund_id, _r.order_id, _r.line_id).where(_r.order_id.in_(some))
        for refund, order, line in write.connection.execute(query):
            if line is None or not of_order[order].isdisjoint((None, line)):
                found.add(refund)
    for some in slices(found):
        stale = sa.and_(_c.state == "open", _c.decided_at < write.at)
        marked = sa.update(cases).where(_c.refund_id.in_(some), stale)
        write.connection.execute(marked.values(facts_at=write.at))
