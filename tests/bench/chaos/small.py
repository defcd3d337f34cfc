"""A small file system of its own, and a file that takes every byte of it."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def mounted(folder: Path, room: int) -> Iterator[bool]:
    """A file system of `room` bytes on a folder; False where nothing may be mounted."""
    folder.mkdir(exist_ok=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={room}", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        yield False
        return
    try:
        yield True
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


@contextmanager
def ballast(folder: Path) -> Iterator[None]:
    """Take every byte of the folder's file system, also those freed while it was written."""
    file = folder / "ballast"
    with file.open("wb", buffering=0) as taken:
        for size in (1 << 16, 1 << 12):
            try:
                while True:
                    taken.write(b"x" * size)
            except OSError:
                continue
    try:
        yield
    finally:
        file.unlink()
