"""A folder of facts on Spark: what Spark reads in parts, and what one worker reads as a file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import pyarrow as pa
from pyspark.accumulators import Accumulator, AccumulatorParam
from pyspark.sql import DataFrame, SparkSession

from risk.errors import BadInput
from risk.facts import INCOMING
from risk.facts.revisions import date_revisions
from risk.facts.row_checks import latest_event
from risk.history.facts.fact_columns import to_stored_columns
from risk.identity import Hasher, SuppressionList
from training.facts.arrow_tables import SCHEMAS
from training.facts.folder import KindFile, described
from training.facts.folder_files import files_of
from training.facts.good_rows import good_rows
from training.facts.import_report import MOST_PROBLEMS
from training.facts.mapping.mapping_file import FileMapping

Batches = Iterator[pa.RecordBatch]
"""Rows as a worker of Spark gets and gives them."""
Marks = dict[int, int]
"""Marks of a suppression list, each with since when (ms) it is listed."""


class _Union(AccumulatorParam[Marks]):
    """Brings together what workers list."""

    def zero(self, value: Marks) -> Marks:  # noqa: ARG002 - pyspark gives it
        return {}

    def addInPlace(self, value1: Marks, value2: Marks) -> Marks:  # noqa: N802 - pyspark names it
        return value1 | value2


@dataclass(frozen=True, slots=True)
class SparkFolder:
    """A folder with how its facts are read.

    `key` hashes identities, for one run only. `forgotten` is an exported suppression list (empty
    for none): rows about the people on it are left out. `mapping` says how exports are read.
    `listed` gets the marks of what workers leave out.
    """

    path: Path
    key: bytes
    forgotten: str = ""
    mapping: FileMapping | None = None
    listed: Accumulator[Marks] | None = None

    @property
    def hasher(self) -> Hasher:
        """What hashes identities, and knows who was forgotten."""
        made = Hasher(self.key)
        if self.forgotten:
            made.suppression_list.load(self.forgotten)
        return made

    def listing(self, spark: SparkSession) -> SparkFolder:
        """The same folder, whose workers say what they leave out."""
        return replace(self, listed=spark.sparkContext.accumulator({}, _Union()))

    def with_listed(self) -> SparkFolder:
        """The same folder with a list that holds what workers left out so far: what is about that
        is left out as well."""
        if self.listed is None or not self.listed.value:
            return self
        whole = self.hasher.suppression_list
        whole.add(self.listed.value)
        return replace(self, forgotten=whole.export())

    def tell_listed(self, known: SuppressionList) -> None:
        """Say in a worker what its list has come to hold."""
        if self.listed is not None:
            before = self.hasher.suppression_list.times()
            self.listed.add(dict(known.times().items() - before.items()))

    def parquet(self, kind: str) -> list[Path]:
        """The Parquet files of a kind that the mapping does not name, and a table that is a folder
        `KIND.parquet`."""
        if kind in (self.mapping or {}):
            return []
        table = self.path / f"{kind}.parquet"
        tables = [table] if table.is_dir() else []
        return tables + [one for one in files_of(self.path, kind) if one.suffix == ".parquet"]

    def others(self) -> list[KindFile]:
        """The files that one worker reads whole: CSV, xlsx, and exports. Raises BadInput for one
        that cannot be read or lacks a column."""
        files = described(self.path, self.mapping)
        return [one for one in files if one.source or one.path.suffix != ".parquet"]

    def read_others(
        self, spark: SparkSession, files: list[KindFile], columns: str, now: int
    ) -> DataFrame:
        """The stored columns of such files of one kind, a task for each."""
        places = spark.range(len(files)).repartition(len(files))
        return places.mapInArrow(partial(_read, self, files, now), columns)


def _read(given: SparkFolder, files: list[KindFile], now: int, batches: Batches) -> Batches:
    """Reads files in a worker. Raises BadInput with the bad rows of one.

    The kind is the worker's own: what came with the task is a copy of it, and kinds are told apart
    by identity.
    """
    hasher = given.hasher
    for batch in batches:
        for place in batch.column(0).to_pylist():
            file = replace(files[place], kind=INCOMING[files[place].kind.name])
            yield from _rows(file, hasher, now)
    given.tell_listed(hasher.suppression_list)


def _rows(file: KindFile, hasher: Hasher, now: int) -> Batches:
    for chunk in file.chunks():
        good = good_rows(file, chunk, latest_event(now), hasher.suppression_list)
        if good.problems:
            raise BadInput(good.problems[:MOST_PROBLEMS])
        date_revisions(good.columns, good.columns[file.kind.event_time], now)
        stored = to_stored_columns(file.kind, good.columns, hasher)
        yield pa.RecordBatch.from_pydict(stored, schema=SCHEMAS[file.kind.name])
