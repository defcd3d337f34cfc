"""Folders of facts that were made to do harm, imported while the service decides."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from tests.bench.chaos.load import wait_for
from tests.bench.chaos.scenario import Place, Told, loaded

HEADER = b"order_id,customer_id,placed_at,amount\n"
MEBIBYTE = 1 << 20
EXPANDED = 512
"""Megabytes that a bomb expands to."""
PATIENCE_S = 600


def _bomb(folder: Path) -> None:
    """Half a gigabyte in half a megabyte, without the end of a line."""
    with gzip.open(folder / "orders.csv.gz", "wb") as file:
        file.write(HEADER)
        for _ in range(EXPANDED):
            file.write(b"0" * MEBIBYTE)


def _picture(folder: Path) -> None:
    """A file of evidence as large as a disk, with nothing in it."""
    (folder / "orders.csv").write_bytes(HEADER)
    (folder / "files").mkdir()
    with (folder / "files" / "E1.jpg").open("wb") as file:
        file.truncate(1 << 40)


HOSTILE: dict[str, Callable[[Path], None]] = {
    "a gzip bomb": _bomb,
    "a link out": lambda folder: (folder / "orders.csv").symlink_to("/etc/passwd"),
    "a link to a device": lambda folder: (folder / "orders.csv").symlink_to("/dev/zero"),
    "a link to itself": lambda folder: (folder / "orders.csv").symlink_to("orders.csv"),
    "a pipe": lambda folder: os.mkfifo(folder / "orders.csv"),
    "a picture without end": _picture,
}


def folders(place: Place, told: Told) -> None:
    """Each is refused in one line, and nobody who asks for decisions notices."""
    with loaded(place, told) as (_, load):
        for number, (name, make) in enumerate(HOSTILE.items()):
            folder = place.folder / f"hostile-{number}"
            folder.mkdir()
            make(folder)
            told.wrong += [f"{name}: {wrong}" for wrong in _refused(folder, place)]
            wait_for(load, 5)
    told.done = f"imported under load: {', '.join(HOSTILE)}; each refused in one line"


def _refused(folder: Path, place: Place) -> list[str]:
    """What is wrong with how an import ended."""
    done = subprocess.run(
        [sys.executable, "-m", "training", "import", str(folder)],
        env={**os.environ, **place.settings},
        capture_output=True, text=True, check=False, timeout=PATIENCE_S,
    )  # fmt: skip
    said = [line for line in done.stderr.splitlines() if line.startswith(("error:", "Traceback"))]
    if done.returncode == 1 and len(said) == 1 and said[0].startswith("error:"):
        return []
    return [f"ended with {done.returncode}: {done.stderr[-200:]}"]
