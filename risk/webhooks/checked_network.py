"""Connections to addresses that others name: resolved once, to what was checked and no other.

Whoever names an address must not reach the inside of our network through us, neither by naming it,
nor by a name that resolves to it, nor by one that does so only the second time.
"""

from __future__ import annotations

import asyncio
import socket
import sys
from collections.abc import Iterable
from functools import cache
from importlib.util import find_spec
from typing import Any

import httpcore

from risk.webhooks.public_address import is_public

AGENT = "refund-risk"
"""What our requests say they come from."""


class NotPublic(httpcore.ConnectError):
    """The address belongs to the own network or to no network at all."""


class CheckedNetwork(httpcore.AnyIOBackend):
    """Connects to an address only after checking it, and to no other than the one checked."""

    def __init__(self, *, private: bool) -> None:
        self._private = private
        _expect_asyncio()

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
        if not self._private and not all(is_public(address) for address in addresses):
            raise NotPublic("the name leads into a private network")
        return addresses[0]


@cache
def _expect_asyncio() -> None:
    """Keep `httpcore` from looking for `sniffio` at every step of a call, where there is none: to
    find out through every folder of packages was half of what a push cost."""
    modules: dict[str, Any] = sys.modules
    if "sniffio" not in modules and find_spec("sniffio") is None:
        modules["sniffio"] = None
