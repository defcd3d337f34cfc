"""Running the service with uvicorn: any number of workers, and no patience without end.

uvicorn waits for a request's head for as long as a client cares to send it, and takes heads of
any size; `Patient` does neither, and turns connections away when there are too many.
"""

from __future__ import annotations

from typing import Any

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from api.limits import Limits
from api.problems import MEDIA_TYPE, ProblemError
from api.worker_folder import sharing

APP = "api.app:create_app"
GRACE_S = 30


class Patient(HttpToolsProtocol):
    """HTTP/1.1 with a limit to the time and size of a head, and to the number of connections."""

    limits = Limits()
    _waiting: Any = None
    _head_bytes = 0

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        if len(self.connections) > self.limits.connections:
            self._refuse(
                503, ProblemError("unavailable", "too many connections"), b"retry-after: 1\r\n"
            )
        else:
            self._wait()

    def data_received(self, data: bytes) -> None:
        if self._waiting is None and (self.cycle is None or self.cycle.response_complete):
            self._wait()
        super().data_received(data)
        if self._waiting is not None:
            self._head_bytes += len(data)
            if self._head_bytes > self.limits.head:
                self._refuse(
                    431, ProblemError("too-large", f"a head of at most {self.limits.head} bytes")
                )

    def on_headers_complete(self) -> None:
        self._arrived()
        super().on_headers_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        self._arrived()
        super().connection_lost(exc)

    def _wait(self) -> None:
        self._head_bytes = 0
        self._waiting = self.loop.call_later(self.limits.header_seconds, self._too_slow)

    def _arrived(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None

    def _too_slow(self) -> None:
        self._waiting = None
        self._refuse(
            408, ProblemError("too-slow", "the head of the request did not arrive in time")
        )

    def _refuse(self, status: int, problem: ProblemError, more: bytes = b"") -> None:
        self._arrived()
        if self.transport.is_closing():
            return
        body = problem.response().body
        head = f"HTTP/1.1 {status} refused\r\ncontent-type: {MEDIA_TYPE}\r\nconnection: close\r\n"
        self.transport.write(
            head.encode() + more + f"content-length: {len(body)}\r\n\r\n".encode() + bytes(body)
        )
        self.transport.close()


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


def serve(host: str = "127.0.0.1", port: int = 8000, workers: int = 1) -> None:
    """Serve until stopped; calls that were begun are finished."""
    with sharing(workers):
        uvicorn.run(APP, factory=True, host=host, port=port, workers=workers, **options())
