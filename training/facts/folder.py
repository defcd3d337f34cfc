"""The files of a folder of facts: which kind each holds, its columns, and its rows in chunks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from risk.errors import BadInput, Problem
from risk.facts import INCOMING, Kind
from training.facts.formats.csv_file import csv_chunks
from training.facts.formats.foreign import foreign_look, header_columns
from training.facts.formats.parquet_file import parquet_chunks
from training.facts.formats.raw_rows import CHUNK, CONTRACT, DAMAGE, Chunk, Layout
from training.facts.formats.xlsx_file import xlsx_chunks

ENDINGS = (".parquet", ".csv", ".csv.gz", ".xlsx")
SPARK_OWN = ("_", ".")
"""How names begin that Spark writes beside the parts of a table: markers and checksums."""


@dataclass(frozen=True, slots=True)
class KindFile:
    """One file of a folder, with the columns it has and those the contract does not know.

    `name` is its path within the folder.
    """

    kind: Kind
    path: Path
    name: str
    known: tuple[str, ...]
    unknown: tuple[str, ...]
    rows: int | None
    layout: Layout = CONTRACT

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
        if self.path.suffix == ".parquet":
            types = {f.name: f.type for f in self.kind.fields if f.name in self.known}
            return parquet_chunks(self.path, types, size)
        if self.path.suffix == ".xlsx":
            return xlsx_chunks(self.path, self.layout, size)
        return csv_chunks(self.path, self.layout, size)


def open_folder(folder: Path) -> list[KindFile]:
    """The contract files of a folder, in the order of `INCOMING`, those of one kind by name.

    Raises BadInput for a folder without any, or a file lacking a required column.
    """
    if not folder.is_dir():
        raise BadInput([Problem(str(folder), None, None, "a folder of contract files", "none")])
    found = [(kind, path) for kind in INCOMING.values() for path in files_of(folder, kind.name)]
    if not found:
        expected = "files such as orders.csv or refunds.parquet"
        got = ", ".join(left_out(folder)) or "none"
        raise BadInput([Problem(str(folder), None, None, expected, got)])
    return [_describe(kind, path, path.relative_to(folder).as_posix()) for kind, path in found]


def files_of(folder: Path, kind: str) -> list[Path]:
    """The files that hold a kind: `KIND.*`, `KIND_*.*`, and the Parquet parts in `KIND/`."""
    found = [
        path
        for path in folder.iterdir()
        if path.is_file()
        and (stem_of(path.name) == kind or stem_of(path.name).startswith(kind + "_"))
    ]
    parts = folder / kind
    if parts.is_dir():
        found += [p for p in parts.glob("*.parquet") if not p.name.startswith(SPARK_OWN)]
    return sorted(found)


def stem_of(name: str) -> str:
    """A file's name without its ending; empty where the ending is none that is read.

    >>> stem_of("orders_2026.csv.gz"), stem_of("orders.txt")
    ('orders_2026', '')
    """
    ending = next((end for end in ENDINGS if name.endswith(end)), None)
    return name.removesuffix(ending) if ending else ""


def left_out(folder: Path) -> list[str]:
    """What a folder holds that is not read, by its path within the folder, sorted."""
    read = {path for kind in INCOMING for path in files_of(folder, kind)}
    parts = {path.parent for path in read} - {folder}
    names = [path.name for path in folder.iterdir() if path not in read | parts]
    for part in parts:
        names += [
            path.relative_to(folder).as_posix()
            for path in part.iterdir()
            if path not in read and not path.name.startswith(SPARK_OWN)
        ]
    return sorted(names)


def _describe(kind: Kind, path: Path, name: str, layout: Layout = CONTRACT) -> KindFile:
    try:
        names, rows = header_columns(path, layout)
        look = foreign_look(path, layout, names, [f.name for f in kind.fields if f.required])
    except DAMAGE as error:
        raise BadInput([Problem(name, None, None, "a readable file", str(error))]) from error
    if look:
        raise BadInput([Problem(name, None, None, look.expected, look.got)])
    _check_header(kind, name, names)
    fields = {field.name for field in kind.fields}
    known = tuple(column for column in names if column in fields)
    unknown = tuple(column for column in names if column not in fields and column.strip())
    return KindFile(kind, path, name, known, unknown, rows, layout)


def _check_header(kind: Kind, name: str, names: Sequence[str]) -> None:
    missing = [f.name for f in kind.fields if f.required and f.name not in names]
    if missing:
        expected = "a column of this name"
        raise BadInput([Problem(name, 1, column, expected, "none") for column in missing])
    twice = [column for column, count in Counter(names).items() if count > 1 and column]
    if twice:
        raise BadInput([Problem(name, 1, c, "a column that stands once", "") for c in twice])
