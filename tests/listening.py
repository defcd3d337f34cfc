"""A receiver of pushes for the tests: it keeps what comes and answers as it is told."""

from __future__ import annotations

import json
import queue
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Listener:
    """What came, and what is answered: statuses in turn, the last one for good."""

    url: str = ""
    came: queue.Queue[dict[str, Any]] = field(default_factory=queue.Queue)
    statuses: list[int] = field(default_factory=lambda: [204])
    release: threading.Event = field(default_factory=threading.Event)

    def next(self, seconds: float = 15.0) -> dict[str, Any]:
        """The next push: its headers, raw body and content."""
        return self.came.get(timeout=seconds)

    def status(self) -> int:
        return self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]


@contextmanager
def listening(*statuses: int, holding: bool = False) -> Iterator[Listener]:
    """Listen until the block ends; `holding` answers nobody before `release` is set."""
    listener = Listener(statuses=list(statuses) or [204])
    if not holding:
        listener.release.set()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["content-length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            content = {"path": self.path, "headers": headers, "raw": raw, "json": json.loads(raw)}
            listener.came.put(content)
            listener.release.wait(30)
            self.send_response(listener.status())
            self.send_header("location", "/elsewhere")
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    listener.url = f"http://127.0.0.1:{server.server_port}/hook"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield listener
    finally:
        listener.release.set()
        server.shutdown()
        thread.join()
        server.server_close()
