"""Endpoints that other systems push to: made, changed, refused; the mappings that come along."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest

from risk.webhooks.mapping_table import read_mapping
from risk.webhooks.systems import SYSTEMS
from tests.api.hook_senders import SECRET, push, raw_of, set_up
from tests.api.serving import Running


def test_endpoints_come_and_go(client: httpx.Client, stranger: httpx.Client) -> None:
    place = set_up(client, "freshdesk", "passing")
    listed = client.get("/v1/hooks").json()
    assert ("freshdesk", "passing") in {(e["system"], e["endpoint"]) for e in listed}
    assert SECRET not in client.get("/v1/hooks").text
    raw = raw_of("freshdesk_ticket")
    assert push(stranger, place, raw, {"x-refund-risk-secret": SECRET}).status_code == 200
    assert client.delete(place).status_code == 200
    assert client.delete(place).status_code == 404
    assert push(stranger, place, raw, {"x-refund-risk-secret": SECRET}).status_code == 401


def test_secrets_are_kept_sealed(served: Running, client: httpx.Client) -> None:
    secret = "unmistakable-secret-of-an-endpoint"
    client.put("/v1/hooks/generic/sealed", json={"secret": secret}).raise_for_status()
    database = served.service.history.engine.url.database
    assert database
    for end in ("", "-wal"):
        assert secret.encode() not in Path(database + end).read_bytes()


@pytest.mark.parametrize(
    ("path", "body", "status", "field"),
    [
        ("nobody/x", {"secret": SECRET}, 404, None),
        ("shopify/x y", {"secret": SECRET}, 422, None),
        ("shopify/x", {}, 422, "secret"),
        ("shopify/x", {"secret": "short"}, 422, "secret"),
        ("shopify/x", {"secret": SECRET, "colour": "red"}, 422, "colour"),
        ("shopify/x", {"secret": SECRET, "mapping": {}}, 422, "mapping"),
        ("shopify/x", {"secret": SECRET, "mapping": False}, 422, "mapping"),
        ("shopify/x", {"secret": SECRET, "mapping": "not = = toml"}, 422, "mapping"),
        ("shopify/x", {"secret": SECRET, "mapping": "[maps]\nreason = 3"}, 422, "maps.reason"),
        (
            "shopify/x",
            {"secret": SECRET, "mapping": "[[messages]]\n[[messages.refunds]]\ncolour = 'x'"},
            422, "mapping",
        ),
    ],
)  # fmt: skip
def test_an_endpoint_that_makes_no_sense(
    client: httpx.Client, path: str, body: dict[str, Any], status: int, field: str | None
) -> None:
    answer = client.put(f"/v1/hooks/{path}", json=body)
    assert answer.status_code == status, answer.text
    if field:
        assert field in [error["field"] for error in answer.json()["errors"]]


@pytest.mark.parametrize("name", SYSTEMS)
def test_the_tables_that_come_along_are_whole(name: str) -> None:
    assert read_mapping("", SYSTEMS[name].mapping()).messages
