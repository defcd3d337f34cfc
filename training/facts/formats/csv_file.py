"""Rows of a CSV file, plain or compressed by gzip."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, TextIO, cast

from training.facts.formats.csv_records import SURROGATE, Lines, Record, records
from training.facts.formats.expansion import BoundedGzip
from training.facts.formats.raw_rows import (
    BadRow,
    Chunk,
    Layout,
    to_columns,
    without_trailing_blanks,
)
from training.facts.formats.text_layout import encoding_of


def open_bytes(path: Path) -> IO[bytes]:
    """The file's bytes, decompressed."""
    return cast(IO[bytes], BoundedGzip(path)) if path.suffix == ".gz" else path.open("rb")


def open_text(path: Path, layout: Layout) -> TextIO:
    """The file's text; bytes that are none become surrogates, so that each row is seen alone."""
    codec = layout.encoding.lower()
    errors = "surrogatepass" if codec.startswith(("utf-16", "utf-32")) else "surrogateescape"
    codec = "utf-8-sig" if codec in ("utf-8", "utf8") else codec
    return io.TextIOWrapper(open_bytes(path), encoding=codec, errors=errors, newline="")


def header_of(path: Path, layout: Layout) -> Record:
    """The header: its line, its cells without empty ones at the end, and whether it is text."""
    with open_text(path, layout) as text:
        return _header(Lines(text), layout)


def _header(lines: Lines, layout: Layout) -> Record:
    for _ in range(layout.skip):
        next(lines, None)
    found = next(records(lines, layout.separator), Record(layout.skip + 1, []))
    cells = [cell.removeprefix("\ufeff").strip() for cell in found.cells]
    found.cells = without_trailing_blanks(cells)
    return found


def csv_chunks(path: Path, layout: Layout, size: int) -> Iterator[Chunk]:
    """The rows of the file in order. Raises what `raw_rows.DAMAGE` lists for a damaged file."""
    with open_text(path, layout) as text:
        lines = Lines(text)
        header = _header(lines, layout).cells
        rows: list[Sequence[str]] = []
        at: list[int] = []
        bad: list[BadRow] = []
        for record in records(lines, layout.separator, len(header)):
            if record.undecodable or record.fault:
                bad.append(_bad_row(record, len(header), layout))
            else:
                rows.append(record.cells)
                at.append(record.line)
            if len(rows) + len(bad) == size:
                yield Chunk(to_columns(header, rows), at, bad)
                rows, at, bad = [], [], []
        if rows or bad:
            yield Chunk(to_columns(header, rows), at, bad)


def _bad_row(record: Record, width: int, layout: Layout) -> BadRow:
    if not record.undecodable:
        return BadRow(record.line, f"{width} values", record.fault, record.cells)
    text = "\n".join(record.cells)
    try:
        found = encoding_of(text.encode("utf-8", "surrogateescape"))
    except UnicodeEncodeError:
        found = ""
    cells = record.cells if found else [SURROGATE.sub("\ufffd", cell) for cell in record.cells]
    got = f"bytes that read as {found}" if found else "other bytes"
    return BadRow(record.line, f"text in {layout.encoding.upper()}", got, cells)
