"""Later revisions of stored facts, and when each revision counts.

What the store keeps of that (`corrects`, `valid_from`, `valid_to`) is made of the revisions and the
retractions of a fact alone, so it comes out the same in whatever order they arrive.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from risk.facts.columns import STORED
from risk.facts.parse_columns import Columns
from risk.facts.revisions import FOREVER, Retraction, Revision, intervals
from risk.history.connection.connect import Write
from risk.history.facts.clashes import Clash, differing_fields, name_of
from risk.history.facts.fact_columns import revision_key
from risk.history.schema import FACTS

_LOOK_UP = 500


@dataclass(slots=True)
class StoredRevision:
    """A stored revision: its row, number, own `known_at`, content, end and commit."""

    row: int
    number: int
    known_at: int
    content: int
    valid_to: int
    commit_no: int


Revisions = Sequence[StoredRevision]
Held = dict[int, list[StoredRevision]]
"""The stored revisions of facts by `fact_key`, lowest first."""


def slices(values: Iterable[Any]) -> Iterator[list[Any]]:
    """Sorted values, as many at a time as a statement takes."""
    wanted = sorted(values)
    return (wanted[start : start + _LOOK_UP] for start in range(0, len(wanted), _LOOK_UP))


def stored_revisions(connection: sa.Connection, kind: str, keys: Collection[int]) -> Held:
    """What is stored of these facts."""
    held: Held = {}
    c = FACTS[kind].c
    root = sa.func.coalesce(c.corrects, c.fact_key)
    own = sa.case((c.corrects.is_(None), c.known_at), else_=c.valid_from)
    columns = (root, c.fact_key, c.revision, own, c.content, c.valid_to, c.commit_no)
    for some in slices(keys):
        for where in (c.fact_key.in_(some), c.corrects.in_(some)):
            for key, *rest in connection.execute(sa.select(*columns).where(where)):
                held.setdefault(int(key), []).append(StoredRevision(*map(int, rest)))
    for revisions in held.values():
        revisions.sort(key=lambda revision: revision.number)
    return held


def revise(
    write: Write, kind: str, columns: Columns, held: Held, unnumbered: Sequence[bool] | None
) -> tuple[int, list[Clash]]:
    """Add what is a later revision of a stored fact, to the store and to `held`.

    Answers how many were added, and what contradicts what is stored. Of one write the revisions may
    come in any order; what was stored before it stays below what comes.
    """
    later = 0
    clashing: list[Clash] = []
    for i in sorted(range(len(columns["revision"])), key=columns["revision"].__getitem__):
        number, against = compared(columns, i, held, unnumbered, write.commit_no)
        if against is None:
            known_at = write.at if unnumbered and unnumbered[i] else columns["known_at"][i]
            _insert_revision(write, kind, columns, i, number, known_at, held)
            later += 1
        elif (against.number, against.content) != (number, columns["content"][i]):
            together = against.commit_no == write.commit_no
            clashing.append(clash(write.connection, kind, columns, i, number, against, together))
    if later:
        write.sign()
    return later, clashing


def compared(
    columns: Columns, i: int, held: Held, unnumbered: Sequence[bool] | None, commit_no: int
) -> tuple[int, StoredRevision | None]:
    """The number of a fact whose key is stored, and the stored revision that it must agree with;
    None where it is a later one. `commit_no` is that of the write that the fact is part of."""
    number, content = columns["revision"][i], columns["content"][i]
    revisions = held[columns["fact_key"][i]]
    if unnumbered and unnumbered[i]:
        against = _unless_corrected(revisions, content, commit_no)
        return (against.number if against else revisions[-1].number + 1), against
    above = [r for r in revisions if r.number > number and r.commit_no != commit_no]
    own = next((r for r in revisions if r.number == number), None)
    return number, own or (above[-1] if above else None)


def _unless_corrected(revisions: Revisions, content: int, commit_no: int) -> StoredRevision | None:
    """The latest revision, unless a fact that states none says something else or it was taken
    back: then the fact is the next. Two facts of one write must agree."""
    latest = revisions[-1]
    corrected = latest.content != content or latest.valid_to < FOREVER
    return None if corrected and latest.commit_no != commit_no else latest


def _insert_revision(
    write: Write, kind: str, columns: Columns, i: int, number: int, known_at: int, held: Held
) -> None:
    key = columns["fact_key"][i]
    first = held[key][0]
    stored = StoredRevision(key, number, known_at, columns["content"][i], FOREVER, write.commit_no)
    if number > first.number:
        stored.row = revision_key(key, number)
    else:
        first.row = revision_key(key, first.number)
        _move(write.connection, kind, key, first)
    row = {column.name: columns[column.name][i] for column in STORED[kind]}
    row |= {"fact_key": stored.row, "revision": number, "known_at": known_at}
    if stored.row != key:
        row |= {"corrects": key, "valid_from": known_at}
    write.connection.execute(sa.insert(FACTS[kind]).values(**row, commit_no=write.commit_no))
    held[key] = sorted([*held[key], stored], key=lambda revision: revision.number)


def _move(connection: sa.Connection, kind: str, key: int, first: StoredRevision) -> None:
    """Let what was a fact's first revision so far be a later one."""
    table = FACTS[kind]
    moved = {"fact_key": first.row, "corrects": key, "valid_from": first.known_at}
    connection.execute(sa.update(table).where(table.c.fact_key == key).values(moved))


