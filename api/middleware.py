"""The outermost layer: request ids, security headers, numbers, logs, and errors nobody foresaw."""

from __future__ import annotations

import re
import secrets
import time
from typing import Any

from opentelemetry.trace import Span, StatusCode
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.logs import whereabouts
from api.problems import METHODS, problem_error
from api.service import Service

_REQUEST_ID = re.compile(rb"[A-Za-z0-9._-]{8,64}")
_TRACE = re.compile(rb"00-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}")
_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cache-control", b"no-store"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
"""Set on every answer that does not set them itself."""


class RequestMiddleware:
    """Pure ASGI, because every call goes through it."""

    def __init__(self, app: ASGIApp, service: Service) -> None:
        self.app = app
        self.service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        method = scope["method"]
        if method == "HEAD":
            # answered as GET is; the server leaves the body out
            scope = {**scope, "method": "GET"}
        call = _Call(scope, send, method)
        tracing = self.service.tracing
        if tracing is None or "trace_id" not in call.about:
            await self._through(call, scope, receive)
            return
        with tracing.call(call.trace) as span:
            await self._through(call, scope, receive)
            _describe(span, call)

    async def _through(self, call: _Call, scope: Scope, receive: Receive) -> None:
        try:
            await self.app(scope, receive, call.send)
        except ClientDisconnect:
            call.status = 499
        except Exception as error:
            self._note(call, error)
            if not call.started:
                await problem_error(error).response(call.instance)(scope, receive, call.send)
        finally:
            self._count(call)

    def _note(self, call: _Call, error: Exception) -> None:
        self.service.log.error(
            "unforeseen",
            request_id=call.request_id,
            error=type(error).__name__,
            where=whereabouts(error),
        )

    def _count(self, call: _Call) -> None:
        seconds, address, method = time.perf_counter() - call.began, call.address, call.method
        self.service.metrics.called(address, method, call.status, seconds)
        log = self.service.log.error if call.status == 500 else self.service.log.info
        log(
            "call",
            request_id=call.request_id,
            method=method,
            call=address,
            status=call.status,
            ms=round(seconds * 1000, 2),
            **call.about,
        )


def _describe(span: Span | None, call: _Call) -> None:
    """What a trace says of a call: never anything that was sent but its method."""
    if span is None:
        return
    span.update_name(f"{call.method} {call.address}")
    span.set_attribute("http.request.method", call.method)
    span.set_attribute("http.route", call.address)
    span.set_attribute("http.response.status_code", call.status)
    span.set_attribute("request_id", call.request_id)
    if call.status >= 500:
        span.set_status(StatusCode.ERROR)


class _Call:
    """One call as the edge sees it."""

    __slots__ = ("_scope", "_send", "about", "began", "method", "request_id", "started", "status",
                 "trace")  # fmt: skip

    def __init__(self, scope: Scope, send: Send, method: str) -> None:
        self.began = time.perf_counter()
        self.request_id = ""
        self.method = method if method in METHODS else "other"
        self.about: dict[str, Any] = {}
        self.trace: dict[str, str] = {}
        self.status = 500
        self.started = False
        self._scope = scope
        self._send = send
        self._read_headers()
        scope.setdefault("state", {})["request_id"] = self.request_id
        scope["state"]["about"] = self.about

    def _read_headers(self) -> None:
        for name, value in self._scope["headers"]:
            if name == b"x-request-id" and _REQUEST_ID.fullmatch(value):
                self.request_id = value.decode()
            elif name == b"traceparent" and (trace := _TRACE.fullmatch(value)):
                self.about["trace_id"] = trace[1].decode()
                self.trace["traceparent"] = value.decode()
        self.request_id = self.request_id or secrets.token_hex(8)

    @property
    def instance(self) -> str:
        return f"urn:request:{self.request_id}"

    @property
    def address(self) -> str:
        """The address as it is declared, never as it was called: ids stay out of logs."""
        route = self._scope.get("route")
        return getattr(route, "path", None) or "other"

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.started = True
            self.status = message["status"]
            headers = message["headers"] = list(message.get("headers", ()))
            own = {name for name, _ in headers}
            headers += [header for header in _HEADERS if header[0] not in own]
            headers.append((b"x-request-id", self.request_id.encode()))
            if self._scope["scheme"] == "https":
                headers.append((b"strict-transport-security", b"max-age=31536000"))
        await self._send(message)
