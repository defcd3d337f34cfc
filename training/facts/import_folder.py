"""Imports a folder of facts: idempotent, nothing of a folder with bad rows, every one reported.

Everything is parsed, hashed and compared with the store first. Then the facts are stored in short
transactions, between which a running service decides, under one import number. An import that ends
in between is completed by running it again, or taken back by its number.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from risk.errors import BadInput, Problem
from risk.evidence.file_intake import EvidenceFiles
from risk.facts import FILES, RETRACTIONS
from risk.facts.row_checks import latest_event
from risk.history.connection.connect import now_ms
from risk.history.facts.clashes import Clash
from risk.history.facts.would_store import compare
from risk.history.store import History
from training.facts.files_folder import FilesFolder
from training.facts.folder import open_folder
from training.facts.id_notes import notes_on
from training.facts.import_report import MOST_PROBLEMS, Report
from training.facts.late_notes import late_notes
from training.facts.mapping.mapping_file import FileMapping
from training.facts.rejects import write_rejects
from training.facts.staging import Part, Staging, staging
from training.facts.store_parts import StoreParts
from training.progress import Progress


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """How a folder is imported.

    `skip_bad_rows`: the good rows are stored, the bad ones go to files in `rejects` (None: beside
    the folder); of rows that contradict each other all are bad. `correct`: a row that states no
    revision and says something else than what is stored is the next revision. `check`: nothing is
    stored and no file is written. `who` imports. `mapping` says how exports are read. `evidence`
    takes in the files of the folder `files/`; None leaves that out. No event may be later than a
    day after `now` (ms; None: the machine's clock).
    """

    skip_bad_rows: bool = False
    rejects: Path | None = None
    correct: bool = False
    check: bool = False
    who: str = ""
    mapping: FileMapping | None = None
    evidence: EvidenceFiles | None = None
    now: int | None = None


def import_folder(
    history: History,
    folder: Path,
    options: ImportOptions | None = None,
    progress: Progress | None = None,
) -> Report:
    """Store every fact of the folder.

    A bad row stores nothing of the folder and raises BadInput with file, line, column and cause,
    unless the options say to skip such rows, or only to check: then the report names them.
    """
    options = options or ImportOptions()
    files = open_folder(folder, options.mapping)
    report = Report.of(files)
    with staging(files) as staged:
        staged.read(history.hasher, latest_event(options.now or now_ms()), progress)
        report.forgotten = dict(staged.forgotten)
        _compare(history, staged, report, options, progress)
        report.notes = [*notes_on(staged, history), *late_notes(staged)]
        pictures = _read_files(folder, options, progress)
        problems = [*staged.problems, *pictures.problems]
        if problems and not options.skip_bad_rows and not options.check:
            raise BadInput(problems[:MOST_PROBLEMS])
        if not options.check:
            storing = StoreParts(history, staged, report, options.correct, options.who)
            storing.store(_clash, progress)
            _store_files(history, pictures, report, options, progress)
        _count_skipped(staged, report)
        report.problems += pictures.problems
        if options.skip_bad_rows and not options.check:
            rejects = options.rejects or folder.with_name(folder.name + ".rejected")
            write_rejects(rejects, files, staged.wrong)
    return report


def _read_files(folder: Path, options: ImportOptions, progress: Progress | None) -> FilesFolder:
    pictures = FilesFolder.of(folder) if options.evidence else FilesFolder([])
    if options.evidence:
        pictures.read(options.evidence, progress)
    return pictures


def _store_files(
    history: History,
    pictures: FilesFolder,
    report: Report,
    options: ImportOptions,
    progress: Progress | None,
) -> None:
    """Take in the files, once the facts that they belong to are stored."""
    if options.evidence and pictures.records:
        counts = pictures.store(history, options.evidence, report.import_no, progress, options.who)
        report.count(FILES.name, counts["new"], counts["same"], len(pictures.problems))
        if counts["alone"]:
            report.notes.append(f"{counts['alone']:,} files: their evidence is not stored yet")


def _count_skipped(staged: Staging, report: Report) -> None:
    report.problems = staged.problems[:MOST_PROBLEMS]
    kinds = {file.name: file.kind.name for file in staged.files}
    for name, _ in staged.wrong:
        report.skipped[kinds[name]] += 1


def _compare(
    history: History,
    staged: Staging,
    report: Report,
    options: ImportOptions,
    progress: Progress | None,
) -> None:
    """Find what contradicts the store, and count what would be new."""
    for kind, files in staged.kinds().items():
        new = set[tuple[int, int]]()
        rows = 0
        for file in files:
            for part in staged.parts(file):
                unnumbered = part.unnumbered if options.correct else None
                with history.read() as connection:
                    found = compare(connection, kind, part.columns, unnumbered)
                staged.add([_clash(part, one, options.correct) for one in found.clashing])
                new |= found.new
                rows += len(part.lines) - len(found.clashing)
                if progress:
                    progress(f"compare {kind}", rows, None)
        report.new[kind], report.same[kind] = len(new), rows - len(new)


def _clash(part: Part, clash: Clash, correct: bool) -> Problem:
    """A row that contradicts the store, with its key and the columns that differ."""
    file, line = part.file, part.lines[clash.place]
    differing = ", ".join(clash.columns) or "nothing"
    if not correct and file.kind.name != RETRACTIONS.name:
        differing += " (--correct takes a row without revision as the next one)"
    if clash.below:
        return Problem(
            file.name, line, "revision",
            f"{clash.below}, which is stored of {clash.name}, or a higher one",
            f"{clash.number}; different: {differing}",
        )  # fmt: skip
    revision = f", revision {clash.number}" if clash.number > 1 else ""
    return Problem(
        file.name, line, None, f"the content already stored under {clash.name}{revision}",
        f"another content; different: {differing}",
    )  # fmt: skip
