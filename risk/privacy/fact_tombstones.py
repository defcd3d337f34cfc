"""Erasure in the facts: tombstones for ids and entity hashes, NULL for free text."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from risk.evidence.file_rows import is_of_forgotten
from risk.facts import FILES, KINDS, OWN_IDS
from risk.facts.columns import STORED, WORDS
from risk.facts.parse_columns import Columns
from risk.features.derived import STREAMS
from risk.history.connection.connect import Write
from risk.history.facts.fact_columns import add_digests, revision_key
from risk.history.schema import DERIVED, FACTS, sightings
from risk.identity import Hasher
from risk.privacy.retraction_rows import redact_retractions
from risk.privacy.subject_rows import DataSubject, Rows, batches, fact_of

PREFIX = "forgotten:"
ENTITY_COLUMNS: dict[str, dict[str, str]] = {
    kind: {column.name: column.entity for column in columns if column.entity}
    for kind, columns in STORED.items()
}
"""By fact kind: the columns that hold entity hashes, with the entity kind of each."""

Entity = tuple[str, int]


@dataclass(frozen=True)
class Tombstones:
    """The replacements: of customers and ids by name, of entities by kind and hash.

    An entity that other customers touched too keeps its hash; `shared` counts those. A file that
    others sent too (`shared_files`: its digest) keeps its digest and fingerprints.
    """

    names: Mapping[str, str]
    entities: Mapping[Entity, int] = field(default_factory=dict)
    shared: int = 0
    shared_files: frozenset[str] = frozenset()

    def id(self, value: str | None) -> str | None:
        """The tombstone of an id, or the id itself where it has none."""
        return None if value is None else self.names.get(value, value)


def is_tombstone(customer_id: str | None) -> bool:
    """Whether an id is the tombstone of a forgotten customer."""
    return customer_id is not None and customer_id.startswith(PREFIX)


def make_tombstones(connection: sa.Connection, subject: DataSubject, hasher: Hasher) -> Tombstones:
    """Random tombstones for a customer's ids and for the entities that nobody else touched."""
    ids = {value for _, value in subject.own_ids}
    named = {name: PREFIX + secrets.token_hex(16) for name in (*subject.names, *ids)}
    entities = {
        (ENTITY_COLUMNS[kind][column], row[column])
        for kind, rows in subject.facts.items()
        for row in rows
        for column in ENTITY_COLUMNS[kind]
        if row[column] is not None
    }
    shared = _shared(connection, subject, entities)
    made = {entity: secrets.randbits(64) - 2**63 for entity in entities - shared}
    return Tombstones(named, made, len(shared), _files_of_others(connection, subject, hasher))


def _files_of_others(
    connection: sa.Connection, subject: DataSubject, hasher: Hasher
) -> frozenset[str]:
    """The digests of those of the customer's files that others sent too, who are not forgotten."""
    c, own = FACTS[FILES.name].c, subject.facts.get(FILES.name, ())
    items = {row["evidence_id"] for row in own}
    found: set[str] = set()
    for some in batches({row["digest"] for row in own if row["digest"] is not None}):
        rows = connection.execute(sa.select(c.digest, c.evidence_id).where(c.digest.in_(some)))
        others = [(d, item) for d, item in rows if item not in items and not is_tombstone(item)]
        found.update(d for d, item in others if not is_of_forgotten(connection, hasher, item))
    return frozenset(found)


def _shared(connection: sa.Connection, subject: DataSubject, entities: set[Entity]) -> set[Entity]:
    found: set[Entity] = set()
    for kind in {kind for kind, _ in entities}:
        others = _TOUCHED_BY_OTHERS.get(kind, _sighted_by_others)
        for some in batches(value for own, value in entities if own == kind):
            query = others(subject, kind, some)
            found |= {(kind, int(value)) for value in connection.execute(query).scalars()}
    return found


def _sighted_by_others(subject: DataSubject, kind: str, values: list[int]) -> sa.Select[Any]:
    c = sightings.c
    own = c.customer_id.in_(subject.names)
    return sa.select(c.entity).where(c.kind == kind, c.entity.in_(values), ~own).distinct()


def _returned_by_others(subject: DataSubject, _: str, values: list[int]) -> sa.Select[Any]:
    """Only return parcels are counted by tracking number."""
    c = FACTS["shipments"].c
    back = sa.and_(c.direction == "return", c.tracking.in_(values))
    return sa.select(c.tracking).where(back, c.order_id.not_in(_own_orders(subject))).distinct()


