"""Facts of callers bound to merchants that wait until it is known whose order they are about.

A bound caller's own requests and order lines are stored at once. What it says about another order
or request is stored where that is known to be its merchant's. Where nobody knows, it waits unseen,
under the ids that the caller uses: it becomes known, from that moment, when the order turns out to
be the merchant's, and is dropped when a caller for all merchants says it is another's.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import orjson
import sqlalchemy as sa

from risk.errors import Conflict, Forbidden, Problem
from risk.facts import KINDS, ORDERS, REFUNDS
from risk.facts.columns import STORED
from risk.facts.parse_columns import Columns
from risk.history.connection.connect import Write
from risk.history.facts.clashes import name_of
from risk.history.facts.write import Added, add_facts
from risk.history.schema.schema_tenants import waiting_facts
from risk.history.tenants.caller import Caller
from risk.history.tenants.id_scope import CREATED_BY, IdScope, bring_up
from risk.history.tenants.ownership import Subject, of_subjects, orders_of
from risk.history.tenants.request_owners import note_senders

OWN = (ORDERS.name, REFUNDS.name)
"""Kinds of which a bound caller's facts are its merchant's: never about something of another."""

_SUBJECTS = ("evidence_id", "refund_id", "order_id")


@dataclass
class Sorted:
    """Rows by whose they are: `own` are the merchant's, each with a merchant; `others` another's,
    each with the field that says so; `waiting` those that wait, each with the first subject that is
    not known to be the merchant's."""

    own: dict[int, str | None] = field(default_factory=dict)
    others: dict[int, str] = field(default_factory=dict)
    waiting: dict[int, Subject] = field(default_factory=dict)


def store_for(
    write: Write,
    kind: str,
    columns: Columns,
    caller: Caller,
    scope: IdScope,
    renamed: Callable[[IdScope], Columns],
) -> Added:
    """Store facts of a caller that speaks for merchants; what is not known to be theirs waits.

    `columns` hold the caller's ids; `renamed` makes them again with the scope's. Raises Forbidden
    for a fact about what is known to be another's, and as `add_facts` does.
    """
    rows = sort_rows(write, kind, columns, caller, scope)
    if rows.others:
        raise not_yours(kind, *min(rows.others.items()))
    bring_up_keys(write, kind, columns, caller, scope, rows)
    added = Added(0, 0)
    if rows.own:
        ready = renamed(scope) if scope.concerns(columns) else columns
        ready = {**ready, "known_at": columns["known_at"]}
        added = add_facts(write, kind, rows_at(ready, list(rows.own)))
        if kind == REFUNDS.name:
            note_senders(write, ready, list(rows.own.values()))
    new = sum(_hold(write, kind, columns, i, of, caller) for i, of in rows.waiting.items())
    same = added.same + len(rows.waiting) - new
    return Added(added.new + new, same, retracted=added.retracted)


def not_yours(kind: str, row: int, name: str) -> Forbidden:
    """What is wrong with a fact about another merchant's."""
    problem = Problem(kind, row, name, "one of a merchant this key is bound to", "another's")
    return Forbidden(f"this key may not speak of this {name}", problem)


def sort_rows(write: Write, kind: str, columns: Columns, caller: Caller, scope: IdScope) -> Sorted:
    """Whose each row is, by the orders and requests that it is about."""
    rows = Sorted()
    places = range(len(columns["fact_key"]))
    if kind in OWN or not caller.bound:
        merchants = columns.get("merchant_id", [None] * len(places))
        rows.own = {i: merchants[i] or caller.merchant for i in places}
        return rows
    subjects = [_subjects(kind, columns, i) for i in places]
    every = {subject for some in subjects for subject in some}
    owners = of_subjects(write.connection, {(n, scope.of(n, v)) for n, v in every})
    orders = orders_of(write.connection, {scope.of(n, v) for n, v in every if n == "refund_id"})
    for i, named in enumerate(subjects):
        unknown = None
        for name, value in named:
            known = owners.get((name, scope.of(name, value)))
            claimed = (name, value) in scope.others and (name, value) not in scope.own
            if known and known <= caller.merchants and not claimed:
                rows.own.setdefault(i, next(iter(known)))
            elif known is not None and not claimed:
                rows.others.setdefault(i, name)
            elif not _is_of_request(kind, (name, value), named, scope, orders):
                unknown = unknown or (name, value)
        if unknown:
            rows.own.pop(i, None)
            rows.waiting[i] = unknown
    return rows


def _subjects(kind: str, columns: Columns, i: int) -> list[Subject]:
    """What a fact is about, the nearest first."""
    named = (
        (name, columns[name][i])
        for name in _SUBJECTS
        if name in columns and CREATED_BY.get(name) != kind
    )
    return [(name, str(value)) for name, value in named if value]


def _is_of_request(
    kind: str, subject: Subject, named: Sequence[Subject], scope: IdScope, orders: dict[str, str]
) -> bool:
    """Whether an order is named beside the request of evidence, as what that request is about."""
    nearest = named[0]
    own = subject[0] == "order_id" and nearest[0] == "refund_id" and kind == "evidence"
    return own and orders.get(scope.of(*nearest)) == scope.of(*subject)


def bring_up_keys(
    write: Write, kind: str, columns: Columns, caller: Caller, scope: IdScope, rows: Sorted
) -> None:
    """Scope the ids that evidence and payment disputes bring up, of those that are stored."""
    key = KINDS[kind].key[0]
    if CREATED_BY.get(key) == kind and kind not in OWN:
        created = {(key, columns[key][i]): merchant for i, merchant in rows.own.items()}
        bring_up(write, caller, scope, {of: str(m) for of, m in created.items() if m})


def rows_at(columns: Columns, places: Sequence[int]) -> Columns:
    """The columns with only these rows."""
    if len(places) == len(columns["fact_key"]):
        return columns
    return {name: [values[i] for i in places] for name, values in columns.items()}


def _hold(
    write: Write, kind: str, columns: Columns, i: int, subject: Subject, caller: Caller
) -> bool:
    """Let a fact wait; False where it waits already. Raises Conflict for another content."""
    c = waiting_facts.c
    own = {
        "kind": kind, "fact_key": columns["fact_key"][i], "revision": columns["revision"][i],
        "merchants": orjson.dumps(sorted(caller.merchants)).decode(),
    }  # fmt: skip
    same = sa.select(c.content).where(*(c[name] == value for name, value in own.items()))
    content = write.connection.execute(same).scalar()
    if content is not None:
        if content != columns["content"][i]:
            raise Conflict(f"{kind}: {name_of(kind, columns, i)} waits with another content")
        return False
    row = {column.name: columns[column.name][i] for column in STORED[kind]}
    about, about_id = subject
    values = {**own, "content": columns["content"][i], "about": about, "about_id": about_id}
    text = orjson.dumps(row).decode()
    write.connection.execute(sa.insert(waiting_facts).values(**values, row=text, at=write.at))
    write.filled.add("waiting_facts")
    return True
