"""Whatever the OpenAPI page allows and whatever it does not: never a 5xx, never a broken promise.

Schemathesis (Hatfield-Dodds & Dygalo 2022, "Deriving semantics-aware fuzzers from Web API
schemas") sends both, and holds every answer against the page.
"""

from __future__ import annotations

import os
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.generation import GenerationMode
from schemathesis.schemas import APIOperation

from tests.api.serving import Running
from tests.api.test_api_keys import PLACES

pytestmark = pytest.mark.hypothesis
EXAMPLES = int(os.environ.get("REFUND_RISK_FUZZ", "8"))
"""Cases a call; raise it for a long run."""

load_all_checks()
BEYOND_A_SCHEMA = CHECKS.get_by_names(["positive_data_acceptance"])
"""A year before 1990, a fact that contradicts another: the page allows it, we do not."""

FUZZ = settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate],
)
CALLS = [param.id for param in PLACES]
OPEN = ["push", "healthz", "readyz", "metrics"]
"""Calls that need no key: a secret of their own, or nothing that is anybody's."""

PAIRS = [
    *(
        pytest.param(name, mode, id=f"{name}-{mode.value}")
        for name in CALLS
        for mode in GenerationMode
    ),
    *(pytest.param(name, GenerationMode.POSITIVE, id=name) for name in OPEN),
]
"""Every call with what its page allows, and with what it does not."""

REJECTION = CHECKS.get_by_names(["negative_data_rejection"])
LENIENT = ("score_batch", "cases", "deliveries")
"""Of many, each is refused by itself, and the whole is a 200; a filter left empty is no filter."""


@pytest.fixture(scope="module")
def schema(served: Running) -> Any:
    schema = schemathesis.openapi.from_url(served.url + "/openapi.json")
    rejection = schema.config.checks.negative_data_rejection
    rejection.expected_statuses = [*rejection.expected_statuses, "413"]
    token = served.token()

    @schema.auth()
    class Auth:
        def get(self, *_: Any) -> str:
            return token

        def set(self, case: Any, data: str, _: Any) -> None:
            case.headers["Authorization"] = f"Bearer {data}"

    return schema


def operation(schema: Any, name: str) -> APIOperation[Any, Any, Any, Any]:
    found = [o.ok() for o in schema.get_all_operations()]
    return next(o for o in found if o.definition.raw["operationId"] == name)


@pytest.mark.parametrize(("name", "mode"), PAIRS)
def test_every_answer_is_on_the_page(schema: Any, name: str, mode: GenerationMode) -> None:
    excluded = BEYOND_A_SCHEMA + (REJECTION if name in LENIENT else [])

    @FUZZ
    @given(case=operation(schema, name).as_strategy(mode))
    def run(case: Any) -> None:
        case.call_and_validate(excluded_checks=excluded)

    run()


@pytest.mark.parametrize("name", [*CALLS, "push"])
def test_no_way_in_without_a_key(served: Running, name: str) -> None:
    schema = schemathesis.openapi.from_url(served.url + "/openapi.json")

    @FUZZ
    @given(case=operation(schema, name).as_strategy())
    def run(case: Any) -> None:
        assert case.call().status_code == 401

    run()


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/openapi.json", "/docs"])
def test_what_needs_no_key(served: Running, path: str) -> None:
    assert httpx.get(served.url + path).status_code == 200
