"""A folder of cached data sets: found by key, bounded in number and size, deleted on erasure.

What is in it is personal data: customer and order ids, and what was derived of them.
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

MAX_ENTRIES = 3
MAX_BYTES = 8 * 2**30
ERASURES = "erasures"
"""The file of an entry that holds the number of the latest erasure before its facts were read."""


@dataclass(frozen=True)
class CacheFolder:
    """Entries are folders named by their key; of what is being written, the name starts with a dot.

    Several processes may use it at once.
    """

    path: Path

    def find(self, key: str) -> Path | None:
        """The entry of a key, marked as used now."""
        entry = self.path / key
        with suppress(OSError):
            os.utime(entry)
            return entry
        return None

    def add(self, key: str, erasures: int, write: Callable[[Path], object]) -> None:
        """Add an entry that `write` fills, and delete those used least lately beyond the bounds.

        Raises OSError where that fails, also since somebody was forgotten meanwhile.
        """
        self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
        aside = self.path / f".{key}.{secrets.token_hex(8)}"
        aside.mkdir(mode=0o700)
        try:
            write(aside)
            (aside / ERASURES).write_text(str(erasures))
            aside.rename(self.path / key)
        except OSError:
            if not (self.path / key).exists():  # else another process was faster
                raise
        finally:
            _delete(aside)
        self._keep_bounds()

    def delete(self, key: str) -> None:
        """Delete the entry of a key."""
        _delete(self.path / key)

    def delete_all(self) -> int:
        """Delete every entry, also those being written; how many there were."""
        entries = list(self.path.iterdir()) if self.path.is_dir() else []
        for entry in entries:
            _delete(entry)
        return len(entries)

    def delete_before(self, erasures: int) -> None:
        """Delete every entry whose facts were read before an erasure of this number."""
        for entry in self._entries():
            if _erasures_of(entry) != erasures:
                _delete(entry)

    def _entries(self) -> list[Path]:
        """Complete entries, the latest used first."""
        if not self.path.is_dir():
            return []
        whole = [entry for entry in self.path.iterdir() if not entry.name.startswith(".")]
        return sorted(whole, key=_used_at, reverse=True)

    def _keep_bounds(self) -> None:
        size = 0
        for number, entry in enumerate(self._entries()):
            size += _size_of(entry)
            if number >= MAX_ENTRIES or size > MAX_BYTES:
                _delete(entry)


def _delete(entry: Path) -> None:
    shutil.rmtree(entry, ignore_errors=True)


def _used_at(entry: Path) -> float:
    with suppress(OSError):
        return entry.stat().st_mtime
    return 0.0


def _size_of(entry: Path) -> int:
    with suppress(OSError):
        return sum(file.stat().st_size for file in entry.iterdir())
    return 0


def _erasures_of(entry: Path) -> int:
    with suppress(OSError, ValueError):
        return int((entry / ERASURES).read_text())
    return -1