def settle(write: Write, kind: str, keys: Collection[int]) -> set[int]:
    """Bring when each revision of these facts counts in step with all that is stored of them;
    answers the facts of which nothing counts any more."""
    back = retractions_of(write.connection, kind, keys)
    held = stored_revisions(write.connection, kind, keys)
    changed = [
        {"row": stored.row, "to_known": span.known_at, "to_from": span.valid_from,
         "to_end": span.valid_to}
        for key, revisions in held.items()
        for stored, span in zip(
            revisions,
            intervals([Revision(r.number, r.known_at) for r in revisions], back.get(key, ())),
            strict=True,
        )
    ]  # fmt: skip
    if changed:
        table = FACTS[kind]
        to: dict[str, Any] = {name: sa.bindparam(value) for name, value in _SETTLED.items()}
        here = table.c.fact_key == sa.bindparam("row")
        write.connection.execute(sa.update(table).where(here).values(to), changed)
    counting = {change["row"] for change in changed if change["to_end"] == FOREVER}
    return {key for key, rows in held.items() if not any(r.row in counting for r in rows)}


_SETTLED = {"known_at": "to_known", "valid_from": "to_from", "valid_to": "to_end"}


def retractions_of(
    connection: sa.Connection, kind: str, keys: Collection[int]
) -> dict[int, list[Retraction]]:
    """The retractions of these facts."""
    c = FACTS["retractions"].c
    found: dict[int, list[Retraction]] = {}
    for some in slices(keys):
        query = sa.select(c.target, c.known_at, c.retracted_at, c.revision)
        rows = connection.execute(query.where(c.kind == kind, c.target.in_(some)))
        for target, known_at, retracted_at, up_to in rows:
            found.setdefault(int(target), []).append(Retraction(known_at, retracted_at, up_to))
    return found


def retracted(connection: sa.Connection, kind: str, keys: Collection[int]) -> set[int]:
    """Which of these facts anything takes back."""
    return set(retractions_of(connection, kind, keys))


def clash(
    connection: sa.Connection,
    kind: str,
    columns: Columns,
    i: int,
    number: int,
    against: StoredRevision,
    together: bool = False,
) -> Clash:
    """How a fact contradicts a stored revision; `together`: it was given with the fact."""
    table = FACTS[kind]
    found = connection.execute(sa.select(table).where(table.c.fact_key == against.row))
    given = {name: values[i] for name, values in columns.items()}
    differing = differing_fields(kind, dict(found.mappings().one()), given)
    below = against.number if against.number > number else None
    return Clash(i, name_of(kind, columns, i), number, differing, below, together)
