"""Which files of a folder hold a kind, by their names."""

from __future__ import annotations

from pathlib import Path

from risk.errors import BadInput, Problem

ENDINGS = (".parquet", ".csv", ".csv.gz", ".xlsx")
WITHIN, LINK = "a file within the folder", "a link that leads out of it"
SPARK_OWN = ("_", ".")
"""How names begin that Spark writes beside the parts of a table: markers and checksums."""


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


def leads_out(folder: Path, path: Path) -> bool:
    """Whether a file of a folder is a link to something outside of it: such a folder may be the
    work of somebody who wants another's file to be read."""
    return not path.resolve().is_relative_to(folder.resolve())


def check_within(folder: Path, path: Path) -> None:
    """Raises BadInput for a link that leads out of the folder."""
    if leads_out(folder, path):
        name = path.relative_to(folder).as_posix()
        raise BadInput([Problem(name, None, None, WITHIN, LINK)])


def stem_of(name: str) -> str:
    """A file's name without its ending; empty where the ending is none that is read.

    >>> stem_of("orders_2026.csv.gz"), stem_of("orders.txt")
    ('orders_2026', '')
    """
    ending = next((end for end in ENDINGS if name.endswith(end)), None)
    return name.removesuffix(ending) if ending else ""
