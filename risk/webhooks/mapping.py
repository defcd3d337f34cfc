"""Messages → facts, by a mapping table; ids get the endpoint's prefix."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from fnmatch import fnmatchcase
from typing import Any
from zoneinfo import ZoneInfo

from risk.errors import BadInput, Problem
from risk.facts import MEMBERS, OWN_IDS, SUBMITTED
from risk.facts.parse import is_empty
from risk.webhooks.mapping_table import (
    MAY_DECIDE,
    FactTemplate,
    FieldSource,
    MappingTable,
    MessageRule,
)

Facts = dict[str, list[dict[str, Any]]]
_PREFIXED = frozenset({*OWN_IDS, "customer_id"})
_AS_TEXT = ("id", "text", "choice")


def rule_for(table: MappingTable, topic: str) -> MessageRule | None:
    """The first rule whose topic fits; None for messages that mean nothing here."""
    return next((rule for rule in table.messages if fnmatchcase(topic, rule.topic)), None)


def facts_of(
    table: MappingTable, rule: MessageRule, payload: Any, prefix: str, received: str
) -> Facts:
    """The facts a message brings, by kind; `received` is when it came (ISO 8601).

    Raises BadInput for a message that is no object.
    """
    if not isinstance(payload, Mapping):
        raise BadInput([Problem("message", None, None, "an object", type(payload).__name__)])
    facts = _in_contract_words(payload) if rule.contract else {}
    for kind, templates in rule.facts.items():
        for template in templates:
            rows = _rows(table, kind, template, payload, received)
            facts.setdefault(kind, []).extend(rows)
    return {
        kind: [_completed(table, kind, fact, prefix) for fact in rows]
        for kind, rows in facts.items()
    }


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
            expected = "one of " + ", ".join([*MEMBERS, *SUBMITTED])
            raise BadInput([Problem("message", None, name[:80], expected, "unknown")])
        rows = given if isinstance(given, list) else [given]
        if not all(isinstance(row, Mapping) for row in rows if row is not None):
            raise BadInput([Problem("message", None, name, "an object, or a list of them")])
        facts.setdefault(kind, []).extend(dict(row) for row in rows if row is not None)
    return facts


def _rows(
    table: MappingTable, kind: str, template: FactTemplate, payload: Any, received: str
) -> Iterator[dict[str, Any]]:
    items = [None] if template.each is None else _at(payload, template.each)
    for item in items if isinstance(items, list) else []:
        fact = {
            name: received if source.received else _value(table, kind, name, source, payload, item)
            for name, source in template.fields.items()
        }
        if not any(is_empty(fact[name]) for name in template.needs):
            yield {name: value for name, value in fact.items() if not is_empty(value)}


def _value(
    table: MappingTable, kind: str, name: str, source: FieldSource, payload: Any, item: Any
) -> Any:
    if source.value is not None:
        return source.value
    found = (_found(path, payload, item) for path in source.path)
    value = next((v for v in found if not is_empty(v)), None)
    if is_empty(value):
        return None
    if source.map is not None:
        choices = table.maps[source.map]
        return choices.get(str(value), choices.get("*"))
    value = _converted(source, value)
    if SUBMITTED[kind].field(name).type in _AS_TEXT and isinstance(value, int | float | Decimal):
        return str(value)
    return value


def _found(path: str, payload: Any, item: Any) -> Any:
    if path.startswith("item."):
        return _at(item, path.removeprefix("item."))
    return _at(payload, path)


def _at(value: Any, path: str) -> Any:
    for step in path.split("."):
        if isinstance(value, Mapping):
            value = value.get(step)
        elif isinstance(value, list) and step.isdecimal() and int(step) < len(value):
            value = value[int(step)]
        else:
            return None
    return value


def _converted(source: FieldSource, value: Any) -> Any:
    """A number in another unit, or a time in another notation; what cannot be is left as it is."""
    try:
        if source.times is not None:
            return str(Decimal(str(value)) * source.times)
        if source.unix is not None:
            seconds = float(value) / (1000 if source.unix == "ms" else 1)
            return datetime.fromtimestamp(seconds, UTC).isoformat()
        if source.zone is not None:
            moment = datetime.fromisoformat(str(value))
            return (
                moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(source.zone))
            ).isoformat()
    except (InvalidOperation, TypeError, ValueError, OverflowError, OSError):
        return value
    return value


def _completed(
    table: MappingTable, kind: str, fact: Mapping[str, Any], prefix: str
) -> dict[str, Any]:
    """A fact with the endpoint's defaults and the endpoint's prefix before its ids."""
    own = {name: _prefixed(name, value, prefix) for name, value in fact.items()}
    filled = {**table.defaults.get(kind, {}), **own}
    if kind == "outcomes" and filled.get("decided_by") not in (None, "", *MAY_DECIDE):
        expected = "one of " + ", ".join(MAY_DECIDE)
        raise BadInput([Problem("outcomes", None, "decided_by", expected, "a person's word")])
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
