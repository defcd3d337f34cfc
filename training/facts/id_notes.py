"""What is said about the ids of facts: references that meet nothing, ids that look changed."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa

from risk.history.facts.stored_ids import stored_ids, stored_lines
from risk.history.store import History
from training.facts.odd_ids import odd_ids
from training.facts.references import BETWEEN, Elsewhere, unmet_references
from training.facts.staging import Staging


def notes_of(facts: Mapping[str, pa.Table]) -> list[str]:
    """Sentences about the ids of facts, all that there are (stored columns)."""
    return [*map(str, unmet_references(facts)), *odd_ids(facts)]


def notes_on(staged: Staging, history: History) -> list[str]:
    """Sentences about the ids of a folder, beside what is stored."""
    tables = staged.id_tables()
    notes = []
    for unmet in unmet_references(tables, _stored(history)):
        row = tables[unmet.kind].slice(unmet.row, 1).to_pylist()[0]
        notes.append(f"{unmet} ({staged.files[row['file']].name} row {row['line']})")
    return [*notes, *odd_ids(tables)]


def _stored(history: History) -> Elsewhere:
    """Which ids the store knows."""

    def known(kind: str, ids: list[str]) -> set[str]:
        with history.read() as connection:
            if kind != "lines":
                return stored_ids(connection, kind, ids)
            orders = {given.partition(BETWEEN)[0] for given in ids}
            lines = stored_lines(connection, sorted(orders))
            return {f"{order}{BETWEEN}{line}" for order, line in lines}

    return known
