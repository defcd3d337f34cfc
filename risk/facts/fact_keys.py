"""The key of a fact as an object: how a retraction names what it takes back."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from risk.errors import Problem
from risk.facts.fields import Field, Kind
from risk.facts.format import iso
from risk.facts.kinds import KINDS
from risk.facts.parse import reader_of, shown
from risk.problem_phrases import text_of

INTERNAL_LIMIT = 1_000
"""An internal id is a caller's with its merchant behind it: longer than any caller may send."""


def parse_key(kind: Kind, given: Any, *, internal: bool = False) -> dict[str, Any]:
    """The parsed fields of a key, defaults filled in; `given` is an object, or its JSON, with the
    ids of a caller or with internal ones.

    Raises ValueError, saying what was expected.
    """
    if isinstance(given, str):
        try:
            given = json.loads(given)
        except ValueError:
            given = None
    if not isinstance(given, Mapping):
        raise ValueError("the fact's key as a JSON object")
    if not given.keys() <= set(kind.key):
        raise ValueError(f"an object of {', '.join(kind.key)}")
    fields = {name: kind.field(name) for name in kind.key}
    if internal:
        fields = {name: replace(field, limit=INTERNAL_LIMIT) for name, field in fields.items()}
    return {name: _value(field, given.get(name)) for name, field in fields.items()}


def _value(field: Field, given: Any) -> Any:
    try:
        return reader_of(field)(given)
    except ValueError as error:
        raise ValueError(f"{field.name}: {error}") from None


def key_text(kind: Kind, key: Mapping[str, Any]) -> str:
    """A parsed key as canonical JSON, its times as ISO 8601, without what is unknown.

    >>> from risk.facts import KINDS
    >>> key_text(KINDS["orders"], {"order_id": "O-1", "line_id": "1"})
    '{"line_id": "1", "order_id": "O-1"}'
    """
    shown = {
        name: iso(value) if kind.field(name).type == "time" else value
        for name, value in key.items()
        if value is not None
    }
    return json.dumps(shown, ensure_ascii=False, sort_keys=True)


def check_keys(parsed: dict[str, list[Any]], rows: Sequence[int]) -> list[Problem]:
    """Bring the keys of retractions into one form, by the kind beside each; answers what is wrong.

    `rows` is the number to report for each of them.
    """
    problems = []
    for i, row in enumerate(rows):
        kind, given = parsed["kind"][i], parsed["key"][i]
        if kind is None or given is None:
            continue
        try:
            parsed["key"][i] = key_text(KINDS[kind], parse_key(KINDS[kind], given))
        except ValueError as error:
            problems.append(Problem("retractions", row, "key", text_of(error), shown(given)))
            parsed["key"][i] = None
    return problems
