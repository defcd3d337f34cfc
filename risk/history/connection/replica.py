"""A replica of the store, from which facts are read in bulk so that the store itself is free."""

from __future__ import annotations

import time

import sqlalchemy as sa

from risk.errors import Unavailable
from risk.facts.units import MINUTE_MS
from risk.history.schema import commits

PATIENCE_S = 60.0
"""So long a replica may take to have what the store has."""

LOOK_EVERY_S = 0.2

BEHIND_MS = MINUTE_MS
"""So far behind it may be for a page that looks back over weeks."""

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


def may_report(store: sa.Engine, replica: sa.Engine, behind_ms: int = BEHIND_MS) -> bool:
    """Whether pages that look back may be made of it: it can be read, is of this store, and is not
    behind by more than so much of the store's time."""
    try:
        with replica.connect() as connection:
            has = connection.execute(_LAST).one_or_none()
    except sa.exc.SQLAlchemyError:
        return False
    if has is None:
        return False
    with store.connect() as connection:
        last = connection.execute(_LAST).one()
        same = sa.select(commits.c.at).where(commits.c.commit_no == has.commit_no)
        at = connection.execute(same).scalar()
    return bool(at == has.at and last.at - has.at <= behind_ms)


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
