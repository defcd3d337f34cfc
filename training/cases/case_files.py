"""Labelled cases as Parquet files: written by the cache and on Spark, read by training.

A folder has `spine.parquet`, `money.parquet`, one file for each kind of own rows, `labels.parquet`,
`features.parquet` (a folder of parts, each with `row_id` and a column a feature), and
`catalogue.json`: the hash of each feature's definition. Of a sample of the requests
`sampled.parquet` says how many each stands for. Each may be a file or a folder of parts.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import orjson
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from risk.decisions.case_rows import OWN
from risk.decisions.many_cases import NO_AUDIT, VERDICTS, Cases
from risk.errors import BadInput, Problem
from risk.features.scratch import unfilled
from risk.features.spec import Feature
from training.cases.dataset import LabelledCases

PART_ROWS = 50_000
CATALOGUE = "catalogue.json"
FEATURES, LABELS, SAMPLED = "features.parquet", "labels.parquet", "sampled.parquet"


def save_cases(to: Path, found: LabelledCases) -> None:
    """Write labelled cases into a folder; the features in parts of `PART_ROWS` rows."""
    cases = found.cases
    tables = {"spine": cases.spine, "money": cases.money, **cases.own_rows}
    for name, table in tables.items():
        _write(table, to / f"{name}.parquet")
    (to / FEATURES).mkdir()
    names = ["row_id", *(feature.name for feature in cases.features)]
    for number, start in enumerate(range(0, len(cases), PART_ROWS)):
        part = cases.matrix[start : start + PART_ROWS]
        rows = np.arange(start, start + len(part))
        _write(pa.table([rows, *part.T], names=names), to / FEATURES / f"part-{number:05}.parquet")
    _write(pa.Table.from_pandas(found.known, preserve_index=False), to / LABELS)
    if found.sampled is not None:
        _write(pa.Table.from_pandas(found.sampled, preserve_index=False), to / SAMPLED)
    write_catalogue(to, cases.features)


def write_catalogue(to: Path, features: Sequence[Feature]) -> None:
    """Write which features a folder has, by the hash of their definitions."""
    (to / CATALOGUE).write_bytes(orjson.dumps({f.name: f.hash for f in features}))


def load_cases(folder: Path, features: Sequence[Feature]) -> LabelledCases:
    """The labelled cases of a folder, to the bit: each request as it was made, and the later
    moments of those with a label, in the order of time.

    There is never a second copy of the matrix. Raises BadInput where a feature is missing or
    defined otherwise, or a request of a sample has no weight; OSError or ArrowException for files
    that are missing or damaged.
    """
    _check_catalogue(folder, features)
    known: pd.DataFrame = _read(folder / LABELS).to_pandas()
    spine = _read(folder / "spine.parquet")
    wanted = pc.or_(
        pc.equal(spine["stage"], "request"),
        pc.is_in(spine["refund_id"], pa.array(known["refund_id"], pa.string())),
    )
    spine = spine.filter(wanted).sort_by([("as_of", "ascending"), ("refund_id", "ascending")])
    rows = _Numbers(spine["row_id"].to_numpy())
    own = {name: rows.of_table(_read(folder / f"{name}.parquet")) for name in (*OWN, VERDICTS)}
    money = rows.of_table(_read(folder / "money.parquet"))
    matrix = _read_matrix(folder / FEATURES, rows, [feature.name for feature in features])
    cases = Cases(rows.of_table(spine), money, matrix, tuple(features), own, lambda _: NO_AUDIT)
    return LabelledCases(cases, known, _sampled(folder / SAMPLED, spine["refund_id"]))


def _sampled(file: Path, requests: pa.ChunkedArray) -> pd.DataFrame | None:
    """How many requests each of a sample stands for; None where there was none."""
    if not file.exists():
        return None
    weights = _read(file).filter(pc.greater(pc.field("stands_for"), 0.0))
    missing = requests.filter(pc.invert(pc.is_in(requests, weights["refund_id"].combine_chunks())))
    if len(missing):
        wanted = "a number of requests above 0 for each request"
        raise BadInput([Problem(str(file), None, "stands_for", wanted, f"none for {missing[0]}")])
    found: pd.DataFrame = weights.select(["refund_id", "stands_for"]).to_pandas()
    return found


class _Numbers:
    """New numbers of rows, from 0 in the order of their old ones, which may be any."""

    def __init__(self, old: np.ndarray) -> None:
        self.order = np.argsort(old)
        self.old = old[self.order]

    def of(self, old: np.ndarray) -> np.ndarray:
        """The new numbers (n,); -1 for rows that are none of these."""
        if not len(self.old):
            return np.full(len(old), -1)
        places = np.minimum(np.searchsorted(self.old, old), len(self.old) - 1)
        return np.where(self.old[places] == old, self.order[places], -1)

    def of_table(self, table: pa.Table) -> pa.Table:
        """The rows of these, in their order, under their new numbers."""
        new = self.of(table["row_id"].to_numpy())
        order = np.argsort(new, kind="stable")[int((new < 0).sum()) :]
        place = table.schema.get_field_index("row_id")
        return table.take(order).set_column(place, "row_id", pa.array(new[order], pa.int64()))


def _read_matrix(folder: Path, rows: _Numbers, names: Sequence[str]) -> np.ndarray:
    """The matrix (rows, names) out of its parts, of which one is in memory at a time."""
    matrix = unfilled(len(rows.old), len(names))
    filled = 0
    for file in sorted(folder.glob("*.parquet")):
        part = _read(file, ["row_id", *names])
        new = rows.of(part["row_id"].to_numpy())
        chosen = new >= 0
        for place, name in enumerate(names):
            matrix[new[chosen], place] = part[name].to_numpy()[chosen]
        filled += int(chosen.sum())
    if filled != len(matrix):
        raise OSError(f"{folder} holds {filled:,} of {len(matrix):,} rows")
    return matrix


def _check_catalogue(folder: Path, features: Sequence[Feature]) -> None:
    made = orjson.loads((folder / CATALOGUE).read_bytes())
    problems = [
        Problem(str(folder / CATALOGUE), None, feature.name, f"hash {feature.hash}", found)
        for feature in features
        if (found := made.get(feature.name, "no such feature")) != feature.hash
    ]
    if problems:
        raise BadInput(problems)


def _write(table: pa.Table, file: Path) -> None:
    """Compressed without loss, with a checksum of each page."""
    floats = [field.name for field in table.schema if field.type == pa.float64()]
    pq.write_table(
        table, file, compression="zstd", use_dictionary=False, use_byte_stream_split=floats,
        write_page_checksum=True,
    )  # fmt: skip


def _read(path: Path, columns: Sequence[str] | None = None) -> pa.Table:
    return pq.read_table(path, columns=columns, page_checksum_verification=True, partitioning=None)
