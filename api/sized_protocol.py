"""HTTP/1.1 with a limit to the size of all but a body, which is held to its own elsewhere."""

from __future__ import annotations

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from api.limits import Limits
from api.problems import MEDIA_TYPE, ProblemError

FIELD = 4
"""Bytes around the name and the value of a field."""

PIECES = 16
"""So many bytes may be sent around each byte of a body that comes in pieces."""


class SizedProtocol(HttpToolsProtocol):
    """The address and the fields of a request, those behind its body among them, and what comes
    around the pieces of the body: each has the size of a head."""

    limits = Limits()
    _field_bytes = 0
    _around_bytes = 0
    """What came of a body beside the body itself, and is not outweighed by it."""

    def data_received(self, data: bytes) -> None:
        self._around_bytes += len(data)
        super().data_received(data)
        if self.cycle is not None and self.cycle.more_body:
            self.hold_to_head(self._around_bytes)

    def hold_to_head(self, size: int) -> bool:
        """Refuse what is larger than a head may be; whether it is."""
        most = self.limits.head
        if size > most:
            self.refuse(431, ProblemError("too-large", f"a head of at most {most} bytes"))
        return size > most

    def on_message_begin(self) -> None:
        self._field_bytes = 0
        super().on_message_begin()

    def on_url(self, url: bytes) -> None:
        self._count(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        self._count(len(name) + len(value) + FIELD)
        super().on_header(name, value)

    def _count(self, size: int) -> None:
        """Raises ValueError, which ends the parser's work, where the fields are too large."""
        self._field_bytes += size
        if self.hold_to_head(self._field_bytes):
            raise ValueError("the fields are too large")

    def on_headers_complete(self) -> None:
        self._around_bytes = 0
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._around_bytes = max(self._around_bytes - PIECES * len(body), 0)
        super().on_body(body)

    def send_400_response(self, msg: str) -> None:
        if not self.transport.is_closing():
            super().send_400_response(msg)

    def refuse(self, status: int, problem: ProblemError, more: bytes = b"") -> None:
        """Say why, and close the connection."""
        if self.transport.is_closing():
            return
        body = problem.response().body
        head = f"HTTP/1.1 {status} refused\r\ncontent-type: {MEDIA_TYPE}\r\nconnection: close\r\n"
        self.transport.write(
            head.encode() + more + f"content-length: {len(body)}\r\n\r\n".encode() + bytes(body)
        )
        self.transport.close()
