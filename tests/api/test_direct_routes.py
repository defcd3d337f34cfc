"""Calls are answered alike with the framework's solver of dependencies and without it."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from api.app import routed
from api.routing import ApiRoute
from tests.api.test_scoring import body

ADDRESS = "/v1/refunds/score"
WRONG: list[dict[str, Any]] = [
    {"json": {"refund": {}}},
    {"content": b"{", "headers": {"content-type": "application/json"}},
    {"content": b"{}", "headers": {"content-type": "text/plain"}},
    {"json": {}, "headers": {"authorization": "Bearer nobody"}},
    {"json": {}, "headers": {"content-encoding": "gzip"}},
]


def test_a_decision_is_the_same_either_way(client: httpx.Client) -> None:
    sent = body()
    solved = client.post(f"{ADDRESS}?dry_run=false", json=sent)
    direct = client.post(ADDRESS, json=sent)
    assert solved.status_code == direct.status_code == 200
    assert solved.content == direct.content


@pytest.mark.parametrize("request_", WRONG, ids=["body", "json", "type", "key", "encoding"])
def test_what_is_wrong_is_said_alike(client: httpx.Client, request_: dict[str, Any]) -> None:
    solved, direct = (
        client.post(address, **request_) for address in (f"{ADDRESS}?dry_run=false", ADDRESS)
    )
    assert solved.status_code == direct.status_code >= 400
    assert {**solved.json(), "instance": ""} == {**direct.json(), "instance": ""}


def test_it_takes_a_body_and_no_path_to_be_answered_without_the_solver() -> None:
    direct = [r for r in routed().routes if isinstance(r, ApiRoute) and r.app is not r.solved]
    assert ADDRESS in {route.path for route in direct}
    assert all("{" not in route.path and route.body is not None for route in direct)
