"""Ids that several merchants use, as calls name them: which of them is meant.

A caller that speaks for merchants means its own. Any other has an id as it is, and must name the
merchant where several have it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Set
from typing import Any

import sqlalchemy as sa

from risk.errors import Conflict, NotFound
from risk.facts import KINDS, ORDERS, OWN_IDS
from risk.facts.parse_columns import Columns
from risk.history.connection.connect import Write
from risk.history.tenants.alias_rows import Alias, aliases_of, aliases_to, remove_alias
from risk.history.tenants.caller import Caller
from risk.history.tenants.id_scope import CREATED_BY, of_brought_up
from risk.history.tenants.ownership import Subject, of_requests, of_subjects


def check_unshared(write: Write, kind: str, columns: Columns) -> None:
    """Raises Conflict where facts of a caller for all merchants name an id that is not clear: one
    that several merchants use, or that a bound caller had for another merchant's."""
    if kind not in KINDS:
        return
    named = {(n, str(v)) for n in OWN_IDS for v in columns.get(n, ()) if v is not None}
    rows = aliases_of(write.connection, named)
    if not rows:
        return
    renamed = {(row.name, row.internal_id): row for row in rows if row.is_renamed}
    for subject in sorted(renamed.keys() & of_brought_up(write.connection, set(renamed)).keys()):
        raise several_merchants(renamed[subject].name, renamed[subject].id)
    claims = {(row.name, row.id): row for row in rows if not row.is_renamed}
    _check_claims(write, kind, columns, claims)


def _check_claims(
    write: Write, kind: str, columns: Columns, claims: Mapping[Subject, Alias]
) -> None:
    """The ids that these facts bring up, against the merchants who had them first."""
    key = KINDS[kind].key[0]
    if CREATED_BY.get(key) != kind:
        return
    owners: Mapping[Subject, Set[str | None]] = {}
    if kind != ORDERS.name:
        about = {("order_id", str(o)) for o in columns.get("order_id", ()) if o is not None}
        owners = of_subjects(write.connection, about)
    for i, value in enumerate(columns[key]):
        claim = claims.get((key, value))
        if kind == ORDERS.name:
            merchants: Set[str | None] = {columns["merchant_id"][i]} - {None}
        else:
            merchants = owners.get(("order_id", str(columns["order_id"][i])), set())
        if claim and merchants and claim.merchant_id not in merchants:
            raise several_merchants(key, value)
        if claim and merchants and kind == ORDERS.name:
            _confirm(write, claim)


def _confirm(write: Write, claim: Alias) -> None:
    """A claim that is believed is one no more: the order is known to be the merchant's."""
    remove_alias(write, claim.merchant_id, claim.name, claim.id)
    write.touched.setdefault("requests", set()).add(claim.id)


def several_merchants(name: str, value: str) -> Conflict:
    """What is wrong with a call that names an id of several merchants."""
    return Conflict(
        f"{name}={value} is used by more than one merchant: add `?merchant=` and the merchant_id"
    )


def locate_request(connection: sa.Connection, caller: Caller, refund_id: str) -> str:
    """The internal id of a request that a call names, where the caller may see it.

    Raises NotFound where it may not, and Conflict where several merchants have the id.
    """
    if caller.internal:
        return refund_id
    if not caller.merchants:
        rows = aliases_of(connection, {("refund_id", refund_id)})
        renamed = {("refund_id", row.internal_id) for row in rows if row.is_renamed}
        if renamed & of_brought_up(connection, renamed).keys():
            raise several_merchants("refund_id", refund_id)
        return refund_id
    internal = _internal(connection, caller, "refund_id", refund_id)
    if internal is None or not may_see(connection, caller, internal):
        raise NotFound(f"no refund request {refund_id}")
    return internal


def locate_evidence(connection: sa.Connection, caller: Caller, evidence_id: str) -> str | None:
    """The internal id of an item of evidence that a call names, which may not be stored yet; None
    where it is sure not to be.

    Raises Conflict where several merchants have the id.
    """
    if caller.merchants:
        return _internal(connection, caller, "evidence_id", evidence_id)
    rows = aliases_of(connection, {("evidence_id", evidence_id)})
    if any(row.is_renamed for row in rows):
        raise several_merchants("evidence_id", evidence_id)
    return evidence_id


def _internal(connection: sa.Connection, caller: Caller, name: str, value: str) -> str | None:
    """The internal id of what a caller for merchants calls so; None where it is an internal id
    itself, which is no name: whether there is one tells what others call theirs.

    Raises Conflict where several of the merchants have the id.
    """
    rows = aliases_of(connection, {(name, value)})
    own = {row.internal_id for row in rows if row.merchant_id in caller.merchants}
    if len(own) > 1:
        raise several_merchants(name, value)
    if not own and any(row.is_renamed for row in aliases_to(connection, {(name, value)})):
        return None
    return own.pop() if own else value


def may_see(connection: sa.Connection, caller: Caller, internal_id: str) -> bool:
    """Whether a request is one of the caller's merchants'."""
    if not caller.merchants:
        return True
    owners = of_requests(connection, [internal_id]).get(internal_id)
    return bool(owners) and set(owners or ()) <= caller.merchants


def renamed(value: Any, names: Mapping[str, str]) -> Any:
    """JSON values with other ids in the place of some, wherever a text names them."""
    if isinstance(value, str):
        for internal, own in names.items():
            value = value.replace(internal, own)
        return value
    if isinstance(value, dict):
        return {name: renamed(one, names) for name, one in value.items()}
    return [renamed(one, names) for one in value] if isinstance(value, list) else value


def own_ids(
    connection: sa.Connection, caller: Caller, name: str, internal: Collection[str]
) -> dict[str, str]:
    """The ids that the caller's merchants use for internal ids; of the others, which are the same,
    nothing."""
    if not caller.merchants:
        return {}
    rows = aliases_to(connection, {(name, value) for value in internal})
    return {row.internal_id: row.id for row in rows if row.merchant_id in caller.merchants}
