"""Checks of where a command will write, made before it works."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path


def check_output(path: Path | None, endings: Sequence[str] = ()) -> None:
    """Raise ValueError or OSError where a file cannot be written there, or not of that ending.

    A file that is there is left as it is; its folder is made. None: nothing is to be written.
    """
    if path is None:
        return
    if endings and path.suffix not in endings:
        raise ValueError(f"{path}: a file that ends in {' or '.join(endings)} is wanted")
    if path.is_dir():
        raise ValueError(f"{path}: a file is wanted, this is a folder")
    path.parent.mkdir(parents=True, exist_ok=True)
    new = not path.exists()
    with path.open("ab"):
        pass
    if new:
        path.unlink()


def check_output_folder(path: Path | None) -> None:
    """Raise ValueError or OSError where no files can be written in a folder; it is made."""
    if path is None:
        return
    if path.exists() and not path.is_dir():
        raise ValueError(f"{path}: a folder is wanted, this is a file")
    path.mkdir(parents=True, exist_ok=True)
    check_output(path / ".writable")
