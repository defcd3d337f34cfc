"""Authentication: bearer keys read from the store, cached for a second."""

from __future__ import annotations

import asyncio
import hashlib
import time
from contextlib import nullcontext
from dataclasses import dataclass, field
from ipaddress import ip_address

from starlette.requests import Request

from api.limits import Slots
from api.problems import ProblemError
from api.thread_pool import Pool
from risk.access import keys
from risk.access.keys import Key
from risk.history.connection.connect import now_ms
from risk.history.store import History
from risk.spans import span

CACHED_S = 1.0
MAX_CACHED = 10_000
STRANGERS = 32
"""Keys that may be looked up at the same time and were not known to be good just now."""
_PASSED_ON = ("forwarded", "x-forwarded-for", "x-real-ip")
_CHALLENGE = {"www-authenticate": 'Bearer realm="refund-risk"'}


def require_scope(key: Key, scope: str) -> None:
    """Raises ProblemError (403) unless the key has the scope."""
    if scope not in key.scopes:
        raise ProblemError("forbidden", f"this call needs the scope `{scope}`")


def require_unbound(key: Key) -> None:
    """Raises ProblemError (403) for a key that is bound to merchants."""
    if key.merchants:
        raise ProblemError(
            "forbidden", "this call is about all merchants; the key is bound to some of them"
        )


@dataclass(slots=True)
class Authenticator:
    """Finds the key of an Authorization header.

    A key that was revoked elsewhere is refused at most `CACHED_S` later. Of one key one thread at a
    time reads, whoever calls with it; of keys that were never good, a few: neither takes the
    threads that decide.
    """

    history: History
    pool: Pool
    last_used: dict[str, int] = field(default_factory=dict)
    strangers: Slots = field(default_factory=lambda: Slots(STRANGERS))
    _known: dict[bytes, tuple[Key, float]] = field(default_factory=dict)
    _reading: dict[bytes, asyncio.Future[Key | None]] = field(default_factory=dict)

    async def authenticate(self, header: str | None) -> Key:
        """The working key of a call. Raises ProblemError (401)."""
        token = _token(header)
        digest = hashlib.sha256(token.encode("utf-8", "surrogateescape")).digest()
        known = self._known.get(digest)
        if known is None or known[1] < time.monotonic():
            key = await self._read(token, digest)
        else:
            key = known[0]
        now = now_ms()
        if not key.valid_at(now):
            raise ProblemError(
                "unauthenticated", "this key was revoked or has expired", (), _CHALLENGE
            )
        self.last_used[key.key_id] = now
        return key

    async def _read(self, token: str, digest: bytes) -> Key:
        with span("authenticate"):
            key = await self._shared(token, digest)
        if key is None:
            self._known.pop(digest, None)
            raise ProblemError("unauthenticated", "no such key", (), _CHALLENGE)
        if len(self._known) >= MAX_CACHED:
            self._known.clear()
        self._known[digest] = (key, time.monotonic() + CACHED_S)
        return key

    async def _shared(self, token: str, digest: bytes) -> Key | None:
        """What the store says of a token, read once for all who ask at the same time."""
        reading = self._reading.get(digest)
        if reading is None:
            reading = asyncio.ensure_future(self._look_up(token, known=digest in self._known))
            self._reading[digest] = reading
            reading.add_done_callback(lambda _: self._reading.pop(digest))
        return await asyncio.shield(reading)

    async def _look_up(self, token: str, *, known: bool) -> Key | None:
        with nullcontext() if known else self.strangers.hold("too many unknown keys come at once"):
            return await self.pool.run(lambda: self._find(token))

    def _find(self, token: str) -> Key | None:
        with self.history.read() as connection:
            return keys.find(connection, token)

    def write_last_used(self) -> None:
        """Note in the store when each key was last used; nothing to note, nothing written."""
        noted, self.last_used = self.last_used, {}
        if noted:
            with self.history.write() as write:
                keys.record_use(write, noted)


def _token(header: str | None) -> str:
    scheme, _, token = (header or "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise ProblemError("unauthenticated", "send `Authorization: Bearer KEY`", (), _CHALLENGE)
    return token.strip()


def is_local(request: Request) -> bool:
    """Whether a call comes from this machine, and was not passed on by a proxy on it."""
    if request.client is None or any(name in request.headers for name in _PASSED_ON):
        return False
    try:
        return ip_address(request.client.host).is_loopback
    except ValueError:
        return False
