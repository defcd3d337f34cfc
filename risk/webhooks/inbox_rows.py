"""The inbox in the store: one row a message that was pushed, its body encrypted."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

import orjson
import sqlalchemy as sa

from risk.errors import NotFound
from risk.history.connection.connect import Write
from risk.history.connection.page_rows import Page, PageOf
from risk.history.envelope import SecretCipher
from risk.history.inbox_bodies import decrypt_body, encrypt_body
from risk.history.schema.schema_webhooks import inbox
from risk.problem_phrases import kept, restored
from risk.webhooks.systems.system import Message

State = Literal["accepted", "repeated", "ignored", "refused", "waiting"]
STATES: tuple[State, ...] = get_args(State)

LONGEST_TOPIC = 200


@dataclass(frozen=True, slots=True)
class InboxMessage:
    """A message that was pushed, and what became of it; times in ms.

    `why` says it in phrases, `receipt` counts what it led to, `about` are the ids it names, with
    the endpoint's prefix. `body` is encrypted; None where it was erased, or never kept.
    """

    message_id: str
    system: str
    name: str
    topic: str
    received_at: int
    state: State
    why: Sequence[str]
    receipt: dict[str, Any]
    about: Sequence[str]
    body: bytes | None = field(repr=False)

    def message(self, cipher: SecretCipher) -> Message | None:
        """The message as it came; None where its body is gone."""
        if self.body is None:
            return None
        content = decrypt_body(cipher, self.message_id, self.body)
        return Message(**content)


def new_id() -> str:
    """The id of a message in the inbox."""
    return "in_" + secrets.token_hex(12)


def encrypted(cipher: SecretCipher, message_id: str, message: Message) -> bytes:
    """The body to be stored under this id."""
    content = {name: getattr(message, name) for name in Message.__dataclass_fields__}
    return encrypt_body(cipher, message_id, content)


def store(write: Write, one: InboxMessage) -> None:
    """Store a message, or what became of it now."""
    write.connection.execute(sa.delete(inbox).where(inbox.c.message_id == one.message_id))
    write.connection.execute(
        sa.insert(inbox).values(
            message_id=one.message_id,
            system=one.system,
            name=one.name,
            topic=one.topic.replace("\x00", "")[:LONGEST_TOPIC],
            received_at=one.received_at,
            state=one.state,
            why=orjson.dumps([kept(text) for text in one.why]).decode(),
            receipt=orjson.dumps(one.receipt).decode(),
            about=orjson.dumps(list(one.about)).decode(),
            body=one.body,
        )
    )


def find(connection: sa.Connection, message_id: str) -> InboxMessage:
    """One message. Raises NotFound."""
    row = connection.execute(sa.select(inbox).where(inbox.c.message_id == message_id)).one_or_none()
    if row is None:
        raise NotFound(f"no message {message_id}")
    return _read(row)


def page(
    connection: sa.Connection,
    wanted: PageOf,
    *,
    state: str | None = None,
    system: str | None = None,
    name: str | None = None,
) -> Page[InboxMessage]:
    """A page of messages, the newest first."""
    c, query = inbox.c, sa.select(inbox)
    for column, value in ((c.state, state), (c.system, system), (c.name, name)):
        query = query.where(column == value) if value else query
    return wanted.read(connection, query, c.received_at, c.message_id, _read)


def waiting(connection: sa.Connection, limit: int) -> list[str]:
    """The ids of messages that wait for the service to act on them, the newest first."""
    c = inbox.c
    query = sa.select(c.message_id).where(c.state == "waiting").order_by(c.received_at.desc())
    return list(connection.execute(query.limit(limit)).scalars())


def _read(row: Any) -> InboxMessage:
    return InboxMessage(
        row.message_id, row.system, row.name, row.topic, row.received_at, row.state,
        [restored(text) for text in orjson.loads(row.why)],
        orjson.loads(row.receipt), orjson.loads(row.about), row.body,
    )  # fmt: skip
