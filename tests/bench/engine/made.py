"""Made worlds as stored tables on disk, so that measuring begins without their making."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from risk.errors import BadInput
from risk.facts.parse_columns import parse_columns
from risk.features.scratch_tables import stored_table
from risk.history.facts.fact_columns import to_stored_columns
from risk.identity import Hasher
from training.facts.arrow_tables import SCHEMAS
from training.facts.folder import KindFile, open_folder
from training.simulate import simulate

FACTS_A_REFUND = 41
"""About so many facts come with each request of a made world."""
KEY = b"only for this measurement, no other"


LARGEST_WORLD = 1_000_000
"""Facts beyond which a world is put together of worlds of so many, each with ids of its own."""
IDS = ("order_id", "line_id", "customer_id", "refund_id", "evidence_id", "dispute_id", "sku",
       "merchant_id", "key")  # fmt: skip
HASHES = ("fact_key", "content", "address", "door", "payment", "device", "phone", "ip", "tracking",
          "payout", "photo", "picture", "copied", "text_exact", "near_1", "near_2", "near_3",
          "target")  # fmt: skip
"""What tells one world's rows from another's: ids as texts, and numbers that are hashes."""


def make(folder: Path, facts: int) -> int:
    """A made world of about so many facts as Parquet tables in the folder; answers how many.

    What is there already is used again; beside a world of many millions lies the one it repeats.
    """
    if facts > LARGEST_WORLD and not (folder / "outcomes.parquet").exists():
        make(one := folder.parent / str(LARGEST_WORLD), LARGEST_WORLD)
        folder.mkdir(parents=True, exist_ok=True)
        for path in sorted(one.glob("*.parquet")):
            _repeat(path, folder / path.name, round(facts / LARGEST_WORLD))
    elif not (folder / "outcomes.parquet").exists():
        simulate(folder / "facts", refunds=max(50, facts // FACTS_A_REFUND), seed=0)
        for file in open_folder(folder / "facts"):
            _take_in(file, folder / f"{file.kind.name}.parquet")
    return sum(table.num_rows for table in tables(folder).values())


def _repeat(path: Path, to: Path, times: int) -> None:
    """The rows of a table so many times, each time with other ids and other hashes."""
    file = pq.ParquetFile(path)
    with pq.ParquetWriter(to, file.schema_arrow) as out:
        for number in range(times):
            for batch in file.iter_batches(65_536):
                out.write_batch(_renamed(batch, number))


def _renamed(batch: pa.RecordBatch, number: int) -> pa.RecordBatch:
    other = int(np.random.default_rng(number).integers(2**62)) if number else 0
    columns = []
    for name, column in zip(batch.schema.names, batch.columns, strict=True):
        if name in IDS and number:
            columns.append(pc.binary_join_element_wise(column, f"{number}", "~"))
        elif name in HASHES:
            columns.append(pc.bit_wise_xor(column, other))
        else:
            columns.append(column)
    return pa.record_batch(columns, schema=batch.schema)


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
