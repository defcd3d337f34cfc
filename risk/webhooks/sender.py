"""Sending one delivery over the checked network, without following redirects."""

from __future__ import annotations

import asyncio
import secrets
import time
from dataclasses import dataclass

import httpcore
import orjson

from risk.facts.format import iso
from risk.history.connection.connect import now_ms
from risk.webhooks.checked_network import AGENT, CheckedNetwork, NotPublic
from risk.webhooks.deliveries import Delivery
from risk.webhooks.public_address import url_refusal
from risk.webhooks.signing import signature
from risk.webhooks.subscriptions import Subscription

TIMEOUT_S = 15.0
TEST_EVENT = "test"
"""The event of a delivery that only tests the connection."""


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a delivery: the status that was answered, or why there was none."""

    status: int | None
    trouble: str = ""

    @property
    def arrived(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


def _headers(
    to: Subscription, delivery: Delivery, now: float
) -> list[tuple[bytes | str, bytes | str]]:
    """Who we are, what this is, and the signature of it."""
    signed_at, body = str(int(now)), delivery.body.encode()
    keys = to.keys(int(now * 1000))
    signatures = " ".join(signature(key, delivery.delivery_id, signed_at, body) for key in keys)
    return [
        ("content-type", "application/json"),
        ("user-agent", AGENT),
        ("webhook-id", delivery.delivery_id),
        ("webhook-timestamp", signed_at),
        ("webhook-signature", signatures),
    ]


async def send(
    to: Subscription, delivery: Delivery, now: float, seconds: float = TIMEOUT_S
) -> Result:
    """Send once, signed at `now` (seconds), over a connection of its own; never raises."""
    if why := url_refusal(to.url, private=to.private):
        return Result(None, f"expected {why}")
    backend = CheckedNetwork(private=to.private)
    try:
        async with asyncio.timeout(seconds):
            return await _post(backend, to, delivery, now)
    except TimeoutError:
        return Result(None, f"no answer within {seconds:g} seconds")
    except NotPublic as error:
        return Result(None, str(error))
    except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException, OSError) as e:
        return Result(None, type(e).__name__)


async def _post(
    backend: CheckedNetwork, to: Subscription, delivery: Delivery, now: float
) -> Result:
    """The answer's body is left unread: whatever it holds, it is not for us."""
    async with (
        httpcore.AsyncConnectionPool(network_backend=backend, max_keepalive_connections=0) as pool,
        pool.stream(
            "POST", to.url, headers=_headers(to, delivery, now), content=delivery.body.encode()
        ) as response,
    ):
        status = int(response.status)
        trouble = "" if 200 <= status < 300 else f"answered {status}"
        return Result(status, trouble)


async def send_test(to: Subscription) -> Result:
    """Send an event without content now; nothing of it is stored."""
    now = now_ms()
    body = orjson.dumps({"type": TEST_EVENT, "timestamp": iso(now), "data": {}}).decode()
    delivery_id = "msg_" + secrets.token_hex(12)
    delivery = Delivery(
        delivery_id, to.receiver_id, TEST_EVENT, "", body, now, "waiting", now, 0, None, None, None
    )
    return await send(to, delivery, time.time())
