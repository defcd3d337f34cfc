"""`Idempotency-Key`: the same call under the same key is answered once, for a day."""

import asyncio
import hashlib
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from starlette.responses import Response

from api.dependencies.body import read_body
from api.dependencies.context import RequestContext, service_of
from api.problems import ProblemError
from risk.access import idempotency
from risk.access.idempotency import StoredResponse
from risk.decisions.answered_once import AnsweredOnce
from risk.decisions.decision import Decided
from risk.errors import Malformed
from risk.facts.strict_json import canonical_json, parse_json
from risk.history.commits.claims import Claims
from risk.history.connection.connect import Write, now_ms
from risk.history.store import History

LONGEST = 255

PARAMETER = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "A name for this call, kept for 24 hours: the same call again is answered with "
    "the first answer; another call under the same name is a 422.",
    "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST, "pattern": "^[ -~]+$"},
    "example": "7c1a6f0e-2b57-4c37-9d3f-1b1f1c1d1e1f",
}
"""The header in OpenAPI."""


@dataclass(frozen=True, slots=True)
class Idempotency:
    """How a call is answered: once for all calls of its key and name, where it has a name.

    `call` is the method and path, `body` what came with it, however its JSON is written.
    """

    name: str | None
    call: bytes
    body: bytes

    async def run(
        self, context: RequestContext, work: Callable[[], Response], *, repeatable: bool = False
    ) -> Response:
        """The answer of `work`, or the stored one. Raises ProblemError (422) for another call.

        The work and its answer are stored together. What is `repeatable`, which changes nothing
        when it is done again, may take its time: others write meanwhile.
        """
        name, history = self.name, context.service.history
        if name is None:
            return await context.run(work)
        key_id = context.key.key_id

        def answer() -> Response:
            with nullcontext() if repeatable else history.together():
                kept = self._before(history, key_id, name)
                return kept or self._after(history, key_id, name, work())

        lock = context.service.call_locks.setdefault((key_id, name), asyncio.Lock())
        async with lock:
            return await context.run(answer)

    async def decide(
        self, context: RequestContext, work: Callable[[AnsweredOnce | None], Response]
    ) -> Response:
        """The answer of `work`, or the stored one, for a call that ends in one Decision, which is
        its answer. Raises ProblemError (422) for another call.

        The decision and its answer are stored in one transaction, which others share.
        """
        name, history = self.name, context.service.history
        if name is None:
            return await context.run(lambda: work(None))
        key_id = context.key.key_id

        def answer() -> Response:
            kept = self._before(history, key_id, name)
            if kept is not None:
                return kept
            try:
                return work(self._once(key_id, name))
            except _AnsweredBefore as before:
                return self._again(before.kept)

        lock = context.service.call_locks.setdefault((key_id, name), asyncio.Lock())
        async with lock:
            return await context.run(answer)

    def _once(self, key_id: str, name: str) -> AnsweredOnce:
        """What finds and keeps the answer of a decision, within its transaction."""

        def find(write: Write) -> None:
            kept = idempotency.find(write.connection, key_id, name, write.at)
            if kept is not None:
                raise _AnsweredBefore(kept)

        def keep(write: Write, decided: Decided) -> None:
            response = StoredResponse(self._digest(), 200, decided.json)
            idempotency.keep(write, key_id, name, response)

        return AnsweredOnce(find, keep, _claims(key_id, name))

    def _before(self, history: History, key_id: str, name: str) -> Response | None:
        with history.read() as connection:
            kept = idempotency.find(connection, key_id, name, now_ms())
        return None if kept is None else self._again(kept)

    def _after(self, history: History, key_id: str, name: str, answer: Response) -> Response:
        """Keep what was done; what was refused may be mended and sent under the same name."""
        if answer.status_code >= 300:
            return answer
        stored = StoredResponse(self._digest(), answer.status_code, bytes(answer.body))
        first = history.write_grouped(
            lambda write: idempotency.store(write, key_id, name, stored),
            _claims(key_id, name) if history.decides_beside else None,
        )
        return answer if first is stored else self._again(first)

    def _again(self, kept: StoredResponse) -> Response:
        if kept.body_digest != self._digest():
            raise ProblemError(
                "idempotency-key-reused", "this key stood for a call with another body"
            )
        headers = {"idempotent-replayed": "true"}
        return Response(kept.body, kept.status, headers, "application/json")

    def _digest(self) -> bytes:
        digest = hashlib.blake2b(digest_size=32)
        for part in (self.call, self.body):
            digest.update(len(part).to_bytes(8, "big") + part)
        return digest.digest()


class _AnsweredBefore(Exception):
    """Raised within a transaction where another process answered the call meanwhile."""

    def __init__(self, kept: StoredResponse) -> None:
        super().__init__()
        self.kept = kept


def _claims(key_id: str, name: str) -> Claims:
    """What a call under a name claims, so that others under it wait."""
    return frozenset({("idempotency_key", (key_id, name))})


class IdempotencyKey:
    """Dependency: the call's `Idempotency-Key`. Raises ProblemError (400) for an unusable one.

    It is declared after the body, whose parsed document it uses; of a call that takes no body it
    reads what was sent along.
    """

    problems = (400, 408, 413, 422)
    parameters = ("IdempotencyKey",)

    async def __call__(self, request: Request) -> Idempotency:
        names = request.headers.getlist("idempotency-key")
        name = names[0] if names else None
        raw = await read_body(request, service_of(request).limits, "single")
        if name is None:
            return Idempotency(None, b"", b"")
        fits = 0 < len(name) <= LONGEST and name.isascii() and name.isprintable()
        if not fits or len(names) > 1:
            detail = f"one Idempotency-Key of 1 to {LONGEST} visible characters"
            raise ProblemError("malformed-body", detail)
        query = f"?{request.url.query}" if request.url.query else ""
        call = f"{request.method} {request.url.path}{query}".encode()
        return Idempotency(name, call, _canonical(request, raw))


def _canonical(request: Request, raw: bytes) -> bytes:
    """JSON with its members in order and nothing between them; anything else as it is."""
    try:
        document = getattr(request.state, "document", None)
        return canonical_json(parse_json(raw) if document is None else document)
    except (Malformed, RecursionError):
        return raw


idempotency_key = IdempotencyKey()
Idempotent = Annotated[Idempotency, Depends(idempotency_key)]
