"""Bringing a store's tables to what this version of the product expects."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

HEAD = "0002"
"""The revision this version of the product is written for."""

SCRIPTS = Path(__file__).parent / "migrations"


def migrate(engine: sa.Engine, revision: str = HEAD) -> None:
    """Run the revisions between the store's and `revision`; most often there are none."""
    if revision == HEAD and current(engine) == HEAD:
        return
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        backward = revision == "base" or (current(engine) or "") > revision
        (command.downgrade if backward else command.upgrade)(config, revision)


def current(engine: sa.Engine) -> str | None:
    """The store's revision; None for a store without tables."""
    if not sa.inspect(engine).has_table("alembic_version"):
        return None
    with engine.connect() as connection:
        found = connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()
    return None if found is None else str(found)
