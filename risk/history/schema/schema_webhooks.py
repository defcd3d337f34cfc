"""The tables of webhooks: incoming endpoints and messages, receivers and deliveries to them."""

from __future__ import annotations

import sqlalchemy as sa

from risk.history.schema import Text, metadata

endpoints = sa.Table(
    "endpoints",
    metadata,
    sa.Column("system", Text, primary_key=True),
    sa.Column("name", Text, primary_key=True),
    sa.Column("secret", sa.LargeBinary, nullable=False),
    sa.Column("mapping", Text, nullable=False),
    sa.Column("set_at", sa.BigInteger, nullable=False),
    sa.Column("previous_secret", sa.LargeBinary),
    sa.Column("previous_until", sa.BigInteger),
    sa.Column("private_files", sa.Boolean),
)
"""Incoming endpoints: the encrypted signing secret, the one before while it is still taken, and the
mapping of the system's fields. `private_files` allows to fetch files by plain http and from the own
network."""

messages = sa.Table(
    "messages",
    metadata,
    sa.Column("system", Text, primary_key=True),
    sa.Column("name", Text, primary_key=True),
    sa.Column("mark", Text, primary_key=True),
    sa.Column("at", sa.BigInteger, nullable=False),
)
"""Messages that were accepted lately: `mark` is a digest of topic and id, or topic and body."""

inbox = sa.Table(
    "inbox",
    metadata,
    sa.Column("message_id", Text, primary_key=True),
    sa.Column("system", Text, nullable=False),
    sa.Column("name", Text, nullable=False),
    sa.Column("topic", Text, nullable=False),
    sa.Column("received_at", sa.BigInteger, nullable=False),
    sa.Column("state", Text, nullable=False),
    sa.Column("why", Text, nullable=False),
    sa.Column("receipt", Text, nullable=False),
    sa.Column("about", Text, nullable=False),
    sa.Column("body", sa.LargeBinary),
)
"""What was pushed and what became of it, for a few days; `body` is encrypted, NULL once erased."""
sa.Index("ix_inbox_received", inbox.c.received_at, inbox.c.message_id)

file_fetches = sa.Table(
    "file_fetches",
    metadata,
    sa.Column("fetch_id", Text, primary_key=True),
    sa.Column("message_id", Text, nullable=False),
    sa.Column("system", Text, nullable=False),
    sa.Column("name", Text, nullable=False),
    sa.Column("evidence_id", Text, nullable=False),
    sa.Column("mark", Text, nullable=False),
    sa.Column("address", sa.LargeBinary, nullable=False),
    sa.Column("decide", sa.Boolean, nullable=False),
    sa.Column("made_at", sa.BigInteger, nullable=False),
    sa.Column("state", Text, nullable=False),
    sa.Column("due_at", sa.BigInteger, nullable=False),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("decide_at", sa.BigInteger),
    sa.Column("trouble", Text),
    sa.Column("done_at", sa.BigInteger),
)
"""Files that pushed messages name by address, which is encrypted; `mark` is its keyed digest.
`state` is waiting, fetched, refused or failed; `due_at` is the next attempt, and moves ahead while
a worker fetches it. `decide`: its request is decided when the file was tried or came; `decide_at`:
from when on that is to be done, moving ahead while a worker does it, NULL where nothing is."""
sa.Index("ux_file_fetches", file_fetches.c.evidence_id, file_fetches.c.mark, unique=True)
sa.Index("ix_file_fetches_due", file_fetches.c.state, file_fetches.c.due_at)
sa.Index("ix_file_fetches_decide", file_fetches.c.decide_at)
sa.Index("ix_file_fetches_message", file_fetches.c.message_id)
sa.Index("ix_file_fetches_made", file_fetches.c.made_at)

receivers = sa.Table(
    "receivers",
    metadata,
    sa.Column("receiver_id", Text, primary_key=True),
    sa.Column("url", Text, nullable=False),
    sa.Column("secret", sa.LargeBinary, nullable=False),
    sa.Column("events", Text, nullable=False),
    sa.Column("merchants", Text, nullable=False),
    sa.Column("private", sa.Boolean, nullable=False),
    sa.Column("made_at", sa.BigInteger, nullable=False),
    sa.Column("stopped_at", sa.BigInteger),
    sa.Column("previous_secret", sa.LargeBinary),
    sa.Column("previous_until", sa.BigInteger),
)
"""Receivers of events; `events` and `merchants` are JSON lists, an empty one means all.

`private` allows plain http and addresses of the own network.
"""

deliveries = sa.Table(
    "deliveries",
    metadata,
    sa.Column("delivery_id", Text, primary_key=True),
    sa.Column("receiver_id", Text, nullable=False),
    sa.Column("event", Text, nullable=False),
    sa.Column("subject", Text, nullable=False),
    sa.Column("refund_id", Text, nullable=False),
    sa.Column("body", Text, nullable=False),
    sa.Column("made_at", sa.BigInteger, nullable=False),
    sa.Column("state", Text, nullable=False),
    sa.Column("due_at", sa.BigInteger, nullable=False),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("status", sa.Integer),
    sa.Column("trouble", Text),
    sa.Column("done_at", sa.BigInteger),
)
"""Deliveries of events, stored before they are sent (outbox). `state` is waiting, sent or failed;
`due_at` is the next attempt, and moves ahead while a worker is sending it."""
sa.Index(
    "ux_deliveries_subject",
    deliveries.c.receiver_id,
    deliveries.c.event,
    deliveries.c.subject,
    unique=True,
)
sa.Index("ix_deliveries_due", deliveries.c.state, deliveries.c.due_at)
sa.Index("ix_deliveries_made", deliveries.c.made_at, deliveries.c.delivery_id)

marks = sa.Table(
    "marks",
    metadata,
    sa.Column("name", Text, primary_key=True),
    sa.Column("at", sa.BigInteger, nullable=False),
)
"""How far the decision log and the cases have been scanned for events."""
