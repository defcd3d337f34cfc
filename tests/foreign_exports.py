"""Exports of other systems in the form that shops get them."""

from __future__ import annotations

import csv
from pathlib import Path

import openpyxl

EXPORTS = Path(__file__).parent / "training" / "exports"


def exports(folder: Path, system: str) -> Path:
    """The files of a system as it exports them; workbooks are kept as CSV beside the tests."""
    folder.mkdir()
    for path in (EXPORTS / system).iterdir():
        if path.name.endswith(".xlsx.csv"):
            made = openpyxl.Workbook()
            for row in csv.reader(path.read_text(encoding="utf-8").splitlines()):
                made.active.append(row)
            made.save(folder / path.name.removesuffix(".csv"))
        else:
            (folder / path.name).write_bytes(path.read_bytes())
    return folder
