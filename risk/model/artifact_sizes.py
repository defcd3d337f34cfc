"""How large a stored model is, asked before it is fetched: who writes some could fill disks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from risk.errors import ModelRefused

MOST_BYTES = 1 << 30
"""No bundle with its code and data comes near: trees of a million leaves take a tenth of it."""


class Artifact(Protocol):
    """What a store of artifacts tells of a file or folder; `path` is from its root."""

    path: str
    is_dir: bool
    file_size: int | None


def check_size(artifacts_in: Callable[[str], list[Artifact]], root: str, within: str = "") -> None:
    """Raises ModelRefused where a folder of artifacts holds more than `MOST_BYTES`."""
    total, waiting = 0, [within]
    while waiting:
        folder = waiting.pop()
        for one in artifacts_in(f"{root}/{folder}" if folder else root):
            if one.is_dir:
                waiting.append(one.path)
            total += one.file_size or 0
        if total > MOST_BYTES:
            raise ModelRefused(
                f"{root} holds {total:,} bytes or more in the artifact store, and a model of this "
                f"product at most {MOST_BYTES:,}"
            )
