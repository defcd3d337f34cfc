"""Labelled cases cached on disk between commands, used again while the facts give the same.

The key is the digest of the facts that were read, of the features' definitions, of the code and of
the libraries: whatever may give other cases gives another key. Lanes and what the policy decides
are computed from the cases every time, under the policy of the time. Values are exact (float64).
"""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import version
from pathlib import Path

import pyarrow as pa

import risk
import training.cases
from risk.features.spec import Feature
from risk.history.store import History
from risk.privacy import last_erasure
from risk.registry import Registry
from training.cases.cache_folder import CacheFolder
from training.cases.case_files import CATALOGUE, load_cases, save_cases
from training.cases.dataset import LabelledCases
from training.facts.facts_digest import facts_digest
from training.progress import Progress

LIBRARIES = ("duckdb", "numpy", "pandas", "pyarrow")


@dataclass(frozen=True)
class DatasetCache:
    """The cached cases of one store; `progress` says when they are used again, and of when.

    `erasures` is the number of the latest erasure when the cache was opened: open it before the
    facts are read, so that cases made of facts that were erased meanwhile are not kept.
    """

    folder: CacheFolder
    history: History
    erasures: int
    progress: Progress | None = None

    @classmethod
    def open(cls, path: Path, history: History, progress: Progress | None = None) -> DatasetCache:
        """The cache in a folder, without what was made before the store's latest erasure."""
        folder, erasures = CacheFolder(path), last_erasure(history)
        folder.delete_before(erasures)
        return cls(folder, history, erasures, progress)

    @classmethod
    def of(cls, registry: Registry, history: History, progress: Progress) -> DatasetCache | None:
        """The cache beside a registry; None where it has none."""
        if registry.datasets is None:
            return None
        return cls.open(registry.datasets, history, progress)

    def read(
        self,
        facts: Mapping[str, pa.Table],
        features: Sequence[Feature],
        progress: Progress | None = None,
    ) -> LabelledCases:
        """The labelled cases of these facts: the cached ones, else made now and cached."""
        key = _key(facts, features)
        found = self._load(key, features)
        if found is None:
            found = LabelledCases.read(facts, features, progress)
            self._save(key, found)
        return found

    def find(
        self, facts: Mapping[str, pa.Table], features: Sequence[Feature]
    ) -> LabelledCases | None:
        """The cached cases of these facts; None where there are none."""
        return self._load(_key(facts, features), features)

    def _load(self, key: str, features: Sequence[Feature]) -> LabelledCases | None:
        entry = self.folder.find(key)
        if entry is None:
            return None
        try:
            found = load_cases(entry, features)
            made = (entry / CATALOGUE).stat().st_mtime
        except (OSError, ValueError, pa.ArrowException):
            self.folder.delete(key)
            return None
        at = datetime.fromtimestamp(made, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
        self._say(f"{len(found.cases):,} cases of {at} used again")
        return found

    def _save(self, key: str, found: LabelledCases) -> None:
        try:
            self.folder.add(key, self.erasures, lambda to: save_cases(to, found))
        except OSError as error:
            self._say(f"the cases could not be cached ({error})")
        if last_erasure(self.history) != self.erasures:
            self.folder.delete(key)

    def _say(self, words: str) -> None:
        if self.progress:
            self.progress(words, 1, 1)


def labelled_cases(
    facts: Mapping[str, pa.Table],
    features: Sequence[Feature],
    progress: Progress | None,
    cached: DatasetCache | None,
) -> LabelledCases:
    """The labelled cases of facts, from the cache if there is one that holds them."""
    if cached is None:
        return LabelledCases.read(facts, features, progress)
    return cached.read(facts, features, progress)


def _key(facts: Mapping[str, pa.Table], features: Sequence[Feature]) -> str:
    parts = [facts_digest(facts), _code_digest(), platform.machine()]
    parts += [f"{name} {version(name)}" for name in LIBRARIES]
    parts += [f"{feature.name} {feature.hash}" for feature in features]
    return hashlib.blake2b("\n".join(parts).encode(), digest_size=20).hexdigest()


@cache
def _code_digest() -> str:
    """The digest of all code that cases may be made by."""
    found = hashlib.blake2b()
    for package in (risk, training.cases):
        for file in sorted(Path(package.__path__[0]).rglob("*.py")):
            found.update(file.read_bytes())
    return found.hexdigest()
