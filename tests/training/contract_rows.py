"""A row of orders, and files of it in a folder."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from risk.facts.parse_columns import parse_columns
from training.facts.folder import KindFile, open_folder

HEADER = "order_id,customer_id,placed_at,amount"


ROW = "O-1,C-1,2026-03-01T08:00:00+08:00,12.50"


PLACED = datetime(2026, 3, 1, tzinfo=UTC)


REQUIRED: dict[str, list[Any]] = {
    "order_id": ["O-1"], "customer_id": ["C-1"], "placed_at": [PLACED], "amount": ["12.50"],
}  # fmt: skip


def one_file(folder: Path) -> KindFile:
    (file,) = open_folder(folder)
    return file


def rows(file: KindFile, size: int = 20_000) -> list[dict[str, Any]]:
    """The parsed rows with the line each stands on."""
    found = []
    for chunk in file.chunks(size):
        parsed, problems = parse_columns(file.kind, chunk.columns, chunk.lines)
        assert problems == []
        names = list(parsed)
        for at, values in enumerate(zip(*parsed.values(), strict=True)):
            found.append({**dict(zip(names, values, strict=True)), "line": chunk.lines[at]})
    return found


def write(folder: Path, name: str, content: str | bytes) -> Path:
    folder.mkdir(exist_ok=True)
    raw = content.encode() if isinstance(content, str) else content
    (folder / name).write_bytes(raw)
    return folder


def parquet(folder: Path, **columns: Any) -> Path:
    folder.mkdir(exist_ok=True)
    pq.write_table(pa.table({**REQUIRED, **columns}), folder / "orders.parquet")
    return folder


OTHERS = [ROW.replace("O-1", f"O-{n}") for n in range(2, 6)]
