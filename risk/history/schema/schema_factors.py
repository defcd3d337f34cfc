"""The tables of second factors and of single sign-on."""

from __future__ import annotations

import sqlalchemy as sa

from risk.history.schema import Text, metadata

second_factors = sa.Table(
    "second_factors",
    metadata,
    sa.Column("name", Text, primary_key=True),
    sa.Column("secret", sa.LargeBinary, nullable=False),
    sa.Column("recovery", Text, nullable=False),
    sa.Column("last_step", sa.BigInteger, nullable=False),
    sa.Column("confirmed_at", sa.BigInteger),
)
"""Who proves themselves by TOTP too: the encrypted secret, digests of the recovery codes that are
left (JSON), and the time step of the last code that was taken."""

sign_on_identities = sa.Table(
    "sign_on_identities",
    metadata,
    sa.Column("issuer", Text, primary_key=True),
    sa.Column("subject", Text, primary_key=True),
    sa.Column("name", Text, nullable=False, unique=True),
    sa.Column("linked_at", sa.BigInteger, nullable=False),
)
"""Whom an identity provider means: its id of somebody, and the account here."""
