"""What an import brought into the store, by the number it was given."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from risk.facts import RETRACTIONS
from risk.facts.columns import STORED
from risk.history.facts.revise import slices
from risk.history.schema import FACTS, commits


def _commits_of(import_no: int) -> sa.Select[Any]:
    return sa.select(commits.c.commit_no).where(commits.c.import_no == import_no)


def latest_imports(connection: sa.Connection, number: int) -> list[tuple[int, int, str | None]]:
    """The latest imports that brought facts, the latest first: number, time (ms), who."""
    c = commits.c
    query = sa.select(c.import_no, sa.func.min(c.at), sa.func.min(c.who)).where(
        c.import_no.is_not(None)
    )
    query = query.group_by(c.import_no).order_by(c.import_no.desc()).limit(number)
    return [(int(no), int(at), who) for no, at, who in connection.execute(query)]


def brought_by(connection: sa.Connection, kind: str, import_no: int) -> list[int]:
    """The `fact_key` of every fact of a kind of which the import brought a revision."""
    c = FACTS[kind].c
    key = sa.func.coalesce(c.corrects, c.fact_key)
    query = sa.select(key).where(c.commit_no.in_(_commits_of(import_no))).distinct()
    return sorted(int(found) for found in connection.execute(query).scalars())


def revisions_of(
    connection: sa.Connection, kind: str, keys: Sequence[int], import_no: int
) -> list[dict[str, Any]]:
    """Every stored revision of these facts, with whether the import brought it (`of_import`)."""
    table = FACTS[kind]
    own = table.c.commit_no.in_(_commits_of(import_no)).label("of_import")
    query = sa.select(*(table.c[column.name] for column in STORED[kind]), own)
    rows: list[dict[str, Any]] = []
    for some in slices(keys):
        for here in (table.c.fact_key.in_(some), table.c.corrects.in_(some)):
            rows += [dict(row) for row in connection.execute(query.where(here)).mappings()]
    return rows


def retractions_of_import(connection: sa.Connection, import_no: int) -> int:
    """How many retractions the import brought."""
    c = FACTS[RETRACTIONS.name].c
    query = sa.select(sa.func.count()).where(c.commit_no.in_(_commits_of(import_no)))
    return int(connection.execute(query).scalar_one())
