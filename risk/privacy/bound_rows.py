"""Erasure of what is kept for callers bound to merchants: waiting facts, senders, aliases."""

from __future__ import annotations

import orjson
import sqlalchemy as sa

from risk.history.schema_tenants import id_aliases, request_owners, waiting_facts
from risk.privacy.fact_tombstones import ENTITY_COLUMNS, Tombstones
from risk.privacy.subject_rows import DataSubject, batches, name_pattern


def redact_bound(
    connection: sa.Connection, subject: DataSubject, tombstones: Tombstones
) -> dict[str, int]:
    """Delete the waiting facts that name the customer or what only they touched, and the aliases
    of ids with their name; returns how many waited."""
    waiting = _waiting(connection, subject, tombstones)
    for some in batches(waiting):
        here = waiting_facts.c.waiting_no.in_(some)
        connection.execute(sa.delete(waiting_facts).where(here))
    for name in subject.ids_with_name:
        senders = sa.update(request_owners).where(request_owners.c.refund_id == name)
        connection.execute(senders.values(refund_id=tombstones.names[name]))
    for some in batches(subject.ids_with_name):
        for column in (id_aliases.c.id, id_aliases.c.internal_id):
            connection.execute(sa.delete(id_aliases).where(column.in_(some)))
    return {"waiting": len(waiting)} if waiting else {}


def _waiting(connection: sa.Connection, subject: DataSubject, tombstones: Tombstones) -> set[int]:
    """The numbers of the waiting facts that name the customer or an entity that goes with them."""
    pattern = name_pattern(subject.names)
    found = set()
    query = sa.select(waiting_facts.c.waiting_no, waiting_facts.c.kind, waiting_facts.c.row)
    for number, kind, text in connection.execute(query):
        row = orjson.loads(text)
        touched = {(entity, row[column]) for column, entity in ENTITY_COLUMNS[kind].items()}
        if touched & tombstones.entities.keys() or (pattern and pattern.search(text)):
            found.add(int(number))
    return found
