"""Receivers of pushes: one that takes everything, one that is slow, one that fails for a while."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import sqlalchemy as sa

from risk.history.schema.schema_webhooks import deliveries, receivers


@dataclass(slots=True)
class Receiver:
    """Keeps the request ids of decisions pushed to it; `answer` is what it says."""

    answer: int = 204
    slow_s: float = 0.0
    url: str = ""
    tries: int = 0
    came: set[str] = field(default_factory=set)

    def take(self, content: bytes) -> int:
        """Note a push, when this receiver takes its time; answers a status."""
        self.tries += 1
        time.sleep(self.slow_s)
        if self.answer < 300:
            self.came.add(json.loads(content)["data"]["refund_id"])
        return self.answer


@contextmanager
def listening(receiver: Receiver) -> Iterator[Receiver]:
    """Let a receiver listen until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            status = receiver.take(self.rfile.read(int(self.headers["content-length"])))
            self.send_response(status)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            """A sender that hung up is no news."""

    server = Server(("127.0.0.1", 0), Handler)
    receiver.url = f"http://127.0.0.1:{server.server_port}/hook"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()


def subscribe(url: str, token: str, receiver: Receiver) -> None:
    """Have decisions pushed to a receiver on this machine."""
    asked = {"url": receiver.url, "events": ["decision.made"], "private": True}
    headers = {"authorization": f"Bearer {token}"}
    httpx.post(url + "/v1/receivers", json=asked, headers=headers).raise_for_status()


def unsubscribe(database: str) -> None:
    """Leave no receiver in a store that is kept: each decision would be sent to where nobody is."""
    engine = sa.create_engine(database)
    with engine.begin() as connection:
        connection.execute(sa.delete(deliveries))
        connection.execute(sa.delete(receivers))
    engine.dispose()


def arrived(receiver: Receiver, refunds: set[str], seconds: float) -> set[str]:
    """Wait for these; what is still missing after so many seconds."""
    began = time.monotonic()
    while refunds - receiver.came and time.monotonic() - began < seconds:
        time.sleep(0.1)
    return refunds - receiver.came
