"""Reads a folder of contract files in chunks, every row with its line number."""

from __future__ import annotations

import csv
import gzip
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from risk.errors import BadInput, Problem
from risk.facts import INCOMING, Kind
from risk.facts.parse_columns import Millis

CHUNK = 20_000
ENDINGS = (".parquet", ".csv", ".csv.gz")
MAX_FIELD = 64 * 1024 * 1024
DAMAGE = (pa.ArrowInvalid, OSError, UnicodeDecodeError, EOFError, csv.Error, zlib.error)
"""What readers raise for a file that is damaged, or not of the type its name says."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some rows of a file as raw columns; `lines` holds each row's line (or row) number."""

    columns: dict[str, Sequence[Any]]
    lines: Sequence[int]


@dataclass(frozen=True, slots=True)
class KindFile:
    """One file of a folder, with the columns it has and those the contract does not know."""

    kind: Kind
    path: Path
    known: tuple[str, ...]
    unknown: tuple[str, ...]
    rows: int | None

    @property
    def assumed(self) -> dict[str, str]:
        """The defaults that are assumed for columns which the file lacks."""
        left_out = (f for f in self.kind.fields if f.name not in self.known and not f.later)
        return {f.name: f.default for f in left_out if isinstance(f.default, str)}

    def chunks(self, size: int = CHUNK) -> Iterator[Chunk]:
        """The file's rows in order. Raises BadInput where it cannot be read as what it is."""
        if self.path.suffix != ".parquet":
            yield from _csv_chunks(self, size)
            return
        try:
            yield from _parquet_chunks(self, size)
        except DAMAGE as error:
            problem = Problem(self.path.name, None, None, "a readable file", str(error))
            raise BadInput([problem]) from error


def open_folder(folder: Path) -> list[KindFile]:
    """The contract files of a folder, in the order of `INCOMING`.

    Raises BadInput for a folder without any, or a file lacking a required column.
    """
    if not folder.is_dir():
        raise BadInput([Problem(str(folder), None, None, "a folder of contract files", "none")])
    files: list[KindFile] = []
    for name in INCOMING:
        found = [folder / f"{name}{end}" for end in ENDINGS if (folder / f"{name}{end}").is_file()]
        if len(found) > 1:
            names = ", ".join(path.name for path in found)
            raise BadInput([Problem(name, None, None, "one file a kind", names)])
        files += [_describe(INCOMING[name], path) for path in found]
    if not files:
        expected = "files such as orders.csv or refunds.parquet"
        got = ", ".join(left_out(folder)) or "none"
        raise BadInput([Problem(str(folder), None, None, expected, got)])
    return files


def left_out(folder: Path) -> list[str]:
    """The names in a folder that are not read, sorted."""
    read = {f"{name}{end}" for name in INCOMING for end in ENDINGS}
    return sorted(path.name for path in folder.iterdir() if path.name not in read)


def _describe(kind: Kind, path: Path) -> KindFile:
    rows: int | None = None
    try:
        if path.suffix == ".parquet":
            with pq.ParquetFile(path) as file:
                names, rows = list(file.schema_arrow.names), file.metadata.num_rows
        else:
            with _open_text(path) as text:
                names = next(csv.reader(text), [])
    except DAMAGE as error:
        raise BadInput([Problem(path.name, None, None, "a readable file", str(error))]) from error
    fields = {field.name for field in kind.fields}
    missing = [f.name for f in kind.fields if f.required and f.name not in names]
    if missing:
        raise BadInput(
            [Problem(path.name, 1, name, "a column of this name", "none") for name in missing]
        )
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice:
        raise BadInput([Problem(path.name, 1, n, "a column that stands once", "") for n in twice])
    known = tuple(name for name in names if name in fields)
    return KindFile(kind, path, known, tuple(n for n in names if n not in fields), rows)


def _open_text(path: Path) -> TextIO:
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8-sig", newline="")
    return path.open(encoding="utf-8-sig", newline="")


def _csv_chunks(file: KindFile, size: int) -> Iterator[Chunk]:
    csv.field_size_limit(MAX_FIELD)
    with _open_text(file.path) as text:
        reader = csv.reader(text, strict=True)
        try:
            header = next(reader)
            rows: list[list[str]] = []
            lines: list[int] = []
            line = reader.line_num
            for row in reader:
                start, line = line + 1, reader.line_num
                if not row:
                    continue
                if len(row) != len(header):
                    got = f"{len(row)} values"
                    raise BadInput(
                        [Problem(file.path.name, start, None, f"{len(header)} values", got)]
                    )
                rows.append(row)
                lines.append(start)
                if len(rows) == size:
                    yield _chunk(header, rows, lines)
                    rows, lines = [], []
            if rows:
                yield _chunk(header, rows, lines)
        except DAMAGE as error:
            problem = Problem(file.path.name, reader.line_num + 1, None, "CSV in UTF-8", str(error))
            raise BadInput([problem]) from error


def _chunk(header: Sequence[str], rows: list[list[str]], lines: list[int]) -> Chunk:
    return Chunk(dict(zip(header, zip(*rows, strict=True), strict=True)), lines)


def _parquet_chunks(file: KindFile, size: int) -> Iterator[Chunk]:
    types = {field.name: field.type for field in file.kind.fields}
    start = 1
    with pq.ParquetFile(file.path) as parquet:
        for batch in parquet.iter_batches(batch_size=size, columns=list(file.known)):
            columns = {
                name: _values(batch.column(name), types[name]) for name in batch.schema.names
            }
            yield Chunk(columns, range(start, start + batch.num_rows))
            start += batch.num_rows


def _values(array: pa.Array, kind: str) -> Sequence[Any]:
    if pa.types.is_dictionary(array.type):
        array = array.dictionary_decode()
    if kind == "time" and pa.types.is_timestamp(array.type) and array.type.tz:
        whole = pc.cast(array, pa.timestamp("ms", tz=array.type.tz), safe=False)
        return Millis(pc.cast(whole, pa.int64()).to_pylist())
    if kind in ("id", "text") and pa.types.is_integer(array.type):
        array = pc.cast(array, pa.string())
    values: Sequence[Any] = array.to_pylist()
    return values
