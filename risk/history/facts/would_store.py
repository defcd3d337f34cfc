"""What facts would become beside what is stored, without storing them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from risk.facts import RETRACTIONS
from risk.facts.parse_columns import Columns
from risk.history.facts.clashes import Clash, retraction_clash
from risk.history.facts.revise import clash, compared, stored_revisions
from risk.history.facts.write import retraction_contents

_NO_COMMIT = -1


@dataclass(frozen=True, slots=True)
class Comparison:
    """The revisions that would be new as (`fact_key`, number), and the facts in conflict."""

    new: frozenset[tuple[int, int]]
    clashing: tuple[Clash, ...]


def compare(
    connection: sa.Connection,
    kind: str,
    columns: Columns,
    unnumbered: Sequence[bool] | None = None,
) -> Comparison:
    """Compare facts of one kind (stored columns) with what is stored, as `add_consistent` does.

    `unnumbered` says which facts state no revision of their own, and so may be corrections.
    """
    if kind == RETRACTIONS.name:
        return _retractions(connection, columns)
    held = stored_revisions(connection, kind, set(columns["fact_key"]))
    new = set[tuple[int, int]]()
    clashing: list[Clash] = []
    for i, key in enumerate(columns["fact_key"]):
        if key not in held:
            new.add((key, columns["revision"][i]))
            continue
        number, against = compared(columns, i, held, unnumbered, _NO_COMMIT)
        if against is None:
            new.add((key, number))
        elif (against.number, against.content) != (number, columns["content"][i]):
            clashing.append(clash(connection, kind, columns, i, number, against))
    return Comparison(frozenset(new), tuple(clashing))


def _retractions(connection: sa.Connection, columns: Columns) -> Comparison:
    known = retraction_contents(connection, columns["fact_key"])
    new = set[tuple[int, int]]()
    clashing: list[Clash] = []
    for i, key in enumerate(columns["fact_key"]):
        if key not in known:
            new.add((key, 0))
        elif known[key]["content"] != columns["content"][i]:
            given = {name: values[i] for name, values in columns.items()}
            clashing.append(retraction_clash(known[key], given, i))
    return Comparison(frozenset(new), tuple(clashing))
