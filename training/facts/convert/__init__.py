"""Other systems' exports → contract files: one file a system."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from training.facts.convert.online_retail import convert as online_retail
from training.progress import Progress

CONVERTERS: Mapping[str, Callable[[Path, Path, Progress], list[str]]] = {
    "online-retail": online_retail,
}
"""By name: takes the exported file and the folder to write, answers what to tell the user."""
