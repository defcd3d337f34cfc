"""Where MLflow's database says that artifacts lie, and what says so when they were moved."""

from __future__ import annotations

import sqlalchemy as sa

PLACES = (
    ("experiments", "artifact_location"),
    ("runs", "artifact_uri"),
    ("logged_models", "artifact_location"),
    ("model_versions", "source"),
    ("model_versions", "storage_location"),
)
"""The tables and columns of MLflow 3 that hold places of artifacts."""


def rewrite_places(database_url: str, old: str, new: str) -> int:
    """Let what lies under the URI `old` lie under `new`; returns how many places changed.

    MLflow has no call for it: where artifacts lie is fixed when an experiment is created.
    """
    engine = sa.create_engine(database_url)
    try:
        with engine.begin() as connection:
            return sum(_rewrite(connection, *place, old, new) for place in PLACES)
    finally:
        engine.dispose()


def _rewrite(connection: sa.Connection, table: str, column: str, old: str, new: str) -> int:
    named: sa.ColumnClause[str] = sa.column(column)
    under = sa.func.substr(named, 1, len(old) + 1) == f"{old}/"
    moved = sa.literal(new).op("||")(sa.func.substr(named, len(old) + 1))
    statement = sa.update(sa.table(table, named)).where(under).values({column: moved})
    return connection.execute(statement).rowcount
