"""A server of files for the tests: honest, slow, lying, killed on the way; each by a path."""

from __future__ import annotations

import gzip
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

Answer = Callable[[socket.socket, threading.Event], None]
"""Writes an answer to a connection; the event is set once the server ends."""

MEGABYTE = b"\0" * 2**20
PACKED = gzip.compress(MEGABYTE * 8)


@dataclass
class FileServer:
    """What it answers by path, and which paths were asked for, in order."""

    url: str
    answers: dict[str, Answer]
    asked: list[str] = field(default_factory=list)
    heads: list[bytes] = field(default_factory=list)
    ending: threading.Event = field(default_factory=threading.Event)


def head(status: str = "200 OK", **headers: str | int) -> bytes:
    """The head of an answer; underscores in names are hyphens."""
    lines = [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([f"HTTP/1.1 {status}", "Connection: close", *lines, "", ""]).encode()


def whole(content: bytes, media_type: str = "application/octet-stream") -> Answer:
    """The file as it is."""
    said = head(content_length=len(content), content_type=media_type)
    return lambda to, _: to.sendall(said + content)


def status(said: str, **headers: str | int) -> Answer:
    """A status without a body."""
    return lambda to, _: to.sendall(head(said, content_length=0, **headers))


def redirected(location: str) -> Answer:
    return status("302 Found", location=location)


def cut_short(content: bytes) -> Answer:
    """More is announced than comes: the server is killed on the way."""
    return lambda to, _: to.sendall(head(content_length=2 * len(content)) + content)


def endless(to: socket.socket, ending: threading.Event) -> None:
    """A body without an end and without a length."""
    to.sendall(head())
    while not ending.is_set():
        to.sendall(MEGABYTE)


def endless_head(to: socket.socket, ending: threading.Event) -> None:
    to.sendall(b"HTTP/1.1 200 OK\r\n")
    while not ending.is_set():
        to.sendall(b"x-more: " + b"a" * 2**16 + b"\r\n")


def dripping(to: socket.socket, ending: threading.Event) -> None:
    """A byte now and then."""
    to.sendall(head(content_length=2**20))
    while not ending.wait(0.05):
        to.sendall(b"\0")


def silent(_: socket.socket, ending: threading.Event) -> None:
    ending.wait(60)


def announced(length: int) -> Answer:
    """A length that nothing of comes."""

    def answer(to: socket.socket, ending: threading.Event) -> None:
        to.sendall(head(content_length=length))
        ending.wait(60)

    return answer


def bomb(to: socket.socket, _: threading.Event) -> None:
    """A few kilobytes that unpack to a thousand times as many, as a content encoding."""
    to.sendall(head(content_length=len(PACKED), content_encoding="gzip") + PACKED)


def no_http(to: socket.socket, _: threading.Event) -> None:
    to.sendall(b"SSH-2.0-OpenSSH_9.6\r\n")


@contextmanager
def serving_files(**answers: Answer) -> Iterator[FileServer]:
    """Serve until the block ends: `/NAME` is answered by the answer of that name."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.05)
        port = listener.getsockname()[1]
        server = FileServer(f"http://127.0.0.1:{port}", dict(answers))
        thread = threading.Thread(target=_accept, args=(listener, server))
        thread.start()
        try:
            yield server
        finally:
            server.ending.set()
            thread.join()


def _accept(listener: socket.socket, server: FileServer) -> None:
    threads = []
    while not server.ending.is_set():
        with suppress(TimeoutError):
            connection, _ = listener.accept()
            threads.append(threading.Thread(target=_answer, args=(connection, server)))
            threads[-1].start()
    for thread in threads:
        thread.join()


def _answer(connection: socket.socket, server: FileServer) -> None:
    with connection, suppress(OSError):
        connection.settimeout(30)
        asked = b""
        while b"\r\n\r\n" not in asked:
            asked += connection.recv(65_536)
        path = asked.split(b" ")[1].decode().partition("?")[0].lstrip("/")
        server.heads.append(asked)
        server.asked.append(path)
        server.answers.get(path, status("404 Not Found"))(connection, server.ending)
        connection.shutdown(socket.SHUT_WR)
