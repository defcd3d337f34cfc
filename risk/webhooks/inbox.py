"""Taking in a webhook request: prove who sent it, store what it brings, decide what it asks."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from risk.decisions.decide import Decider
from risk.decisions.decision import Decided
from risk.errors import Conflict, NotFound
from risk.facts import KINDS
from risk.facts.format import iso
from risk.facts.strict_json import parse_json
from risk.history.connect import now_ms
from risk.history.envelope import SecretCipher
from risk.history.intake import ingest
from risk.history.store import History
from risk.webhooks import endpoints
from risk.webhooks.endpoint_setup import mapping_of
from risk.webhooks.endpoints import Endpoint
from risk.webhooks.mapping import Facts, facts_of, rule_for
from risk.webhooks.mapping_table import MappingTable
from risk.webhooks.systems import SYSTEMS
from risk.webhooks.systems.system import Message, WebhookRequest, refused

MAX_MESSAGE_ID = 255


@dataclass(slots=True)
class Receipt:
    """What became of the messages of one request, with the decisions they led to."""

    stored: int = 0
    known: int = 0
    repeated: int = 0
    unheeded: int = 0
    contradicting: list[str] = field(default_factory=list)
    decisions: list[Decided] = field(default_factory=list)

    def content(self) -> dict[str, Any]:
        """The receipt as JSON has it."""
        counts = ("stored", "known", "repeated", "unheeded", "contradicting")
        ids = [decided.decision_id for decided in self.decisions]
        return {**{name: getattr(self, name) for name in counts}, "decisions": ids}


@dataclass(frozen=True, slots=True)
class Inbox:
    """Takes in what other systems push; any number of threads may do so side by side."""

    history: History
    cipher: SecretCipher
    decider: Decider

    def receive(self, system_name: str, name: str, request: WebhookRequest) -> Receipt:
        """Take in the messages of one request to the endpoint, each once for good.

        Raises Unauthenticated, Malformed, and BadInput for facts that do not fit, whose problems
        name kind, row and field; what came before them stays, and is known again.
        """
        system = SYSTEMS.get(system_name)
        if system is None or "\x00" in name:
            raise refused()
        with self.history.read() as connection:
            endpoint = endpoints.find(connection, self.cipher, system_name, name)
        if endpoint is None:
            raise refused()
        table = mapping_of(system, endpoint.mapping)
        system.verify(request, endpoint, table)
        messages = system.messages(request, parse_json(request.raw) if request.raw else None)
        return self._take_all(endpoint, table, messages, _digest(request.raw))

    def _take_all(
        self, endpoint: Endpoint, table: MappingTable, messages: Sequence[Message], digest: str
    ) -> Receipt:
        receipt = Receipt()
        for number, message in enumerate(messages):
            marks = [f"body:{digest}:{number}"]
            if message.message_id:
                marks.append(_mark(message.message_id))
            with self.history.read() as connection:
                again = endpoints.seen(connection, endpoint, marks)
            if again:
                receipt.repeated += 1
                continue
            self._take(endpoint, table, message, receipt)
            with self.history.write() as write:
                endpoints.note(write, endpoint, marks)
        return receipt

    def _take(
        self, endpoint: Endpoint, table: MappingTable, message: Message, receipt: Receipt
    ) -> None:
        rule = rule_for(table, message.topic)
        if rule is None:
            receipt.unheeded += 1
            return
        facts = facts_of(table, rule, message.payload, endpoint.prefix, iso(now_ms()))
        if (
            rule.decide
            and len(facts.get("refunds", [])) == 1
            and self._score(facts, receipt, endpoint)
        ):
            return
        self._store(facts, receipt, endpoint)
        if rule.decide:
            self._score_again(facts, receipt)

    def _score(self, facts: Facts, receipt: Receipt, endpoint: Endpoint) -> bool:
        """Store and decide in one transaction; False where something stored says otherwise."""
        body: dict[str, Any] = {}
        for name, rows in facts.items():
            kind = KINDS[name]
            if not rows:
                continue
            if not kind.member or (kind.single and len(rows) > 1):
                return False
            body[kind.member] = rows[0] if kind.single else rows
        try:
            receipt.decisions.append(self.decider.score(body, who=endpoint.title))
        except Conflict:
            return False
        receipt.stored += sum(len(rows) for rows in facts.values())
        return True

    def _store(self, facts: Facts, receipt: Receipt, endpoint: Endpoint) -> None:
        """Store by kind; what stands already with another content stays as it stands."""
        for kind, rows in facts.items():
            for row in rows:
                try:
                    added = ingest(
                        self.history, kind, [row], may_backdate=False, who=endpoint.title
                    )
                except Conflict as conflict:
                    receipt.contradicting.append(str(conflict))
                else:
                    receipt.stored += added.new
                    receipt.known += added.same

    def _score_again(self, facts: Facts, receipt: Receipt) -> None:
        """Decide every request the facts are about, where it is known and was not taken back."""
        about = {
            str(row["refund_id"]) for rows in facts.values() for row in rows if row.get("refund_id")
        }
        for refund_id in sorted(about):
            try:
                receipt.decisions.append(self.decider.score_again(refund_id))
            except NotFound:
                continue
            except Conflict as conflict:
                receipt.contradicting.append(str(conflict))


def _digest(raw: bytes) -> str:
    return hashlib.blake2b(raw, digest_size=16).hexdigest()


def _mark(message_id: str) -> str:
    """What a message is known by; an id that no store would take as a key, by its digest."""
    if len(message_id) <= MAX_MESSAGE_ID and "\x00" not in message_id:
        return f"id:{message_id}"
    return f"long:{hashlib.blake2b(message_id.encode(), digest_size=16).hexdigest()}"
