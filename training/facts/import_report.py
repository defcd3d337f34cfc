"""What an import did, or would do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from risk.errors import Problem
from training.facts.folder import KindFile

MOST_PROBLEMS = 1_000
"""At most so many problems of a folder are reported."""


@dataclass(slots=True)
class Report:
    """The result of an import: new, known and skipped rows by kind; columns by file that no kind
    uses, and the defaults assumed for columns that a file lacks. `import_no` names what was stored,
    to take it back by; None where nothing was new. `retracted` counts the facts that count no more,
    since they were taken back before, `forgotten` the rows about forgotten people, which are left
    out. `notes` are sentences about references and ids."""

    new: dict[str, int] = field(default_factory=dict)
    same: dict[str, int] = field(default_factory=dict)
    skipped: dict[str, int] = field(default_factory=dict)
    unknown: dict[str, tuple[str, ...]] = field(default_factory=dict)
    assumed: dict[str, dict[str, str]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    import_no: int | None = None
    retracted: dict[str, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    forgotten: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, files: Iterable[KindFile]) -> Report:
        """A report of files of which nothing is stored yet."""
        report = cls()
        unknown: dict[str, tuple[str, ...]] = {}
        for file in files:
            for counts in (report.new, report.same, report.skipped, report.retracted):
                counts[file.kind.name] = 0
            before = unknown.get(file.name, file.unknown)
            unknown[file.name] = tuple(name for name in file.unknown if name in before)
            if file.assumed:
                report.assumed[file.name] = file.assumed
        report.unknown = {name: columns for name, columns in unknown.items() if columns}
        return report

    def count(self, kind: str, new: int, same: int, skipped: int) -> None:
        """Count what became of facts that no file of rows holds."""
        self.new[kind], self.same[kind], self.skipped[kind] = new, same, skipped
        self.retracted[kind] = 0
