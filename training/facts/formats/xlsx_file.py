"""Rows of a sheet of an Excel workbook."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from training.facts.formats.expansion import check_workbook
from training.facts.formats.raw_rows import (
    BadRow,
    Chunk,
    Layout,
    to_columns,
    without_trailing_blanks,
)

Numbered = Iterator[tuple[int, list[Any]]]

WIDEST = 1_000
"""Columns of a sheet that are read: a cell far to the right is some bytes in a file, and 16,384 in
memory for each row."""

KEPT = 100
"""Cells kept of a row beside those that the header names."""


def xlsx_header(path: Path, layout: Layout) -> list[str]:
    """The names of the sheet's columns, without empty ones at the end."""
    with _rows(path, layout) as rows:
        return _header(rows)


def xlsx_chunks(path: Path, layout: Layout, size: int) -> Iterator[Chunk]:
    """The rows of the sheet in order, by their numbers in Excel."""
    with _rows(path, layout) as numbered:
        width = len(header := _header(numbered))
        counted = ((number, len(row), row[: width + KEPT]) for number, row in numbered)
        while part := list(islice(counted, size)):
            kept = [(number, row) for number, count, row in part if count <= width]
            bad = [
                BadRow(
                    number,
                    f"{width} values",
                    f"{count} values",
                    ["" if v is None else str(v) for v in row],
                )
                for number, count, row in part
                if count > width
            ]
            rows = [[*row, *[None] * (width - len(row))] for _, row in kept]
            yield Chunk(to_columns(header, rows), [number for number, _ in kept], bad)


@contextmanager
def _rows(path: Path, layout: Layout) -> Iterator[Numbered]:
    """The rows that hold anything, with their numbers."""
    book = _open(path)
    try:
        sheet = _sheet(book, layout.sheet)
        sheet.reset_dimensions()
        cells = sheet.iter_rows(values_only=True, max_col=WIDEST + 1)
        yield (
            (number, _plain(row))
            for number, row in enumerate(cells, start=1)
            if number > layout.skip and any(map(_given, row))
        )
    finally:
        book.close()


def _open(path: Path) -> Any:
    """The workbook. Raises OSError for what is none, also where the library finds no words."""
    check_workbook(path)
    try:
        return load_workbook(path, read_only=True, data_only=True)
    except (KeyError, ValueError, TypeError, AttributeError, SyntaxError) as error:
        raise OSError(f"no workbook: {error}") from error


def _sheet(book: Any, name: str | None) -> Any:
    """The sheet of a name (None: the first). Raises OSError where there is none."""
    names = [sheet.title for sheet in book.worksheets]
    if not names or (name and name not in names):
        raise OSError(f"no sheet {name or ''} among {', '.join(names) or 'none'}")
    return book[name or names[0]]


def _header(rows: Numbered) -> list[str]:
    _, names = next(rows, (1, []))
    if len(names) > WIDEST:
        raise OSError(f"at most {WIDEST} columns are read, and its header has more")
    return without_trailing_blanks(["" if name is None else str(name).strip() for name in names])


def _given(value: Any) -> bool:
    return value is not None and str(value).strip() != ""


def _plain(row: Sequence[Any]) -> list[Any]:
    """The cells without empty ones at the end, whole numbers as text, as ids are."""
    width = len(row)
    while width and not _given(row[width - 1]):
        width -= 1
    return [_text_if_whole(value) for value in row[:width]]


def _text_if_whole(value: Any) -> Any:
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return str(int(value)) if isinstance(value, float) and value.is_integer() else value
