"""Reject files: the bad rows of each kind as they were given, with line and cause."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from risk.errors import Problem
from training.facts.folder import KindFile
from training.facts.folder_files import stem_of
from training.facts.staging import Place


def write_rejects(
    folder: Path, files: Sequence[KindFile], wrong: Mapping[Place, Sequence[Problem]]
) -> None:
    """Write the bad rows of each file to a CSV of its name, instead of those of earlier runs.

    Bytes that are no text are written as they are.
    """
    targets = {file.name: folder / f"{stem_of(file.name)}.csv" for file in files}
    for target in targets.values():
        target.unlink(missing_ok=True)
    bad = {name for name, _ in wrong}
    for file in files:
        if file.name in bad:
            targets[file.name].parent.mkdir(parents=True, exist_ok=True)
            _write(targets[file.name], file, wrong)


def _write(path: Path, file: KindFile, wrong: Mapping[Place, Sequence[Problem]]) -> None:
    names = [*file.known, *file.unknown]
    with path.open("a", encoding="utf-8", errors="surrogateescape", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["line", "cause", *names])
        for line, row in _bad_rows(file, names, wrong):
            causes = (f"{p.field or 'row'}: {p.expected}" for p in wrong[file.name, line])
            writer.writerow([line, "; ".join(causes), *row])


def _bad_rows(
    file: KindFile, names: Sequence[str], wrong: Mapping[Place, Sequence[Problem]]
) -> Iterable[tuple[int, Sequence[Any]]]:
    for chunk in file.chunks():
        found: list[tuple[int, Sequence[Any]]] = [(bad.line, bad.cells) for bad in chunk.bad]
        for i, line in enumerate(chunk.lines):
            if (file.name, line) in wrong:
                row = [chunk.columns[n][i] if n in chunk.columns else "" for n in names]
                found.append((line, row))
        yield from sorted(found, key=lambda one: one[0])
