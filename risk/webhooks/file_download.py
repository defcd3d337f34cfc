"""Downloading a file that somebody else names by address: checked, bounded in size and time."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from urllib.parse import urljoin

import httpcore

from risk.webhooks.checked_network import AGENT, CheckedNetwork, NotPublic
from risk.webhooks.file_settings import FileSettings

TIMEOUT_S = 30.0
MOST_REDIRECTS = 3

_REDIRECTS = (301, 302, 303, 307, 308)
_GONE = 410
_PLAIN = (b"", b"identity")
_HEADERS = [("user-agent", AGENT), ("accept-encoding", "identity"), ("accept", "*/*")]


class NotDownloaded(Exception):
    """Nothing was downloaded; `final`: another try would end in the same way."""

    def __init__(self, cause: str, *, final: bool = False) -> None:
        super().__init__(cause)
        self.final = final


@dataclass(frozen=True, slots=True)
class Downloader:
    """Downloads from the hosts of these settings, at most so many bytes in so many seconds.

    `private` allows plain http, other ports, and addresses of the own network.
    """

    allowed: FileSettings
    private: bool
    most: int
    seconds: float = TIMEOUT_S

    async def download(self, url: str) -> bytes:
        """The file at an address. Raises NotDownloaded."""
        try:
            async with asyncio.timeout(self.seconds):
                return await self._follow(url)
        except TimeoutError:
            raise NotDownloaded(f"it did not come within {self.seconds:g} seconds") from None
        except NotPublic as error:
            raise NotDownloaded(str(error), final=True) from None
        except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException,
                OSError) as error:  # fmt: skip
            raise NotDownloaded(type(error).__name__) from None

    async def _follow(self, url: str) -> bytes:
        """The file, after redirects: each leads to an address that is checked as the first is."""
        network = CheckedNetwork(private=self.private)
        for _ in range(MOST_REDIRECTS + 1):
            if why := self.allowed.refusal(url, private=self.private):
                raise NotDownloaded(why, final=True)
            found = await self._get(network, url)
            if isinstance(found, bytes):
                return found
            url = found
        raise NotDownloaded(f"more than {MOST_REDIRECTS} redirects", final=True)

    async def _get(self, network: CheckedNetwork, url: str) -> bytes | str:
        """The file, or the address that it is redirected to, over a connection of its own."""
        async with (
            httpcore.AsyncConnectionPool(
                network_backend=network, max_keepalive_connections=0
            ) as pool,
            pool.stream("GET", url, headers=_HEADERS) as response,
        ):
            headers = {name.lower(): value for name, value in response.headers}
            if response.status in _REDIRECTS:
                return _target(url, headers.get(b"location", b""))
            self._check(int(response.status), headers)
            return await self._read(response)

    def _check(self, status: int, headers: dict[bytes, bytes]) -> None:
        if status != 200:
            raise NotDownloaded(f"answered {status}", final=status == _GONE)
        if headers.get(b"content-encoding", b"").strip().lower() not in _PLAIN:
            raise NotDownloaded("it comes compressed, which nobody asked for", final=True)
        announced = headers.get(b"content-length", b"")
        if announced.isdigit() and int(announced) > self.most:
            raise self._too_large()

    async def _read(self, response: httpcore.Response) -> bytes:
        content = bytearray()
        async for chunk in response.aiter_stream():
            content += chunk
            if len(content) > self.most:
                raise self._too_large()
        return bytes(content)

    def _too_large(self) -> NotDownloaded:
        return NotDownloaded(f"more than {self.most >> 20} megabytes", final=True)


def _target(url: str, location: bytes) -> str:
    """Where a redirect leads to. Raises NotDownloaded where it does not say."""
    try:
        return urljoin(url, location.decode("ascii"))
    except ValueError:
        raise NotDownloaded("a redirect to no address", final=True) from None
