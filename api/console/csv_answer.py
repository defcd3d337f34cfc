"""Tables as CSV files, as spreadsheets open them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from fastapi.responses import Response

from api.console.session import SECURITY_HEADERS

MOST = 10_000
"""So many rows a file has at most."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_answer(name: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    """A file of this name, in UTF-8 with the mark that spreadsheets know it by."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(head)
    writer.writerows([_cell(value) for value in row] for row in rows)
    headers = {**SECURITY_HEADERS, "content-disposition": f'attachment; filename="{name}.csv"'}
    return Response("\ufeff" + text.getvalue(), 200, headers, "text/csv; charset=utf-8")


def _cell(value: object) -> object:
    """A value; a text that a spreadsheet would run as a formula has a quote before it.

    >>> _cell("=1+1"), _cell(-3), _cell(None)
    ("'=1+1", -3, '')
    """
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return "" if value is None else value
