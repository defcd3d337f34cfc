"""Arrow tables of stated facts → what counts when: one row a revision, with its interval.

Few facts were ever corrected or taken back: only their rows are handled one by one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from risk.errors import Conflict
from risk.facts import KINDS, RETRACTIONS
from risk.facts.revisions import FOREVER, Retraction, Revision, intervals
from risk.history.facts.clashes import Clash, differing_fields, name_of, retraction_clash
from risk.history.facts.fact_columns import revision_key

Row = dict[str, Any]


def settled(tables: Mapping[str, pa.Table]) -> dict[str, pa.Table]:
    """The tables with `corrects`, `known_at`, `valid_from` and `valid_to` as the facts in them say.

    A row is a revision as it was stated, or as a store keeps it; the same one again is left out.
    Raises Conflict, naming key and columns, where two say something else under one revision.
    """
    back = retractions_of(tables.get(RETRACTIONS.name))
    return {
        kind: _settled(kind, table, back[kind]) if kind in KINDS else each_retraction_once(table)
        for kind, table in tables.items()
    }


def retractions_of(table: pa.Table | None) -> dict[str, dict[int, list[Retraction]]]:
    """Retractions by the kind and the `fact_key` of what they take back."""
    back: dict[str, dict[int, list[Retraction]]] = {kind: {} for kind in KINDS}
    for row in table.to_pylist() if table is not None else ():
        taken = Retraction(row["known_at"], row["retracted_at"], row["revision"])
        back[row["kind"]].setdefault(row["target"], []).append(taken)
    return back


def each_retraction_once(table: pa.Table) -> pa.Table:
    """Each retraction once. Raises Conflict where two say something else."""
    rows: dict[int, Row] = {}
    for row in table.to_pylist():
        held = rows.setdefault(row["fact_key"], row)
        if held["content"] != row["content"]:
            raise Conflict(f"{RETRACTIONS.name}: {retraction_clash(held, row)}")
    return table if len(rows) == table.num_rows else _table(list(rows.values()), table.schema)


def _settled(kind: str, table: pa.Table, back: Mapping[int, list[Retraction]]) -> pa.Table:
    facts = pc.coalesce(table["corrects"], table["fact_key"])
    counts = pc.value_counts(facts.combine_chunks())
    several = counts.field("values").filter(pc.greater(counts.field("counts"), 1))
    keys = pa.array({*several.to_pylist(), *back}, pa.int64())
    bounded = pc.less(pc.subtract(table["valid_to"], table["valid_from"]), FOREVER)
    chosen = pc.or_(pc.is_in(facts, keys), bounded)
    if not pc.any(chosen).as_py():
        return table
    stated: dict[int, list[Row]] = defaultdict(list)
    rows = table.filter(chosen).to_pylist()
    for key, row in zip(facts.filter(chosen).to_pylist(), rows, strict=True):
        stated[key].append(row)
    spans = [r for key in stated for r in settled_rows(kind, key, stated[key], back.get(key, ()))]
    return pa.concat_tables([table.filter(pc.invert(chosen)), _table(spans, table.schema)])


def settled_rows(
    kind: str, key: int, stated: Sequence[Row], back: Sequence[Retraction]
) -> list[Row]:
    """The rows of one fact, each revision once, with when it counts. Raises Conflict."""
    numbered: dict[int, Row] = {}
    for row in stated:
        held = numbered.setdefault(row["revision"], row)
        if held["content"] != row["content"]:
            _contradict(kind, held, row)
    rows, first = list(numbered.values()), min(numbered)
    own = [r["known_at"] if r["corrects"] is None else r["valid_from"] for r in rows]
    revisions = [Revision(r["revision"], known) for r, known in zip(rows, own, strict=True)]
    return [
        {
            **row,
            "fact_key": key if row["revision"] == first else revision_key(key, row["revision"]),
            "corrects": None if row["revision"] == first else key,
            "known_at": span.known_at, "valid_from": span.valid_from, "valid_to": span.valid_to,
        }
        for row, span in zip(rows, intervals(revisions, back), strict=True)
    ]  # fmt: skip


def _contradict(kind: str, held: Row, row: Row) -> None:
    columns = {name: [value] for name, value in row.items()}
    differing = differing_fields(kind, held, row)
    clash = Clash(0, name_of(kind, columns, 0), row["revision"], differing, together=True)
    raise Conflict(f"{kind}: {clash}")


def _table(rows: Sequence[Row], schema: pa.Schema) -> pa.Table:
    return pa.Table.from_pylist(list(rows), schema=schema)
