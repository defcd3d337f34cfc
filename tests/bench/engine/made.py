"""Made worlds as stored tables on disk, so that measuring begins without their making."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from risk.errors import BadInput
from risk.facts.parse_columns import parse_columns
from risk.features.scratch_tables import stored_table
from risk.history.fact_columns import to_stored_columns
from risk.identity import Hasher
from training.facts.arrow_tables import SCHEMAS
from training.facts.folder import KindFile, open_folder
from training.simulate import simulate

FACTS_A_REFUND = 41
"""About so many facts come with each request of a made world."""
KEY = b"only for this measurement, no other"


def make(folder: Path, facts: int) -> int:
    """A made world of about so many facts as Parquet tables in the folder; answers how many.

    What is there already is used again.
    """
    if not (folder / "outcomes.parquet").exists():
        simulate(folder / "facts", refunds=max(50, facts // FACTS_A_REFUND), seed=0)
        for file in open_folder(folder / "facts"):
            _take_in(file, folder / f"{file.kind.name}.parquet")
    return sum(table.num_rows for table in tables(folder).values())


def _take_in(file: KindFile, to: Path) -> None:
    """Through the door chunk by chunk: a made world says no fact twice, and need not fit."""
    hasher, schema = Hasher(KEY), SCHEMAS[file.kind.name]
    with pq.ParquetWriter(to, schema) as out:
        for chunk in file.chunks():
            parsed, problems = parse_columns(file.kind, chunk.columns, chunk.lines)
            if problems:
                raise BadInput(problems)
            taken = to_stored_columns(file.kind, parsed, hasher)
            out.write_table(pa.table([pa.array(taken[f.name], f.type) for f in schema], schema))


def tables(folder: Path) -> dict[str, pa.Table]:
    """The fact tables, large ones in temporary files as those that are read from a store."""
    empty = {kind: schema.empty_table() for kind, schema in SCHEMAS.items()}
    return empty | {path.stem: _table(path) for path in sorted(folder.glob("*.parquet"))}


def _table(path: Path) -> pa.Table:
    batches = pq.ParquetFile(path).iter_batches(8_192)
    return stored_table(pa.RecordBatchReader.from_batches(pq.read_schema(path), batches))
