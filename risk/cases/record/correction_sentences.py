"""What a correction changed, in both languages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from risk.cases.record.field_labels import FACT_LABELS, FIELD_LABELS, TABLE_OF
from risk.explain.code_labels import label
from risk.facts.fields import Field
from risk.facts.format import iso, weight_text

FormatMoney = Callable[[int, str], str]

_WORDS = {
    "en": {"changed": "{0} changed", "text": "{0} changed, before:", "to": "{0} {1} → {2}",
           "between": "; ", "yes": "yes", "no": "no"},
    "zh": {"changed": "{0}已变更", "text": "{0}已变更，原文：", "to": "{0} {1} → {2}",
           "between": "；", "yes": "是", "no": "否"},
}  # fmt: skip


def render_correction(value: tuple[Any, ...], language: str, format_money: FormatMoney) -> str:
    """(`fact`, kind, line or None) or (`changes`, changes) in words."""
    if value[0] == "fact":
        fact = FACT_LABELS[value[1]][language]
        return f"{fact} {value[2]}" if value[2] else fact
    words = _WORDS[language]
    changes: Sequence[tuple[str, Field, Any, Any]] = sorted(value[1], key=_texts_last)
    return words["between"].join(_change(*change[1:], language, format_money) for change in changes)


def _texts_last(change: tuple[str, Field, Any, Any]) -> bool:
    return change[1].is_free_text


def _change(field: Field, before: Any, after: Any, language: str, format_money: FormatMoney) -> str:
    words, name = _WORDS[language], FIELD_LABELS[field.name][language]
    if field.is_free_text:
        return words["text"].format(name)
    if before is None and after is None:
        return words["changed"].format(name)
    pair = (_value(field, value, language, format_money) for value in (before, after))
    return words["to"].format(name, *pair)


def _value(field: Field, value: Any, language: str, format_money: FormatMoney) -> str:
    if value is None or value == "":
        return "–"
    if isinstance(value, tuple):
        return format_money(value[1], value[2])
    if field.name in TABLE_OF:
        text = label(TABLE_OF[field.name], str(value), language)
        return text[:1].lower() + text[1:] if language == "en" else text
    shown = _SHOWN.get(field.type)
    return shown(value, language) if shown else str(value)


_SHOWN: dict[str, Callable[[Any, str], str]] = {
    "flag": lambda value, language: _WORDS[language]["yes" if value else "no"],
    "time": lambda value, _: iso(value)[:16].replace("T", " ") + " UTC",
    "grams": lambda value, _: weight_text(value),
}
