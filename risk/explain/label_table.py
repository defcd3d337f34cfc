"""Tables of labels, as they are written: a row a line."""

from __future__ import annotations

from risk.facts.localised import LocalisedText


def table(rows: str) -> dict[str, LocalisedText]:
    """`code | English | Chinese`, a row a line."""
    cells = [[cell.strip() for cell in row.split("|")] for row in rows.strip().splitlines()]
    return {code: {"en": en, "zh": zh} for code, en, zh in cells}
