"""The suppression list in the store: keyed marks of forgotten customers, without names."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa

from risk.history.connection.connect import Write
from risk.history.schema.schema_privacy import erasures, forgotten
from risk.identity import SuppressionEntry

_BATCH = 500


def version(connection: sa.Connection) -> int:
    """A number that grows with every erasure: cheap enough to poll every second."""
    return int(connection.execute(sa.select(sa.func.max(erasures.c.erasure_no))).scalar() or 0)


def entries(connection: sa.Connection) -> dict[int, SuppressionEntry]:
    """The whole list, by mark."""
    rows = connection.execute(sa.select(forgotten.c.mark, forgotten.c.at, forgotten.c.instead))
    return {int(mark): SuppressionEntry(int(at), str(instead)) for mark, at, instead in rows}


def add(write: Write, added: Mapping[int, SuppressionEntry]) -> None:
    """Add entries; one with the same mark is replaced."""
    marks = sorted(added)
    for start in range(0, len(marks), _BATCH):
        some = marks[start : start + _BATCH]
        write.connection.execute(sa.delete(forgotten).where(forgotten.c.mark.in_(some)))
        rows = [{"mark": m, "at": added[m].at, "instead": added[m].instead} for m in some]
        write.connection.execute(sa.insert(forgotten), rows)
