"""What exists at a moment, as SQL conditions: the contract's rule over revisions and retractions.

Every row says when it counts: it is known at `known_at`, and holds from `valid_from` until
`valid_to` (`facts.revisions`). Rows that were never superseded hold from 0 until `FOREVER`.
"""

from __future__ import annotations

import re

from risk.facts import KINDS
from risk.facts.revisions import FOREVER

REVISED = "(EXISTS (SELECT 1 FROM retractions)" + "".join(
    f" OR (SELECT MAX(f.corrects) FROM {kind} f WHERE f.corrects IS NOT NULL) IS NOT NULL"
    for kind in KINDS
) + ")"  # fmt: skip
"""Whether any fact of a store was ever corrected or taken back: a look at indexes that are empty
where none was. `MAX` has PostgreSQL use them also before it counted anything."""

_INTERVAL = re.compile(r" AND (\w+)\.valid_from <=? ([:\w.]+) AND \1\.valid_to >=? \2\b")


def known_before(row: str, as_of: str) -> str:
    """The row is visible to everybody at `as_of`: what became known or ended before it counts."""
    return f"{row}.known_at < {as_of} AND {row}.valid_from < {as_of} AND {row}.valid_to >= {as_of}"


def holds_at(row: str, as_of: str) -> str:
    """The row is what there is at `as_of` for the case it belongs to, whenever that was known."""
    return f"{row}.valid_from <= {as_of} AND {row}.valid_to > {as_of}"


def known_by(row: str, as_of: str, seen: str = "") -> str:
    """The row is visible at `as_of` to the case it belongs to: also what is known at that moment,
    or at the later moment `seen`."""
    return f"{row}.known_at <= {seen or as_of} AND {holds_at(row, as_of)}"


def unrevised(text: str) -> str:
    """The same SQL for a store in which no fact was ever corrected or taken back: there all rows
    hold at every moment.

    >>> unrevised(f"SELECT 1 FROM claims e WHERE {known_before('e', ':as_of')} LIMIT 1")
    'SELECT 1 FROM claims e WHERE e.known_at < :as_of LIMIT 1'
    """
    return _INTERVAL.sub("", text)


def current(row: str) -> str:
    """The row is the latest there is of its fact, which was not taken back."""
    return f"{row}.valid_to = {FOREVER}"


def is_bounded(row: str) -> str:
    """The row was superseded or taken back, or took the place of another."""
    return f"{row}.valid_to - {row}.valid_from < {FOREVER}"
