"""The contract's tables as Parquet files: Arrow schemas, and a writer that appends chunks."""

from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from risk.facts import SUBMITTED, FieldType
from training.simulate.random_draws import Ints

TIME = pa.timestamp("ms", tz="Asia/Shanghai")
MONEY = pa.decimal128(14, 2)
TEXT, WHOLE, FLAG, SHARE = pa.string(), pa.int64(), pa.bool_(), pa.float64()

_ARROW: Mapping[FieldType, pa.DataType] = {
    "id": TEXT, "text": TEXT, "choice": TEXT, "time": TIME, "money": MONEY, "count": WHOLE,
    "grams": WHOLE, "flag": FLAG, "share": SHARE,
}  # fmt: skip
SHEETS: Mapping[str, Mapping[str, pa.DataType]] = {
    kind.name: {f.name: _ARROW[f.type] for f in kind.fields if f.name != "revision"}
    for kind in SUBMITTED.values()
}
"""The files of a folder by kind; nothing in a made world is ever corrected."""
TRUTH: Mapping[str, pa.DataType] = {
    "refund_id": TEXT, "requested_at": TIME, "amount": MONEY, "truth": TEXT, "positive": FLAG,
    "scheme": TEXT, "conduct": TEXT, "crew": TEXT, "skill": SHARE, "casual": FLAG, "cause": TEXT,
    "innocent_group": TEXT, "sent_back": TEXT,
}  # fmt: skip


class ContractWriter:
    """Writes a folder of contract files chunk by chunk, with `truth.parquet` beside it."""

    def __init__(self, out: Path) -> None:
        out.mkdir(parents=True, exist_ok=True)
        self._writers = {
            name: pq.ParquetWriter(out / f"{name}.parquet", _schema(columns), compression="zstd")
            for name, columns in SHEETS.items()
        }
        truth = out.parent / "truth.parquet"
        self._writers["truth"] = pq.ParquetWriter(truth, _schema(TRUTH), compression="zstd")

    def __enter__(self) -> "ContractWriter":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for writer in self._writers.values():
            writer.close()

    def add(self, name: str, columns: Mapping[str, Any]) -> int:
        """Append rows to one table and return their number; columns left out are null."""
        schema = _schema(TRUTH if name == "truth" else SHEETS[name])
        size = len(next(iter(columns.values())))
        arrays = [
            _array(columns[field.name], field.type) if field.name in columns
            else pa.nulls(size, field.type)
            for field in schema
        ]  # fmt: skip
        self._writers[name].write_table(pa.Table.from_arrays(arrays, schema=schema))
        return size


def _schema(columns: Mapping[str, pa.DataType]) -> pa.Schema:
    return pa.schema(list(columns.items()))


def _array(values: object, kind: pa.DataType) -> pa.Array:
    if isinstance(values, (pa.Array, pa.ChunkedArray)):
        return values
    if kind == TIME:
        moments = np.asarray(values, dtype=np.int64)
        return pa.array(moments, mask=moments < 0, type=pa.int64()).cast(TIME)
    if kind == MONEY:
        return money(np.asarray(values, dtype=np.int64))
    if kind == WHOLE:
        whole = np.asarray(values, dtype=np.int64)
        return pa.array(whole, mask=whole < 0)
    return pa.array(values, type=kind, from_pandas=True)


def money(cents: Ints) -> pa.Array:
    """Exact decimals from hundredths, without floats; null below zero."""
    words = np.zeros((len(cents), 2), dtype=np.int64)
    words[:, 0] = np.maximum(cents, 0)
    plain = pa.Array.from_buffers(MONEY, len(cents), [None, pa.py_buffer(words.tobytes())])
    return pc.if_else(pa.array(cents >= 0), plain, pa.scalar(None, MONEY))
