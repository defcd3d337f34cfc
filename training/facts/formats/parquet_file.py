"""Rows of a Parquet file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from risk.facts.parse_columns import Millis
from training.facts.formats.raw_rows import Chunk


def parquet_header(path: Path) -> tuple[list[str], int]:
    """The names of the columns, and how many rows there are."""
    with pq.ParquetFile(path) as file:
        return list(file.schema_arrow.names), file.metadata.num_rows


def parquet_chunks(path: Path, types: Mapping[str, str], size: int) -> Iterator[Chunk]:
    """The rows in order, numbered from 1: the columns named in `types`, as its types want them."""
    start = 1
    with pq.ParquetFile(path) as parquet:
        for batch in parquet.iter_batches(batch_size=size, columns=list(types)):
            columns = {n: _values(batch.column(n), types[n]) for n in batch.schema.names}
            yield Chunk(columns, range(start, start + batch.num_rows))
            start += batch.num_rows


def _values(array: pa.Array, kind: str) -> Sequence[Any]:
    if pa.types.is_dictionary(array.type):
        array = array.dictionary_decode()
    if kind == "time" and pa.types.is_timestamp(array.type) and array.type.tz:
        whole = pc.cast(array, pa.timestamp("ms", tz=array.type.tz), safe=False)
        return Millis(pc.cast(whole, pa.int64()).to_pylist())
    if kind in ("id", "text", "choice") and pa.types.is_integer(array.type):
        array = pc.cast(array, pa.string())
    values: Sequence[Any] = array.to_pylist()
    if kind == "flag" and (pa.types.is_integer(array.type) or pa.types.is_floating(array.type)):
        return [str(int(value)) if value in (0, 1) else value for value in values]
    return values
