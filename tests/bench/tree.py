"""The tree in numbers: `python -m tests.bench.tree`, or of another checkout, `… FOLDER`.

Prints files, lines and the longest file of each room, the packages, and the circles among them.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Annotated

import typer

from tests.test_house import circles, imported, package

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("risk", "training", "api")


def arrows_of(root: Path) -> dict[str, set[str]]:
    """The packages of a checkout, and those that each imports."""
    modules = {_module(root, path): path for path in _files(root, ROOMS)}
    arrows: dict[str, set[str]] = defaultdict(set)
    for name, path in modules.items():
        own = package(name)
        arrows[own] |= {package(other) for other in imported(path) & modules.keys()} - {own}
    return arrows


def _files(root: Path, rooms: tuple[str, ...]) -> list[Path]:
    return [path for room in rooms for path in sorted((root / room).rglob("*.py"))]


def _module(root: Path, path: Path) -> str:
    parts = path.relative_to(root).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def main(folder: Annotated[Path, typer.Argument(help="A checkout.")] = ROOT) -> None:
    """Print the tree of a checkout in numbers."""
    folder = folder.resolve()
    for room in (*ROOMS, "tests"):
        lengths = [path.read_text("utf-8").count("\n") for path in _files(folder, (room,))]
        typer.echo(f"{room:9}{len(lengths):5} files{sum(lengths):8,} lines, longest {max(lengths)}")
    arrows = arrows_of(folder)
    found = circles(arrows)
    typer.echo(f"{len(arrows)} packages, {sum(map(len, arrows.values()))} arrows")
    typer.echo(f"{len(found)} circles: {sorted(map(sorted, found))}")


if __name__ == "__main__":
    typer.run(main)
