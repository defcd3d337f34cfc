"""Records of a CSV, each with the line it begins on; one that cannot be read spoils no other.

A record that fails after several lines most often began with a quote that is never closed. Then its
first line alone is bad, and reading goes on with the next.
"""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TextIO

MAX_RECORD = 1_000_000
"""The longest record in characters: a quote that is open for longer was never closed."""

SURROGATE = re.compile("[\ud800-\udfff]")
"""What a text reader puts where bytes are not text (see PEP 383)."""

NOT_CLOSED = "a quote that is not closed"
TOO_LONG = f"a line of more than {MAX_RECORD:,} characters"


@dataclass(slots=True)
class Record:
    """A record: the line it begins on, its cells, and what is wrong with it (empty: nothing)."""

    line: int
    cells: list[str]
    fault: str = ""
    undecodable: bool = False


@dataclass(slots=True)
class Lines:
    """The lines of a text, counted from 1; those of the current record can be given back."""

    text: TextIO
    number: int = 0
    size: int = 0
    taken: list[str] = field(default_factory=list)
    given_back: deque[str] = field(default_factory=deque)

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if self.size > MAX_RECORD:
            raise csv.Error(NOT_CLOSED)
        line = self.given_back.popleft() if self.given_back else self._read()
        self.number += 1
        self.size += len(line)
        self.taken.append(line)
        if len(line) > MAX_RECORD:
            raise csv.Error(TOO_LONG)
        return line

    def _read(self) -> str:
        """The next line; of one that is too long a little more than is allowed."""
        line = self.text.readline(MAX_RECORD + 1)
        if not line:
            raise StopIteration
        rest = line
        while len(rest) >= MAX_RECORD and rest[-1] not in "\r\n":
            rest = self.text.readline(MAX_RECORD)
            if not rest:
                break
        return line

    def begin(self) -> None:
        self.taken, self.size = [], 0

    def keep_first(self) -> str:
        """Give back all lines of the record but the first, and answer that."""
        first, *others = self.taken
        self.given_back.extendleft(reversed(others))
        self.number -= len(others)
        self.taken = [first]
        return first


def records(lines: Lines, separator: str, width: int | None = None) -> Iterator[Record]:
    """The records of a text, blank ones left out; each has `width` cells (None: any) or a fault.

    Cells beyond the width are nothing where all of them are empty.
    """
    csv.field_size_limit(max(csv.field_size_limit(), 2 * MAX_RECORD))
    reader = csv.reader(lines, strict=True, delimiter=separator)
    while True:
        lines.begin()
        start = lines.number + 1
        try:
            cells, fault = next(reader), ""
        except StopIteration:
            return
        except csv.Error as error:
            cells, fault = [], _fault_of(error)
        fault = fault or _misfit(cells, width)
        if plain := _unquoted(lines, fault, separator, width):
            lines.keep_first()
            cells, fault = plain, ""
        if fault or any(cell.strip() for cell in cells):
            yield _record(lines, start, cells, fault, width)


def _misfit(cells: Sequence[str], width: int | None) -> str:
    if width is None or len(cells) == width or (len(cells) > width and not any(cells[width:])):
        return ""
    return f"{len(cells)} values"


def _unquoted(lines: Lines, fault: str, separator: str, width: int | None) -> list[str]:
    """The cells of the record's first line with quotes as letters, where they are meant so: reports
    separated by tabs quote nothing, whatever the names of articles begin with. Else none."""
    if separator != "\t" or width is None or not (fault or len(lines.taken) > 1):
        return []
    cells = lines.taken[0].rstrip("\r\n").split(separator)
    open_at_the_end = not fault and cells[-1].startswith('"')
    return [] if open_at_the_end or _misfit(cells, width) else cells


def _record(lines: Lines, start: int, cells: list[str], fault: str, width: int | None) -> Record:
    if fault and (len(lines.taken) > 1 or not cells):
        cells = [lines.keep_first().rstrip("\r\n")]
    undecodable = any(not text.isascii() and SURROGATE.search(text) for text in lines.taken)
    return Record(start, cells if fault else cells[:width], fault, undecodable)


def _fault_of(error: csv.Error) -> str:
    if TOO_LONG in str(error):
        return TOO_LONG
    if "unexpected end" in str(error) or NOT_CLOSED in str(error):
        return NOT_CLOSED
    return "a quote within a value that is not doubled"
