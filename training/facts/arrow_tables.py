"""Fact tables in Arrow: from the live store, or from a folder of files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pyarrow as pa

from risk.facts.columns import STORED
from risk.facts.parse_columns import Columns
from risk.history.arrow_revisions import settled

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


def _table(kind: str, chunks: Sequence[Columns]) -> pa.Table:
    schema = SCHEMAS[kind]
    tables = [
        pa.table([pa.array(chunk[f.name], f.type) for f in schema], schema=schema)
        for chunk in chunks
    ]
    return pa.concat_tables(tables) if tables else schema.empty_table()
