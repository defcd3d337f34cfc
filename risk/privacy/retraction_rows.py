"""Erasure in retractions: what they take back under its new name, and no word of why."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import sqlalchemy as sa

from risk.facts import RETRACTIONS
from risk.facts.columns import STORED
from risk.history.facts.fact_columns import add_digests
from risk.history.schema import FACTS
from risk.privacy.subject_rows import batches

_TABLE = FACTS[RETRACTIONS.name]


def redact_retractions(
    connection: sa.Connection,
    kind: str,
    moved: Mapping[int, int],
    tombstone: Callable[[str | None], str | None],
) -> None:
    """Let the retractions of some facts follow them, without reasons; `moved` maps the facts'
    `fact_key` to what it became."""
    for some in batches(moved):
        query = sa.select(_TABLE).where(_TABLE.c.kind == kind, _TABLE.c.target.in_(some))
        for row in connection.execute(query).mappings().all():
            redacted = {**row, "target": moved[row["target"]], "reason": None}
            redacted["key"] = _with_tombstones(row["key"], tombstone)
            columns: dict[str, list[Any]] = {
                column.name: [redacted[column.name]] for column in STORED[RETRACTIONS.name]
            }
            add_digests(RETRACTIONS, columns)
            redacted |= {name: columns[name][0] for name in ("fact_key", "content")}
            here = _TABLE.c.fact_key == row["fact_key"]
            connection.execute(sa.update(_TABLE).where(here).values(redacted))


def _with_tombstones(key: str, tombstone: Callable[[str | None], str | None]) -> str:
    content = {
        name: tombstone(value) if isinstance(value, str) else value
        for name, value in json.loads(key).items()
    }
    return json.dumps(content, ensure_ascii=False, sort_keys=True)
