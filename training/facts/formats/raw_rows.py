"""Raw rows of a file in chunks, with the line of each and the rows that cannot be read."""

from __future__ import annotations

import csv
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

CHUNK = 20_000
DAMAGE = (
    pa.ArrowInvalid, OSError, UnicodeError, EOFError, csv.Error, zlib.error, zipfile.BadZipFile,
)  # fmt: skip
"""What readers raise for a file that is damaged, or not of the type its name says."""


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that is none: its line, what was expected, what was found, and its cells as read."""

    line: int
    expected: str
    got: str
    cells: Sequence[str]


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some rows of a file as raw columns; `lines` holds each row's line (or row) number, `bad` the
    rows among them that could not be read."""

    columns: dict[str, Sequence[Any]]
    lines: Sequence[int]
    bad: Sequence[BadRow] = ()


@dataclass(frozen=True, slots=True)
class Layout:
    """How a table is written in its file; `skip` lines or rows come before its header."""

    encoding: str = "utf-8"
    separator: str = ","
    sheet: str | None = None
    skip: int = 0


CONTRACT = Layout()
"""How the contract wants a table to be written."""


def without_trailing_blanks(header: Sequence[str]) -> list[str]:
    """A header without the empty names at its end.

    >>> without_trailing_blanks(["a", "", "b", "", " "])
    ['a', '', 'b']
    """
    width = len(header)
    while width and not header[width - 1].strip():
        width -= 1
    return list(header[:width])


def to_columns(header: Sequence[str], rows: Sequence[Sequence[Any]]) -> dict[str, Sequence[Any]]:
    """Rows as columns by name, those without a name left out."""
    columns = zip(*rows, strict=True) if rows else ((),) * len(header)
    return {name: values for name, values in zip(header, columns, strict=True) if name.strip()}
