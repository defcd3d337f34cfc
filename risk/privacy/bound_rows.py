"""Erasure of what is kept for callers bound to merchants: waiting facts, senders, aliases."""

from __future__ import annotations

import orjson
import sqlalchemy as sa

from risk.facts import OWN_IDS
from risk.history.schema.schema_tenants import id_aliases, request_owners, waiting_facts
from risk.privacy.fact_tombstones import ENTITY_COLUMNS, Tombstones
from risk.privacy.subject_rows import DataSubject, batches, name_pattern


def redact_bound(
    connection: sa.Connection, subject: DataSubject, tombstones: Tombstones
) -> dict[str, int]:
    """Delete the waiting facts that are about the customer or name what only they touched, and the
    aliases of ids with their name; returns how many waited.

    Other aliases stay: they say that a merchant used an id, so that another merchant's facts under
    the same id are not taken for facts about the forgotten person.
    """
    waiting = _waiting(connection, subject, tombstones)
    for some in batches(waiting):
        here = waiting_facts.c.waiting_no.in_(some)
        connection.execute(sa.delete(waiting_facts).where(here))
    for name in sorted(value for of, value in subject.own_ids if of == "refund_id"):
        senders = sa.update(request_owners).where(request_owners.c.refund_id == name)
        connection.execute(senders.values(refund_id=tombstones.names[name]))
    pattern = name_pattern(subject.names)
    named = {value for _, value in subject.own_ids if pattern and pattern.search(value)}
    for some in batches(named):
        for column in (id_aliases.c.id, id_aliases.c.internal_id):
            connection.execute(sa.delete(id_aliases).where(column.in_(some)))
    return {"waiting": len(waiting)} if waiting else {}


def _waiting(connection: sa.Connection, subject: DataSubject, tombstones: Tombstones) -> set[int]:
    """The numbers of the waiting facts that name the customer or an entity that goes with them."""
    pattern = name_pattern(subject.names)
    found = set()
    c = waiting_facts.c
    query = sa.select(c.waiting_no, c.kind, c.row)
    for number, kind, text in connection.execute(query):
        row = orjson.loads(text)
        about = {(name, row[name]) for name in OWN_IDS if row.get(name)} & subject.own_ids
        touched = {(entity, row[column]) for column, entity in ENTITY_COLUMNS[kind].items()}
        if about or touched & tombstones.entities.keys() or (pattern and pattern.search(text)):
            found.add(int(number))
    return found
