"""Random histories as folders of contract files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from risk.facts import RECORDS
from tests.worlds import Fact, World, stored


def once(world: World) -> World:
    """The facts as they were made, each revision once: a folder states none twice."""
    kept: World = {}
    for kind, facts in world.items():
        seen: set[Any] = set()
        kept[kind] = [fact for fact in facts if _is_new(kind, fact, seen)]
    return kept


def _is_new(kind: str, fact: Fact, seen: set[Any]) -> bool:
    row = stored({kind: [fact]})[kind][0]
    key = (row["fact_key"], None if kind == "retractions" else row["revision"])
    new = key not in seen
    seen.add(key)
    return new


def write_folder(world: World, folder: Path) -> Path:
    """The facts of a history as Parquet files of the contract."""
    folder.mkdir(parents=True, exist_ok=True)
    for kind, facts in world.items():
        if facts:
            pq.write_table(pa.table(_columns(kind, facts)), folder / f"{kind}.parquet")
    return folder


def _columns(kind: str, facts: list[Fact]) -> dict[str, pa.Array]:
    columns = {}
    for field in RECORDS[kind].fields:
        values = [fact.get(field.name) for fact in facts]
        if field.type == "time":
            columns[field.name] = pa.array(values, pa.timestamp("ms", tz="UTC"))
        elif field.type == "flag":
            columns[field.name] = pa.array(values, pa.bool_())
        elif field.type == "count":
            columns[field.name] = pa.array(values, pa.int64())
        else:
            columns[field.name] = pa.array([None if v is None else str(v) for v in values])
        if all(value is None for value in values):
            del columns[field.name]
    return columns
