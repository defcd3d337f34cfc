"""The files of a folder of facts: which kind each holds, its columns, and its rows in chunks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from risk.errors import BadInput, Problem
from risk.facts import INCOMING, Kind
from training.facts.folder_files import SPARK_OWN, check_within, files_of
from training.facts.formats.csv_file import csv_chunks
from training.facts.formats.foreign import MAPPING, foreign_look, header_columns
from training.facts.formats.parquet_file import parquet_chunks
from training.facts.formats.raw_rows import CHUNK, CONTRACT, DAMAGE, Chunk, Layout
from training.facts.formats.xlsx_file import xlsx_chunks
from training.facts.mapping.mapped_rows import MappedRows
from training.facts.mapping.mapping_file import FileMapping, Source
from training.facts.mapping.settle_source import settled

SHOWN = 8
"""So many columns of a file are named where one is missed."""


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
    found = list(described(folder, mapping))
    if not found:
        expected = "files such as orders.csv or refunds.parquet"
        got = ", ".join(left_out(folder)) or "none"
        raise BadInput([Problem(str(folder), None, None, expected, got)])
    return found


def described(folder: Path, mapping: FileMapping | None = None) -> Iterator[KindFile]:
    """The files of a folder that hold facts, if any."""
    for kind, path, source in _found(folder, mapping or {}):
        check_within(folder, path)
        yield _describe(kind, path, path.relative_to(folder).as_posix(), source)


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
    required = [f.name for f in kind.fields if f.required]
    try:
        source = settled(source, kind, path) if source else None
        layout = source.layout if source else CONTRACT
        names, rows = header_columns(path, layout)
        missing = source.missing(kind, names) if source else [n for n in required if n not in names]
        look = foreign_look(path, layout, missing)
    except DAMAGE as error:
        raise BadInput([Problem(name, None, None, "a readable file", str(error))]) from error
    if look:
        raise BadInput([Problem(name, None, None, look.expected, look.got)])
    used = set(source.used() if source else [field.name for field in kind.fields])
    _check_header(name, names, missing, used, layout.skip + 1)
    known = tuple(source.columns) if source else tuple(n for n in names if n in used)
    unknown = tuple(dict.fromkeys(n for n in names if n not in used and n.strip()))
    return KindFile(kind, path, name, known, unknown, rows, source)


def _check_header(
    name: str, names: Sequence[str], missing: Sequence[str], used: Collection[str], line: int
) -> None:
    if missing:
        given = [one for one in names if one]
        more = f" and {len(given) - SHOWN} more" if len(given) > SHOWN else ""
        found = (", ".join(given[:SHOWN]) or "none") + more
        expected = f"a column of this name {MAPPING}"
        raise BadInput([Problem(name, line, column, expected, found) for column in missing])
    twice = [column for column, count in Counter(names).items() if count > 1 and column in used]
    if twice:
        raise BadInput([Problem(name, line, c, "a column that stands once", "") for c in twice])