def _submitted_by_others(subject: DataSubject, _: str, values: list[int]) -> sa.Select[Any]:
    c, refunds = FACTS["evidence"].c, FACTS["refunds"].c
    orders = _own_orders(subject)
    ours = sa.select(refunds.refund_id).where(refunds.order_id.in_(orders))
    others = sa.case(
        (c.refund_id.is_(None), c.order_id.not_in(orders)), else_=c.refund_id.not_in(ours)
    )
    return sa.select(c.photo).where(c.photo.in_(values), others).distinct()


def _own_orders(subject: DataSubject) -> sa.Select[Any]:
    c = FACTS["orders"].c
    return sa.select(c.order_id).where(c.customer_id.in_(subject.names))


_TOUCHED_BY_OTHERS = {"photo": _submitted_by_others, "tracking": _returned_by_others}
"""The queries for entity kinds that have no first sightings."""


def write_tombstones(write: Write, subject: DataSubject, tombstones: Tombstones) -> None:
    """Replace the customer by tombstones in the facts; derived rows are refreshed on commit."""
    for kind, rows in subject.facts.items():
        if rows:
            moved = _rewrite(write.connection, kind, rows, tombstones)
            redact_retractions(write.connection, kind, moved, tombstones.id)
    for some in batches(value for name, value in subject.own_ids if name == "order_id"):
        for name, table in DERIVED.items():
            if name != "sightings":
                write.connection.execute(sa.delete(table).where(table.c.order_id.in_(some)))
    write.connection.execute(sa.delete(sightings).where(sightings.c.customer_id.in_(subject.names)))
    orders = {str(tombstones.id(line["order_id"])) for line in subject.facts["orders"]}
    for stream in STREAMS:
        write.touched.setdefault(stream, set()).update(orders)


def _rewrite(
    connection: sa.Connection, kind: str, rows: Rows, tombstones: Tombstones
) -> dict[int, int]:
    """Replace the rows; answers the new `fact_key` of each fact by what it was."""
    table = FACTS[kind]
    stored = _with_tombstones(kind, rows, tombstones)
    stored.update(_digests(kind, rows, stored))
    names = [column.name for column in STORED[kind]]
    values = [
        {"was": row["fact_key"], **{f"to_{name}": stored[name][i] for name in names}}
        for i, row in enumerate(rows)
    ]
    changed: dict[str, Any] = {name: sa.bindparam(f"to_{name}") for name in names}
    connection.execute(
        sa.update(table).where(table.c.fact_key == sa.bindparam("was")).values(changed), values
    )
    moved = {fact_of(row): stored["corrects"][i] or stored["fact_key"][i]
             for i, row in enumerate(rows)}  # fmt: skip
    for was, key in moved.items():
        if was != key:
            rest = sa.update(table).where(table.c.corrects == was)
            connection.execute(rest.values(corrects=key))
    return moved


def _with_tombstones(kind: str, rows: Rows, tombstones: Tombstones) -> Columns:
    """The rows as columns, with tombstones in place of ids and entities, without free text."""
    columns: Columns = {c.name: [row[c.name] for row in rows] for c in STORED[kind]}
    for name in {*OWN_IDS, "customer_id"} & columns.keys():
        columns[name] = [tombstones.id(value) for value in columns[name]]
    for name, entity in ENTITY_COLUMNS[kind].items():
        columns[name] = [tombstones.entities.get((entity, value), value) for value in columns[name]]
    for column in STORED[kind]:
        gone = column.name == WORDS or column.field in KINDS[kind].personal
        if gone and not column.entity:
            columns[column.name] = [
                row[column.name] if _is_shared_file(kind, column.name, row, tombstones) else None
                for row in rows
            ]
    return columns


def _is_shared_file(kind: str, column: str, row: Mapping[str, Any], tombstones: Tombstones) -> bool:
    shared = kind == FILES.name and row["digest"] in tombstones.shared_files
    return shared and column in ("digest", "fingerprints")


def _digests(kind: str, rows: Rows, replaced: Columns) -> Columns:
    """Key and content digests of the rows as they are now."""
    again = dict(replaced)
    add_digests(KINDS[kind], again)
    corrects = [
        None if row["corrects"] is None else key
        for row, key in zip(rows, again["fact_key"], strict=True)
    ]
    keys = [
        key if corrected is None else revision_key(key, number)
        for key, corrected, number in zip(
            again["fact_key"], corrects, again["revision"], strict=True
        )
    ]
    return {"fact_key": keys, "corrects": corrects, "content": again["content"]}
