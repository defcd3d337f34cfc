"""Filling a policy file with what policies have gained since it was written."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from risk.policy import additions


def added_under(table: str) -> frozenset[str]:
    """The names of the entries that a table of the policy has gained.

    >>> "amount_check" in added_under("rules")
    True
    """
    prefix = f"{table}."
    return frozenset(
        path.removeprefix(prefix)
        for path in additions.ADDED
        if path.startswith(prefix) and "." not in path.removeprefix(prefix)
    )


def completed(
    content: Mapping[str, Any], default: Mapping[str, Any], paths: Collection[str] | None = None
) -> tuple[dict[str, Any], list[str]]:
    """The content with the entries at `paths` that it lacks taken from `default`, and their paths.

    Nothing is filled inside a table that is missing itself: validation names it.

    >>> completed({"rules": {"a": 1}}, {"rules": {"a": 2, "b": 3}}, ["rules.b"])
    ({'rules': {'a': 1, 'b': 3}}, ['rules.b'])
    """
    whole, taken = dict(content), []
    for path in additions.ADDED if paths is None else paths:
        *around, last = path.split(".")
        table, source, known = whole, default, True
        for key in around:
            if not isinstance(table.get(key), Mapping):
                known = False
                break
            table[key] = dict(table[key])
            table, source = table[key], source[key]
        if known and last not in table:
            table[last] = source[last]
            taken.append(path)
    return whole, taken
