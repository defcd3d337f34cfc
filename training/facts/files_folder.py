"""The folder `files/` beside the facts: files of evidence, each named by its evidence id.

An id stands in the name before the ending, percent-encoded where a name cannot hold it: `E-1.jpg`,
`shopify%3Amain%3A7.png`.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote

from risk.errors import BadInput, Conflict, Problem
from risk.evidence.file_intake import EvidenceFiles, Upload
from risk.evidence.file_rows import known_since
from risk.evidence.reading.record import FileRecord
from risk.history.store import History
from training.facts.folder_files import check_within
from training.progress import Progress

FOLDER = "files"
ENDINGS = (".jpg", ".jpeg", ".png", ".webp", ".heic", ".pdf", ".mp4", ".m4v", ".mov")


@dataclass
class FilesFolder:
    """The files of evidence of a folder of facts: `records` holds what was read of those that can
    be taken in, `problems` what is wrong with the others."""

    paths: list[Path]
    records: dict[Path, FileRecord] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    @classmethod
    def of(cls, folder: Path) -> FilesFolder:
        """The files beside the facts, by name; none where there is no such folder."""
        found = (folder / FOLDER).glob("*")
        return cls(sorted(p for p in found if p.is_file() and not p.name.startswith(".")))

    def read(self, files: EvidenceFiles, progress: Progress | None) -> None:
        """Read every file; nothing is stored."""
        for number, path in enumerate(self.paths, 1):
            try:
                self.records[path] = files.read(Upload(_id(path), _content(path, files.largest)))
            except BadInput as bad:
                self.problems.append(_problem(path, bad.problems[0].expected))
            if progress:
                progress("read files", number, len(self.paths))

    def store(
        self,
        history: History,
        files: EvidenceFiles,
        import_no: int | None,
        progress: Progress | None,
        who: str,
    ) -> Counter[str]:
        """Take in the files that were read, known since their evidence is; counts how many were
        `new`, `same` as before, and `alone`: their evidence is not stored.

        One that contradicts what is stored becomes a problem.
        """
        counts: Counter[str] = Counter()
        with history.read() as connection:
            known = known_since(connection, [_id(path) for path in self.records])
        for path, record in self.records.items():
            since = known.get(_id(path))
            upload = Upload(_id(path), path.read_bytes(), known_at=since, import_no=import_no)
            try:
                taken = files.take(upload, who=who, record=record)
            except Conflict as conflict:
                self.problems.append(_problem(path, "the bytes that are stored", str(conflict)))
                continue
            counts["new" if taken.new else "same"] += 1
            counts["alone"] += since is None
            if progress:
                progress("store files", counts["new"] + counts["same"], len(self.records))
        return counts


def _id(path: Path) -> str:
    return unquote(path.stem if path.suffix.lower() in ENDINGS else path.name)


def _content(path: Path, largest: int) -> bytes:
    """The bytes of a file, of one that is too large only enough to say so. Raises BadInput for a
    link that leads out of the folder of facts."""
    check_within(path.parent.parent, path)
    with path.open("rb") as file:
        return file.read(largest + 1)


def _problem(path: Path, expected: str, got: str = "") -> Problem:
    return Problem(f"{FOLDER}/{path.name}", None, None, expected, got)
