"""Messages → facts, by a mapping table; ids get the endpoint's prefix."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from fnmatch import fnmatchcase
from typing import Any

from risk.errors import BadInput, Problem
from risk.facts import EVIDENCE, MEMBERS, OWN_IDS, SUBMITTED
from risk.facts.parse import is_empty, reader_of
from risk.problem_phrases import phrase
from risk.webhooks.field_values import MessageScope, read_value
from risk.webhooks.file_settings import FILE_URL
from risk.webhooks.mapping_table import MAY_DECIDE, FactTemplate, MappingTable, MessageRule

KEEP = "*keep*"
"""The member of a fact that keeps what is stored of it; no field has this name."""

NO_FIELDS = (KEEP, FILE_URL)
"""Members of facts that are none of their fields."""


Facts = dict[str, list[dict[str, Any]]]
_PREFIXED = frozenset({*OWN_IDS, "customer_id"})
_AS_TEXT = ("id", "text", "choice")
_READABLE = (str, int, float, Decimal, bool)


def rule_for(table: MappingTable, topic: str) -> MessageRule | None:
    """The first rule whose topic fits; None for messages that mean nothing here."""
    return next((rule for rule in table.messages if fnmatchcase(topic, rule.topic)), None)


def facts_of(
    table: MappingTable,
    rule: MessageRule,
    payload: Any,
    prefix: str,
    received: str,
    notes: list[str] | None = None,
) -> Facts:
    """The facts a message brings, by kind; `received` is when it came (ISO 8601).

    `notes` gets in words what was left out. Values that rest on what is stored are `StoredLines`
    and `KeepStored` (see `stored_values`); a fact with the member `KEEP` keeps what it lacks.
    Raises BadInput for a message that is no object.
    """
    said = notes if notes is not None else []
    if not isinstance(payload, Mapping):
        raise BadInput([Problem("message", None, None, phrase("object"), type(payload).__name__)])
    facts = _in_contract_words(payload) if rule.contract else {}
    for kind, templates in rule.facts.items():
        for template in templates:
            for fact in _rows(table, template, payload, received):
                texts = {name: _as_text(kind, name, value) for name, value in fact.items()}
                read = _without_unreadable(kind, texts, template, said)
                facts.setdefault(kind, []).append(read)
    return {
        kind: [_completed(table, kind, fact, prefix) for fact in rows]
        for kind, rows in facts.items()
    }


def file_urls(facts: Facts, notes: list[str]) -> dict[str, str]:
    """The addresses of files that items of evidence name, by the item's id; they are taken out of
    the facts. `notes` gets in words what is no address."""
    found: dict[str, str] = {}
    for fact in facts.get(EVIDENCE.name, []):
        url, item = fact.pop(FILE_URL, None), fact.get("evidence_id")
        if is_empty(url):
            continue
        if isinstance(url, str) and isinstance(item, str):
            found[item] = url
        else:
            notes.append(phrase("left_out_file"))
    return found


def _in_contract_words(payload: Mapping[str, Any]) -> Facts:
    """Facts in the contract's own words: the members of a scoring body, or lists by kind.

    A member `type` tells what the message is and is no fact.
    """
    facts: Facts = {}
    for name, given in payload.items():
        if name == "type":
            continue
        kind = MEMBERS[name].name if name in MEMBERS else name
        if kind not in SUBMITTED:
            expected = phrase("one_of", choices=[*MEMBERS, *SUBMITTED])
            raise BadInput([Problem("message", None, name[:80], expected, phrase("got_unknown"))])
        rows = given if isinstance(given, list) else [given]
        if not all(isinstance(row, Mapping) for row in rows if row is not None):
            raise BadInput([Problem("message", None, name, phrase("objects"))])
        facts.setdefault(kind, []).extend(dict(row) for row in rows if row is not None)
    return facts


def _rows(
    table: MappingTable, template: FactTemplate, payload: Any, received: str
) -> Iterator[dict[str, Any]]:
    scope = MessageScope(payload, None, table.maps, received)
    items = [None] if template.each is None else scope.members(template.each)
    for item in items:
        inner = replace(scope, item=item)
        if not inner.fits(template.where):
            continue
        fact = {name: read_value(source, inner) for name, source in template.fields.items()}
        if not any(is_empty(fact[name]) for name in template.needs):
            known = {name: value for name, value in fact.items() if not is_empty(value)}
            yield {**known, KEEP: True} if template.keep else known


def _as_text(kind: str, name: str, value: Any) -> Any:
    """Numbers as text where the field holds text."""
    if name in NO_FIELDS:
        return value
    number = isinstance(value, int | float | Decimal) and not isinstance(value, bool)
    return str(value) if number and SUBMITTED[kind].field(name).type in _AS_TEXT else value


def _without_unreadable(
    kind: str, fact: dict[str, Any], template: FactTemplate, notes: list[str]
) -> dict[str, Any]:
    """The fact without optional fields whose values cannot be read; each is noted."""
    for name, source in template.fields.items():
        readable = isinstance(fact.get(name), _READABLE)
        if name in NO_FIELDS or not source.optional or not readable:
            continue
        try:
            reader_of(SUBMITTED[kind].field(name))(fact[name])
        except ValueError as error:
            notes.append(phrase("left_out", kind=kind, field=name, expected=error.args[0]))
            del fact[name]
    return fact


def _completed(
    table: MappingTable, kind: str, fact: Mapping[str, Any], prefix: str
) -> dict[str, Any]:
    """A fact with the endpoint's defaults and the endpoint's prefix before its ids."""
    own = {name: _prefixed(name, value, prefix) for name, value in fact.items()}
    filled = {**table.defaults.get(kind, {}), **own}
    if kind == "outcomes" and filled.get("decided_by") not in (None, "", *MAY_DECIDE):
        expected = phrase("one_of", choices=list(MAY_DECIDE))
        raise BadInput(
            [Problem("outcomes", None, "decided_by", expected, phrase("got_persons_word"))]
        )
    return filled


def _prefixed(name: str, value: Any, prefix: str) -> Any:
    if (
        name in _PREFIXED
        and isinstance(value, (str, int))
        and not isinstance(value, bool)
        and value != ""
    ):
        return f"{prefix}{value}"
    return value
