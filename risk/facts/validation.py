"""What a pydantic model found wrong, as the problems of the product's own errors."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from risk.errors import BadInput, Problem
from risk.facts.parse import REQUIRED, is_empty, shown
from risk.problem_phrases import phrase, text_of

MAX_PROBLEMS = 100
"""Of what is wrong with one body, the first hundred are named."""

M = TypeVar("M", bound=BaseModel)

_EXPECTED = {
    "missing": REQUIRED,
    "extra_forbidden": "contract_field",
    "model_type": "object",
    "dict_type": "object",
    "list_type": "list",
    "string_type": "string",
    "bool_type": "flag",
    "literal_error": "one_of",
    "string_too_short": "at_least_characters",
    "string_too_long": "at_most_characters",
    "too_short": "list_at_least",
    "too_long": "list_at_most",
}
"""The phrase of what was expected, by pydantic's type of error; any other says it in its own
words."""

_VALUES = {"expected": "choices", "min_length": "count", "max_length": "count"}
"""What phrases call the values of pydantic's errors."""


def validated(model: type[M], given: Any, what: str) -> M:
    """`given` as the model. Raises BadInput whose problems are of the kind `what`."""
    try:
        return model.model_validate(trimmed(given, model))
    except ValidationError as error:
        raise BadInput(problems_of(error, what)) from None


def trimmed(given: Any, model: type[BaseModel]) -> Any:
    """An object without its unknown fields beyond the first hundred, so that naming them ends."""
    known = model.model_fields
    if not isinstance(given, Mapping) or len(given) <= len(known) + MAX_PROBLEMS:
        return given
    unknown = islice((name for name in given if name not in known), MAX_PROBLEMS)
    return {name: given[name] for name in (*known, *unknown) if name in given}


def problems_of(error: ValidationError, what: str, row: int | None = None) -> list[Problem]:
    """A problem for each value at fault, the first hundred, named by its top-level field."""
    return [
        Problem(what, row, _field(detail["loc"]), expected(detail), _got(detail))
        for detail in islice(error.errors(include_url=False), MAX_PROBLEMS)
    ]


def expected(detail: Mapping[str, Any]) -> str:
    """What was expected, of one of pydantic's errors."""
    given = detail.get("ctx", {})
    if detail["type"] == "value_error":
        return text_of(given["error"])
    code = _EXPECTED.get(detail["type"])
    if code is None:
        return str(detail["msg"])
    return phrase(code, **{_VALUES[name]: given[name] for name in given if name in _VALUES})


def _got(detail: Mapping[str, Any]) -> str:
    if detail["type"] == "extra_forbidden":
        return phrase("got_unknown_field")
    missing = detail["type"] == "missing" or is_empty(detail["input"])
    return phrase("got_nothing") if missing else shown(detail["input"])


def _field(place: tuple[int | str, ...]) -> str | None:
    return str(place[0])[:80] if place else None
