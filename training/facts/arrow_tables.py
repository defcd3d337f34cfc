"""Fact tables in Arrow: from the live store, or from a folder of files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from risk.facts import RETRACTIONS
from risk.facts.columns import STORED
from risk.facts.parse_columns import Columns
from risk.facts.revisions import FOREVER
from risk.history.facts.arrow_revisions import settled

_ARROW = {"text": pa.string(), "integer": pa.int64(), "real": pa.float64()}

SCHEMAS: dict[str, pa.Schema] = {
    kind: pa.schema([(column.name, _ARROW[column.type]) for column in columns])
    for kind, columns in STORED.items()
}


def of_columns(stored: Mapping[str, Sequence[Columns]]) -> dict[str, pa.Table]:
    """All tables of facts from chunks of stored columns, each revision once with when it counts.

    An absent kind is empty. Raises Conflict where two rows contradict one another.
    """
    return settled({kind: _table(kind, stored.get(kind, ())) for kind in SCHEMAS})


def as_known_before(facts: Mapping[str, pa.Table], moment: int) -> dict[str, pa.Table]:
    """The tables as they were before a moment (ms): without what became known from then on, and
    with what was corrected or taken back only since then still in force."""
    before = {}
    for kind, table in facts.items():
        if kind == RETRACTIONS.name:
            before[kind] = table.filter(pc.less(table["known_at"], moment))
            continue
        known = pc.and_(pc.less(table["known_at"], moment), pc.less(table["valid_from"], moment))
        rows = table.filter(known)
        ended = pc.less(rows["valid_to"], moment)
        until = pc.if_else(ended, rows["valid_to"], pa.scalar(FOREVER, pa.int64()))
        place = rows.schema.get_field_index("valid_to")
        before[kind] = rows.set_column(place, rows.schema.field(place), until)
    return before


def _table(kind: str, chunks: Sequence[Columns]) -> pa.Table:
    schema = SCHEMAS[kind]
    tables = [
        pa.table([pa.array(chunk[f.name], f.type) for f in schema], schema=schema)
        for chunk in chunks
    ]
    return pa.concat_tables(tables) if tables else schema.empty_table()
