"""Single values parsed as a field of a fact."""

from __future__ import annotations

from typing import Any

from risk.errors import Problem
from risk.facts import KINDS
from risk.facts.parse_columns import parse_columns

TIME, SUM = "2026-03-01T08:00:00+08:00", "12.50"


def parsed(fact: str, /, **values: Any) -> tuple[dict[str, Any], list[Problem]]:
    """One row of a kind, its required fields filled in unless given."""
    given = {"time": TIME, "money": SUM, "id": "x", "count": "3"}
    row = {
        field.name: field.choices[0] if field.choices else given[field.type]
        for field in KINDS[fact].fields
        if field.required or field.name in KINDS[fact].about
    }
    columns, problems = parse_columns(
        KINDS[fact], {name: [value] for name, value in {**row, **values}.items()}, [7]
    )
    return {name: column[0] for name, column in columns.items()}, problems
