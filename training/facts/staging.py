"""The good rows of a folder as stored columns, kept in temporary files until they are stored.

So everything that can be wrong with a folder is known before anything of it is stored, and the
store is not held up by parsing.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa

from risk.errors import Problem
from risk.facts.parse_columns import Columns
from risk.history.facts.fact_columns import to_stored_columns
from risk.identity import Hasher
from training.facts.arrow_tables import SCHEMAS
from training.facts.contradictions import Contents, contradictions
from training.facts.folder import KindFile
from training.facts.good_rows import good_rows, without_revision
from training.progress import Progress

Place = tuple[str, int | None]
"""Where a row stands: the file's name and the line."""


@dataclass(frozen=True, slots=True)
class Part:
    """Some staged rows of a file: stored columns, their lines, and which state no revision."""

    file: KindFile
    columns: Columns
    lines: Sequence[int]
    unnumbered: Sequence[bool]

    def only(self, keep: Sequence[int]) -> Part:
        """The rows at these places."""
        columns = {name: [values[i] for i in keep] for name, values in self.columns.items()}
        pick = [self.lines[i] for i in keep], [self.unnumbered[i] for i in keep]
        return Part(self.file, columns, *pick)


@dataclass(slots=True)
class Staging:
    """The staged files of a folder with all problems found; `wrong` are the places of bad rows,
    `forgotten` counts by kind those left out since they are about forgotten people."""

    folder: Path
    files: Sequence[KindFile]
    problems: list[Problem] = field(default_factory=list)
    wrong: dict[Place, list[Problem]] = field(default_factory=dict)
    forgotten: Counter[str] = field(default_factory=Counter)

    def add(self, problems: Sequence[Problem]) -> None:
        """Note what is wrong with rows."""
        self.problems += problems
        for problem in problems:
            self.wrong.setdefault((problem.kind, problem.row), []).append(problem)

    def kinds(self) -> dict[str, list[KindFile]]:
        """The files of each kind, in order."""
        found: dict[str, list[KindFile]] = {}
        for file in self.files:
            found.setdefault(file.kind.name, []).append(file)
        return found

    def parts(self, file: KindFile) -> Iterator[Part]:
        """The good rows of a file, without those found to be wrong since."""
        for table in self.tables(file):
            rows = table.to_pydict()
            lines, unnumbered = rows.pop("line"), rows.pop("unnumbered")
            part = Part(file, rows, lines, unnumbered)
            keep = [i for i, line in enumerate(lines) if (file.name, line) not in self.wrong]
            yield part if len(keep) == len(lines) else part.only(keep)

    def tables(self, file: KindFile) -> Iterator[pa.RecordBatch]:
        """The staged rows of a file with the columns `line` and `unnumbered`, bad ones too."""
        with pa.OSFile(str(self._path(file))) as source, pa.ipc.open_stream(source) as stream:
            yield from stream

    def id_tables(self) -> dict[str, pa.Table]:
        """The ids of all good rows by kind, with `line` and `file` (its place in `files`)."""
        found = {}
        for kind, files in self.kinds().items():
            schema = staged_schema(kind)
            names = [f.name for f in SCHEMAS[kind] if f.name.endswith("_id")]
            tables = []
            for file in files:
                parts = [batch.select([*names, "line"]) for batch in self.tables(file)]
                some = pa.Table.from_batches(
                    parts, pa.schema([schema.field(n) for n in (*names, "line")])
                )
                place = pa.array([self.files.index(file)] * some.num_rows, pa.int64())
                tables.append(some.append_column("file", place))
            found[kind] = pa.concat_tables(tables)
        return found

    def _path(self, file: KindFile) -> Path:
        return self.folder / f"{self.files.index(file)}.arrow"

    def read(self, hasher: Hasher, latest: int, progress: Progress | None) -> None:
        """Parse and hash every row of the files."""
        for kind, files in self.kinds().items():
            contents, done = Contents(kind), 0
            for file in files:
                for rows in self._read_file(file, contents, hasher, latest):
                    done += rows
                    if progress:
                        progress(f"read {kind}", done, file.rows if len(files) == 1 else None)
            self.add(list(contradictions(files, contents.contradicted(), hasher, latest)))

    def _read_file(
        self, file: KindFile, contents: Contents, hasher: Hasher, latest: int
    ) -> Iterator[int]:
        """Stage a file chunk by chunk; answers the number of rows of each."""
        schema = staged_schema(file.kind.name)
        with (
            pa.OSFile(str(self._path(file)), "wb") as sink,
            pa.ipc.new_stream(sink, schema) as out,
        ):
            for chunk in file.chunks():
                good = good_rows(file, chunk, latest, hasher.suppression_list)
                self.add(good.problems)
                self.forgotten[file.kind.name] += good.forgotten
                columns, lines = to_stored_columns(file.kind, good.columns, hasher), good.lines
                contents.add(columns)
                rows = {**columns, "line": lines, "unnumbered": without_revision(chunk, lines)}
                arrays = [pa.array(rows[f.name], f.type) for f in schema]
                out.write_batch(pa.record_batch(arrays, schema=schema))
                yield len(chunk.lines) + len(chunk.bad)


def staged_schema(kind: str) -> pa.Schema:
    """The schema of staged rows of a kind."""
    return (
        SCHEMAS[kind]
        .append(pa.field("line", pa.int64()))
        .append(pa.field("unnumbered", pa.bool_()))
    )


@contextmanager
def staging(files: Sequence[KindFile]) -> Iterator[Staging]:
    """A place in a temporary folder, deleted afterwards, to stage files."""
    with tempfile.TemporaryDirectory(prefix="refund-risk-") as folder:
        yield Staging(Path(folder), files)
