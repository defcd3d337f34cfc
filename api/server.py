"""Running the service with uvicorn: any number of workers, and no patience without end.

uvicorn waits for a request's head for as long as a client cares to send it, and takes heads of
any size; `Patient` does neither, and closes the slowest connection when there are too many.
"""

from __future__ import annotations

import gc
import socket
from collections import defaultdict, deque
from collections.abc import Collection, Iterator
from heapq import nsmallest
from typing import Any
from weakref import WeakKeyDictionary

import uvicorn
from fastapi import FastAPI
from starlette.types import ASGIApp
from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

from api.app import create_app
from api.problems import ProblemError
from api.sized_protocol import SizedProtocol
from api.worker_folder import sharing

APP = "api.server:serving_app"
GRACE_S = 30
SHARE_AT_ONCE = 16
"""Who makes room is looked for once for so small a share of all connections: looking for each would
cost more than the connections."""

LAST_S = 5.0
"""After the grace a process ends within so many seconds, whatever its threads still do."""


class Patient(SizedProtocol):
    """HTTP/1.1 with a limit to the time and size of a head, and to the number of connections.

    When there are too many, the one that has waited longest for its client (for the rest of a head
    or body, for the next request, for an answer to be read) makes room for the new one.
    """

    waiting_since = 0.0
    _waiting: Any = None
    _head_bytes = 0
    _cycles: tuple[RequestResponseCycle, ...] = ()
    """Those without a whole answer: uvicorn itself knows of the last only."""

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        # the system by itself takes megabytes of answers for who asks many times and reads nothing
        wire = transport.get_extra_info("socket")
        wire.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, self.limits.unread)
        if len(self.connections) > self.limits.connections and not self._make_room():
            self._too_many()
        else:
            self._wait()

    @property
    def waits_for_client(self) -> bool:
        """Whether the next move is the client's."""
        idle = self.cycle is None or self.cycle.response_complete or self.cycle.more_body
        return (idle or self.flow.write_paused) and not self.transport.is_closing()

    def _make_room(self) -> bool:
        queue = _queues.setdefault(self.config, deque())
        slowest = _next(queue)
        if slowest is None:
            others = [one for one in self.connections if one is not self]
            most = max(1, self.limits.connections // SHARE_AT_ONCE)
            queue.extend(slowest_of([one for one in others if isinstance(one, Patient)], most))
            slowest = _next(queue)
        if slowest is not None:
            slowest.give_way()
        return slowest is not None

    def give_way(self) -> None:
        """Close the connection; a client in the middle of a request is told why."""
        if self.flow.write_paused:
            self._leave()
            self.transport.abort()
        elif self._waiting is None and (self.cycle is None or self.cycle.response_complete):
            self.transport.close()
        else:
            self._too_many()

    def data_received(self, data: bytes) -> None:
        if self._waiting is None and (self.cycle is None or self.cycle.response_complete):
            self._wait()
        super().data_received(data)
        if self._waiting is not None:
            self._head_bytes += len(data)
            self.hold_to_head(self._head_bytes)

    def on_headers_complete(self) -> None:
        self._arrived()
        self.waiting_since = self.loop.time()
        super().on_headers_complete()
        if self.cycle is not None:
            self._cycles = (*self._unanswered(), self.cycle)
            if len(self._cycles) > self.limits.ahead:
                self._leave()
                self.transport.abort()
                raise ValueError("too many calls at once on one connection")

    def on_response_complete(self) -> None:
        self.waiting_since = self.loop.time()
        super().on_response_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        self._arrived()
        self._leave()
        super().connection_lost(exc)

    def _leave(self) -> None:
        """Let none of several calls sent one behind the other answer a client that is gone."""
        for cycle in self._unanswered():
            cycle.disconnected = True
            cycle.message_event.set()
        self._cycles = ()

    def _unanswered(self) -> Iterator[RequestResponseCycle]:
        return (cycle for cycle in self._cycles if not cycle.response_complete)

    def _wait(self) -> None:
        self._head_bytes = 0
        self.waiting_since = self.loop.time()
        self._waiting = self.loop.call_later(self.limits.header_seconds, self._too_slow)

    def _arrived(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None

    def _too_slow(self) -> None:
        self._waiting = None
        self.refuse(408, ProblemError("too-slow", "the head of the request did not arrive in time"))

    def _too_many(self) -> None:
        problem = ProblemError("unavailable", "too many connections")
        self.refuse(503, problem, b"retry-after: 1\r\n")

    def refuse(self, status: int, problem: ProblemError, more: bytes = b"") -> None:
        self._arrived()
        super().refuse(status, problem, more)


Waiting = tuple[float, Patient]


def slowest_of(connections: Collection[Patient], most: int) -> list[Waiting]:
    """The connections that have waited longest for their client, of the address that has most of
    them, and since when; none where every connection waits for the service."""
    waiting = [connection for connection in connections if connection.waits_for_client]
    by_address = defaultdict[str | None, list[Waiting]](list)
    for one in waiting:
        by_address[one.client[0] if one.client else None].append((one.waiting_since, one))
    longest = max(
        by_address.values(), key=lambda them: (len(them), -min(them, key=_since)[0]), default=[]
    )
    return nsmallest(most, longest, key=_since)


def _since(one: Waiting) -> float:
    return one[0]


def _next(queue: deque[Waiting]) -> Patient | None:
    """The next in the queue that has waited ever since it was put there."""
    while queue:
        since, one = queue.popleft()
        if one.waits_for_client and one.waiting_since == since:
            return one
    return None


_queues: WeakKeyDictionary[uvicorn.Config, deque[Waiting]] = WeakKeyDictionary()
"""Of each server, the connections that make room next."""


def serving_app() -> FastAPI:
    """The application of a process that serves, kept out of the collector of cyclic garbage.

    Going through all of it again and again took a tenth of the time of a decision.
    """
    app = create_app()
    app.state.ends_within_s = LAST_S
    gc.collect()
    gc.freeze()
    return app


def options(**more: Any) -> dict[str, Any]:
    """The options of uvicorn, however it is started."""
    return {
        "http": "api.server:Patient",
        "ws": "none",
        "server_header": False,
        "access_log": False,
        "log_config": None,
        "timeout_keep_alive": 30,
        "timeout_graceful_shutdown": GRACE_S,
        **more,
    }


def config(app: ASGIApp, protocol: type[Patient] = Patient) -> uvicorn.Config:
    """A configuration for an application that is there already."""
    return uvicorn.Config(app, **options(http=protocol))


def serve(host: str = "127.0.0.1", port: int = 8000, workers: int = 1, root_path: str = "") -> None:
    """Serve until stopped; calls that were begun are finished.

    `root_path` is the path prefix that a proxy takes off before it passes calls on.
    """
    listen = {"host": host, "port": port, "workers": workers, "root_path": root_path}
    with sharing(workers):
        uvicorn.run(APP, factory=True, **options(**listen))
