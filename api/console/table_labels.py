"""Tables that fold where a window is narrow: each cell is labelled by its column's heading."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

_HEAD = re.compile(r"<thead>.*?</thead>", re.DOTALL)
_HEADING = re.compile(r"<th\b[^>]*>(.*?)</th>|<td\b[^>]*>.*?</td>", re.DOTALL)
_START = re.compile(r'<(thead|tbody|tr|td|th)\b(?! role=)((?: [\w-]+="[^"]*")*)>')
_ROLES = {"thead": "rowgroup", "tbody": "rowgroup", "tr": "row", "td": "cell"}


def labelled(rows: str) -> Markup:
    """The rows of a table, each cell with its column's heading, and with the roles that a table
    loses where its cells are laid out below one another.

    >>> labelled("<thead><tr><th>Due</th></tr></thead><tr><td>1 h</td></tr>").split("</thead>")[1]
    Markup('<tr role="row"><td role="cell" data-label="Due">1 h</td></tr>')
    """
    head = _HEAD.search(rows)
    names = [Markup(name).striptags() for name in _HEADING.findall(head[0])] if head else []
    column = 0

    def marked(found: re.Match[str]) -> str:
        nonlocal column
        tag, others = found.groups()
        if tag == "tr":
            column = 0
        if tag not in ("td", "th"):
            return f'<{tag} role="{_ROLES[tag]}"{others}>'
        column += 1
        if tag == "th":
            return f'<th role="{"row" if "row" in others else "column"}header"{others}>'
        named = column <= len(names) and names[column - 1] and "colspan" not in others
        label = f' data-label="{escape(names[column - 1])}"' if named else ""
        return f'<td role="cell"{label}{others}>'

    return Markup(_START.sub(marked, rows))
