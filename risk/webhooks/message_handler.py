"""Handling one message: its facts are stored, and what it asks for is decided."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from risk.decisions.decide import Decider
from risk.errors import BadInput, Conflict, NotFound, Problem
from risk.facts import KINDS
from risk.facts.format import iso
from risk.facts.parse import is_empty
from risk.history.intake import ingest, ingest_correcting
from risk.history.store import History
from risk.problem_phrases import phrase
from risk.webhooks.endpoints import Endpoint
from risk.webhooks.field_values import value_at
from risk.webhooks.file_fetches import WantedFile
from risk.webhooks.mapping import Facts, facts_of, file_urls, rule_for
from risk.webhooks.mapping_table import MappingTable, MessageRule
from risk.webhooks.receipt import Receipt
from risk.webhooks.stored_values import StoredValues
from risk.webhooks.systems.system import Message


class RefusedTopic(BadInput):
    """Messages of this topic are refused by the mapping table, and their sender is to know."""


_ABOUT = ("customer_id", "order_id", "refund_id")


@dataclass(slots=True)
class Handled:
    """What became of one message: the receipt of it, the ids it is about, notes in words.

    `forget` is the customer whom it asks to forget; that takes longer than a push may, and so does
    fetching `files`, which comes before deciding.
    """

    receipt: Receipt = field(default_factory=Receipt)
    about: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    forget: str = ""
    files: list[WantedFile] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class MessageHandler:
    """Stores and decides what messages bring, with the endpoint as the author."""

    history: History
    decider: Decider

    def handle(
        self,
        endpoint: Endpoint,
        table: MappingTable,
        message: Message,
        received: int,
        handled: Handled,
    ) -> None:
        """Do what the table says about messages of this topic; `handled` says how far it came.

        `received` is when the message came (ms). Raises BadInput for facts that do not fit, whose
        problems name kind, row and field, RefusedTopic where the table refuses such messages, and
        NotStoredYet.
        """
        rule = rule_for(table, message.topic)
        if rule is None:
            handled.receipt.unheeded += 1
            handled.notes.append(phrase("no_rule"))
            return
        if rule.refuse is not None:
            raise RefusedTopic(
                [Problem("message", None, "topic", phrase("another_topic"), rule.refuse)]
            )
        if rule.forget is not None:
            handled.forget = _customer(rule.forget, message, endpoint)
            handled.about.append(handled.forget)
            return
        facts = facts_of(
            table, rule, message.payload, endpoint.prefix, iso(received), handled.notes
        )
        handled.about += _ids(facts)
        urls = file_urls(facts, handled.notes)
        facts = StoredValues(self.history).fill(facts)
        if not any(facts.values()):
            handled.receipt.unheeded += 1
            handled.notes.append(phrase("no_facts"))
            return
        decide = rule.decide and not urls
        self._apply(endpoint, rule, facts, handled.receipt, decide=decide)
        handled.files += [WantedFile(item, url, rule.decide) for item, url in urls.items()]

    def _apply(
        self, endpoint: Endpoint, rule: MessageRule, facts: Facts, receipt: Receipt, *, decide: bool
    ) -> None:
        requests = facts.get("refunds", [])
        new = len(requests) == 1 and not (
            rule.correct and StoredValues(self.history).has(requests[0])
        )
        if decide and new and self._score(facts, receipt, endpoint):
            return
        self._store(facts, receipt, endpoint, correct=rule.correct)
        if decide:
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

    def _store(self, facts: Facts, receipt: Receipt, endpoint: Endpoint, *, correct: bool) -> None:
        """Store by kind; what is stored with another content stays, or is corrected."""
        store = ingest_correcting if correct else ingest
        for kind, rows in facts.items():
            for row in rows:
                try:
                    added = store(self.history, kind, [row], who=endpoint.title)
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

    def is_forgotten(self, ids: Iterable[str]) -> bool:
        """Whether any of these ids is on the suppression list."""
        return any(self.history.hasher.suppression_list.covers(one) for one in ids)


def _customer(path: str, message: Message, endpoint: Endpoint) -> str:
    """The customer's id at a path. Raises BadInput where there is none."""
    found = value_at(message.payload, path)
    if is_empty(found) or not isinstance(found, str | int):
        raise BadInput(
            [Problem("message", None, path, phrase("customer_id"), phrase("got_nothing"))]
        )
    return f"{endpoint.prefix}{found}"


def _ids(facts: Facts) -> list[str]:
    """The customers, orders and requests that facts are about."""
    rows = [row for of_kind in facts.values() for row in of_kind]
    return sorted({str(row[name]) for row in rows for name in _ABOUT if row.get(name)})
