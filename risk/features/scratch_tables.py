"""Tables that may be larger than memory: beyond a bound they lie in a temporary file, as arrays do."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from itertools import chain

import pyarrow as pa

from risk.features.scratch import IN_MEMORY


def stored_table(batches: pa.RecordBatchReader) -> pa.Table:
    """The rows of a reader, which is read to its end, as a table."""
    held, size = [], 0
    for batch in batches:
        held.append(batch)
        size += batch.nbytes
        if size > IN_MEMORY:
            return _in_file(chain(held, batches), batches.schema)
    return pa.Table.from_batches(held, batches.schema)


def _in_file(batches: Iterable[pa.RecordBatch], schema: pa.Schema) -> pa.Table:
    with tempfile.NamedTemporaryFile(prefix="refund-risk-") as file:
        with pa.ipc.new_file(file, schema) as out:
            for batch in batches:
                out.write_batch(batch)
        file.flush()
        pa.default_memory_pool().release_unused()  # what the batches took, which it keeps otherwise
        return pa.ipc.open_file(pa.memory_map(file.name)).read_all()
