"""Tables and arrays that lie in temporary files where they are large."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from risk.features import scratch
from risk.features.scratch import unfilled
from risk.features.scratch_tables import stored_table


@pytest.mark.parametrize("bound", [0, 100, 10**6])
def test_a_table_is_the_same_wherever_it_lies(bound: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scratch, "IN_MEMORY", bound)
    rows = pa.table({"id": ["a", None, "中", "d"] * 30, "n": [1, 2, None, 4] * 30})
    batches, before = rows.to_reader(7), pa.total_allocated_bytes()
    found = stored_table(batches)
    assert found.equals(rows)
    if bound < rows.nbytes:
        assert pa.total_allocated_bytes() <= before


def test_nothing_is_a_table_without_rows() -> None:
    schema = pa.schema([("id", pa.string())])
    assert stored_table(pa.RecordBatchReader.from_batches(schema, [])).schema == schema


@pytest.mark.parametrize("bound", [0, 10**6])
def test_an_array_has_its_type_wherever_it_lies(
    bound: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scratch, "IN_MEMORY", bound)
    made = unfilled(3, 2, dtype=np.int64)
    made[:] = -1
    assert (made.shape, made.dtype, int(made.sum())) == ((3, 2), np.dtype(np.int64), -6)
    assert isinstance(made, np.memmap) == (bound == 0)
