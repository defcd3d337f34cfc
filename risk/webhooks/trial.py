"""Trying a mapping table on a message: what it would bring, with nothing stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from risk.errors import BadInput
from risk.facts import SUBMITTED
from risk.facts.format import iso
from risk.facts.models import read_facts
from risk.facts.strict_json import parse_json
from risk.history.connection.connect import now_ms
from risk.problem_phrases import phrase
from risk.webhooks.field_values import KeepStored, StoredLines
from risk.webhooks.mapping import KEEP, facts_of, file_urls, rule_for
from risk.webhooks.mapping_table import MappingTable
from risk.webhooks.systems.system import Message, System, WebhookRequest


@dataclass(slots=True)
class Trial:
    """What a message would bring: facts by kind, notes, and what is wrong with it.

    `rule` is the topic of the rule that is for it, empty where none is.
    """

    topic: str
    rule: str = ""
    facts: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def try_messages(
    system: System, table: MappingTable, raw: bytes, headers: Mapping[str, str], prefix: str
) -> list[Trial]:
    """What each message of a request would bring; its signature is not looked at.

    Raises Malformed for a body that holds no messages.
    """
    request = WebhookRequest(raw, {name.lower(): value for name, value in headers.items()}, 0.0)
    messages = system.messages(request, parse_json(raw), table)
    return [_try(table, message, prefix) for message in messages]


def _try(table: MappingTable, message: Message, prefix: str) -> Trial:
    trial = Trial(message.topic)
    rule = rule_for(table, message.topic)
    if rule is None:
        trial.notes.append(phrase("no_rule"))
        return trial
    trial.rule = rule.topic
    if rule.refuse is not None or rule.forget is not None:
        trial.notes.append(rule.refuse or f"the customer at {rule.forget} is forgotten")
        return trial
    try:
        facts = facts_of(table, rule, message.payload, prefix, iso(now_ms()), trial.notes)
    except BadInput as bad:
        trial.problems += map(str, bad.problems)
        return trial
    trial.facts = {kind: [_shown(fact) for fact in rows] for kind, rows in facts.items()}
    for url in file_urls(facts, trial.notes).values():
        if why := table.files.refusal(url, private=False):
            trial.notes.append(f"its file would not be fetched: {why}")
    for kind, rows in facts.items():
        trial.problems += _problems(kind, rows)
    return trial


def _shown(fact: Mapping[str, Any]) -> dict[str, Any]:
    """A fact as it is printed; what rests on stored facts is said in words."""
    words = {StoredLines: "what the stored lines of the order cost", KeepStored: "as stored"}
    shown = {name: words.get(type(value), value) for name, value in fact.items() if name != KEEP}
    return shown | ({"everything else": "as stored"} if KEEP in fact else {})


def _problems(kind: str, rows: list[dict[str, Any]]) -> list[str]:
    """What the contract finds wrong with facts that rest on nothing stored."""
    whole = [fact for fact in rows
             if KEEP not in fact and not any(isinstance(v, StoredLines | KeepStored)
                                             for v in fact.values())]  # fmt: skip
    try:
        read_facts(SUBMITTED[kind], whole)
    except BadInput as bad:
        return [str(problem) for problem in bad.problems]
    return []
