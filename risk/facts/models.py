"""Facts as pydantic models, one a kind: parser, JSON Schema and documentation, made from `KINDS`.

A model holds values as they are stored (times in ms, money in ten-thousandths). How a value is read
is the rule of its field in `risk.facts.parse`, for files and calls alike.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, ConfigDict, GetJsonSchemaHandler, ValidationError, create_model
from pydantic import Field as ModelField
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from risk.errors import BadInput, Problem
from risk.facts.fields import Field, Kind
from risk.facts.parse import is_empty, reader_of
from risk.facts.parse_columns import Columns
from risk.facts.records import RECORDS
from risk.facts.validation import MAX_PROBLEMS, problems_of, trimmed

MAX_FACTS = 1_000
"""So many facts of a kind may come at once."""

_MONEY: list[JsonSchemaValue] = [
    {"type": "string", "pattern": r"^\d{1,12}(\.\d{1,10})?$"},
    {"type": "number", "minimum": 0, "maximum": 10**12},
]
_SCHEMAS: dict[str, JsonSchemaValue] = {
    "time": {"type": "string", "format": "date-time"},
    "flag": {"type": "boolean"},
    "count": {"type": "integer", "minimum": 0, "maximum": 10**9},
    "key": {"type": ["object", "string"]},
    "grams": {"type": "number", "minimum": 0, "maximum": 10**9},
    "share": {"type": "number", "exclusiveMinimum": 0, "maximum": 1},
}


class Fact(BaseModel):
    """A fact of one kind with its values as they are stored."""

    model_config = ConfigDict(extra="forbid")

    kind_of_fact: ClassVar[Kind]

    def value(self, name: str) -> Any:
        """The value of a field by name, None where the kind has no such field."""
        return self.__dict__.get(name)

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        schema = handler(core)
        resolved = handler.resolve_ref_schema(schema)
        resolved["example"] = example_of(cls.kind_of_fact)
        if cls.kind_of_fact.needs_subject:
            resolved["anyOf"] = [{"required": [name]} for name in cls.kind_of_fact.about]
        return schema


class _Rule:
    """The type of a field: validated by the field's rule, with the JSON Schema of its type."""

    def __init__(self, field: Field, *, as_written: bool = False) -> None:
        self._field = field
        self._as_written = as_written

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> CoreSchema:
        read = reader_of(self._field)
        if self._as_written:
            return core_schema.no_info_plain_validator_function(lambda given: _checked(read, given))
        return core_schema.no_info_plain_validator_function(read)

    def __get_pydantic_json_schema__(
        self, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return _value_schema(self._field)


def _checked(read: Callable[[Any], Any], given: Any) -> Any:
    """A value as it was written, None where it is empty, if the rule takes it."""
    read(given)
    return None if is_empty(given) else given


def _value_schema(field: Field) -> JsonSchemaValue:
    several = {"money": _MONEY, "choice": [{"type": "string", "enum": list(field.choices)}]}
    if field.type in several:
        types = [*several[field.type], *([] if field.required else [{"type": "null"}])]
        return types[0] if len(types) == 1 else {"anyOf": types}
    schema = dict(_SCHEMAS.get(field.type) or _text_schema(field))
    if field.type == "count":
        schema |= {"minimum": field.least, "maximum": field.most}
    if not field.required:
        schema["type"] = [schema["type"], "null"]
    return schema


def _text_schema(field: Field) -> JsonSchemaValue:
    if field.name == "currency":
        return {"type": "string", "pattern": "^[A-Z]{3}$"}
    schema: JsonSchemaValue = {"type": "string", "maxLength": field.limit}
    return {**schema, "minLength": 1} if field.required else schema


def model_field(field: Field, *, as_written: bool = False) -> Any:
    """A field of a fact as a field of a pydantic model, for `create_model`.

    Its value is read as it is stored, or with `as_written` only checked, for what is read later.
    """
    hashed = "; kept as a keyed hash only" if field.identity else ""
    about: dict[str, Any] = {"description": field.doc + hashed}
    rule = _Rule(field, as_written=as_written)
    if field.required:
        return Annotated[Any, rule, ModelField(**about)]
    if field.default is None:
        about["json_schema_extra"] = _without_default
    if as_written and field.default is not None:
        about["json_schema_extra"] = {"default": field.default}
    return Annotated[Any, rule, ModelField(None if as_written else field.default, **about)]


def _without_default(schema: JsonSchemaValue) -> None:
    """Empty means unknown: that is no value to be named as the default."""
    schema.pop("default", None)


def example_of(kind: Kind, *, short: bool = False) -> dict[str, Any]:
    """A fact of the kind from its fields' examples; `short` has what is required only."""
    return {
        field.name: _example(field)
        for field in kind.fields
        if field.name != "known_at"
        and (not short or field.required or field.name in kind.about[:1])
    }


def _example(field: Field) -> Any:
    if field.type == "share" and isinstance(field.example, str):
        return float(field.example)
    if field.type == "key" and isinstance(field.example, str):
        return json.loads(field.example)
    return field.example


def _model(kind: Kind) -> type[Fact]:
    fields = {field.name: model_field(field) for field in kind.fields}
    key = ", ".join(kind.key)
    made: type[Fact] = create_model(
        kind.schema,
        __base__=Fact,
        __doc__=f"One row of `{kind.name}`; its key is {key}.",
        **fields,
    )
    made.kind_of_fact = kind
    return made


FACT_MODELS: dict[str, type[Fact]] = {name: _model(kind) for name, kind in RECORDS.items()}
"""The model of each kind, by the kind's name."""


def read_facts(kind: Kind, items: Sequence[Any], within: str = "") -> list[Fact]:
    """Facts of a kind from raw values; what is a model already is taken as it is.

    Raises BadInput with the first hundred problems, of the kind `within` or else the kind itself.
    """
    model, where = FACT_MODELS[kind.name], within or kind.name
    facts: list[Fact] = []
    problems: list[Problem] = []
    for row, item in enumerate(items):
        try:
            is_read = isinstance(item, model)
            facts.append(item if is_read else model.model_validate(trimmed(item, model)))
        except ValidationError as error:
            problems += problems_of(error, where, row)
            if len(problems) >= MAX_PROBLEMS:
                break
    if problems:
        raise BadInput(problems[:MAX_PROBLEMS])
    return facts


def columns_of(kind: Kind, facts: Sequence[Fact]) -> Columns:
    """The facts' values by field, as many as there are facts."""
    rows = [fact.__dict__ for fact in facts]
    return {field.name: [row[field.name] for row in rows] for field in kind.fields}
