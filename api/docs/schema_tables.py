"""Schemas in words: what type a value has, and a table of the fields of an object."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

Schema = Mapping[str, Any]
_SCHEMAS = "#/components/schemas/"
_PLAIN = {"integer": "whole number", "boolean": "true or false", "null": "null"}
_FORMATS = {"date-time": "time", "uri": "address"}


@dataclass(frozen=True, slots=True)
class DocumentedField:
    """One field of an object: its name, its type in words, whether it must be there, its text."""

    name: str
    type: Markup
    required: bool
    text: str
    default: Any = None


def fields_of(page: Schema, schema: Schema) -> list[DocumentedField]:
    """The fields of an object, a reference to one, or a list of them; none for anything else."""
    found = _object(page, schema)
    required = found.get("required", ())
    return [
        DocumentedField(
            name, type_of(field), name in required, field.get("description", ""),
            field.get("default"),
        )
        for name, field in found.get("properties", {}).items()
    ]  # fmt: skip


def _object(page: Schema, schema: Schema) -> Schema:
    if "$ref" in schema:
        named: Schema = page["components"]["schemas"][schema["$ref"].removeprefix(_SCHEMAS)]
        return named
    if schema.get("type") == "array":
        return _object(page, schema["items"])
    for one in schema.get("oneOf", ()):
        return _object(page, one)
    return schema


def type_of(schema: Schema) -> Markup:
    """The type of a value in words, with links to the schemas it names."""
    if "$ref" in schema:
        name = schema["$ref"].removeprefix(_SCHEMAS)
        return Markup('<a href="#schema-{0}">{0}</a>').format(name)
    if "enum" in schema:
        return Markup(" | ").join(Markup("<code>{}</code>").format(v) for v in schema["enum"])
    for several in ("anyOf", "oneOf"):
        if several in schema:
            return Markup(" or ").join(type_of(one) for one in schema[several])
    kinds = schema.get("type", "any JSON")
    kinds = [kinds] if isinstance(kinds, str) else kinds
    return Markup(" or ").join(_of_kind(kind, schema) for kind in kinds)


def _of_kind(kind: str, schema: Schema) -> Markup:
    if kind == "array":
        return Markup("list of {}{}").format(type_of(schema["items"]), _sizes(schema))
    if kind == "string":
        word = _FORMATS.get(schema.get("format", ""), "text")
        longest = schema.get("maxLength")
        return Markup("{}{}").format(word, f", up to {longest:,} characters" if longest else "")
    return Markup("{}").format(_PLAIN.get(kind, kind))


def _sizes(schema: Schema) -> str:
    most = schema.get("maxItems")
    return f" (up to {most:,})" if most else ""
