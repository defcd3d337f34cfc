"""The OpenAPI document: the framework's, with the bodies that dependencies read, and webhooks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import orjson
from fastapi import APIRouter
from fastapi.openapi.utils import get_openapi
from pydantic import TypeAdapter
from starlette.routing import BaseRoute

from api.dependencies.body import REF
from api.dependencies.idempotency_key import PARAMETER
from api.routing import ApiRoute
from api.schemas.problems import Problem
from api.schemas.receivers import Push, webhooks

TITLE = "refund-risk"
VERSION = "1"
SUMMARY = "Decides refund requests: approve, ask for evidence, or put before a person."
DESCRIPTION = """Send facts as they happen, or everything at once with the request to be decided.

**Times** are ISO 8601 with an offset; a naive time is refused. **Money** is a decimal in major
units with an ISO 4217 currency, number or string on the way in, string on the way out. **Empty**
(null, or an empty string) means unknown. **Errors** are `application/problem+json` (RFC 9457) and
name the field at fault. **Repeating** is safe: facts have keys of their own, the same scoring body
is answered with the stored Decision, and `Idempotency-Key` is honoured for 24 hours. **Ids** are
strings; whole numbers are read as such, and a path takes any id percent-encoded. **Clocks**: a time
up to two seconds ahead of this service's is waited for, a later one is a 422 that says by how much.
**Encoded bodies** are a 415, unknown query parameters a 422.

Keys are sent as `Authorization: Bearer KEY`; their scopes are `ingest`, `outcomes`, `backdate`,
`score`, `review` and `admin`. 429 and 503 carry `Retry-After` in seconds."""
TAGS = [
    {"name": "decisions", "description": "Deciding, and reading what was decided."},
    {"name": "facts", "description": "What happened: only ever added."},
    {"name": "cases", "description": "The reviewers' queue."},
    {"name": "hooks", "description": "What other systems push to us, and what we push to them."},
    {"name": "service", "description": "Alive, ready, numbers."},
]


def document(routes: Sequence[BaseRoute], routers: Sequence[APIRouter]) -> dict[str, Any]:
    """The document of an application's routes, of which those of `routers` are calls."""
    page: dict[str, Any] = get_openapi(
        title=TITLE, version=VERSION, summary=SUMMARY, description=DESCRIPTION,
        routes=routes, tags=TAGS,
    )  # fmt: skip
    components = page["components"]
    components["schemas"].update(_schemas(routers))
    components["parameters"] = {"IdempotencyKey": PARAMETER}
    for item in page["paths"].values():
        for operation in item.values():
            _allow_empty(operation)
    for route in _calls(routers):
        for method in route.methods or ():
            _put_examples(page["paths"][route.path][method.lower()], route)
    page["webhooks"] = webhooks()
    return page


def for_generators(page: dict[str, Any]) -> dict[str, Any]:
    """The document without what generators of clients misread.

    Webhooks, which some take for calls; alternatives of what is required, for which some leave out
    every field; defaults, with which some make a field required; and bodies that are one thing or a
    list, for which some write code that does not compile: the list stays.
    """
    schemas = {name: _plain(schema) for name, schema in page["components"]["schemas"].items()}
    plain = {name: part for name, part in page.items() if name != "webhooks"}
    paths = {
        path: {method: _with_list(call) for method, call in item.items()}
        for path, item in page["paths"].items()
    }
    made = {**plain, "paths": paths, "components": {**page["components"], "schemas": schemas}}
    return _without_clashes(made)


def _without_clashes(page: dict[str, Any]) -> dict[str, Any]:
    """The document with other names for schemas that are called as what generators call the
    parameters of a call: `CustomerRequest` of `customer`."""
    calls = [call["operationId"] for item in page["paths"].values() for call in item.values()]
    taken = {"".join(part.title() for part in name.split("_")) + "Request" for name in calls}
    text = orjson.dumps(page).decode()
    for name in sorted(taken & page["components"]["schemas"].keys()):
        for before, after in ((f'schemas/{name}"', f'schemas/{name}Data"'),
                              (f'"{name}":{{', f'"{name}Data":{{')):  # fmt: skip
            text = text.replace(before, after)
    renamed: dict[str, Any] = orjson.loads(text)
    return renamed


def _with_list(call: dict[str, Any]) -> dict[str, Any]:
    """A call whose body is one thing or a list of them, with the list alone."""
    media = call.get("requestBody", {}).get("content", {}).get("application/json", {})
    schema = media.get("schema", {})
    several = schema.get("anyOf") or schema.get("oneOf") or ()
    lists = [one for one in several if one.get("type") == "array"]
    if len(several) != 2 or not lists or lists[0]["items"] not in several:
        return call
    content = {"application/json": {**media, "schema": lists[0]}}
    return {**call, "requestBody": {**call["requestBody"], "content": content}}


def _plain(schema: dict[str, Any]) -> dict[str, Any]:
    several = schema.get("anyOf", ())
    bare = bool(several) and all(one.keys() == {"required"} for one in several)
    kept = {name: part for name, part in schema.items() if not (bare and name == "anyOf")}
    if "properties" in kept:
        kept["properties"] = {
            name: {key: part for key, part in field.items() if key != "default"}
            for name, field in kept["properties"].items()
        }
    return kept


def _calls(routers: Sequence[APIRouter]) -> Iterator[ApiRoute]:
    for router in routers:
        yield from (route for route in router.routes if isinstance(route, ApiRoute))


def _put_examples(operation: dict[str, Any], route: ApiRoute) -> None:
    """Put the examples in as they are: the framework leaves out what is null in them."""
    for status, answer in route.responses.items():
        for media, content in answer.get("content", {}).items():
            if "examples" in content:
                shown = operation["responses"][str(status)]["content"][media]
                shown["examples"] = content["examples"]
    if route.body is not None:
        operation["requestBody"] = route.body.request_body()


def _schemas(routers: Sequence[APIRouter]) -> dict[str, Any]:
    read = [route.body for route in _calls(routers) if route.body is not None]
    schemas: list[Any] = [(str(n), "validation", body.adapter) for n, body in enumerate(read)]
    schemas += [(m.__name__, "serialization", TypeAdapter(m)) for m in (Problem, Push)]
    _, definitions = TypeAdapter.json_schemas(schemas, ref_template=REF)
    found: dict[str, Any] = definitions["$defs"]
    return found


def _allow_empty(operation: dict[str, Any]) -> None:
    """A filter that is left empty is none."""
    for parameter in operation.get("parameters", ()):
        if parameter.get("in") == "query":
            parameter["allowEmptyValue"] = True
