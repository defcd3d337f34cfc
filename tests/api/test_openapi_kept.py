"""Whatever the API promised before, it still does: `openapi_before.json` is of commit 74fb85f."""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.api.openapi_difference import differences
from tests.api.serving import Running

Page = dict[str, Any]
BEFORE: Page = json.loads(Path(__file__).with_name("openapi_before.json").read_text("utf-8"))


def test_nothing_is_gone_and_nothing_is_narrower(served: Running) -> None:
    after = httpx.get(served.url + "/openapi.json").json()
    assert differences(BEFORE, after) == []


def test_a_document_differs_in_nothing_from_itself() -> None:
    assert differences(BEFORE, BEFORE) == []


def _schemas(page: Page) -> Page:
    found: Page = page["components"]["schemas"]
    return found


SCORE = "/v1/refunds/score"
BREAKS: dict[str, tuple[Callable[[Page], Any], str]] = {
    "path": (lambda p: p["paths"].pop("/v1/model"), "paths /v1/model: gone"),
    "method": (lambda p: p["paths"]["/v1/receivers"].pop("get"), "GET /v1/receivers: gone"),
    "operation id": (
        lambda p: p["paths"][SCORE]["post"].update(operationId="other"),
        "POST /v1/refunds/score: operationId score became other",
    ),
    "status": (
        lambda p: p["paths"][SCORE]["post"]["responses"].pop("409"),
        "POST /v1/refunds/score 409: gone",
    ),
    "parameter": (
        lambda p: p["paths"]["/v1/cases"]["get"]["parameters"].pop(0),
        "GET /v1/cases query state: gone",
    ),
    "referenced parameter": (
        lambda p: p["components"]["parameters"]["IdempotencyKey"]["schema"].update(maxLength=9),
        "POST /v1/refunds/score header idempotency-key: maxLength 255 became 9",
    ),
    "property, behind two references": (
        lambda p: _schemas(p)["Text"]["properties"].pop("zh"),
        "POST /v1/refunds/score 200 application/json.reasons[].text.zh: gone",
    ),
    "property of a body": (
        lambda p: _schemas(p)["Refund"]["properties"].pop("type"),
        "POST /v1/refunds/score body application/json.refund.type: gone",
    ),
    "newly required": (
        lambda p: _schemas(p)["OrderLine"]["required"].append("sku"),
        "POST /v1/refunds/score body application/json.order[]: required ['sku'] is new",
    ),
    "no longer always answered": (
        lambda p: _schemas(p)["Decision"]["required"].remove("tier"),
        "POST /v1/refunds/score 200 application/json: required ['tier'] gone",
    ),
    "choice": (
        lambda p: _schemas(p)["Refund"]["properties"]["reason_code"]["enum"].remove("late"),
        "POST /v1/refunds/score body application/json.refund.reason_code: values ['late'] gone",
    ),
    "null": (
        lambda p: _schemas(p)["Refund"]["properties"]["line_id"].update(type="string"),
        "POST /v1/refunds/score body application/json.refund.line_id: no longer null",
    ),
    "bound": (
        lambda p: _schemas(p)["OrderLine"]["properties"]["sku"].update(maxLength=10),
        "POST /v1/refunds/score body application/json.order[].sku: maxLength 200 became 10",
    ),
    "pattern": (
        lambda p: _schemas(p)["Refund"]["properties"]["refund_id"].update(pattern="^R"),
        "POST /v1/refunds/score body application/json.refund.refund_id: pattern None became '^R'",
    ),
    "webhook": (
        lambda p: _schemas(p)["Push"]["properties"].pop("data"),
        "POST decision.made body application/json.data: gone",
    ),
    "header": (
        lambda p: p["paths"][SCORE]["post"]["responses"]["429"].pop("headers"),
        "POST /v1/refunds/score 429 header Retry-After: gone",
    ),
}


@pytest.mark.parametrize("name", BREAKS)
def test_every_break_is_named_with_its_place(name: str) -> None:
    breaking, wanted = BREAKS[name]
    page = deepcopy(BEFORE)
    breaking(page)
    assert wanted in differences(BEFORE, page)


def test_additions_are_no_difference() -> None:
    page = deepcopy(BEFORE)
    _schemas(page)["Decision"]["properties"]["warnings"] = {"type": "array", "items": {}}
    _schemas(page)["Decision"]["required"].append("warnings")
    _schemas(page)["Refund"]["properties"]["reason_code"]["enum"].append("lost")
    _schemas(page)["Refund"]["properties"]["line_id"] = {
        "anyOf": [{"type": "string", "maxLength": 300}, {"type": "null"}]
    }
    page["paths"]["/v1/more"] = page["paths"]["/v1/model"]
    assert differences(BEFORE, page) == []
