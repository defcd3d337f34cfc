"""A replica of the store, from which facts are read in bulk so that the store itself is free."""

from __future__ import annotations

import time

import sqlalchemy as sa

from risk.errors import Unavailable
from risk.history.schema import commits

PATIENCE_S = 60.0
"""So long a replica may take to have what the store has."""

LOOK_EVERY_S = 0.2

_LAST = sa.select(commits.c.commit_no, commits.c.at).order_by(commits.c.commit_no.desc()).limit(1)


def open_replica(url: str) -> sa.Engine:
    """An engine for a replica, which is only read."""
    parsed = sa.make_url(url)
    if parsed.drivername == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
    return sa.create_engine(parsed, poolclass=sa.NullPool, isolation_level="AUTOCOMMIT")


def caught_up(store: sa.Engine, replica: sa.Engine, patience_s: float = PATIENCE_S) -> sa.Engine:
    """The replica, once it has all that the store has committed by now.

    Raises Unavailable for one that stays behind, cannot be read, or is of another store.
    """
    with store.connect() as connection:
        last = connection.execute(_LAST).one_or_none()
    until = time.monotonic() + patience_s
    while last is not None and not _has(replica, last.commit_no, last.at):
        if time.monotonic() > until:
            raise Unavailable(f"the replica is behind the store by more than {patience_s:g} s")
        time.sleep(LOOK_EVERY_S)
    return replica


def _has(replica: sa.Engine, commit_no: int, at: int) -> bool:
    """Whether it has the commit. Raises Unavailable where it has another under that number."""
    query = sa.select(commits.c.at).where(commits.c.commit_no == commit_no)
    try:
        with replica.connect() as connection:
            found = connection.execute(query).scalar()
    except sa.exc.SQLAlchemyError as error:
        raise Unavailable("the replica cannot be read") from error
    if found not in (None, at):
        raise Unavailable("the replica is one of another store")
    return found is not None
