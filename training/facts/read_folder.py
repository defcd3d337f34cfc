"""Reads a folder of facts without storing anything."""

from __future__ import annotations

from pathlib import Path

from risk.errors import BadInput, Problem
from risk.facts.parse_columns import Columns
from risk.facts.revisions import date_revisions
from risk.facts.row_checks import latest_event
from risk.history.connection.connect import now_ms
from risk.history.facts.fact_columns import to_stored_columns
from risk.identity import Hasher
from training.facts.contradictions import Contents, contradictions
from training.facts.folder import open_folder
from training.facts.good_rows import good_rows
from training.facts.import_report import MOST_PROBLEMS
from training.facts.mapping.mapping_file import FileMapping
from training.progress import Progress


def read_folder(
    folder: Path,
    hasher: Hasher,
    progress: Progress | None = None,
    mapping: FileMapping | None = None,
) -> dict[str, list[Columns]]:
    """The stored columns of a folder's facts, chunk by chunk.

    A later revision that does not say when it became known is known from now on. Raises BadInput
    with every bad row, and those that contradict each other.
    """
    stored: dict[str, list[Columns]] = {}
    problems: list[Problem] = []
    now = now_ms()
    latest = latest_event(now)
    files = open_folder(folder, mapping)
    contents = {file.kind.name: Contents(file.kind.name) for file in files}
    for file in files:
        done, kind = 0, file.kind.name
        for chunk in file.chunks():
            good = good_rows(file, chunk, latest, hasher.suppression_list)
            problems += good.problems
            date_revisions(good.columns, good.columns[file.kind.event_time], now)
            columns = to_stored_columns(file.kind, good.columns, hasher)
            contents[kind].add(columns)
            stored.setdefault(kind, []).append(columns)
            done += len(chunk.lines)
            if progress:
                progress(file.name, done, file.rows)
    for kind, said in contents.items():
        of_kind = [file for file in files if file.kind.name == kind]
        problems += contradictions(of_kind, said.contradicted(), hasher, latest)
    if problems:
        raise BadInput(problems[:MOST_PROBLEMS])
    return stored
