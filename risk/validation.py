"""What a pydantic model found wrong, as the problems of the product's own errors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from risk.errors import BadInput, Problem
from risk.facts.parse import shown

M = TypeVar("M", bound=BaseModel)

_EXPECTED = {
    "missing": "a value (required)",
    "extra_forbidden": "a field of the contract",
    "model_type": "an object",
    "dict_type": "an object",
    "list_type": "a list",
    "string_type": "a string",
    "bool_type": "true or false",
    "literal_error": "one of {expected}",
    "string_too_short": "at least {min_length} characters",
    "string_too_long": "at most {max_length} characters",
    "too_short": "a list of at least {min_length}",
    "too_long": "a list of at most {max_length}",
    "value_error": "{error}",
}
"""What was expected, by pydantic's type of error; any other says it in pydantic's own words."""

_GOT = {"missing": "nothing", "extra_forbidden": "an unknown field"}


def validated(model: type[M], given: Any, what: str) -> M:
    """`given` as the model. Raises BadInput whose problems are of the kind `what`."""
    try:
        return model.model_validate(given)
    except ValidationError as error:
        raise BadInput(problems_of(error, what)) from None


def problems_of(error: ValidationError, what: str) -> list[Problem]:
    """One problem for each value at fault, named by the top-level field it stands in."""
    return [
        Problem(what, None, _field(detail["loc"]), expected(detail), _got(detail))
        for detail in error.errors(include_url=False)
    ]


def expected(detail: Mapping[str, Any]) -> str:
    """What was expected, of one of pydantic's errors."""
    template = _EXPECTED.get(detail["type"])
    return str(detail["msg"]) if template is None else template.format(**detail.get("ctx", {}))


def _got(detail: Mapping[str, Any]) -> str:
    return _GOT.get(detail["type"]) or shown(detail["input"])


def _field(place: tuple[int | str, ...]) -> str | None:
    return str(place[0])[:80] if place else None
