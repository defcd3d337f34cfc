"""Facts as calls are sent them: one, or a list; and what became of them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from api.dependencies.body import JsonBody
from api.json_pointer import in_facts
from risk.errors import BadInput, Problem
from risk.facts import Kind
from risk.facts.models import FACT_MODELS, MAX_FACTS, Fact, example_of, read_facts


class Warned(BaseModel):
    """Something odd about facts that were stored all the same: which field of how many."""

    code: Literal["recorded_late"]
    field: str
    count: Annotated[int, Field(ge=1)]
    text: dict[str, str]


class Stored(BaseModel):
    """What became of the facts: new ones, and those known already word for word."""

    stored: Annotated[int, Field(ge=0)]
    known: Annotated[int, Field(ge=0)]
    retracted: Annotated[
        int,
        Field(ge=0, description="of how many nothing counts, since they were taken back; "
              "left out where none is"),
    ] = 0  # fmt: skip
    warnings: Annotated[
        list[Warned], Field(description="what is odd about them; left out where nothing is")
    ] = []


class _OneOrMany:
    """The type of a list of facts, for which one fact may stand alone."""

    def __init__(self, kind: Kind) -> None:
        self._kind = kind

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> CoreSchema:
        return core_schema.no_info_before_validator_function(self._read, handler(source))

    def __get_pydantic_json_schema__(
        self, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        many = handler(core)
        return {"oneOf": [many["items"], many]}

    def _read(self, document: Any) -> list[Fact]:
        items = document if isinstance(document, list) else [document]
        if not 1 <= len(items) <= MAX_FACTS:
            expected = f"a list of 1 to {MAX_FACTS}"
            found = f"a list of {len(items)}"
            raise BadInput([Problem(self._kind.name, None, None, expected, found)])
        return read_facts(self._kind, items)


def facts_body(kind: Kind) -> JsonBody[list[Fact]]:
    """The body of the call that stores facts of a kind."""
    model: Any = FACT_MODELS[kind.name]
    size = Field(min_length=1, max_length=MAX_FACTS)
    examples = {
        "one": example_of(kind),
        "least": example_of(kind, short=True),
        "list": [example_of(kind)],
    }
    return JsonBody(
        Annotated[list[model], size, _OneOrMany(kind)],
        kind.name,
        examples,
        size="list",
        pointers=in_facts,
    )
