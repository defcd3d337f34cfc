"""Compressed files that would expand without end: refused before they fill memory and time.

Exports in CSV expand five to twenty times, workbooks ten to forty; gzip and zip could a thousand
times.
"""

from __future__ import annotations

import gzip
import zipfile
from pathlib import Path

RATIO = 100
"""No export expands so many times."""

ALWAYS = 64 << 20
"""Bytes that any file may expand to."""

EXPANDS = f"it expands to more than {RATIO} times its size, which no export does"


def most_bytes(path: Path) -> int:
    """How many bytes a compressed file may expand to."""
    return max(ALWAYS, RATIO * path.stat().st_size)


class BoundedGzip(gzip.GzipFile):
    """A gzip file for reading. Raises OSError once it has expanded beyond all reason."""

    def __init__(self, path: Path) -> None:
        self._most = most_bytes(path)
        super().__init__(path, "rb")

    def read(self, size: int | None = -1) -> bytes:
        return self._counted(super().read(size))

    def read1(self, size: int = -1) -> bytes:
        return self._counted(super().read1(size))

    def _counted(self, content: bytes) -> bytes:
        if self.tell() > self._most:
            raise OSError(EXPANDS)
        return content


def check_workbook(path: Path) -> None:
    """Raises OSError for a workbook that would expand beyond all reason, or that is none."""
    with zipfile.ZipFile(path) as book:
        if sum(part.file_size for part in book.infolist()) > most_bytes(path):
            raise OSError(EXPANDS)
