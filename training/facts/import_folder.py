"""Imports a folder of contract files: idempotent, all or nothing, every bad row reported."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from risk.errors import BadInput, Problem
from risk.facts import RETRACTIONS
from risk.facts.parse import is_empty
from risk.facts.parse_columns import Columns
from risk.facts.revisions import date_revisions
from risk.facts.row_checks import latest_event
from risk.history.connect import Write, now_ms
from risk.history.fact_columns import to_stored_columns
from risk.history.revise import Clash
from risk.history.store import History
from risk.history.write import add_consistent
from training.facts.contradictions import Contents, contradictions, good_rows
from training.facts.folder import Chunk, KindFile, open_folder
from training.progress import Progress

MOST_PROBLEMS = 1_000
"""At most so many problems of a folder are reported."""


@dataclass(slots=True)
class Report:
    """The result of an import: new, known and skipped rows by kind; unknown columns by file, and
    the defaults assumed for columns that a file lacks. `import_no` names what was stored, to take
    it back by; None where nothing was new. `retracted` counts the facts that count no more, since
    they were taken back before."""

    new: dict[str, int] = field(default_factory=dict)
    same: dict[str, int] = field(default_factory=dict)
    skipped: dict[str, int] = field(default_factory=dict)
    unknown: dict[str, tuple[str, ...]] = field(default_factory=dict)
    assumed: dict[str, dict[str, str]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    import_no: int | None = None
    retracted: dict[str, int] = field(default_factory=dict)


def import_folder(
    history: History,
    folder: Path,
    *,
    skip_bad_rows: bool = False,
    rejects: Path | None = None,
    correct: bool = False,
    who: str = "",
    progress: Progress | None = None,
) -> Report:
    """Store every fact of the folder in one transaction.

    A bad row stores nothing of the folder and raises BadInput with file, line, column and cause;
    with `skip_bad_rows` such rows go to a file of their kind in `rejects` instead; of rows that
    contradict each other all are bad. With `correct` a row that states no revision and says
    something else than what is stored is the next revision.
    """
    files = open_folder(folder)
    reject_to = rejects or folder.with_name(folder.name + ".rejected")
    way = _Way(reject_to if skip_bad_rows else None, correct, who)
    try:
        return _import(history, files, way, progress)
    except _Contradicting as found:
        if not skip_bad_rows:
            raise BadInput(found.problems) from None
        rows = {(problem.kind, problem.row): problem for problem in found.contradictions}
        return _import(history, files, replace(way, contradicting=rows), progress)


@dataclass(frozen=True, slots=True)
class _Way:
    """Where bad rows go (None: nowhere, they end the import), whether rows correct, who imports;
    `contradicting` are rows known to contradict others, by file and line."""

    reject_to: Path | None
    correct: bool
    who: str
    contradicting: Mapping[tuple[str, int | None], Problem] = field(default_factory=dict)


class _Contradicting(Exception):
    """Rows of the folder contradict each other: nothing of this attempt is stored."""

    def __init__(self, problems: Sequence[Problem], contradictions: Sequence[Problem]) -> None:
        self.contradictions = contradictions
        rows = {(problem.kind, problem.row) for problem in contradictions}
        others = [problem for problem in problems if (problem.kind, problem.row) not in rows]
        self.problems = [*contradictions, *others][:MOST_PROBLEMS]
        super().__init__(str(self.problems[0]))


def _import(
    history: History, files: Sequence[KindFile], way: _Way, progress: Progress | None
) -> Report:
    report = Report()
    contradicting: list[Problem] = []
    with history.write() as write:
        write.who = way.who
        for file in files:
            if file.unknown:
                report.unknown[file.path.name] = file.unknown
            if file.assumed:
                report.assumed[file.path.name] = file.assumed
            contradicting += _store_file(history, write, file, report, way, progress)
        if contradicting:
            raise _Contradicting(report.problems, contradicting)
        if report.problems and not way.reject_to:
            raise BadInput(report.problems)
        if any(report.new.values()):
            report.import_no = write.commit_no
            write.sign(report.import_no)
    return report


def _store_file(
    history: History,
    write: Write,
    file: KindFile,
    report: Report,
    way: _Way,
    progress: Progress | None,
) -> list[Problem]:
    """Store the good rows of a file; answers the rows that contradict each other."""
    kind, done = file.kind.name, 0
    latest = latest_event(now_ms())
    counts = {"new": 0, "same": 0, "skipped": 0, "retracted": 0}
    contents = Contents(kind)
    reject_to = way.reject_to
    if reject_to:
        (reject_to / f"{kind}.csv").unlink(missing_ok=True)
    for chunk in file.chunks():
        known = [way.contradicting.get((file.path.name, line)) for line in chunk.lines]
        good, lines, problems = good_rows(file, chunk, latest, [p for p in known if p])
        unnumbered = _unnumbered(chunk, lines) if way.correct else None
        columns = to_stored_columns(file.kind, good, history.hasher)
        contents.add(columns)
        added = add_consistent(write, kind, columns, unnumbered)
        problems += [_clash(kind, lines[clash.place], clash, way) for clash in added.clashing]
        counts["new"] += added.new
        counts["same"] += added.same
        counts["retracted"] += added.retracted
        if problems:
            placed = [_of_file(problem, file) for problem in problems]
            counts["skipped"] += len({problem.row for problem in placed})
            report.problems += placed[: MOST_PROBLEMS - len(report.problems)]
            if reject_to:
                _reject(reject_to, file, chunk, placed)
        done += len(chunk.lines)
        if progress:
            progress(kind, done, file.rows)
    report.new[kind], report.same[kind] = counts["new"], counts["same"]
    report.skipped[kind], report.retracted[kind] = counts["skipped"], counts["retracted"]
    return list(contradictions(file, contents.contradicted(), history.hasher, latest))


def _unnumbered(chunk: Chunk, lines: Sequence[int]) -> list[bool]:
    """Which of these lines state no revision."""
    stated = chunk.columns.get("revision")
    if stated is None:
        return [True] * len(lines)
    empty = {line for line, value in zip(chunk.lines, stated, strict=True) if is_empty(value)}
    return [line in empty for line in lines]


def _clash(kind: str, line: int, clash: Clash, way: _Way) -> Problem:
    differing = ", ".join(clash.columns) or "nothing"
    if not way.correct and kind != RETRACTIONS.name:
        differing += " (--correct takes a row without revision as the next one)"
    if clash.below:
        return Problem(
            kind, line, "revision",
            f"{clash.below}, which is stored of {clash.name}, or a higher one",
            f"{clash.number}; different: {differing}",
        )  # fmt: skip
    revision = f", revision {clash.number}" if clash.number > 1 else ""
    return Problem(
        kind, line, None, f"the content already stored under {clash.name}{revision}",
        f"another content; different: {differing}",
    )  # fmt: skip


def _of_file(problem: Problem, file: KindFile) -> Problem:
    return Problem(file.path.name, problem.row, problem.field, problem.expected, problem.got)


def _reject(folder: Path, file: KindFile, chunk: Chunk, problems: list[Problem]) -> None:
    """Append the bad rows, as they were, with what is wrong with each."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{file.kind.name}.csv"
    causes: dict[int | None, list[str]] = {}
    for problem in problems:
        causes.setdefault(problem.row, []).append(f"{problem.field or 'row'}: {problem.expected}")
    names = list(chunk.columns)
    first = not path.exists()
    with path.open("a", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        if first:
            writer.writerow(["line", "cause", *names])
        for i, line in enumerate(chunk.lines):
            if line in causes:
                row: list[Any] = [chunk.columns[name][i] for name in names]
                writer.writerow([line, "; ".join(causes[line]), *row])


def read_folder(
    folder: Path, hasher: Any, progress: Progress | None = None
) -> dict[str, list[Columns]]:
    """The stored columns of a folder's facts, chunk by chunk, without storing anything.

    A later revision that does not say when it became known is known from now on. Raises BadInput
    with every bad row, and those that contradict each other.
    """
    stored: dict[str, list[Columns]] = {}
    problems: list[Problem] = []
    now = now_ms()
    latest = latest_event(now)
    for file in open_folder(folder):
        done, contents = 0, Contents(file.kind.name)
        for chunk in file.chunks():
            parsed, _, found = good_rows(file, chunk, latest)
            problems += [_of_file(problem, file) for problem in found][:MOST_PROBLEMS]
            date_revisions(parsed, parsed[file.kind.event_time], now)
            columns = to_stored_columns(file.kind, parsed, hasher)
            contents.add(columns)
            stored.setdefault(file.kind.name, []).append(columns)
            done += len(chunk.lines)
            if progress:
                progress(file.kind.name, done, file.rows)
        problems += contradictions(file, contents.contradicted(), hasher, latest)
    if problems:
        raise BadInput(problems)
    return stored
