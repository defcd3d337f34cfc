"""`Idempotency-Key`: the same call under the same name is answered once, for a day."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from starlette.requests import Request

from api.problems import Trouble
from api.response import Answer
from risk.access import idempotency
from risk.access.idempotency import StoredResponse
from risk.errors import Malformed
from risk.facts.strict_json import canonical_json, parse_json
from risk.history.connect import now_ms
from risk.history.store import History

LONGEST = 255


@dataclass(frozen=True, slots=True)
class Once:
    """A call that has a name: whose it is, the name, what is called, and the body it came with."""

    key_id: str
    name: str
    called: bytes
    body: bytes

    def before(self, history: History) -> Answer | None:
        """The answer given before. Raises Trouble (422) when it answered another call."""
        with history.read() as connection:
            kept = idempotency.find(connection, self.key_id, self.name, now_ms())
        return None if kept is None else self._again(kept)

    def after(self, history: History, answer: Answer) -> Answer:
        """Keep what was done; what was refused may be mended and sent under the same name."""
        if answer.status >= 300:
            return answer
        kept = StoredResponse(self.digest(), answer.status, answer.body)
        with history.write() as write:
            first = idempotency.store(write, self.key_id, self.name, kept)
        return answer if first is kept else self._again(first)

    def _again(self, kept: StoredResponse) -> Answer:
        if kept.body_digest != self.digest():
            raise Trouble("idempotency-key-reused", "this key stood for a call with another body")
        return Answer(kept.body, kept.status, {"idempotent-replayed": "true"})

    def digest(self) -> bytes:
        """Of everything the call says, however its JSON is written."""
        said = hashlib.blake2b(digest_size=32)
        for part in (self.called, _canonical(self.body)):
            said.update(len(part).to_bytes(8, "big") + part)
        return said.digest()


def _canonical(body: bytes) -> bytes:
    """JSON with its members in order and nothing between them; anything else as it is."""
    try:
        return canonical_json(parse_json(body))
    except (Malformed, RecursionError):
        return body


def named(request: Request, key_id: str, body: bytes) -> Once | None:
    """The name of a call, if it has one. Raises Trouble (400) for one that cannot be kept."""
    name = request.headers.get("idempotency-key")
    if name is None:
        return None
    if not 0 < len(name) <= LONGEST or not (name.isascii() and name.isprintable()):
        raise Trouble("malformed-body", f"Idempotency-Key: 1 to {LONGEST} visible characters")
    called = f"{request.method} {request.url.path}".encode()
    return Once(key_id, name, called, body)


@dataclass(slots=True)
class Turns:
    """Calls of one name wait for each other, so that the second is answered with the first's."""

    _locks: dict[tuple[str, str], tuple[asyncio.Lock, int]] = field(default_factory=dict)

    @asynccontextmanager
    async def of(self, once: Once) -> AsyncIterator[None]:
        name = (once.key_id, once.name)
        lock, waiting = self._locks.get(name, (asyncio.Lock(), 0))
        self._locks[name] = (lock, waiting + 1)
        try:
            async with lock:
                yield
        finally:
            lock, waiting = self._locks.pop(name)
            if waiting > 1:
                self._locks[name] = (lock, waiting - 1)
