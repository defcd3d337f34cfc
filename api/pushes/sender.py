"""Sending one push: resolved once, connected to the address that was checked, no redirects.

Whoever names an address to push to must not reach the inside of our network through us, neither
by naming it, nor by a name that resolves to it, nor by one that does so only the second time.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Any
from urllib.parse import urlsplit

import httpcore

from api.hooks.signing import signature
from risk.webhooks.deliveries import Delivery
from risk.webhooks.receivers import Receiver

SECONDS = 15.0
_AGENT = "refund-risk"
_UNICAST = IPv6Network("2000::/3")
_CARRIERS = (IPv6Network("2002::/16"), IPv6Network("2001::/32"))
"""6to4 and Teredo: addresses that carry another one inside."""


class Inside(httpcore.ConnectError):
    """The address belongs to the own network or to no network at all."""


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a push: the status that was answered, or why there was none."""

    status: int | None
    trouble: str = ""

    @property
    def arrived(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


def is_outside(address: str) -> bool:
    """Whether an IP address is one of the public internet's."""
    ip: IPv4Address | IPv6Address = ip_address(address)
    if isinstance(ip, IPv6Address):
        if ip.ipv4_mapped is not None:
            return is_outside(str(ip.ipv4_mapped))
        if ip not in _UNICAST or any(ip in network for network in _CARRIERS):
            return False
    return ip.is_global and not ip.is_multicast


def refusal(url: str, *, private: bool) -> str:
    """Why an address cannot be pushed to; empty where it can."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return "an address such as https://example.com/hook"
    if parts.scheme != "https" and not (private and parts.scheme == "http"):
        return "an address that begins with https://"
    plain = url.isascii() and url.isprintable() and " " not in url
    if not parts.hostname or "@" in parts.netloc or port == 0 or not plain:
        return "an address with a host, and no name or password in it"
    try:
        literal = ip_address(parts.hostname)
    except ValueError:
        return ""
    return "" if private or is_outside(str(literal)) else "an address outside the private network"


class _Checked(httpcore.AnyIOBackend):
    """Connects to an address only after looking at it, and to no other than the one looked at."""

    def __init__(self, *, private: bool) -> None:
        self._private = private

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        address = await self._resolve(host, port)
        return await super().connect_tcp(address, port, timeout, local_address, socket_options)

    async def _resolve(self, host: str, port: int) -> str:
        loop = asyncio.get_running_loop()
        try:
            found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except OSError as error:
            raise httpcore.ConnectError("the name does not resolve") from error
        addresses = [str(entry[4][0]).partition("%")[0] for entry in found]
        if not self._private and not all(is_outside(address) for address in addresses):
            raise Inside("the name leads into a private network")
        return addresses[0]


def headers_of(receiver: Receiver, delivery: Delivery, now: float) -> dict[str, str]:
    """Who we are, what this is, and the signature of it."""
    signed_at = str(int(now))
    body = delivery.body.encode()
    return {
        "content-type": "application/json",
        "user-agent": _AGENT,
        "webhook-id": delivery.delivery_id,
        "webhook-timestamp": signed_at,
        "webhook-signature": signature(receiver.key, delivery.delivery_id, signed_at, body),
    }


async def send(
    receiver: Receiver, delivery: Delivery, now: float, seconds: float = SECONDS
) -> Result:
    """Push once, over a connection of its own; never raises."""
    if why := refusal(receiver.url, private=receiver.private):
        return Result(None, f"expected {why}")
    backend = _Checked(private=receiver.private)
    try:
        async with asyncio.timeout(seconds):
            return await _post(backend, receiver, delivery, now)
    except TimeoutError:
        return Result(None, f"no answer within {seconds:g} seconds")
    except Inside as error:
        return Result(None, str(error))
    except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException, OSError) as e:
        return Result(None, type(e).__name__)


async def _post(backend: _Checked, receiver: Receiver, delivery: Delivery, now: float) -> Result:
    """The answer's body is left unread: whatever it holds, it is not for us."""
    async with (
        httpcore.AsyncConnectionPool(network_backend=backend, max_keepalive_connections=0) as pool,
        pool.stream(
            "POST", receiver.url, headers=headers_of(receiver, delivery, now),
            content=delivery.body.encode(),
        ) as response,
    ):  # fmt: skip
        status = int(response.status)
        trouble = "" if 200 <= status < 300 else f"answered {status}"
        return Result(status, trouble)
