"""Rows of one file that contradict each other: one key and revision, different content.

They are found whatever their order, and whatever is stored. A digest of each row is kept; only
where some contradict each other is the file read again to say which rows they are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from risk.errors import Problem
from risk.facts import RETRACTIONS
from risk.facts.parse_columns import Columns, parse_columns
from risk.history.fact_columns import to_stored_columns
from risk.history.revise import differing_fields, name_of, retraction_clash
from risk.identity import Hasher
from training.facts.folder import Chunk, KindFile

Revisions = set[tuple[int, int]]
"""Revisions of facts: (`fact_key`, number); a retraction has the number 0."""

Row = dict[str, Any]


@dataclass(slots=True)
class Contents:
    """What the rows of a file say: key, revision and digest of the content of each."""

    kind: str
    parts: list[NDArray[np.int64]] = field(default_factory=list)

    def add(self, stored: Columns) -> None:
        """Add rows, as stored columns."""
        numbers = _numbers(self.kind, stored)
        rows = np.array([stored["fact_key"], numbers, stored["content"]], dtype=np.int64)
        self.parts.append(rows)

    def contradicted(self) -> Revisions:
        """The revisions that rows state with different content."""
        if not self.parts:
            return set()
        keys, numbers, contents = np.concatenate(self.parts, axis=1)
        order = np.lexsort((contents, numbers, keys))
        keys, numbers, contents = keys[order], numbers[order], contents[order]
        same = (keys[1:] == keys[:-1]) & (numbers[1:] == numbers[:-1])
        apart = np.flatnonzero(same & (contents[1:] != contents[:-1]))
        return {(int(keys[i]), int(numbers[i])) for i in apart}


def _numbers(kind: str, stored: Columns) -> Sequence[int]:
    own: Sequence[int] = stored["revision"]
    return [0] * len(own) if kind == RETRACTIONS.name else own


def good_rows(
    file: KindFile, chunk: Chunk, latest: int, known: Sequence[Problem] = ()
) -> tuple[Columns, list[int], list[Problem]]:
    """The rows of a chunk that can be read, parsed, with their lines; and what is wrong with the
    others, `known` included. No event is later than `latest` (ms)."""
    parsed, problems = parse_columns(file.kind, chunk.columns, chunk.lines, latest=latest)
    problems, lines = [*problems, *known], list(chunk.lines)
    if not problems:
        return parsed, lines, problems
    bad = {problem.row for problem in problems}
    keep = [i for i, line in enumerate(lines) if line not in bad]
    good = {name: [values[i] for i in keep] for name, values in parsed.items()}
    return good, [lines[i] for i in keep], problems


def contradictions(
    file: KindFile, revisions: Revisions, hasher: Hasher, latest: int
) -> Iterator[Problem]:
    """Each row of the file that states one of these revisions, with a row that says something
    else, the key and the columns that differ."""
    stated: dict[tuple[int, int], list[tuple[int, Row]]] = defaultdict(list)
    for chunk in file.chunks() if revisions else ():
        parsed, lines, _ = good_rows(file, chunk, latest)
        stored = to_stored_columns(file.kind, parsed, hasher)
        numbers = _numbers(file.kind.name, stored)
        for i, revision in enumerate(zip(stored["fact_key"], numbers, strict=True)):
            if revision in revisions:
                row = {name: values[i] for name, values in stored.items()}
                stated[revision].append((lines[i], row))
    for rows in stated.values():
        for line, row in rows:
            against = next(
                ((other, held) for other, held in rows if held["content"] != row["content"]), None
            )
            if against is not None:
                yield _contradiction(file, line, row, *against)


def _contradiction(file: KindFile, line: int, row: Row, other: int, held: Row) -> Problem:
    kind = file.kind.name
    if kind == RETRACTIONS.name:
        clash = retraction_clash(held, row)
        name, columns = clash.name, clash.columns
    else:
        name = name_of(kind, {key: [value] for key, value in row.items()}, 0)
        columns = differing_fields(kind, held, row)
        name += f", revision {row['revision']}" if row["revision"] > 1 else ""
    return Problem(
        file.path.name, line, None, f"one content under {name}",
        f"another in row {other}; different: {', '.join(columns)}",
    )  # fmt: skip
