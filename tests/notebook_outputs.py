"""What of a notebook's outputs must agree between the saved page and a run on another store."""

from __future__ import annotations

import hashlib
import re
from typing import Any

SAVED = "saved_sources"
"""Where a notebook says which sources its outputs were made of."""


def sources_digest(notebook: Any) -> str:
    """A digest of all its code cells, in order."""
    code = "\0".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    return hashlib.sha256(code.encode()).hexdigest()[:16]


def shape(cell: Any) -> list[tuple[str, tuple[str, ...]]]:
    """The outputs of a cell without what depends on the store: the kind of each, of tables the
    columns too, of an answer that it is one. How often a picture follows another depends on it."""
    found: list[tuple[str, tuple[str, ...]]] = []
    for output in cell.get("outputs", []):
        one = _shape(output)
        if not (found and one[0] == "picture" and found[-1] == one):
            found.append(one)
    return found


def _shape(output: Any) -> tuple[str, tuple[str, ...]]:
    data = output.get("data", {})
    if "image/png" in data:
        return "picture", ()
    if "text/markdown" in data:
        return "answer", (data["text/markdown"].partition("**")[2].partition("**")[0],)
    if "text/html" in data:
        head = data["text/html"].partition("</thead>")[0]
        return "table", tuple(re.findall(r"<th[^>]*>([^<]*)</th>", head))
    return output["output_type"], ()


def texts(notebook: Any) -> str:
    """Everything in the outputs that is text."""
    parts: list[str] = []
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            parts += [str(output.get("text", "")), "\n".join(output.get("traceback", []))]
            parts += [str(v) for k, v in output.get("data", {}).items() if k.startswith("text/")]
    return "\n".join(parts)
