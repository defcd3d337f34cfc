"""The own rows of many cases at once, as of the moments of a spine."""

from __future__ import annotations

from typing import Any

import duckdb

from risk.decisions.case import Circumstances
from risk.decisions.case_rows import QUERIES


def circumstances_of(db: duckdb.DuckDBPyConnection) -> dict[int, Circumstances]:
    """The own rows of every case of the spine that has any, by row_id."""
    rows: dict[int, dict[str, list[dict[str, Any]]]] = {}
    for name, query in QUERIES.items():
        for row in db.sql(query).to_arrow_table().to_pylist():
            rows.setdefault(row["row_id"], {}).setdefault(name, []).append(row)
    return {row_id: Circumstances(**found) for row_id, found in rows.items()}
