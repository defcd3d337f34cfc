"""Sources of a mapping as TOML."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from training.facts.mapping.mapping_file import ColumnRule, Source

_DEFAULTS = {"encoding": "utf-8", "separator": ",", "decimal": "."}


def source_text(kind: str, source: Source, comments: Sequence[str] = ()) -> str:
    """A source of a kind as a table of TOML, comments before its columns."""
    lines = [f"[[{kind}]]", f"files = {_value(source.files)}"]
    for name in ("encoding", "separator", "sheet", "skip", "decimal", "zone", "time_formats",
                 "carry_within", "carry"):  # fmt: skip
        given = getattr(source, name)
        if given and given != _DEFAULTS.get(name):
            lines.append(f"{name} = {_value(given)}")
    if source.only:
        conditions = [one.model_dump(by_alias=True, exclude_defaults=True) for one in source.only]
        lines.append(f"only = {_value(conditions)}")
    lines += [f"# {comment}" for comment in comments]
    lines.append(f"[{kind}.columns]")
    lines += [f"{name} = {_rule(rule)}" for name, rule in source.columns.items()]
    for name, table in source.values.items():
        lines.append(f"[{kind}.values.{name}]")
        lines += [f"{_value(key)} = {_value(to)}" for key, to in table.items()]
    return "\n".join(lines) + "\n"


def _rule(rule: ColumnRule) -> str:
    given = rule.model_dump(exclude_defaults=True)
    if list(given) == ["columns"]:
        return _value(rule.columns[0] if len(rule.columns) == 1 else rule.columns)
    return _value(given)


def _value(value: Any) -> str:
    if isinstance(value, dict):
        pairs = ", ".join(f"{key} = {_value(one)}" for key, one in value.items())
        return f"{{ {pairs} }}"
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    return json.dumps(value, ensure_ascii=False)
