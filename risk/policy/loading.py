"""Loading a policy file, with the line of every fault, and comparing two policies."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import ValidationError

from risk.errors import PolicyRefused
from risk.policy.completing import completed
from risk.policy.law import packs_of
from risk.policy.rules import RULES
from risk.policy.schema import Policy

_HEADER = re.compile(r"^\s*(\[\[?)\s*([^\]]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"""^\s*([A-Za-z0-9_\-."']+)\s*=""")

Path_ = tuple[str | int, ...]


class Change(NamedTuple):
    """One difference between two policies; None where one of them does not have it."""

    path: str
    before: object
    after: object


_DEFAULT = files("risk") / "policy.toml"


def load(path: Path | None = None) -> Policy:
    """The policy in a file, or the default one. PolicyRefused names file and lines at fault."""
    source = _DEFAULT if path is None else path
    try:
        text = source.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        raise PolicyRefused(f"{source.name}: cannot be read: {problem}") from problem
    try:
        return parse(text)
    except PolicyRefused as problem:
        raise PolicyRefused(f"{source.name}: {problem}") from problem


@lru_cache(maxsize=8)
def parse(text: str) -> Policy:
    """The policy in a TOML text, checked as a whole. PolicyRefused names every line at fault.

    What policies have gained since it was written is taken from the default policy, and listed in
    the `taken` of the policy, and the law packs of its markets are added.
    """
    content, taken = completed(_toml(text), _default())
    content.setdefault("laws", packs_of(content.get("markets")))
    policy = _checked(content, text)
    policy._taken = tuple(taken)
    return policy


def parse_stored(text: str) -> Policy:
    """The policy that decisions were stored under, as it was: canonical JSON, or the TOML text that
    earlier releases stored. PolicyRefused where this release cannot read it."""
    return _checked(json.loads(text) if text.startswith("{") else _toml(text), text)


@lru_cache(maxsize=1)
def _default() -> dict[str, Any]:
    """What the default policy's file says."""
    return _toml(_DEFAULT.read_text(encoding="utf-8"))


def _toml(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise PolicyRefused(f"not TOML: {problem}") from problem


def _checked(content: object, text: str) -> Policy:
    try:
        written = json.dumps(content, default=str)
        policy = Policy.model_validate_json(written, context={"rules": RULES})
    except ValidationError as problem:
        raise PolicyRefused(_explained(problem, text)) from problem
    policy._source = text
    return policy


def vary(policy: Policy, changes: Mapping[str, object]) -> Policy:
    """The policy with other values at dotted paths (`costs.asked`), checked as a whole again.

    PolicyRefused where a path does not exist or a value does not fit.
    """
    content = json.loads(policy.canonical)
    for path, value in changes.items():
        *around, last = path.split(".")
        table = content
        for key in around:
            table = table.get(key) if isinstance(table, dict) else None
        if not isinstance(table, dict) or last not in table:
            raise PolicyRefused(f"{path}: no such place in a policy")
        table[last] = value
    return _checked(content, "")


def diff(before: Policy, after: Policy) -> list[Change]:
    """What changed between two policies, by path, in the order of the paths."""
    old, new = _flat(json.loads(before.canonical)), _flat(json.loads(after.canonical))
    return [
        Change(path, old.get(path), new.get(path))
        for path in sorted(old.keys() | new.keys())
        if old.get(path) != new.get(path)
    ]


def _flat(content: object, path: str = "") -> dict[str, object]:
    if isinstance(content, dict):
        pairs = [(str(key), value) for key, value in content.items()]
    elif isinstance(content, list) and any(isinstance(value, dict) for value in content):
        pairs = [(str(place), value) for place, value in enumerate(content)]
    else:
        return {path: content}
    flat: dict[str, object] = {}
    for key, value in pairs:
        flat |= _flat(value, f"{path}.{key}" if path else key)
    return flat


def _explained(problem: ValidationError, text: str) -> str:
    lines = _lines(text)
    faults = []
    for error in problem.errors(include_url=False):
        where = tuple(part for part in error["loc"] if part != "[key]")
        faults.append((_line(lines, where), ".".join(map(str, where)), error["msg"]))
    return "; ".join(
        f"line {line}: {path}: {message}" if text else f"{path}: {message}"
        for line, path, message in sorted(faults)
    )


def _line(lines: dict[Path_, int], where: Path_) -> int:
    """The line of the key, or of the nearest table around it; 1 for the file as a whole."""
    for length in range(len(where), 0, -1):
        if where[:length] in lines:
            return lines[where[:length]]
    return 1


def _lines(text: str) -> dict[Path_, int]:
    """The line of each table and key of a TOML text: tables, arrays of tables and plain keys only,
    which is what a policy file is made of."""
    lines: dict[Path_, int] = {}
    counts: dict[Path_, int] = {}
    table: Path_ = ()
    for number, line in enumerate(text.splitlines(), start=1):
        if header := _HEADER.match(line):
            table = _keys(header[2])
            if header[1] == "[[":
                lines.setdefault(table, number)
                counts[table] = counts.get(table, -1) + 1
                table = (*table, counts[table])
            lines.setdefault(table, number)
        elif key := _KEY.match(line):
            lines.setdefault((*table, *_keys(key[1])), number)
    return lines


def _keys(dotted: str) -> tuple[Any, ...]:
    return tuple(part.strip().strip("\"'") for part in dotted.split("."))
