"""The tables of callers bound to merchants: waiting facts, owners of requests, aliases of ids."""

from __future__ import annotations

import sqlalchemy as sa

from risk.history.schema import Text, index, metadata

waiting_facts = sa.Table(
    "waiting_facts",
    metadata,
    sa.Column(
        "waiting_no",
        sa.BigInteger().with_variant(sa.Integer, "sqlite"),
        primary_key=True,
    ),
    sa.Column("kind", Text, nullable=False),
    sa.Column("fact_key", sa.BigInteger, nullable=False),
    sa.Column("revision", sa.BigInteger, nullable=False),
    sa.Column("content", sa.BigInteger, nullable=False),
    sa.Column("merchants", Text, nullable=False),
    sa.Column("about", Text, nullable=False),
    sa.Column("about_id", Text, nullable=False),
    sa.Column("row", Text, nullable=False),
    sa.Column("at", sa.BigInteger, nullable=False),
)
"""Facts about orders and requests not known to be their sender's: `about` names the field that says
which, `merchants` (JSON) those the sender speaks for, `row` (JSON) the stored columns."""

sa.Index(
    "ux_waiting_facts",
    *(waiting_facts.c[name] for name in ("kind", "fact_key", "revision", "merchants")),
    unique=True,
)
sa.Index("ix_waiting_facts_about", waiting_facts.c.about, waiting_facts.c.about_id)

request_owners = sa.Table(
    "request_owners",
    metadata,
    sa.Column("refund_id", Text, primary_key=True),
    sa.Column("merchant_id", Text, nullable=False),
)
"""The merchant of a request whose order is not known to be that merchant's, or not known at all."""

id_aliases = sa.Table(
    "id_aliases",
    metadata,
    sa.Column("merchant_id", Text, primary_key=True),
    sa.Column("name", Text, primary_key=True),
    sa.Column("id", Text, primary_key=True),
    sa.Column("internal_id", Text, nullable=False),
)
"""Ids that bound callers brought up: what they are in this store. `internal_id` is the same where
the merchant was the first to use it."""

index(id_aliases, "id")
index(id_aliases, "internal_id")
