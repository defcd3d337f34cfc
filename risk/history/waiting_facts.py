"""Facts of callers bound to merchants that wait until it is known whose order they are about.

A bound caller's own requests and order lines are stored at once. What it says about another order
or request is stored where that is known to be its merchant's. Where nobody knows, it waits unseen:
it becomes known, from that moment, when the order turns out to be the merchant's, and is dropped
when it turns out to be another's.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

import orjson
import sqlalchemy as sa

from risk.errors import Conflict
from risk.facts import KINDS, ORDERS, REFUNDS
from risk.facts.columns import STORED
from risk.facts.parse_columns import Columns
from risk.history.connect import Write
from risk.history.driver import Row
from risk.history.ownership import Subject, of_subjects
from risk.history.revise import name_of, slices
from risk.history.schema import FACTS
from risk.history.schema_tenants import request_owners, waiting_facts
from risk.history.write import Added, add_consistent, add_facts

OWN = (ORDERS.name, REFUNDS.name)
"""Kinds of which a bound caller's facts are its merchant's: never about something of another."""


def store_for(write: Write, kind: str, columns: Columns, merchants: frozenset[str]) -> Added:
    """Store facts of a caller bound to merchants; what is not known to be theirs waits.

    Raises Conflict for a fact about what is known to be another's, and as `add_facts` does.
    """
    if kind in OWN:
        added = add_facts(write, kind, columns)
        if kind == REFUNDS.name:
            _note_owners(write, columns, merchants)
        return added
    subjects = _subjects(kind, columns)
    owners = of_subjects(write.connection, subjects)
    others = [i for i, s in enumerate(subjects) if s in owners and not owners[s] & merchants]
    if others:
        raise Conflict(f"{kind}: {name_of(kind, columns, others[0])} is about another merchant's")
    own = [i for i, subject in enumerate(subjects) if subject in owners]
    added = add_facts(write, kind, _rows_at(columns, own)) if own else Added(0, 0)
    waiting = [i for i, subject in enumerate(subjects) if subject not in owners]
    new = sum(_hold(write, kind, columns, i, subjects[i], merchants) for i in waiting)
    return Added(added.new + new, added.same + len(waiting) - new)


def _subjects(kind: str, columns: Columns) -> list[Subject]:
    """What each fact is about: the nearest of the fields that say so."""
    about = KINDS[kind].about
    rows = zip(*(columns[name] for name in about), strict=True)
    return [
        next((name, str(value)) for name, value in zip(about, row, strict=True) if value)
        for row in rows
    ]


def _rows_at(columns: Columns, places: Sequence[int]) -> Columns:
    return {name: [values[i] for i in places] for name, values in columns.items()}


def _note_owners(write: Write, columns: Columns, merchants: frozenset[str]) -> None:
    """Note whose the requests are whose order is not known to be the merchant's."""
    pairs = dict(zip(columns["refund_id"], columns["order_id"], strict=True))
    owners = of_subjects(write.connection, {("order_id", order) for order in pairs.values()})
    for refund, order in pairs.items():
        if not owners.get(("order_id", order), set()) & merchants:
            _note_owner(write, refund, sorted(merchants)[0])


def _note_owner(write: Write, refund_id: str, merchant_id: str) -> None:
    c = request_owners.c
    known = sa.select(c.merchant_id).where(c.refund_id == refund_id)
    if write.connection.execute(known).first() is None:
        row = {"refund_id": refund_id, "merchant_id": merchant_id}
        write.connection.execute(sa.insert(request_owners).values(**row))


def _hold(
    write: Write, kind: str, columns: Columns, i: int, subject: Subject, merchants: frozenset[str]
) -> bool:
    """Let a fact wait; False where it waits already. Raises Conflict for another content."""
    c = waiting_facts.c
    own = {
        "kind": kind, "fact_key": columns["fact_key"][i], "revision": columns["revision"][i],
        "merchants": orjson.dumps(sorted(merchants)).decode(),
    }  # fmt: skip
    same = sa.select(c.content).where(*(c[name] == value for name, value in own.items()))
    content = write.connection.execute(same).scalar()
    if content is not None:
        if content != columns["content"][i]:
            name = name_of(kind, columns, i)
            raise Conflict(f"{kind}: {name} waits with another content")
        return False
    row = {column.name: columns[column.name][i] for column in STORED[kind]}
    about, about_id = subject
    values = {**own, "content": columns["content"][i], "about": about, "about_id": about_id}
    text = orjson.dumps(row).decode()
    write.connection.execute(sa.insert(waiting_facts).values(**values, row=text, at=write.at))
    return True


def release(write: Write, orders: Collection[str]) -> None:
    """Let what waits for these orders, or for requests on them, become known or be dropped."""
    waiting = _waiting_for(write.connection, orders)
    owners = of_subjects(write.connection, {(row["about"], row["about_id"]) for row in waiting})
    settled = [row for row in waiting if (row["about"], row["about_id"]) in owners]
    for kind in KINDS:
        own = [
            orjson.loads(row["row"])
            for row in settled
            if row["kind"] == kind
            and owners[row["about"], row["about_id"]] & set(orjson.loads(row["merchants"]))
        ]
        if own:
            columns: Columns = {name: [row[name] for row in own] for name in own[0]}
            add_consistent(write, kind, {**columns, "known_at": [write.at] * len(own)})
    for some in slices(row["waiting_no"] for row in settled):
        gone = waiting_facts.c.waiting_no.in_(some)
        write.connection.execute(sa.delete(waiting_facts).where(gone))


def _waiting_for(connection: sa.Connection, orders: Iterable[str]) -> list[Row]:
    """What waits for these orders or for requests on them, the oldest first."""
    c, refunds = waiting_facts.c, FACTS["refunds"].c
    found: dict[int, Any] = {}
    for some in slices(orders):
        requests = sa.select(refunds.refund_id).where(refunds.order_id.in_(some))
        about = sa.or_(
            sa.and_(c.about == "order_id", c.about_id.in_(some)),
            sa.and_(c.about == "refund_id", c.about_id.in_(requests)),
        )
        rows = connection.execute(sa.select(waiting_facts).where(about)).mappings()
        found.update((row["waiting_no"], row) for row in rows)
    return [found[number] for number in sorted(found)]
