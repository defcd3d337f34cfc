"""The tables of challenger answers and of the monitor's reports, both append-only.

Nothing here is ever acted on; the newest report of a kind counts.
"""

from __future__ import annotations

import sqlalchemy as sa

from risk.history.schema import Text, metadata

shadows = sa.Table(
    "shadows",
    metadata,
    sa.Column("digest", Text, primary_key=True),
    sa.Column("decision_id", Text, primary_key=True),
    sa.Column("probability", sa.Double, nullable=False),
    sa.Column("tier", Text, nullable=False),
)
"""What the challenger with this digest would have answered in place of the champion."""

reports = sa.Table(
    "reports",
    metadata,
    sa.Column("kind", Text, primary_key=True),
    sa.Column("made_at", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("body", Text, nullable=False),
)
"""The monitor's reports as JSON, of the kind `comparison` or `watch` (on the champion)."""

models = sa.Table(
    "models",
    metadata,
    sa.Column("published_at", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("role", Text, nullable=False),
    sa.Column("version", Text, nullable=False),
    sa.Column("digest", Text, nullable=False),
    sa.Column("why", Text, nullable=False),
    sa.Column("bundle", sa.LargeBinary, nullable=False),
)
"""Bundles that were put in service; the newest row of a role is the one in force."""

policies = sa.Table(
    "policies",
    metadata,
    sa.Column("version", Text, primary_key=True),
    sa.Column("kept_at", sa.BigInteger, nullable=False),
    sa.Column("content", Text, nullable=False),
)
"""Every policy a decision was made under, by its hash."""
