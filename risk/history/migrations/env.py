"""How Alembic reaches the store: through the connection it is given, or a URL of its own."""

from __future__ import annotations

from alembic import context
from sqlalchemy import Connection, create_engine

from risk.history import schema
from risk.settings import Settings


def run(connection: Connection) -> None:
    """Run the revisions that are missing, in one transaction where the database can."""
    context.configure(connection=connection, target_metadata=schema.metadata, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    with create_engine(Settings.from_env().database_url).connect() as opened:
        run(opened)
        opened.commit()
