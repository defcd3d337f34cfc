"""The OpenAPI page: what the calls say of themselves, with the schemas they refer to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from api.calls import Call, page_of
from api.routes.facts import STORED
from api.routes.hooks import ENDPOINT, SET_UP
from api.routes.model import MODEL
from api.wire.cases import CASE, FINDING, PAGE, WHOLE_CASE
from api.wire.decision import SCORE, VERDICT_OF_ONE, decision_schemas
from api.wire.facts import fact_schemas
from api.wire.problems import PROBLEM, PROBLEM_FIELD
from api.wire.pushes import (
    DELIVERY,
    DELIVERY_PAGE,
    PUSH,
    RECEIVER,
    RECEIVER_SET_UP,
    webhooks,
)

TITLE = "refund-risk"
VERSION = "1"
SUMMARY = "Decides refund requests: approve, ask for evidence, or put before a person."
TEXT_OF_PAGE = """Send facts as they happen, or everything at once with the request to be decided.

**Times** are ISO 8601 with an offset; a naive time is refused. **Money** is a decimal in major
units with an ISO 4217 currency, number or string on the way in, string on the way out. **Empty**
(null, or an empty string) means unknown. **Errors** are `application/problem+json` (RFC 9457) and
name the field at fault. **Repeating** is safe: facts have keys of their own, the same scoring body
is answered with the stored Decision, and `Idempotency-Key` is honoured for 24 hours.

Keys are sent as `Authorization: Bearer KEY`; their scopes are `ingest`, `outcomes`, `backdate`,
`score`, `review` and `admin`. 429 and 503 carry `Retry-After` in seconds."""
TAGS = [
    {"name": "decisions", "description": "Deciding, and reading what was decided."},
    {"name": "facts", "description": "What happened: only ever added."},
    {"name": "cases", "description": "The reviewers' queue."},
    {"name": "hooks", "description": "What other systems push to us, and what we push to them."},
    {"name": "service", "description": "Alive, ready, numbers."},
]
_KEY = {
    "type": "http",
    "scheme": "bearer",
    "description": "A key made with `refund-risk keys create`, with scopes of its own.",
}
IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "A name for this call, kept for 24 hours: the same call again is answered with "
    "the first answer; another call under the same name is a 422.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[ -~]+$"},
    "example": "7c1a6f0e-2b57-4c37-9d3f-1b1f1c1d1e1f",
}


def schemas() -> dict[str, Mapping[str, Any]]:
    """Every schema by name."""
    return {
        **fact_schemas(),
        "Stored": STORED,
        "Score": SCORE,
        "ScoredOne": VERDICT_OF_ONE,
        **decision_schemas(),
        "Model": MODEL,
        "Case": CASE,
        "CasePage": PAGE,
        "WholeCase": WHOLE_CASE,
        "Finding": FINDING,
        "Endpoint": ENDPOINT,
        "EndpointSetUp": SET_UP,
        "Receiver": RECEIVER,
        "ReceiverSetUp": RECEIVER_SET_UP,
        "Delivery": DELIVERY,
        "DeliveryPage": DELIVERY_PAGE,
        "Push": PUSH,
        "Problem": PROBLEM,
        "ProblemField": PROBLEM_FIELD,
    }


def describe(app: FastAPI, calls: Sequence[Call]) -> dict[str, Any]:
    """The page, made once. What calls say of themselves is put in as it is, nulls included."""
    if app.openapi_schema is None:
        page = get_openapi(
            title=TITLE, version=VERSION, summary=SUMMARY, description=TEXT_OF_PAGE,
            routes=app.routes, tags=TAGS,
        )  # fmt: skip
        for call in calls:
            page["paths"][call.path][call.method.lower()].update(page_of(call))
        page["components"] = {
            "schemas": schemas(),
            "securitySchemes": {"key": _KEY},
            "parameters": {"IdempotencyKey": IDEMPOTENCY_KEY},
        }
        page["webhooks"] = webhooks()
        app.openapi_schema = page
    return app.openapi_schema
