"""Taking in what a message brings: store it, and decide where its rule says so."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from api.hooks.mapping import Facts, facts_of, rule_for
from api.hooks.system import Message
from api.hooks.table import Table
from api.problems import invalid
from api.service import Service
from risk.errors import BadInput, Conflict, NotFound, Problem
from risk.facts import KINDS
from risk.facts.format import iso
from risk.history.connect import now_ms
from risk.history.intake import ingest
from risk.webhooks import endpoints
from risk.webhooks.endpoints import Endpoint

LONGEST = 255


@dataclass(slots=True)
class Taken:
    """What became of the messages of one push."""

    stored: int = 0
    known: int = 0
    repeated: int = 0
    unheeded: int = 0
    contradicting: list[str] = field(default_factory=list)
    decisions: list[str] = field(default_factory=list)

    def content(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}


def take_all(
    service: Service, endpoint: Endpoint, table: Table, messages: Sequence[Message], digest: str
) -> Taken:
    """Take in the messages of one push, each once for good.

    Raises Trouble for facts that do not fit; what came before them stays, and is known again.
    """
    taken = Taken()
    for number, message in enumerate(messages):
        marks = [f"body:{digest}:{number}"]
        if message.message_id:
            marks.append(_mark(message.message_id))
        with service.history.read() as connection:
            again = endpoints.seen(connection, endpoint, marks)
        if again:
            taken.repeated += 1
            continue
        _take(service, endpoint, table, message, taken)
        with service.history.write() as write:
            endpoints.note(write, endpoint, marks)
    return taken


def _mark(message_id: str) -> str:
    """What a message is known by; an id that no store would take as a key, by its digest."""
    if len(message_id) <= LONGEST and "\x00" not in message_id:
        return f"id:{message_id}"
    return f"long:{hashlib.blake2b(message_id.encode(), digest_size=16).hexdigest()}"


def _take(
    service: Service, endpoint: Endpoint, table: Table, message: Message, taken: Taken
) -> None:
    rule = rule_for(table, message.topic)
    if rule is None:
        taken.unheeded += 1
        return
    try:
        facts = facts_of(table, rule, message.payload, endpoint.prefix, iso(now_ms()))
        if rule.decide and len(facts.get("refunds", [])) == 1 and _decided(service, facts, taken):
            return
        _store(service, facts, taken)
    except BadInput as bad:
        raise invalid(bad.problems, _pointer) from bad
    if rule.decide:
        _decide_again(service, facts, taken)


def _pointer(problem: Problem) -> str:
    parts = [problem.kind, problem.row, problem.field]
    return "#" + "".join(f"/{part}" for part in parts if part is not None)


def _decided(service: Service, facts: Facts, taken: Taken) -> bool:
    """Store and decide in one transaction; False where something stored says otherwise."""
    body: dict[str, Any] = {}
    for name, rows in facts.items():
        kind = KINDS[name]
        if rows and (not kind.member or (kind.single and len(rows) > 1)):
            return False
        body[kind.member] = (rows[0] if kind.single else rows) if rows else None
    try:
        decided = service.decider.score(body)
    except Conflict:
        return False
    service.metrics.decided(decided)
    taken.decisions.append(decided.decision_id)
    taken.stored += sum(len(rows) for rows in facts.values())
    return True


def _store(service: Service, facts: Facts, taken: Taken) -> None:
    """Store by kind; what stands already with another content stays as it stands."""
    for kind, rows in facts.items():
        for row in rows:
            try:
                added = ingest(service.history, kind, [row], may_backdate=False)
            except Conflict as conflict:
                taken.contradicting.append(str(conflict))
            else:
                taken.stored += added.new
                taken.known += added.same


def _decide_again(service: Service, facts: Facts, taken: Taken) -> None:
    """Decide every request the facts are about, where it is known."""
    about = {
        str(row["refund_id"]) for rows in facts.values() for row in rows if row.get("refund_id")
    }
    for refund_id in sorted(about):
        try:
            decided = service.decider.score_again(refund_id)
        except NotFound:
            continue
        service.metrics.decided(decided)
        taken.decisions.append(decided.decision_id)
