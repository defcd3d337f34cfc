"""The tables of the reviewers' side: cases and their events, list entries, accounts, sessions.

All are append-only but `cases` (derived: it can be rebuilt from decisions, outcomes and
`case_events`), `pending_findings`, `people`, `sessions`, `tries` and `views`.
"""

from __future__ import annotations

import sqlalchemy as sa

from risk.history.schema import Text, metadata

_Serial = sa.BigInteger().with_variant(sa.Integer, "sqlite")

cases = sa.Table(
    "cases",
    metadata,
    sa.Column("refund_id", Text, primary_key=True),
    sa.Column("state", Text, nullable=False),
    sa.Column("rank", sa.BigInteger, nullable=False),
    sa.Column("decision_id", Text, nullable=False),
    sa.Column("wanted", sa.Boolean, nullable=False),
    sa.Column("tier", Text, nullable=False),
    sa.Column("stage", Text, nullable=False),
    sa.Column("probability", sa.Double, nullable=False),
    sa.Column("amount", sa.BigInteger, nullable=False),
    sa.Column("currency", Text, nullable=False),
    sa.Column("stake", sa.Double, nullable=False),
    sa.Column("respond_by", sa.BigInteger, nullable=False),
    sa.Column("requested_at", sa.BigInteger, nullable=False),
    sa.Column("type", Text),
    sa.Column("reason_code", Text),
    sa.Column("merchant_id", Text),
    sa.Column("linked", sa.BigInteger, nullable=False),
    sa.Column("linked_fraud", sa.BigInteger, nullable=False),
    sa.Column("audit", sa.Boolean, nullable=False),
    sa.Column("audit_share", sa.Double),
    sa.Column("selected_by", Text, nullable=False),
    sa.Column("priority", sa.Boolean, nullable=False),
    sa.Column("headline", Text, nullable=False),
    sa.Column("opened_at", sa.BigInteger, nullable=False),
    sa.Column("decided_at", sa.BigInteger, nullable=False),
    sa.Column("closed_at", sa.BigInteger),
    sa.Column("verdict", Text),
    sa.Column("found_by", Text),
    sa.Column("asked_at", sa.BigInteger),
    sa.Column("escalated_at", sa.BigInteger),
    sa.Column("appealed_at", sa.BigInteger),
    sa.Column("held_by", Text),
    sa.Column("held_until", sa.BigInteger),
    sa.Column("ended", Text),
    sa.Column("team", Text),
    sa.Column("facts_at", sa.BigInteger),
)
"""One row a request that needed a person: its state after decisions, outcomes and events.

`rank` orders the queue, smallest first; `stake` is money in the policy's currency; `headline` is
the reason it is here, as JSON by language. `selected_by` and `audit_share` become the outcome's
`selected_by` and `selection_probability`. `ended` says why a case is closed without having to be
found out: its request was `withdrawn` or `retracted`. `team` is whom it was given to, if to no one
person. `facts_at` is when facts about it came that its newest decision did not know, until it is
decided again.
"""
sa.Index("ix_cases_queue", cases.c.state, cases.c.rank, cases.c.refund_id)
sa.Index("ix_cases_closed", cases.c.state, cases.c.closed_at)
_TO_DECIDE = cases.c.facts_at.is_not(None)
sa.Index("ix_cases_facts", cases.c.facts_at, sqlite_where=_TO_DECIDE, postgresql_where=_TO_DECIDE)
# A covering index for the counts of queue and overview, under whatever filters: a row is long.
_COUNTED = (
    "state", "respond_by", "appealed_at", "escalated_at", "held_until", "held_by", "team",
    "tier", "reason_code", "type", "merchant_id", "currency", "amount", "stake", "linked", "audit",
    "opened_at", "linked_fraud",
)  # fmt: skip
sa.Index("ix_cases_counts", *(cases.c[name] for name in _COUNTED))

case_events = sa.Table(
    "case_events",
    metadata,
    sa.Column("event_no", _Serial, primary_key=True),
    sa.Column("refund_id", Text, nullable=False),
    sa.Column("at", sa.BigInteger, nullable=False),
    sa.Column("who", Text, nullable=False),
    sa.Column("action", Text, nullable=False),
    sa.Column("body", Text, nullable=False),
)
"""What people did on cases, by whom and when; `body` is JSON."""
sa.Index("ix_case_events_at", case_events.c.at)
sa.Index("ix_case_events_refund_id", case_events.c.refund_id, case_events.c.event_no)

