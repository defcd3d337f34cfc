"""The digest of fact tables: another as soon as any fact is another."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc


def facts_digest(facts: Mapping[str, pa.Table]) -> str:
    """Hex digest over every value of every column, in the order in which the store gives them.

    The same facts in another order have another digest. Memory of one chunk of a column is used.
    """
    found = hashlib.blake2b(digest_size=32)
    for kind in sorted(facts):
        for name, column in zip(facts[kind].column_names, facts[kind].columns, strict=True):
            found.update(f"{kind}.{name} {column.type} {len(column)}\n".encode())
            for chunk in column.chunks:
                for part in _parts(chunk):
                    found.update(part)
    return found.hexdigest()


def _parts(chunk: pa.Array) -> Iterator[bytes | memoryview]:
    """What tells a chunk from every other: where it is null, and the values elsewhere.

    What memory holds where a value is null is left out: it is arbitrary.
    """
    yield len(chunk).to_bytes(8, "little")
    if chunk.null_count:
        yield np.packbits(chunk.is_null().to_numpy(zero_copy_only=False)).tobytes()
    if pa.types.is_string(chunk.type):
        yield from _texts(pc.fill_null(chunk, ""))
    else:
        values = pc.fill_null(chunk, 0).to_numpy(zero_copy_only=False)
        yield np.ascontiguousarray(values).data


def _texts(chunk: pa.Array) -> Iterator[bytes | memoryview]:
    """The lengths of texts, then the texts."""
    yield np.ascontiguousarray(pc.binary_length(chunk).to_numpy(zero_copy_only=False)).data
    _, offsets, data = chunk.buffers()
    ends = np.frombuffer(offsets, np.int32)[chunk.offset : chunk.offset + len(chunk) + 1]
    if data is not None and len(chunk):
        yield memoryview(data)[ends[0] : ends[-1]]
