"""Taking in a webhook request: prove who sent it, then take in each message by itself.

Every message is kept in the inbox with what became of it, its body encrypted and for a few days
only, so that one that was refused can be taken in once the mapping table is mended.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from risk.errors import (
    BadInput,
    Conflict,
    Forbidden,
    Malformed,
    NotFound,
    RefundRiskError,
    Unauthenticated,
)
from risk.facts.strict_json import canonical_json, parse_json
from risk.history.connection.connect import now_ms
from risk.history.envelope import SecretCipher
from risk.history.intake import MAX_AHEAD_MS
from risk.history.store import History
from risk.problem_phrases import phrase, text_of
from risk.webhooks import endpoints, file_fetches, inbox_rows
from risk.webhooks.endpoint_setup import mapping_of
from risk.webhooks.endpoints import Endpoint
from risk.webhooks.file_fetches import WantedFile
from risk.webhooks.inbox_rows import InboxMessage, State
from risk.webhooks.mapping_table import MappingTable
from risk.webhooks.message_handler import Handled, MessageHandler, RefusedTopic
from risk.webhooks.receipt import Receipt
from risk.webhooks.repetition import Marks, drop_expired, is_repeated, marks_of, remember
from risk.webhooks.stored_values import NotStoredYet
from risk.webhooks.systems import SYSTEMS
from risk.webhooks.systems.system import Message, System, WebhookRequest, refused

MAX_REASONS = 20
MAX_WAITING = 200
"""So many messages that wait are tried again at a time."""

FINAL = (BadInput, Conflict, Forbidden, NotFound)
"""Errors that the same message would meet again."""


@dataclass(frozen=True, slots=True)
class VerifiedRequest:
    """A request that was proved: its endpoint, the mapping of that, and the messages it holds."""

    system: System
    endpoint: Endpoint
    table: MappingTable
    messages: Sequence[Message]

    def must_say(self, receipt: Receipt) -> bool:
        """Whether the sender is to be answered that its messages were refused: all of them were,
        and somebody reads that, or a rule says so."""
        if any(isinstance(error, RefusedTopic) for error in receipt.errors):
            return True
        return self.system.explains and len(receipt.refused) == len(receipt.messages)


@dataclass(frozen=True, slots=True)
class Inbox:
    """Takes in what other systems push; any number of threads may do so side by side."""

    history: History
    cipher: SecretCipher
    handler: MessageHandler

    def open(self, system_name: str, name: str, request: WebhookRequest) -> VerifiedRequest:
        """The messages of a request to an endpoint. Raises Unauthenticated, and Malformed for a
        body that holds no messages, which is noted in the inbox."""
        system = SYSTEMS.get(system_name)
        if system is None or "\x00" in name:
            raise refused()
        with self.history.read() as connection:
            endpoint = endpoints.find(connection, self.cipher, system_name, name)
        if endpoint is None:
            raise refused()
        table = mapping_of(system, endpoint.mapping)
        _verify(system, request, endpoint, table)
        try:
            body = parse_json(request.raw) if request.raw else None
            return VerifiedRequest(system, endpoint, table, system.messages(request, body, table))
        except Malformed as malformed:
            self._store(replace(_row(endpoint, Message(None, "", None)), why=(text_of(malformed),)))
            raise

    def take(self, verified: VerifiedRequest, message: Message, receipt: Receipt) -> None:
        """Take in one message and add to the receipt what became of it.

        Raises Unavailable and the like, for which nothing is noted, and BadInput where all that is
        wrong are times that will have passed within `MAX_AHEAD_MS`.
        """
        row = _row(verified.endpoint, message)
        with self.history.together():
            handled = self._take_once(verified, message, row, _marks(message))
        handled.receipt.messages.append(row.message_id)
        receipt.add(handled.receipt)

    def _take_once(
        self, verified: VerifiedRequest, message: Message, row: InboxMessage, marks: Marks
    ) -> Handled:
        """Handle a message, or note that it came before; a sender may send it again before it was
        answered, to another process."""
        with self.history.read() as connection:
            again = is_repeated(connection, verified.endpoint.address, marks, now_ms())
        if not again:
            return self._handle(verified, message, row, marks)
        handled = Handled(Receipt(repeated=1))
        self._store(replace(row, state="repeated", receipt=handled.receipt.content()))
        return handled

    def replay(self, message_id: str) -> InboxMessage:
        """Take in a message again, by the mapping table of now, whatever became of it before.

        Raises NotFound, and Conflict where its body or its endpoint is gone.
        """
        self.retry(message_id)
        with self.history.read() as connection:
            return inbox_rows.find(connection, message_id)

    def waiting(self) -> list[str]:
        """The ids of messages that wait, the newest first."""
        with self.history.read() as connection:
            return inbox_rows.waiting(connection, MAX_WAITING)

    def retry(self, message_id: str) -> str:
        """Take in a message again; answers the customer whom it asks to forget, if it does."""
        with self.history.read() as connection:
            row = inbox_rows.find(connection, message_id)
            endpoint = endpoints.find(connection, self.cipher, row.system, row.name)
        message = row.message(self.cipher)
        if message is None:
            raise Conflict(phrase("body_not_kept"))
        if endpoint is None:
            raise Conflict(phrase("no_endpoint", endpoint=f"{row.system}/{row.name}"))
        system = SYSTEMS[row.system]
        verified = VerifiedRequest(
            system, endpoint, mapping_of(system, endpoint.mapping), [message]
        )
        return self._handle(verified, message, row, _marks(message)).forget

    def close(self, message_id: str) -> None:
        """Note that what a message asked for was done; nothing of what it says is kept."""
        with self.history.read() as connection:
            row = inbox_rows.find(connection, message_id)
        self._store(replace(row, state="accepted", about=(), body=None))

    def forget_repetitions(self) -> None:
        """Drop the marks of messages that are remembered no longer."""
        with self.history.write() as write:
            drop_expired(write, now_ms())

    def _handle(
        self, verified: VerifiedRequest, message: Message, row: InboxMessage, marks: Marks
    ) -> Handled:
        """Handle a message and store what became of it."""
        handled = Handled()
        state: State = "accepted"
        try:
            at = row.received_at
            self.handler.handle(verified.endpoint, verified.table, message, at, handled)
            state = "ignored" if handled.receipt.unheeded else "accepted"
            state = "waiting" if handled.forget else state
        except NotStoredYet as missing:
            state = "waiting"
            handled.notes.append(text_of(missing))
        except FINAL as error:
            if isinstance(error, BadInput) and 0 < error.ahead_ms <= MAX_AHEAD_MS:
                raise
            state = "refused"
            handled.notes += _reasons(error)
            handled.receipt.refused.append(str(error))
            handled.receipt.errors.append(error)
        about, why = tuple(handled.about), tuple(handled.notes)
        done = replace(row, state=state, why=why, about=about, receipt=handled.receipt.content())
        if (row.state, list(row.why)) != ("waiting", handled.notes) or state != "waiting":
            settled = state in ("accepted", "waiting")
            self._store(self._with_body(done, message), marks if settled else None, handled.files)
        return handled

    def _with_body(self, row: InboxMessage, message: Message) -> InboxMessage:
        """The row with its body, unless the message is about a person who was forgotten."""
        if self.handler.is_forgotten(row.about):
            return replace(row, body=None)
        return replace(row, body=inbox_rows.encrypted(self.cipher, row.message_id, message))

    def _store(
        self, row: InboxMessage, marks: Marks | None = None, files: Sequence[WantedFile] = ()
    ) -> None:
        with self.history.write() as write:
            inbox_rows.store(write, row)
            for wanted in files:
                file_fetches.add(write, self.history, row, wanted)
            if marks is not None:
                remember(write, (row.system, row.name), marks, now_ms())


def _verify(
    system: System, request: WebhookRequest, endpoint: Endpoint, table: MappingTable
) -> None:
    """Raises Unauthenticated unless one of the endpoint's secrets proves the request."""
    for one in endpoint.with_secrets(now_ms()):
        try:
            system.verify(request, one, table)
        except Unauthenticated:
            continue
        return
    raise refused()


def _marks(message: Message) -> Marks:
    return marks_of(message, canonical_json(message.payload))


def _row(endpoint: Endpoint, message: Message) -> InboxMessage:
    """The row of a message that just came, before anything became of it."""
    return InboxMessage(
        inbox_rows.new_id(), *endpoint.address, message.topic, now_ms(), "refused", (), {}, (), None
    )


def _reasons(error: RefundRiskError) -> list[str]:
    if isinstance(error, BadInput):
        return [problem.said() for problem in error.problems[:MAX_REASONS]]
    return [text_of(error)]
