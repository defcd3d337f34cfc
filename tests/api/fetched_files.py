"""Pushes that name files by address, and what becomes of them."""

from __future__ import annotations

import json
import time
from typing import Any

import httpx

from tests.api.hook_pushes import pushed
from tests.api.hook_senders import generic, push, set_up

MAPPING = """
[files]
hosts = ["127.0.0.1"]

[[messages]]
topic = "claim.*"
decide = true
[[messages.orders]]
order_id = "order"
customer_id = "buyer"
placed_at = "placed"
amount = "sum"
sku = "article"
merchant_id = { value = "M-files" }
no_reason_return = { value = "false" }
[[messages.refunds]]
refund_id = "claim"
order_id = "order"
requested_at = { received = true }
amount = "sum"
type = { value = "refund_only" }
reason_code = { value = "damaged" }
[[messages.evidence]]
each = "photos"
evidence_id = { path = "item", digest = true }
refund_id = "claim"
submitted_at = { received = true }
kind = { value = "photo" }
file_url = "item"
"""


def endpoint(client: httpx.Client, name: str, *, private: bool = True) -> str:
    """The path of an endpoint that may fetch from this machine."""
    return set_up(client, "generic", name, MAPPING, private_files=private)


def claim(stranger: httpx.Client, place: str, name: str, *photos: Any) -> dict[str, Any]:
    """Push a claim with photos by address; the receipt."""
    ids = {"claim": f"R-{name}", "order": f"O-{name}", "buyer": f"C-{name}", "article": f"S-{name}"}
    data = {**ids, "placed": "2026-03-01T08:00:00+08:00", "sum": "349.00", "photos": photos}
    raw = json.dumps({"type": "claim.made", "data": data}).encode()
    answer = push(stranger, place, raw, generic(raw, time.time(), f"m-{name}-{time.time_ns()}"))
    assert answer.status_code == 200, answer.text
    receipt: dict[str, Any] = answer.json()
    return receipt


def files_of(client: httpx.Client, place: str) -> list[dict[str, Any]]:
    """What the inbox says of the files of an endpoint's latest message now."""
    files: list[dict[str, Any]] = pushed(client, place)[0]["files"]
    return files


def fetched_files(client: httpx.Client, place: str, *states: str) -> list[dict[str, Any]]:
    """The same, once all of them are in one of these states; without any, once all were tried."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        files = files_of(client, place)
        if all(one["state"] in states if states else _tried(one) for one in files):
            return files
    raise AssertionError(f"still {files_of(client, place)}")


def _tried(file: dict[str, Any]) -> bool:
    return bool(file["state"] != "waiting" or file["tries"])


def decisions_on(client: httpx.Client, request: str, number: int = 1) -> list[dict[str, Any]]:
    """The decisions on a request, once there are so many."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        answer = client.get(f"/v1/refunds/{request}/decisions")
        if answer.status_code == 200 and len(answer.json()) >= number:
            found: list[dict[str, Any]] = answer.json()
            return found
    raise AssertionError(f"no {number} decisions on {request}")
