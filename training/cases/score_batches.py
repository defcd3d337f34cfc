"""Scores of cases in batches of joined rows, as the workers of a cluster are given them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from risk.decisions.case import audit_draw
from risk.decisions.case_rows import OWN
from risk.decisions.champion import Champion
from risk.decisions.many_cases import VERDICTS, Cases
from risk.features.word_weights import WORDS
from risk.history.published_models import Published
from risk.policy import Policies
from training.cases.score_folder import COLUMNS, scores_of

VECTOR = "vector"
NESTED = ("money", *OWN, VERDICTS)
"""Of each case a batch has its row of the spine, its features as the list `VECTOR`, and the rows of
each of these as a list of structs `rows_…`."""


@dataclass(frozen=True)
class Scorer:
    """What a worker needs to decide: a bundle with its digest and version, the policies, and the
    key of the random audits."""

    content: bytes
    digest: str
    version: str
    policies: Policies
    audit_key: bytes

    def champion(self) -> Champion:
        """The bundle, ready to decide. Raises ModelRefused."""
        return Champion.load(Published(0, self.version, self.digest, ""), self.content)

    def __call__(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """The rows of the scores file of batches of joined rows."""
        champion = self.champion()
        for batch in batches:
            cases = _cases(batch, champion, self.audit_key)
            found = scores_of(cases, champion, self.policies)
            yield pa.RecordBatch.from_pandas(found, schema=_SCHEMA, preserve_index=False)


_SCHEMA = pa.schema(
    [(name, pa.float64() if name == "probability" else pa.string()) for name in COLUMNS]
)


def _cases(batch: pa.RecordBatch, champion: Champion, audit_key: bytes) -> Cases:
    """The cases of a batch of joined rows, numbered from 0 in its order."""
    table = pa.Table.from_batches([batch])
    lists = {name: table[f"rows_{name}"].combine_chunks() for name in NESTED}
    parts: Mapping[str, pa.Table] = {name: _rows(column) for name, column in lists.items()}
    vectors = table[VECTOR].combine_chunks()
    matrix = pc.list_flatten(vectors).to_numpy(zero_copy_only=False)
    own = {name: parts[name] for name in (*OWN, VERDICTS)}
    spine = table.drop_columns([VECTOR, *(f"rows_{name}" for name in NESTED)])
    numbers = pa.array(np.arange(len(table)), pa.int64())
    spine = spine.set_column(spine.schema.get_field_index("row_id"), "row_id", numbers)
    shaped = matrix.astype(np.float64).reshape(len(table), len(champion.features))
    if (words := champion.bundle.words) is not None:
        words.fill(shaped, [one.name for one in champion.features], spine[WORDS].to_pylist())
    draw = partial(audit_draw, key=audit_key)
    return Cases(spine, parts["money"], shaped, champion.features, own, draw)


def _rows(lists: pa.ListArray) -> pa.Table:
    """The rows in lists as one table, numbered by the list that holds them."""
    rows = pa.Table.from_struct_array(pc.list_flatten(lists))
    numbers = pc.list_parent_indices(lists).cast(pa.int64())
    return rows.set_column(rows.schema.get_field_index("row_id"), "row_id", numbers)
