"""What models share: values as JSON has them, and JSON that is not looked into."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import WithJsonSchema
from pydantic_core import CoreSchema, core_schema

Time = Annotated[str, WithJsonSchema({"type": "string", "format": "date-time"})]
JsonObject = Annotated[dict[str, Any], WithJsonSchema({"type": "object"})]


class DocumentedAs:
    """JSON that is not looked into and documented as `type_`.

    What an older version stored need not fit the type of today; what is one of many is read later.
    """

    def __init__(self, type_: Any) -> None:
        self._type = type_

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> CoreSchema:
        as_it_is = core_schema.plain_serializer_function_ser_schema(lambda given: given)
        return core_schema.json_or_python_schema(
            json_schema=handler.generate_schema(self._type),
            python_schema=core_schema.any_schema(),
            serialization=as_it_is,
        )
