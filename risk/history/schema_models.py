"""The tables around the models in service: what a challenger would have answered, and reports.

Nothing here is ever acted on. A report is added to and never changed; the newest of a kind counts.
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
"""The answer the bundle with this digest would have given where another one decided."""

reports = sa.Table(
    "reports",
    metadata,
    sa.Column("kind", Text, primary_key=True),
    sa.Column("made_at", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("body", Text, nullable=False),
)
"""What `monitor` found, as JSON: of a kind `comparison` (champion and challenger) or `watch`."""
