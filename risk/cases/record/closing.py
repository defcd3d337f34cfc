"""Why a case is closed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, cast

import orjson

ClosedBecause = Literal["finding", "decision", "withdrawn", "retracted"]


def closed_because(row: Mapping[str, Any]) -> ClosedBecause | None:
    """Why the case of this row of `cases` is closed; None while it is open.

    >>> closed_because({"state": "closed", "ended": "withdrawn", "verdict": "fraud"})
    'withdrawn'
    """
    if row["state"] == "open":
        return None
    if row["ended"]:
        return cast(ClosedBecause, row["ended"])
    return "finding" if row["verdict"] else "decision"


def readable(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of `cases` as pages and calls read it: its headline parsed, also for those who may not
    see links, and why it is closed."""
    headline = orjson.loads(row["headline"])
    blind = headline.pop("blind", headline)
    return {
        **row,
        "headline": headline,
        "blind_headline": blind,
        "closed_because": closed_because(row),
    }
