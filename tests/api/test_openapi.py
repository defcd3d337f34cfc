"""The OpenAPI page: valid, complete, and true."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import jsonschema
import openapi_spec_validator
import pytest

from api.problems import PROBLEM_TYPES
from risk.facts import SUBMITTED
from tests.api.declared import Call, calls, document, operations
from tests.api.serving import Running

Page = dict[str, Any]


@pytest.fixture(scope="module")
def page(served: Running) -> Page:
    got: Page = httpx.get(served.url + "/openapi.json").json()
    return got


def _valid(schema: Page, value: Any) -> None:
    everything = {**schema, "components": document()["components"]}
    jsonschema.Draft202012Validator(everything).validate(value)


def test_the_page_is_valid_openapi(page: Page) -> None:
    assert page["openapi"].startswith("3.")
    openapi_spec_validator.validate(page)


def test_the_page_is_the_one_that_was_declared(page: Page) -> None:
    assert page == document()
    there = {(method, path) for method, path, _ in operations(page)}
    assert {("GET", "/healthz"), ("GET", "/readyz"), ("GET", "/metrics")} <= there
    assert len(calls()) == len(there) - 4


def test_every_schema_is_one_and_every_reference_leads_somewhere(page: Page) -> None:
    for schema in page["components"]["schemas"].values():
        jsonschema.Draft202012Validator.check_schema(schema)
    for name in _references(page):
        part: Any = page
        for step in name.removeprefix("#/").split("/"):
            part = part[step]


def _references(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        if isinstance(part.get("$ref"), str):
            yield part["$ref"]
        for value in part.values():
            yield from _references(value)
    elif isinstance(part, list):
        for value in part:
            yield from _references(value)


def test_every_example_is_what_its_schema_says(page: Page) -> None:
    checked = 0
    for _, _, operation in operations(page):
        bodies = [operation.get("requestBody", {}), *operation["responses"].values()]
        for media in (m for body in bodies for m in body.get("content", {}).values()):
            for example in media.get("examples", {}).values():
                _valid(media["schema"], example["value"])
                checked += 1
    assert checked > 100


@pytest.mark.parametrize("call", calls(), ids=lambda call: call.name)
def test_every_call_shows_an_example_of_every_answer(call: Call) -> None:
    assert call.operation["security"] == [{"key": [call.scope]}]
    for answer in call.operation["responses"].values():
        for media in answer["content"].values():
            assert media["examples"]
    statuses = {int(status) for status in call.operation["responses"]}
    assert {401, 403, 429, 500, 503} <= statuses
    assert (call.method in ("POST", "PUT")) == ({400, 422} <= statuses)
    assert ("{" in call.path) == (404 in statuses)


def test_every_sort_of_problem_is_shown_somewhere(page: Page) -> None:
    shown = set()
    for _, _, operation in operations(page):
        for answer in operation["responses"].values():
            for media in answer.get("content", {}).values():
                shown |= set(media.get("examples", {}))
    assert set(PROBLEM_TYPES) - shown == {"method-not-allowed"}


def test_the_facts_have_the_fields_of_the_facts(page: Page) -> None:
    for kind in SUBMITTED.values():
        schema = page["components"]["schemas"][kind.schema]
        assert list(schema["properties"]) == [field.name for field in kind.fields]
        assert schema["required"] == [field.name for field in kind.fields if field.required]


SENT = [
    call
    for call in calls()
    if "application/json" in call.operation.get("requestBody", {}).get("content", {})
]


@pytest.mark.parametrize("call", SENT, ids=lambda call: call.name)
def test_every_example_of_a_body_is_taken(client: httpx.Client, call: Call) -> None:
    media = call.operation["requestBody"]["content"]["application/json"]
    for example in media["examples"].values():
        answer = client.request(call.method, call.path, json=example["value"])
        assert answer.status_code in (200, 201, 409) or "{" in call.path, answer.text
        if answer.status_code < 300:
            described = call.operation["responses"][str(answer.status_code)]
            _valid(described["content"]["application/json"]["schema"], answer.json())
