"""Bringing a store's tables to what this version of the product expects."""

from __future__ import annotations

import sqlalchemy as sa

from risk.history.schema import metadata


def migrate(engine: sa.Engine) -> None:
    metadata.create_all(engine)
