"""Rows of the index of pictures: by parts of their fingerprints, the latest few of each part."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence

import sqlalchemy as sa

from risk.facts import FILES
from risk.history.connection.connect import Write
from risk.history.facts.revise import slices
from risk.history.schema import FACTS
from risk.history.schema.schema_files import picture_bands

LATEST = 400
"""So many of the latest files of a band are looked at: a part that many pictures share costs no
more than any other."""

_files, _bands = FACTS[FILES.name].c, picture_bands.c


def files_by_band(
    connection: sa.Connection, wanted: Collection[int], after: int = 0
) -> Counter[int]:
    """The files with any of these bands, by their `fact_key`, with how many bands each has, of
    those put into the index after an instant (ms)."""
    found: Counter[int] = Counter()
    for some in slices(wanted):
        given = sa.values(sa.column("band", sa.Integer)).data([(band,) for band in some])
        asked = given.cte("asked")
        other = picture_bands.alias()
        since = (
            sa.select(other.c.at)
            .where(other.c.band == asked.c.band, other.c.at > after)
            .order_by(other.c.at.desc())
            .limit(1)
            .offset(LATEST - 1)
            .scalar_subquery()
        )
        query = sa.select(_bands.fact_key).select_from(asked).join(
            picture_bands,
            sa.and_(_bands.band == asked.c.band, _bands.at >= sa.func.coalesce(since, after + 1)),
        )  # fmt: skip
        found.update(connection.execute(query).scalars())
    return found


def pictures_of(
    connection: sa.Connection, fact_keys: Collection[int], digest: str | None = None
) -> Sequence[sa.RowMapping]:
    """The files of these keys, as far as they are stored, and those of the bytes with this digest,
    the earliest first."""
    read = (_files.fact_key, _files.evidence_id, _files.fingerprints, _files.picture)
    here: sa.ColumnElement[bool] = _files.fact_key.in_(sorted(fact_keys))
    if digest is not None:
        here = sa.or_(here, _files.digest == digest)
    query = sa.select(*read).where(here, _files.picture.is_not(None))
    ordered = query.order_by(_files.known_at, _files.fact_key).limit(LATEST)
    return connection.execute(ordered).mappings().all()


def add_bands(write: Write, fact_key: int, bands: Sequence[int]) -> None:
    """Put a file into the index."""
    rows = [{"band": band, "at": write.at, "fact_key": fact_key} for band in bands]
    if rows:
        write.connection.execute(sa.insert(picture_bands), rows)


def drop_bands(connection: sa.Connection, digests: Collection[str]) -> None:
    """Take files out of the index, by the digests of their bytes."""
    keys = sa.select(_files.fact_key).where(_files.digest.in_(sorted(digests)))
    connection.execute(sa.delete(picture_bands).where(_bands.fact_key.in_(keys)))
