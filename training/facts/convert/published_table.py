"""The table of a file as a publisher offers it: a CSV, a workbook, or a zip with one of them."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from typing import Any

import pandas as pd

from risk.errors import BadInput, Problem
from training.facts.formats.foreign import sample_of
from training.facts.formats.raw_rows import DAMAGE
from training.facts.formats.text_layout import encoding_of

ZONELESS = ("%Y-%m-%d %H:%M:%S", "%m/%d/%Y %H:%M")
"""How the publisher writes times: in the workbook and its CSV, and in the CSV of its library."""


def read_published(file: Path, columns: Iterable[str]) -> pd.DataFrame:
    """The columns of the table, ids as text. Raises BadInput for anything else than such a file."""
    wanted = list(columns)
    try:
        frame = _read(file)
    except (*DAMAGE, ValueError) as error:
        raise BadInput([Problem(file.name, None, None, "a readable file", str(error))]) from error
    missing = [name for name in wanted if name not in frame.columns]
    if missing:
        expected = "a column of this name"
        raise BadInput([Problem(file.name, 1, name, expected, "none") for name in missing])
    return frame[wanted]


def _read(file: Path) -> pd.DataFrame:
    if file.suffix == ".zip":
        return _from_zip(file)
    if file.suffix == ".xlsx":
        return _as_text(pd.read_excel(file, dtype=object))
    encoding = encoding_of(sample_of(file)) or "utf-8"
    return pd.read_csv(file, dtype="string", encoding=encoding)


def _from_zip(file: Path) -> pd.DataFrame:
    """The first table in a zip."""
    with zipfile.ZipFile(file) as packed:
        names = [name for name in packed.namelist() if name.lower().endswith((".xlsx", ".csv"))]
        if not names:
            expected = "a zip with an .xlsx or a .csv"
            raise BadInput([Problem(file.name, None, None, expected, "none in it")])
        raw = packed.read(names[0])
    if names[0].lower().endswith(".xlsx"):
        return _as_text(pd.read_excel(BytesIO(raw), dtype=object))
    return pd.read_csv(BytesIO(raw), dtype="string", encoding=encoding_of(raw[: 1 << 16]))


def _as_text(frame: pd.DataFrame) -> pd.DataFrame:
    """Cells as text, whole numbers without a point: ids are numbers in a workbook."""
    return frame.map(_text).astype("string")


def _text(value: Any) -> str | None:
    if pd.isna(value):
        return None
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def read_times(texts: pd.Series) -> pd.Series:
    """Texts as times without a zone. Raises BadInput where they are in none of the forms."""
    for form in ZONELESS:
        times = pd.to_datetime(texts, format=form, errors="coerce")
        if not times.isna().any():
            return times
    raise BadInput([Problem("InvoiceDate", None, None, f"times such as {ZONELESS[0]}", "others")])
