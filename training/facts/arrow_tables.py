"""Fact tables in Arrow: from the live store, or from a folder of files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pyarrow as pa

from risk.facts.columns import STORED
from risk.facts.parse_columns import Columns

_ARROW = {"text": pa.string(), "integer": pa.int64(), "real": pa.float64()}

SCHEMAS: dict[str, pa.Schema] = {
    kind: pa.schema([(column.name, _ARROW[column.type]) for column in columns])
    for kind, columns in STORED.items()
}


def of_columns(stored: Mapping[str, Sequence[Columns]]) -> dict[str, pa.Table]:
    """All six tables from chunks of stored columns, each fact once; an absent kind is empty."""
    return {kind: _table(kind, stored.get(kind, ())) for kind in SCHEMAS}


def _table(kind: str, chunks: Sequence[Columns]) -> pa.Table:
    schema = SCHEMAS[kind]
    tables = [
        pa.table([pa.array(chunk[f.name], f.type) for f in schema], schema=schema)
        for chunk in chunks
    ]
    table = pa.concat_tables(tables) if tables else schema.empty_table()
    first = pa.compute.unique(table["fact_key"])
    if len(first) == table.num_rows:
        return table
    places = pa.compute.index_in(first, value_set=table["fact_key"])
    return table.take(places)
