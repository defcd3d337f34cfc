"""The contract's tables as Arrow: names and types of every column, and how they are written."""

from collections.abc import Mapping
from pathlib import Path
from types import TracebackType

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from training.simulate.chance import Ints

TIME = pa.timestamp("ms", tz="Asia/Shanghai")
MONEY = pa.decimal128(14, 2)
TEXT, WHOLE, FLAG, SHARE = pa.string(), pa.int64(), pa.bool_(), pa.float64()

SHEETS: Mapping[str, Mapping[str, pa.DataType]] = {
    "orders": {
        "order_id": TEXT, "line_id": TEXT, "customer_id": TEXT, "placed_at": TIME, "amount": MONEY,
        "currency": TEXT, "quantity": WHOLE, "sku": TEXT, "category": TEXT, "merchant_id": TEXT,
        "channel": TEXT, "shipping_address": TEXT, "payment_instrument": TEXT, "device_id": TEXT,
        "phone": TEXT, "ip": TEXT, "account_created_at": TIME, "customer_tier": TEXT,
        "no_reason_return": FLAG, "known_at": TIME,
    },
    "shipments": {
        "order_id": TEXT, "line_id": TEXT, "refund_id": TEXT, "direction": TEXT, "status": TEXT,
        "occurred_at": TIME, "courier": TEXT, "tracking_no": TEXT, "received_by": TEXT,
        "weight_g": WHOLE, "known_at": TIME,
    },
    "refunds": {
        "refund_id": TEXT, "order_id": TEXT, "line_id": TEXT, "requested_at": TIME,
        "amount": MONEY, "type": TEXT, "reason_code": TEXT, "reason_text": TEXT,
        "claims_received": FLAG, "device_id": TEXT, "payout_account": TEXT, "respond_by": TIME,
        "known_at": TIME,
    },
    "evidence": {
        "evidence_id": TEXT, "refund_id": TEXT, "submitted_at": TIME, "kind": TEXT,
        "submitted_by": TEXT, "asked_at": TIME, "content_hash": TEXT, "captured_at": TIME,
        "known_at": TIME,
    },
    "inspections": {
        "refund_id": TEXT, "inspected_at": TIME, "condition": TEXT, "known_at": TIME,
    },
    "outcomes": {
        "refund_id": TEXT, "decided_at": TIME, "verdict": TEXT, "resolution": TEXT,
        "amount": MONEY, "decided_by": TEXT, "selected_by": TEXT, "selection_probability": SHARE,
        "note": TEXT, "known_at": TIME,
    },
}  # fmt: skip
TRUTH: Mapping[str, pa.DataType] = {
    "refund_id": TEXT, "requested_at": TIME, "amount": MONEY, "truth": TEXT, "positive": FLAG,
    "scheme": TEXT, "conduct": TEXT, "crew": TEXT, "skill": SHARE, "casual": FLAG, "cause": TEXT,
    "innocent_group": TEXT, "sent_back": TEXT,
}  # fmt: skip


class Folder:
    """A folder of contract files under way, with the truth beside it; written chunk by chunk."""

    def __init__(self, out: Path) -> None:
        out.mkdir(parents=True, exist_ok=True)
        self._writers = {
            name: pq.ParquetWriter(out / f"{name}.parquet", _schema(columns), compression="zstd")
            for name, columns in SHEETS.items()
        }
        truth = out.parent / "truth.parquet"
        self._writers["truth"] = pq.ParquetWriter(truth, _schema(TRUTH), compression="zstd")

    def __enter__(self) -> "Folder":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for writer in self._writers.values():
            writer.close()

    def add(self, name: str, columns: Mapping[str, object]) -> int:
        """Append rows to one table, columns left out being unknown; answers their number."""
        schema = _schema(TRUTH if name == "truth" else SHEETS[name])
        size = len(next(iter(columns.values())))  # type: ignore[arg-type]
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
    """Exact decimals from hundredths, without passing through floats; below zero is unknown."""
    words = np.zeros((len(cents), 2), dtype=np.int64)
    words[:, 0] = np.maximum(cents, 0)
    plain = pa.Array.from_buffers(MONEY, len(cents), [None, pa.py_buffer(words.tobytes())])
    return pc.if_else(pa.array(cents >= 0), plain, pa.scalar(None, MONEY))
