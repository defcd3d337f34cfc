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

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

import risk
import training.cases
from risk.decisions.case_rows import OWN
from risk.decisions.many_cases import NO_AUDIT, VERDICTS, Cases
from risk.features.spec import Feature
from risk.history.store import History
from risk.privacy import last_erasure
from risk.registry import Registry
from training.cases.cache_folder import CacheFolder
from training.cases.dataset import LabelledCases
from training.facts.facts_digest import facts_digest
from training.progress import Progress

PART_ROWS = 50_000
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
            made = (entry / "labels.parquet").stat().st_mtime
        except (OSError, pa.ArrowException):
            self.folder.delete(key)
            return None
        at = datetime.fromtimestamp(made, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
        self._say(f"{len(found.cases):,} cases cached at {at}, used again as no fact has changed")
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


def save_cases(to: Path, found: LabelledCases) -> None:
    """Write labelled cases into a folder; the features in parts of `PART_ROWS` rows."""
    cases = found.cases
    tables = {"spine": cases.spine, "money": cases.money, **cases.own_rows}
    for name, table in tables.items():
        _write(table, to / f"{name}.parquet")
    names = [feature.name for feature in cases.features]
    for number, start in enumerate(range(0, len(cases), PART_ROWS)):
        part = cases.matrix[start : start + PART_ROWS]
        _write(pa.table(list(part.T), names=names), to / f"features-{number:05}.parquet")
    _write(pa.Table.from_pandas(found.known, preserve_index=False), to / "labels.parquet")


def load_cases(entry: Path, features: Sequence[Feature]) -> LabelledCases:
    """The labelled cases of a folder, to the bit; of the matrix there is never a second copy.

    Raises OSError or ArrowException for files that are missing or damaged.
    """
    spine, money = _read(entry / "spine.parquet"), _read(entry / "money.parquet")
    own = {name: _read(entry / f"{name}.parquet") for name in (*OWN, VERDICTS)}
    known: pd.DataFrame = _read(entry / "labels.parquet").to_pandas()
    matrix = np.empty((spine.num_rows, len(features)))
    start = 0
    for file in sorted(entry.glob("features-*.parquet")):
        part = _read(file)
        for place, column in enumerate(part.columns):
            matrix[start : start + part.num_rows, place] = column.to_numpy()
        start += part.num_rows
    if start != spine.num_rows:
        raise OSError(f"{entry} holds {start:,} of {spine.num_rows:,} rows")
    return LabelledCases(
        Cases(spine, money, matrix, tuple(features), own, lambda _: NO_AUDIT), known
    )


def _write(table: pa.Table, file: Path) -> None:
    """Without dictionaries of numbers, which take -0.0 for 0.0."""
    floats = [field.name for field in table.schema if field.type == pa.float64()]
    pq.write_table(
        table, file, compression="zstd", use_dictionary=False, use_byte_stream_split=floats,
        write_page_checksum=True,
    )  # fmt: skip


def _read(file: Path) -> pa.Table:
    return pq.read_table(file, page_checksum_verification=True, partitioning=None)


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
