"""Calls as the document shows them, each changed in a few places: ids, filters, heads, bodies."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

ODD: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 2**53, 2**63, -(2**63), 10**30, 1e308, -1e308, 0.1, "", " ",
    "\x00", "\u202e", "\U0010ffff", "\ufeff", "x" * 201, "x" * 20_001, "../../etc/passwd",
    "' OR 1=1 --",
    "<script>alert(1)</script>", "{{7*7}}", "%00", "%s%n", "1e999999", "NaN", "0x10", "-0", "1,00",
    "\u0661\u0662", "2026-02-30", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59+14:00",
    "2026-03-01T08:00:00", "2026-12-31T23:59:60Z", [], {}, [[]], [None], {"": ""}, ["x"] * 1_001,
    {"__proto__": 1}, "urn:x", "CNY", "XXX", "JPY",
)  # fmt: skip
"""What stands in the place of a value, an id or a filter."""

HEADS: tuple[dict[str, str], ...] = (
    {"idempotency-key": "x"}, {"idempotency-key": "x" * 256}, {"idempotency-key": ""},
    {"content-type": "text/plain"}, {"content-type": "application/json; charset=utf-16"},
    {"content-encoding": "gzip"}, {"accept": "text/html"}, {"accept-language": "zz;q=x"},
    {"x-forwarded-for": "127.0.0.1"}, {"forwarded": "for=127.0.0.1"}, {"expect": "100-continue"},
    {"if-none-match": "*"}, {"range": "bytes=0-"}, {"host": "evil.example"}, {"cookie": "a=b; a"},
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Template:
    """A call of the document: its path with the names of ids, its filters, and its example."""

    method: str
    path: str
    filters: tuple[str, ...]
    example: Any


@dataclass(frozen=True, slots=True)
class Mutant:
    """A call as it is sent; `content` is None where it has no body."""

    method: str
    address: str
    content: bytes | None
    headers: dict[str, str]


def templates(document: dict[str, Any]) -> list[Template]:
    """Every call of the document."""
    return [
        Template(method.upper(), path, tuple(_filters(operation)), _example(operation))
        for path, item in document["paths"].items()
        for method, operation in item.items()
    ]


def _filters(operation: dict[str, Any]) -> Iterator[str]:
    parameters = operation.get("parameters", ())
    yield from (one["name"] for one in parameters if one.get("in") == "query")


def _example(operation: dict[str, Any]) -> Any:
    """The body that the document shows for a call; None without one."""
    contents = operation.get("requestBody", {}).get("content", {})
    shown = contents.get("application/json", {})
    examples = [one.get("value") for one in shown.get("examples", {}).values()]
    return shown.get("example", next(iter(examples), {} if shown else None))


def mutants(
    template: Template, known: dict[str, list[str]], chance: random.Random, count: int
) -> Iterator[Mutant]:
    """So many changed calls of one."""
    for _ in range(count):
        headers = {"content-type": "application/json"}
        if chance.random() < 0.2:
            headers.update(chance.choice(HEADS))
        yield Mutant(
            template.method,
            _path(template.path, known, chance) + _query(template.filters, chance),
            None if template.example is None else _body(template.example, chance),
            headers,
        )


def _path(path: str, known: dict[str, list[str]], chance: random.Random) -> str:
    """The path with ids of what is stored, or with odd ones."""
    parts = []
    for part in path.split("/"):
        name = part.strip("{}")
        stored = known.get(name.removesuffix("_id") + "s", ["x"])
        odd = _text(chance.choice(ODD))[:400]
        parts.append(part if part == name else quote(chance.choice([*stored[:3], odd]), safe=""))
    return "/".join(parts)


def _query(filters: tuple[str, ...], chance: random.Random) -> str:
    chosen = [name for name in filters if chance.random() < 0.3]
    pairs = [(name, _text(chance.choice(ODD))[:2_000]) for name in chosen]
    return f"?{urlencode(pairs)}" if pairs else ""


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _body(example: Any, chance: random.Random) -> bytes:
    """The example with one to four changes; now and then with changed bytes as well."""
    changed = copy.deepcopy(example)
    for _ in range(chance.randint(1, 4)):
        changed = _changed(changed, chance)
    content = json.dumps(changed, ensure_ascii=chance.random() < 0.5).encode()
    if chance.random() < 0.1 and content:
        place = chance.randrange(len(content))
        content = content[:place] + chance.randbytes(chance.randint(0, 3)) + content[place + 1 :]
    return content


def _changed(value: Any, chance: random.Random) -> Any:
    """A value with one place in it changed, left out, doubled or put elsewhere."""
    if isinstance(value, dict) and value and chance.random() < 0.9:
        name = chance.choice(list(value))
        if chance.random() < 0.2:
            return {key: one for key, one in value.items() if key != name}
        if chance.random() < 0.1:
            return {**value, _text(chance.choice(ODD))[:300]: value[name]}
        return {**value, name: _changed(value[name], chance)}
    if isinstance(value, list) and value and chance.random() < 0.9:
        place = chance.randrange(len(value))
        again = [value[place]] * chance.choice((0, 1, 1, 2, 50))
        return [*value[:place], *(_changed(one, chance) for one in again), *value[place + 1 :]]
    return copy.deepcopy(chance.choice(ODD))
