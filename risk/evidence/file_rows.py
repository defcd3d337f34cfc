"""Rows of files: what was read of them, where they are kept, and who refers to them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

import orjson
import sqlalchemy as sa

from risk.evidence.nearness_rows import drop_bands
from risk.facts import EVIDENCE, FILES
from risk.history.connection.connect import Write
from risk.history.facts.revise import slices
from risk.history.schema import FACTS, latest
from risk.history.schema.schema_cases import cases
from risk.history.schema.schema_files import kept_files
from risk.history.schema.schema_tenants import waiting_facts
from risk.history.tenants.caller import Caller
from risk.history.tenants.ownership import of_subjects, stored_subjects
from risk.identity import Hasher

Row = dict[str, Any]

_files, _kept, _waiting = FACTS[FILES.name], kept_files.c, waiting_facts.c


def stored_file(connection: sa.Connection, fact_key: int, revision: int) -> Row | None:
    """The fact of a file by the key of its first revision and its number."""
    c = _files.c
    here = sa.or_(c.fact_key == fact_key, c.corrects == fact_key)
    return _first(connection, sa.select(_files).where(here, c.revision == revision))


def waiting_file(
    connection: sa.Connection, fact_key: int, revision: int, caller: Caller
) -> Row | None:
    """The fact of a file that a caller for merchants sent, while it waits for its evidence."""
    found = connection.execute(
        sa.select(_waiting.row).where(
            _waiting.kind == FILES.name,
            _waiting.fact_key == fact_key,
            _waiting.revision == revision,
            _waiting.merchants == orjson.dumps(sorted(caller.merchants)).decode(),
        )
    ).scalar()
    return None if found is None else {**orjson.loads(found)}


def is_of(connection: sa.Connection, caller: Caller, evidence_id: str) -> bool:
    """Whether an item of evidence is known to be one of the caller's merchants', or the caller
    speaks for all."""
    subject = ("evidence_id", evidence_id)
    owners = of_subjects(connection, {subject}).get(subject)
    return not caller.merchants or (bool(owners) and set(owners or ()) <= caller.merchants)


def is_of_forgotten(connection: sa.Connection, hasher: Hasher, evidence_id: str) -> bool:
    """Whether an item of evidence, or what it is about, is listed as that of somebody forgotten."""
    subject = stored_subjects(connection, EVIDENCE.name, [evidence_id]).get(evidence_id)
    ids = {evidence_id, *(subject or ())[1:]}
    return any(hasher.suppression_list.covers(one) for one in ids)


def is_stored(connection: sa.Connection, evidence_id: str) -> bool:
    """Whether an item of evidence is stored."""
    return bool(stored_subjects(connection, EVIDENCE.name, [evidence_id]))


def known_since(connection: sa.Connection, evidence_ids: Collection[str]) -> dict[str, int]:
    """Since when (ms) each of these items of evidence is known; those not stored are not in it."""
    c = FACTS[EVIDENCE.name].c
    found: dict[str, int] = {}
    for some in slices(evidence_ids):
        query = sa.select(c.evidence_id, sa.func.min(c.known_at)).where(c.evidence_id.in_(some))
        rows = connection.execute(query.group_by(c.evidence_id))
        found.update((str(item), int(at)) for item, at in rows)
    return found


def request_of(connection: sa.Connection, evidence_id: str) -> str | None:
    """The request that an item of evidence is about; None where that is not stored, or an order."""
    subject = stored_subjects(connection, EVIDENCE.name, [evidence_id]).get(evidence_id)
    return subject[1] if subject and subject[0] == "refund_id" else None


def keep_file(write: Write, values: Row) -> bool:
    """Record where a file is kept; False where it is kept already, elsewhere."""
    held = sa.select(_kept.digest).where(_kept.digest == values["digest"])
    if write.connection.execute(held).first() is not None:
        return False
    write.connection.execute(sa.insert(kept_files).values(**values, at=write.at))
    return True


def kept_file(connection: sa.Connection, evidence_id: str) -> Row | None:
    """Where the file of an item of evidence is kept, by its latest revision."""
    query = (
        sa.select(kept_files)
        .join(_files, _files.c.digest == _kept.digest)
        .where(_files.c.evidence_id == evidence_id, latest(_files))
    )
    return _first(connection, query)


def _first(connection: sa.Connection, query: sa.Select[Any]) -> Row | None:
    row = connection.execute(query.limit(1)).mappings().first()
    return None if row is None else dict(row)


def files_of(connection: sa.Connection, evidence_ids: Collection[str]) -> dict[str, Row]:
    """What was last read of the file of each item of evidence; `kept` says whether it is there."""
    is_kept = _kept.digest.is_not(None).label("kept")
    rows = sa.select(_files, is_kept).join(
        kept_files, _files.c.digest == _kept.digest, isouter=True
    )
    found: dict[str, Row] = {}
    for some in slices(evidence_ids):
        here = rows.where(_files.c.evidence_id.in_(some), latest(_files))
        found |= {row["evidence_id"]: dict(row) for row in connection.execute(here).mappings()}
    return found


def drop_unreferenced(write: Write, digests: Iterable[str]) -> list[str]:
    """Delete the rows of files that nobody has a right to any more, and what facts still say of
    their bytes; answers the names of their objects. What waits keeps its file."""
    gone: list[str] = []
    for some in slices(set(digests) - _referenced_by_waiting(write.connection)):
        drop_bands(write.connection, some)
        here = sa.update(_files).where(_files.c.digest.in_(some))
        write.connection.execute(here.values(digest=None, fingerprints=None))
        gone += drop_files(write, some)
    return gone


def drop_files(write: Write, digests: Collection[str]) -> list[str]:
    """Delete the rows of files, whoever refers to them; answers the names of their objects."""
    here = _kept.digest.in_(sorted(digests))
    names = write.connection.execute(sa.select(_kept.object).where(here)).scalars().all()
    write.connection.execute(sa.delete(kept_files).where(here))
    return [str(name) for name in names]


def expired_files(connection: sa.Connection, before: int, most: int) -> list[str]:
    """The digests of files that nobody has sent since `before` (ms) and no open case shows."""
    evidence, refunds = FACTS["evidence"].c, FACTS["refunds"].c
    opened = sa.select(cases.c.refund_id).where(cases.c.state == "open")
    shown = sa.or_(
        evidence.refund_id.in_(opened),
        evidence.order_id.in_(sa.select(refunds.order_id).where(refunds.refund_id.in_(opened))),
    )
    needed = (
        sa.select(_files.c.digest)
        .join(FACTS["evidence"], evidence.evidence_id == _files.c.evidence_id, isouter=True)
        .where(_files.c.digest == _kept.digest, sa.or_(_files.c.known_at >= before, shown))
    )
    query = sa.select(_kept.digest).where(_kept.at < before, ~needed.exists()).limit(most)
    return sorted(set(connection.execute(query).scalars()) - _referenced_by_waiting(connection))


def unreferenced_files(connection: sa.Connection) -> list[str]:
    """The digests of files that no fact refers to: what waited was another merchant's."""
    referring = sa.select(_files.c.digest).where(_files.c.digest == _kept.digest)
    found = connection.execute(sa.select(_kept.digest).where(~referring.exists())).scalars()
    return sorted(set(found) - _referenced_by_waiting(connection))


def _referenced_by_waiting(connection: sa.Connection) -> set[str]:
    rows = connection.execute(sa.select(_waiting.row).where(_waiting.kind == FILES.name)).scalars()
    return {str(orjson.loads(row)["digest"]) for row in rows}


def kept_names(connection: sa.Connection) -> set[str]:
    """The names of all objects that a file is kept under."""
    return set(connection.execute(sa.select(_kept.object)).scalars())
