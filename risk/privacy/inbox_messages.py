"""Erasure in the inbox: bodies of pushed messages that are about a customer, and addresses of files
that they name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import orjson
import sqlalchemy as sa

from risk.errors import Forbidden
from risk.facts import EVIDENCE
from risk.history.envelope import SecretCipher
from risk.history.inbox_bodies import decrypt_body
from risk.history.schema.schema_webhooks import file_fetches, inbox
from risk.privacy.subject_rows import DataSubject, batches, name_pattern

ERASED = orjson.dumps(["its body was erased: it was about somebody who was forgotten"]).decode()


def erase_messages(
    connection: sa.Connection, cipher: SecretCipher, subject: DataSubject
) -> dict[str, int]:
    """Erase the bodies of messages that name the customer, or an order or request of theirs;
    returns how many."""
    wanted = {*subject.names, *subject.orders, *subject.refunds}
    pattern = name_pattern(wanted)
    query = sa.select(inbox.c.message_id, inbox.c.about, inbox.c.body)
    found = [
        row.message_id
        for row in connection.execute(query)
        if not wanted.isdisjoint(orjson.loads(row.about)) or _names(row, cipher, pattern)
    ]
    for some in batches(found):
        here = sa.update(inbox).where(inbox.c.message_id.in_(some))
        connection.execute(here.values(body=None, about="[]", receipt="{}", why=ERASED))
    _erase_fetches(connection, subject, found)
    return {"pushed": len(found)} if found else {}


def _erase_fetches(
    connection: sa.Connection, subject: DataSubject, message_ids: Sequence[str]
) -> None:
    """Erase what was to be fetched, or was, of their evidence and for these messages."""
    evidence = [row["evidence_id"] for row in subject.facts[EVIDENCE.name]]
    for column, ids in (("evidence_id", evidence), ("message_id", message_ids)):
        for some in batches(ids):
            connection.execute(sa.delete(file_fetches).where(file_fetches.c[column].in_(some)))


def _names(row: Any, cipher: SecretCipher,
           pattern: re.Pattern[str] | None) -> bool:  # fmt: skip
    """Whether a body names the customer; one that cannot be read any more is as good as named."""
    if row.body is None or pattern is None:
        return False
    try:
        content = decrypt_body(cipher, row.message_id, row.body)
    except Forbidden:
        return True
    return bool(pattern.search(orjson.dumps(content, default=str).decode()))
