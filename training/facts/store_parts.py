"""Storing staged facts in short transactions, so that a running service goes on deciding."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby

import sqlalchemy as sa

from risk.errors import Problem, Unavailable
from risk.facts import RETRACTIONS
from risk.history import suppression_list
from risk.history.derived.derive import update_statistics
from risk.history.facts.clashes import Clash
from risk.history.facts.write import Added, add_consistent
from risk.history.store import History
from training.facts.import_report import Report
from training.facts.staging import Part, Staging
from training.progress import Progress

FEWEST_ROWS, MOST_ROWS = 200, 1_900
"""How many rows a transaction has. Fewer would not shorten it by much, since half of its time goes
into what does not depend on them; from `derive.MANY_ORDERS` on all would be derived."""

ALONE_S, SHARED_S = 1.0, 0.25
"""How long a transaction should take where nobody else writes, and where somebody does."""

PAUSE_S = 0.11
"""How long others have the store to themselves after each transaction at least, since who waits for
SQLite looks whether it is free every tenth of a second. Where somebody writes it is as long as the
transaction took."""

PATIENCE_S = 300.0
"""How long the store may be busy with others before an import gives up."""

Describe = Callable[[Part, Clash, bool], Problem]


@dataclass(slots=True)
class StoreParts:
    """Stores the staged rows of a folder under one import number.

    `rows` is how many the next transaction has; `shared`: somebody else wrote since the one before.
    """

    history: History
    staged: Staging
    report: Report
    correct: bool
    who: str
    rows: int = FEWEST_ROWS
    stored: int = 0
    import_no: int | None = None
    commit_no: int = 0
    shared: bool = False
    erasures: int | None = None

    def store(self, describe: Describe, progress: Progress | None) -> None:
        """Store every row, kind by kind, of each fact the lower revisions first.

        A row that contradicts what others stored meanwhile is noted as `describe` says.
        """
        for kind, files in self.staged.kinds().items():
            if not self.report.new[kind]:
                continue
            self.report.new[kind] = self.report.same[kind] = done = 0
            parts = (part for file in files for part in self.staged.parts(file))
            for part in _by_revision(kind, parts):
                for some in self._slices(part):
                    self._store(kind, some, describe)
                    done += len(some.lines)
                    if progress:
                        progress(f"store {kind}", done, None)
        if self.stored:
            update_statistics(self.history.engine)
        self.report.import_no = self.import_no

    def _slices(self, part: Part) -> Iterator[Part]:
        start = 0
        while start < len(part.lines):
            size = self.rows
            yield part.only(range(start, min(start + size, len(part.lines))))
            start += size

    def _store(self, kind: str, part: Part, describe: Describe) -> None:
        added, kept = self._add(kind, part)
        report = self.report
        report.new[kind] += added.new
        report.same[kind] += added.same
        report.retracted[kind] += added.retracted
        self.staged.add([describe(part, clash, self.correct) for clash in added.clashing])
        self._statistics(len(part.lines))
        aim = SHARED_S if self.shared else ALONE_S
        fitting = int(len(part.lines) * aim / max(kept, 0.001))
        self.rows = max(FEWEST_ROWS, min(MOST_ROWS, 2 * self.rows, fitting))
        time.sleep(max(PAUSE_S, kept) if self.shared else PAUSE_S)

    def _add(self, kind: str, part: Part) -> tuple[Added, float]:
        """What was added, and for how long (s) the store was kept for it, without the wait."""
        give_up = time.monotonic() + PATIENCE_S
        while True:
            try:
                with self.history.write() as write:
                    started = time.monotonic()
                    write.who = self.who
                    part = self._without_forgotten(write.connection, part)
                    unnumbered = part.unnumbered if self.correct else None
                    self.shared = self.commit_no not in (0, write.commit_no - 1)
                    self.commit_no = write.commit_no
                    added = add_consistent(write, kind, part.columns, unnumbered)
                    if added.new:
                        self.import_no = self.import_no or write.commit_no
                        write.sign(self.import_no)
                return added, time.monotonic() - started
            except Unavailable:
                if time.monotonic() > give_up:
                    raise

    def _without_forgotten(self, connection: sa.Connection, part: Part) -> Part:
        """The rows without people who were forgotten since they were read."""
        known, version = self.history.hasher.suppression_list, suppression_list.version(connection)
        if version == self.erasures:
            return part
        known.replace_entries(suppression_list.entries(connection))
        self.erasures = version
        kept = known.kept_rows(part.file.kind, part.columns)
        return part if kept is None else part.only(kept)

    def _statistics(self, rows: int) -> None:
        """Let the database look at how much there is whenever that has doubled."""
        before, self.stored = self.stored, self.stored + rows
        if before.bit_length() < self.stored.bit_length() and self.stored > MOST_ROWS:
            update_statistics(self.history.engine)


def _by_revision(kind: str, parts: Iterator[Part]) -> Iterator[Part]:
    """The parts with first revisions, then later ones by number: what comes stays above what is
    stored."""
    if kind == RETRACTIONS.name:
        yield from parts
        return
    later: list[tuple[int, Part]] = []
    for part in parts:
        numbers = part.columns["revision"]
        if max(numbers, default=1) == 1:
            yield part
            continue
        places = sorted(range(len(numbers)), key=numbers.__getitem__)
        for number, some in groupby(places, key=numbers.__getitem__):
            one = part.only(list(some))
            if number == 1:
                yield one
            else:
                later.append((number, one))
    yield from (part for _, part in sorted(later, key=lambda one: one[0]))
