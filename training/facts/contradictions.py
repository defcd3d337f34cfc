"""Rows of a folder that contradict each other: one key and revision, different content.

They are found whatever their order, and whatever is stored. A digest of each row is kept; only
where some contradict each other are the files read again to say which rows they are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from risk.errors import Problem
from risk.facts import RETRACTIONS
from risk.facts.parse_columns import Columns
from risk.history.facts.clashes import differing_fields, name_of, retraction_clash
from risk.history.facts.fact_columns import to_stored_columns
from risk.identity import Hasher
from training.facts.folder import KindFile
from training.facts.good_rows import good_rows

Revisions = set[tuple[int, int]]
"""Revisions of facts: (`fact_key`, number); a retraction has the number 0."""

Row = dict[str, Any]


@dataclass(slots=True)
class Contents:
    """What the rows of a kind say: key, revision and digest of the content of each."""

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


def contradictions(
    files: Sequence[KindFile], revisions: Revisions, hasher: Hasher, latest: int
) -> Iterator[Problem]:
    """Each row of the files of a kind that states one of these revisions, with a row that says
    something else, the key and the columns that differ."""
    stated: dict[tuple[int, int], list[_Stated]] = defaultdict(list)
    for file in files if revisions else ():
        for chunk in file.chunks():
            good = good_rows(file, chunk, latest, hasher.suppression_list)
            stored = to_stored_columns(file.kind, good.columns, hasher)
            numbers = _numbers(file.kind.name, stored)
            for i, revision in enumerate(zip(stored["fact_key"], numbers, strict=True)):
                if revision in revisions:
                    row = {name: values[i] for name, values in stored.items()}
                    stated[revision].append(_Stated(file, good.lines[i], row))
    for rows in stated.values():
        for one in rows:
            others = (other for other in rows if other.row["content"] != one.row["content"])
            against = next(others, None)
            if against is not None:
                yield _contradiction(one, against)


class _Stated(NamedTuple):
    """A row of a file, as it would be stored."""

    file: KindFile
    line: int
    row: Row


def _contradiction(one: _Stated, other: _Stated) -> Problem:
    kind, held, row = one.file.kind.name, other.row, one.row
    if kind == RETRACTIONS.name:
        clash = retraction_clash(held, row)
        name, columns = clash.name, clash.columns
    else:
        name = name_of(kind, {key: [value] for key, value in row.items()}, 0)
        columns = differing_fields(kind, held, row)
        name += f", revision {row['revision']}" if row["revision"] > 1 else ""
    where = "" if other.file.name == one.file.name else f"{other.file.name} "
    return Problem(
        one.file.name, one.line, None, f"one content under {name}",
        f"another in {where}row {other.line}; different: {', '.join(columns)}",
    )  # fmt: skip
