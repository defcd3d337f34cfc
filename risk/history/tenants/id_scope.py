"""Ids of callers that speak for merchants: within their merchant, whoever else uses the same ones.

The first merchant to use an id has it as it is. Where another had it before, the merchant's facts
are stored under an internal id of its own, by which its later facts and calls find them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import sqlalchemy as sa

from risk.errors import BadInput, Conflict, NotFound, Problem
from risk.facts import EVIDENCE, ORDERS, OWN_IDS, PAYMENT_DISPUTES, REFUNDS
from risk.facts.parse_columns import Columns
from risk.history.connection.connect import Write
from risk.history.tenants.alias_rows import Alias, add_aliases, aliases_of, aliases_to, own_id
from risk.history.tenants.caller import Caller
from risk.history.tenants.ownership import (
    Subject,
    of_subjects,
    requested_by_others,
    stored_subjects,
)

CREATED_BY = {kind.key[0]: kind.name for kind in (ORDERS, REFUNDS, EVIDENCE, PAYMENT_DISPUTES)}
"""The kind of fact that brings up each of `OWN_IDS`."""

_PREFIX = 2
"""An id with so many colons may be one that a webhook brings: no bound caller has it as it is."""


@dataclass
class IdScope:
    """The ids of a caller's facts: `internal` by name and the caller's id, where they differ;
    `own`, the caller's that are brought up already; `others`, those that another merchant was the
    first to bring up."""

    internal: dict[Subject, str] = field(default_factory=dict)
    own: set[Subject] = field(default_factory=set)
    others: set[Subject] = field(default_factory=set)

    def of(self, name: str, value: str) -> str:
        """The internal id of one of the caller's."""
        return self.internal.get((name, value), value)

    @contextmanager
    def own_words(self) -> Iterator[None]:
        """Lets errors name things by the caller's ids."""
        try:
            yield
        except (Conflict, NotFound) as error:
            text = str(error)
            for (_, value), internal in self.internal.items():
                text = text.replace(internal, value)
            raise type(error)(text) from error

    def concerns(self, columns: Columns) -> bool:
        """Whether any id of the columns has another internal one."""
        return any((name, v) in self.internal for name in OWN_IDS for v in columns.get(name, ()))

    def rename(self, columns: Columns) -> Columns:
        """The columns with internal ids in the place of the caller's."""
        names = [name for name in OWN_IDS if name in columns]
        return {**columns, **{name: [self.of(name, v) for v in columns[name]] for name in names}}


def read_scope(write: Write, caller: Caller, facts: Sequence[Columns]) -> IdScope:
    """The scope of the ids that these facts name, as far as it is known.

    An internal id is no name, whosesoever it is: what is called so is something else.

    Raises BadInput where a caller for several merchants does not say which of them is meant.
    """
    scope = IdScope()
    if not caller.merchants:
        return scope
    wanted = {
        (name, str(value))
        for columns in facts
        for name in OWN_IDS
        for value in columns.get(name, ())
        if value is not None
    }
    for row in aliases_of(write.connection, wanted):
        subject = (row.name, row.id)
        if row.merchant_id not in caller.merchants:
            scope.others.update(() if row.is_renamed else (subject,))
        elif scope.of(*subject) != row.internal_id and subject in scope.own:
            raise one_merchant(caller)
        else:
            scope.own.add(subject)
            if row.is_renamed:
                scope.internal[subject] = row.internal_id
    for row in aliases_to(write.connection, wanted):
        if row.is_renamed or row.merchant_id not in caller.merchants:
            scope.others.add((row.name, row.internal_id))
    return scope


def one_merchant(caller: Caller) -> BadInput:
    """What is wrong with a call that does not say which of a key's merchants is meant."""
    expected = f"one of {', '.join(sorted(caller.merchants))}, as `?merchant=`"
    return BadInput([Problem("query", None, "merchant", expected, "none")])


def scope_requests(write: Write, caller: Caller, facts: Mapping[str, Columns]) -> IdScope:
    """The scope of facts by kind, with internal ids for the orders and requests they bring up.

    Raises BadInput as `read_scope`, and for a new request that may be of several merchants.
    """
    scope = read_scope(write, caller, list(facts.values()))
    if not caller.merchants:
        return scope
    of_order = _merchants_of_lines(facts.get(ORDERS.name, {}))
    bring_up(write, caller, scope, {("order_id", o): m for o, m in of_order.items()})
    refunds = facts.get(REFUNDS.name, {})
    pairs = zip(refunds.get("refund_id", ()), refunds.get("order_id", ()), strict=True)
    for refund_id, order_id in pairs:
        merchant = of_order.get(order_id) or _merchant(write, caller, scope, refund_id, order_id)
        bring_up(write, caller, scope, {("refund_id", refund_id): merchant})
        if order_id not in of_order:
            _name_order(write, caller, scope, order_id, merchant)
    if not caller.bound:
        _believe(write, caller, scope, facts)
    return scope


