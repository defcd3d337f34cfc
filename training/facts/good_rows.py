"""The rows of a chunk that can be read, parsed, and what is wrong with the others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from risk.errors import Problem
from risk.facts.parse import is_empty
from risk.facts.parse_columns import Columns, parse_columns
from risk.identity import SuppressionList
from training.facts.folder import KindFile
from training.facts.formats.raw_rows import Chunk


class GoodRows(NamedTuple):
    """Parsed rows with their lines, what is wrong with others by file and line, and how many were
    left out since they are about forgotten people."""

    columns: Columns
    lines: list[int]
    problems: list[Problem]
    forgotten: int = 0


def good_rows(
    file: KindFile, chunk: Chunk, latest: int, suppression_list: SuppressionList
) -> GoodRows:
    """The rows of a chunk that can be read and stored. No event is later than `latest` (ms)."""
    good = _readable(file, chunk, latest)
    keep = suppression_list.kept_rows(file.kind, good.columns)
    if keep is None:
        return good
    columns = {name: [values[i] for i in keep] for name, values in good.columns.items()}
    lines = [good.lines[i] for i in keep]
    return GoodRows(columns, lines, good.problems, len(good.lines) - len(lines))


def _readable(file: KindFile, chunk: Chunk, latest: int) -> GoodRows:
    parsed, found = parse_columns(file.kind, chunk.columns, chunk.lines, latest=latest)
    problems = [Problem(file.name, p.row, p.field, p.expected, p.got) for p in found]
    unread = [Problem(file.name, bad.line, None, bad.expected, bad.got) for bad in chunk.bad]
    lines = list(chunk.lines)
    if not problems:
        return GoodRows(parsed, lines, unread)
    wrong = {problem.row for problem in problems}
    keep = [i for i, line in enumerate(lines) if line not in wrong]
    good = {name: [values[i] for i in keep] for name, values in parsed.items()}
    ordered = sorted([*problems, *unread], key=lambda problem: problem.row or 0)
    return GoodRows(good, [lines[i] for i in keep], ordered)


def without_revision(chunk: Chunk, lines: Sequence[int]) -> list[bool]:
    """Which of these lines state no revision."""
    stated = chunk.columns.get("revision")
    if stated is None:
        return [True] * len(lines)
    empty = {line for line, value in zip(chunk.lines, stated, strict=True) if is_empty(value)}
    return [line in empty for line in lines]
