"""Files that are there with their whole content or not at all, readable by their owner only."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path


def make_once(path: Path, fill: Callable[[Path], object]) -> None:
    """Make a file that is not there; where another process makes it first, that one stays.

    It is filled aside, by `fill`, and then linked to its name, so that nobody reads half of it.
    """
    aside = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    os.close(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        fill(aside)
        with suppress(FileExistsError):
            os.link(aside, path)
    finally:
        aside.unlink()