def _merchants_of_lines(lines: Columns) -> dict[str, str]:
    """The merchant of each order, by its lines. Raises BadInput where they are of several."""
    found: dict[str, str] = {}
    for order, merchant in zip(
        lines.get("order_id", ()), lines.get("merchant_id", ()), strict=True
    ):
        if found.setdefault(order, merchant) != merchant:
            raise BadInput([Problem(ORDERS.name, None, "merchant_id", "one an order", "several")])
    return found


def _merchant(write: Write, caller: Caller, scope: IdScope, refund_id: str, order_id: str) -> str:
    """The merchant of a request: of its order or of what is stored of it, or the caller's only.

    Raises BadInput where it may be of several.
    """
    if caller.merchant:
        return caller.merchant
    subjects = [("order_id", scope.of("order_id", order_id)),
                ("refund_id", scope.of("refund_id", refund_id))]  # fmt: skip
    for owners in of_subjects(write.connection, subjects).values():
        own = owners & caller.merchants
        if len(own) == 1 and owners <= caller.merchants:
            return str(next(iter(own)))
    raise one_merchant(caller)


def bring_up(write: Write, caller: Caller, scope: IdScope, created: Mapping[Subject, str]) -> None:
    """Let the scope know the internal ids of what a fact brings up, each with its merchant; what is
    the merchant's already stays as it is."""
    new = created.keys() - scope.own
    if not new:
        return
    owners = of_brought_up(write.connection, new)
    rows: list[Alias] = []
    for name, value in sorted(new):
        known = owners.get((name, value))
        if known and known <= caller.merchants and (name, value) not in scope.others:
            continue
        taken = bool(known) or (name, value) in scope.others
        if caller.bound:
            taken = taken or known is not None or _may_be_prefixed(value)
        rows.append(_new(write, created[name, value], name, value, taken=taken))
    _add(write, scope, rows)


def _may_be_prefixed(value: str) -> bool:
    return value.count(":") >= _PREFIX


def of_brought_up(
    connection: sa.Connection, subjects: set[Subject]
) -> dict[Subject, set[str | None]]:
    """The merchants of what is stored under these ids, empty where it is nobody's; what is not
    stored is not in it."""
    found = of_subjects(connection, {s for s in subjects if s[0] == "order_id"})
    for name, kind in CREATED_BY.items():
        ids = {value for of, value in subjects if of == name}
        if ids and kind != ORDERS.name:
            about = stored_subjects(connection, kind, ids)
            owners = of_subjects(connection, set(about.values()))
            found |= {(name, value): owners.get(of, set()) for value, of in about.items()}
    return found


def _name_order(write: Write, caller: Caller, scope: IdScope, order_id: str, merchant: str) -> None:
    """Let the scope know the order that a request names: an own one where it cannot be shared.

    It can while nobody knows the order and nobody else has a request on it.
    """
    subject = ("order_id", order_id)
    if subject in scope.own:
        return
    taken = subject in scope.others or (caller.bound and _may_be_prefixed(order_id))
    owners = of_subjects(write.connection, [subject]).get(subject)
    if owners is None:
        taken = taken or requested_by_others(write.connection, order_id, merchant)
    elif not owners <= caller.merchants:
        taken = True
    if taken:
        _add(write, scope, [_new(write, merchant, *subject, taken=True)])


def _believe(write: Write, caller: Caller, scope: IdScope, facts: Mapping[str, Columns]) -> None:
    """Take what a caller for all merchants says: whatever its facts name is the merchant's."""
    named = {
        (name, str(value)): str(caller.merchant)
        for columns in facts.values()
        for name in ("order_id", "refund_id")
        for value in columns.get(name, ())
        if value is not None
    }
    bring_up(write, caller, scope, named)


def _new(write: Write, merchant: str, name: str, value: str, *, taken: bool) -> Alias:
    internal = own_id(write.connection, merchant, name, value) if taken else value
    return Alias(merchant, name, value, internal)


def _add(write: Write, scope: IdScope, rows: Sequence[Alias]) -> None:
    add_aliases(write, rows)
    for row in rows:
        scope.own.add((row.name, row.id))
        if row.is_renamed:
            scope.internal[row.name, row.id] = row.internal_id
