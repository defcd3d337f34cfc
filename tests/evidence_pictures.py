"""Pictures made for tests, and a place to take them in."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image

from risk.evidence.file_intake import EvidenceFiles
from risk.evidence.object_store import FolderStore
from risk.history.store import History


def picture(shade: int = 0, kind: str = "JPEG", size: int = 64) -> bytes:
    """A picture whose pixels differ from those of other shades."""
    made = Image.radial_gradient("L").resize((size, size)).point(lambda v: (v + shade) % 256)
    out = io.BytesIO()
    made.convert("RGB").save(out, kind)
    return out.getvalue()


@contextmanager
def evidence_files(history: History, folder: Path) -> Iterator[EvidenceFiles]:
    """Takes files in and keeps them in a folder."""
    files = EvidenceFiles(history, FolderStore(folder))
    try:
        yield files
    finally:
        files.close()


def objects_in(folder: Path) -> list[Path]:
    """What a folder store holds."""
    return sorted(file for file in folder.rglob("*") if file.is_file())
