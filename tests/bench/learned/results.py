"""Results of a long measurement, a line of JSON each: a second run goes on where the first ended.

A line counts for the code and the settings that it was measured with, and for no other.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import orjson
from joblib import Parallel, delayed
from rich.console import Console
from rich.progress import track

import risk
import training

LIBRARIES = ("duckdb", "lightgbm", "numpy", "pandas", "scikit-learn")


@dataclass(frozen=True)
class Results:
    """The results in `file` measured as `how` describes: by this code, with these settings."""

    file: Path
    how: str

    @classmethod
    def open(cls, file: Path, settings: Mapping[str, Any]) -> Results:
        """The results of this code with these settings; the file need not exist."""
        return cls(file, _digest_of(settings))

    def read(self) -> dict[int, Any]:
        """What was measured for each seed; a line cut short by the end of a run is left out."""
        found: dict[int, Any] = {}
        for line in self.file.read_bytes().splitlines() if self.file.exists() else ():
            try:
                row = orjson.loads(line)
            except orjson.JSONDecodeError:
                continue
            if row["how"] == self.how:
                found[row["seed"]] = row["result"]
        return found

    def add(self, seed: int, result: Any) -> None:
        """Append the result of a seed, written at once."""
        self.file.parent.mkdir(parents=True, exist_ok=True)
        row = {"how": self.how, "seed": seed, "result": result}
        with self.file.open("ab") as file:
            cut_short = file.tell() > 0 and not self.file.read_bytes().endswith(b"\n")
            file.write(b"\n" * cut_short + orjson.dumps(row, option=orjson.OPT_SERIALIZE_NUMPY))
            file.write(b"\n")

    def complete(
        self, seeds: Sequence[int], work: Callable[[int], Any], jobs: int, console: Console
    ) -> dict[int, Any]:
        """What was measured for each of `seeds`; those not measured yet by `work`, so many at once
        in processes of their own, each written as soon as it is there."""
        known = self.read()
        left = [seed for seed in seeds if seed not in known]
        console.print(f"{len(seeds) - len(left)} of {len(seeds)} worlds are in {self.file} already")
        made = Parallel(n_jobs=jobs, return_as="generator_unordered")(
            delayed(_with_seed)(work, seed) for seed in left
        )
        for seed, result in track(made, "worlds", total=len(left), console=console):
            self.add(seed, result)
            console.print(f"world {seed} is measured")
        return self.read()


def _with_seed(work: Callable[[int], Any], seed: int) -> tuple[int, Any]:
    return seed, work(seed)


def _digest_of(settings: Mapping[str, Any]) -> str:
    found = hashlib.blake2b(repr(sorted(settings.items())).encode(), digest_size=10)
    for package in (risk, training):
        root = Path(package.__path__[0])
        for file in sorted([*root.rglob("*.py"), *root.rglob("*.toml")]):
            found.update(file.read_bytes())
    for name in LIBRARIES:
        found.update(f"{name} {version(name)}".encode())
    return found.hexdigest()
