"""The files of a folder of facts: which kind each holds, its columns, and its rows in chunks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from risk.errors import BadInput, Problem
from risk.facts import INCOMING, Kind
from training.facts.folder_files import SPARK_OWN, files_of
from training.facts.formats.csv_file import csv_chunks
from training.facts.formats.foreign import foreign_look, header_columns
from training.facts.formats.parquet_file import parquet_chunks
from training.facts.formats.raw_rows import CHUNK, CONTRACT, DAMAGE, Chunk, Layout
from training.facts.formats.xlsx_file import xlsx_chunks
from training.facts.mapping.mapped_rows import MappedRows
from training.facts.mapping.mapping_file import FileMapping, Source


@dataclass(frozen=True, slots=True)
class KindFile:
    """One file of a folder, with the columns it has and those the contract does not know.

    `name` is its path within the folder. `source` says how an export is to be read; `known` are the
    fields then, and `unknown` the columns that it does not use.
    """

    kind: Kind
    path: Path
    name: str
    known: tuple[str, ...]
    unknown: tuple[str, ...]
    rows: int | None
    source: Source | None = None

    @property
    def assumed(self) -> dict[str, str]:
        """The defaults that are assumed for columns which the file lacks."""
        left_out = (f for f in self.kind.fields if f.name not in self.known and not f.later)
        return {f.name: f.default for f in left_out if isinstance(f.default, str)}

    def chunks(self, size: int = CHUNK) -> Iterator[Chunk]:
        """The file's rows in order. Raises BadInput where it cannot be read as what it is."""
        try:
            yield from self._chunks(size)
        except DAMAGE as error:
            problem = Problem(self.name, None, None, "a readable file", str(error))
            raise BadInput([problem]) from error

    def _chunks(self, size: int) -> Iterator[Chunk]:
        if self.source is None:
            types = {f.name: f.type for f in self.kind.fields if f.name in self.known}
            return raw_chunks(self.path, CONTRACT, types, size)
        types = dict.fromkeys(self.source.used(), "id")
        raw = raw_chunks(self.path, self.source.layout, types, size)
        return MappedRows(self.kind, self.source).chunks(raw)


def raw_chunks(path: Path, layout: Layout, types: Mapping[str, str], size: int) -> Iterator[Chunk]:
    """The rows of a file as they are; `types` are those of its columns in Parquet."""
    if path.suffix == ".parquet":
        return parquet_chunks(path, types, size)
    if path.suffix == ".xlsx":
        return xlsx_chunks(path, layout, size)
    return csv_chunks(path, layout, size)


def open_folder(folder: Path, mapping: FileMapping | None = None) -> list[KindFile]:
    """The files of a folder, in the order of `INCOMING`, those of one kind by name.

    A kind that the mapping names is read as it says, others as the contract does. Raises BadInput
    for a folder without any file, or a file lacking a column that is needed.
    """
    if not folder.is_dir():
        raise BadInput([Problem(str(folder), None, None, "a folder of contract files", "none")])
    found = list(_found(folder, mapping or {}))
    if not found:
        expected = "files such as orders.csv or refunds.parquet"
        got = ", ".join(left_out(folder)) or "none"
        raise BadInput([Problem(str(folder), None, None, expected, got)])
    return [
        _describe(kind, path, path.relative_to(folder).as_posix(), source)
        for kind, path, source in found
    ]


def _found(folder: Path, mapping: FileMapping) -> Iterator[tuple[Kind, Path, Source | None]]:
    for name, kind in INCOMING.items():
        if name not in mapping:
            yield from ((kind, path, None) for path in files_of(folder, name))
        for source in mapping.get(name, ()):
            yield from ((kind, path, source) for path in _of_source(folder, source))


def _of_source(folder: Path, source: Source) -> list[Path]:
    return sorted({p for pattern in source.files for p in folder.glob(pattern) if p.is_file()})


def left_out(folder: Path, mapping: FileMapping | None = None) -> list[str]:
    """What a folder holds that is not read, by its path within the folder, sorted."""
    read = {path for _, path, _ in _found(folder, mapping or {})}
    parts = {path.parent for path in read} - {folder}
    names = [path.name for path in folder.iterdir() if path not in read | parts]
    for part in parts:
        names += [
            path.relative_to(folder).as_posix()
            for path in part.iterdir()
            if path not in read and not path.name.startswith(SPARK_OWN)
        ]
    return sorted(names)


def _describe(kind: Kind, path: Path, name: str, source: Source | None) -> KindFile:
    layout = source.layout if source else CONTRACT
    required = [f.name for f in kind.fields if f.required]
    needed = source.needed(kind) if source else required
    try:
        names, rows = header_columns(path, layout)
        look = foreign_look(path, layout, names, needed)
    except DAMAGE as error:
        raise BadInput([Problem(name, None, None, "a readable file", str(error))]) from error
    if look:
        raise BadInput([Problem(name, None, None, look.expected, look.got)])
    _check_header(name, names, needed, layout.skip + 1)
    if source is None:
        fields = {field.name for field in kind.fields}
        known = tuple(column for column in names if column in fields)
        unknown = tuple(column for column in names if column not in fields and column.strip())
        return KindFile(kind, path, name, known, unknown, rows)
    unused = set(names) - set(source.used()) - {""}
    return KindFile(kind, path, name, tuple(source.columns), tuple(sorted(unused)), rows, source)


def _check_header(name: str, names: Sequence[str], needed: Sequence[str], line: int) -> None:
    missing = [column for column in needed if column not in names]
    if missing:
        expected = "a column of this name"
        raise BadInput([Problem(name, line, column, expected, "none") for column in missing])
    twice = [column for column, count in Counter(names).items() if count > 1 and column]
    if twice:
        raise BadInput([Problem(name, line, c, "a column that stands once", "") for c in twice])
