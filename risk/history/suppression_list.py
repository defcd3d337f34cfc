"""The list of those who were forgotten, as the store keeps it: marks, and nobody's name."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa

from risk.history.connect import Write
from risk.history.schema_privacy import erasures, forgotten
from risk.identity import SuppressionEntry

_AT_ONCE = 500


def length(connection: sa.Connection) -> int:
    """A number that grows whenever somebody is forgotten: cheap to ask for every second."""
    return int(connection.execute(sa.select(sa.func.max(erasures.c.erasure_no))).scalar() or 0)


def entries(connection: sa.Connection) -> dict[int, SuppressionEntry]:
    """The whole list, by mark."""
    rows = connection.execute(sa.select(forgotten.c.mark, forgotten.c.at, forgotten.c.instead))
    return {int(mark): SuppressionEntry(int(at), str(instead)) for mark, at, instead in rows}


def put(write: Write, added: Mapping[int, SuppressionEntry]) -> None:
    """Add to the list; what stood there under the same mark is replaced."""
    marks = sorted(added)
    for start in range(0, len(marks), _AT_ONCE):
        some = marks[start : start + _AT_ONCE]
        write.connection.execute(sa.delete(forgotten).where(forgotten.c.mark.in_(some)))
        rows = [{"mark": m, "at": added[m].at, "instead": added[m].instead} for m in some]
        write.connection.execute(sa.insert(forgotten), rows)
