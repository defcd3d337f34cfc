"""The facts in OpenAPI, made from `risk.facts.KINDS`: no field is named twice."""

from __future__ import annotations

import json
from typing import Any

from risk.facts import INCOMING, Field, Kind

MOST = 1_000
_MONEY: dict[str, Any] = {
    "anyOf": [
        {"type": "string", "pattern": r"^\d{1,12}(\.\d{1,10})?$"},
        {"type": "number", "minimum": 0, "maximum": 10**12},
    ]
}
_TYPES: dict[str, dict[str, Any]] = {
    "time": {"type": "string", "format": "date-time"},
    "flag": {"type": "boolean"},
    "key": {"type": ["object", "string"]},
    "count": {"type": "integer", "minimum": 0, "maximum": 10**9},
    "revision": {"type": "integer", "minimum": 1, "maximum": 10**9},
    "grams": {"type": "number", "minimum": 0, "maximum": 10**9},
    "share": {"type": "number", "exclusiveMinimum": 0, "maximum": 1},
}


def ref(name: str) -> dict[str, Any]:
    """A reference to a schema by name."""
    return {"$ref": f"#/components/schemas/{name}"}


def one_or_many(name: str) -> dict[str, Any]:
    """One thing, or a list of up to a thousand."""
    return {"oneOf": [ref(name), {"type": "array", "items": ref(name), **_SIZES}]}


_SIZES = {"minItems": 1, "maxItems": MOST}


def fact_schemas() -> dict[str, dict[str, Any]]:
    """A schema for each kind of fact."""
    return {kind.schema: _schema(kind) for kind in INCOMING.values()}


def example(kind: str, *, short: bool = False) -> dict[str, Any]:
    """One fact of the kind from its fields' examples; `short` has what is required only."""
    least = INCOMING[kind].about[:1]
    return {
        field.name: _example(field)
        for field in INCOMING[kind].fields
        if field.name != "known_at" and (field.required or field.name in least or not short)
    }


def _schema(kind: Kind) -> dict[str, Any]:
    required = [field.name for field in kind.fields if field.required]
    needed = set(kind.about[:1]) <= set(required)
    either = [] if needed else [{"required": [name]} for name in kind.about]
    return {
        "type": "object",
        "description": f"One row of `{kind.name}`; its key is {', '.join(kind.key)}.",
        "required": required,
        **({"anyOf": either} if either else {}),
        "properties": {field.name: _field(field) for field in kind.fields},
        "additionalProperties": False,
        "example": example(kind.name),
    }


def _field(field: Field) -> dict[str, Any]:
    schema = _value(field)
    schema["description"] = field.doc
    if field.identity:
        schema["description"] += "; kept as a keyed hash only"
    if field.default is not None:
        schema["default"] = field.default
    return schema


def _value(field: Field) -> dict[str, Any]:
    if field.type == "money":
        own = {"anyOf": list(_MONEY["anyOf"])}
        return own if field.required else {"anyOf": [*own["anyOf"], {"type": "null"}]}
    if field.type == "choice":
        choice = {"type": "string", "enum": list(field.choices)}
        return choice if field.required else {"anyOf": [choice, {"type": "null"}]}
    schema = dict(_TYPES.get(field.type) or _text(field))
    if field.type == "count":
        schema |= {"minimum": field.least, "maximum": field.most}
    if not field.required:
        schema["type"] = [schema["type"], "null"]
    return schema


def _text(field: Field) -> dict[str, Any]:
    if field.name == "currency":
        return {"type": "string", "pattern": "^[A-Z]{3}$"}
    schema: dict[str, Any] = {"type": "string", "maxLength": field.limit}
    return {**schema, "minLength": 1} if field.required else schema


def _example(field: Field) -> Any:
    if field.type == "share" and isinstance(field.example, str):
        return float(field.example)
    return json.loads(str(field.example)) if field.type == "key" else field.example
