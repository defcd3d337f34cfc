"""What other systems push: proved, taken in once for good, told in the contract's words."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime

import httpx
import pytest

from risk.webhooks.signature_settings import REPLAY_S
from tests.api.hook_senders import SENDERS, Sender, prefix_of, push, raw_of, rows
from tests.api.serving import Running


def test_a_recorded_request_is_decided(
    served: Running, client: httpx.Client, stranger: httpx.Client, sender: Sender, place: str
) -> None:
    raw, now = raw_of(sender.payload), time.time()
    answer = push(stranger, place, raw, sender.sign(raw, now, "m-1"))
    assert answer.status_code == 200, answer.text
    [row] = rows(served, "refunds", prefix_of(place))
    requested = datetime.fromtimestamp(row.requested_at / 1000, UTC).isoformat()
    assert row.refund_id == prefix_of(place) + sender.refund_id
    assert (row.reason_code, row.amount) == (sender.reason, sender.amount)
    assert requested == sender.requested_at
    assert row.known_at >= int(now * 1000)
    [decision] = client.get(f"/v1/refunds/{row.refund_id}/decisions").json()
    if sender.name == "doudian":
        assert answer.json() == {"code": 0, "msg": "success"}
    else:
        assert answer.json()["decisions"] == [decision["decision_id"]]


def test_a_message_counts_once_for_good(
    client: httpx.Client, stranger: httpx.Client, sender: Sender, place: str
) -> None:
    raw = raw_of(sender.payload)
    for message_id in ("m-1", "m-1", "m-2"):
        headers = sender.sign(raw, time.time(), message_id)
        assert push(stranger, place, raw, headers).status_code == 200
    spaced = raw + b"\n"
    if sender.name in ("zendesk", "shopify", "generic", "doudian"):
        push(stranger, place, spaced, sender.sign(spaced, time.time(), "m-1"))
    refund_id = prefix_of(place) + sender.refund_id
    assert len(client.get(f"/v1/refunds/{refund_id}/decisions").json()) == 1


def test_who_cannot_prove_it_is_refused(
    served: Running, stranger: httpx.Client, sender: Sender, place: str
) -> None:
    raw, now = raw_of(sender.payload), time.time()
    good = sender.sign(raw, now, "m-1")
    forged = replace(sender, sign=lambda *_: {}).sign()
    tries = [(raw, forged)]
    tries += [(raw, {**good, name: "x" + value[1:-8]}) for name, value in good.items()
              if name.lower() not in ("x-shopify-topic", "x-shopify-webhook-id", "webhook-id",
                                      "x-zendesk-webhook-invocation-id")]  # fmt: skip
    if sender.name not in ("freshdesk", "gorgias"):
        tries.append((raw.replace(b"1", b"2", 1), good))
    for body, headers in tries:
        answer = push(stranger, place, body, headers)
        assert answer.status_code == 401, headers
    assert push(stranger, place + "-none", raw, good).status_code == 401
    assert rows(served, "refunds", prefix_of(place)) == []


@pytest.mark.parametrize("late", [-REPLAY_S - 5, REPLAY_S + 5])
@pytest.mark.parametrize("sender", [s for s in SENDERS if s.name in ("zendesk", "generic")],
                         ids=lambda s: s.name, indirect=True)  # fmt: skip
def test_a_signed_time_must_be_now(
    stranger: httpx.Client, sender: Sender, place: str, late: float
) -> None:
    raw = raw_of(sender.payload)
    headers = sender.sign(raw, time.time() + late, "m-1")
    assert push(stranger, place, raw, headers).status_code == 401