pending_findings = sa.Table(
    "pending_findings",
    metadata,
    sa.Column("refund_id", Text, primary_key=True),
    sa.Column("who", Text, nullable=False),
    sa.Column("made_at", sa.BigInteger, nullable=False),
    sa.Column("due_at", sa.BigInteger, nullable=False),
    sa.Column("body", Text, nullable=False),
)
"""Findings that were sent and can be undone until `due_at`; then they are stored, and gone here."""
sa.Index("ix_pending_findings_due_at", pending_findings.c.due_at)

surges = sa.Table(
    "surges",
    metadata,
    sa.Column("surge_no", _Serial, primary_key=True),
    sa.Column("dimension", Text, nullable=False),
    sa.Column("name", Text, nullable=False),
    sa.Column("at", sa.BigInteger, nullable=False),
    sa.Column("body", Text, nullable=False),
)
"""Surges of requests when they were first noticed, by dimension and name; `body` is JSON."""
sa.Index("ix_surges_at", surges.c.at)

listings = sa.Table(
    "listings",
    metadata,
    sa.Column("listing_no", _Serial, primary_key=True),
    sa.Column("customer_id", Text, nullable=False),
    sa.Column("kind", Text, nullable=False),
    sa.Column("cause", Text, nullable=False),
    sa.Column("asks", Text, nullable=False),
    sa.Column("who", Text, nullable=False),
    sa.Column("refund_id", Text),
    sa.Column("expires_at", sa.BigInteger),
    sa.Column("known_at", sa.BigInteger, nullable=False),
)
"""Entries of the block and allow lists; the customer's newest is in force, `withdrawn` ends it."""
sa.Index("ix_listings_customer_id", listings.c.customer_id, listings.c.known_at)

people = sa.Table(
    "people",
    metadata,
    sa.Column("name", Text, primary_key=True),
    sa.Column("shown", Text, nullable=False),
    sa.Column("role", Text, nullable=False),
    sa.Column("password", Text, nullable=False),
    sa.Column("zone", Text, nullable=False),
    sa.Column("made_at", sa.BigInteger, nullable=False),
    sa.Column("left_at", sa.BigInteger),
    sa.Column("team", Text),
)
"""Accounts of the console; `password` is an Argon2id hash, `zone` an IANA time zone, `team` whom
they work with."""

sessions = sa.Table(
    "sessions",
    metadata,
    sa.Column("token", sa.LargeBinary, primary_key=True),
    sa.Column("name", Text, nullable=False),
    sa.Column("guard", Text, nullable=False),
    sa.Column("opened_at", sa.BigInteger, nullable=False),
    sa.Column("seen_at", sa.BigInteger, nullable=False),
    sa.Column("proved", sa.Boolean),
)
"""Login sessions: the digest of the cookie's token; `guard` is the CSRF token of its forms,
`proved` whether a second factor or an identity provider stood behind the login."""
sa.Index("ix_sessions_name", sessions.c.name)
sa.Index("ix_sessions_seen_at", sessions.c.seen_at)

login_attempts = sa.Table(
    "tries",
    metadata,
    sa.Column("try_no", _Serial, primary_key=True),
    sa.Column("subject", Text, nullable=False),
    sa.Column("at", sa.BigInteger, nullable=False),
)
"""Recent login attempts by name and network address, for the rate limit."""
sa.Index("ix_tries_subject", login_attempts.c.subject, login_attempts.c.at)

access_log = sa.Table(
    "looks",
    metadata,
    sa.Column("look_no", _Serial, primary_key=True),
    sa.Column("at", sa.BigInteger, nullable=False),
    sa.Column("who", Text, nullable=False),
    sa.Column("refund_id", Text, nullable=False),
    sa.Column("page", Text, nullable=False),
)
"""The access log: who opened which case, on which page."""
sa.Index("ix_looks_refund_id", access_log.c.refund_id, access_log.c.at)

saved_filters = sa.Table(
    "views",
    metadata,
    sa.Column("name", Text, primary_key=True),
    sa.Column("title", Text, primary_key=True),
    sa.Column("filters", Text, nullable=False),
    sa.Column("saved_at", sa.BigInteger, nullable=False),
)
"""Filters of the queue that a person saved under a title."""
