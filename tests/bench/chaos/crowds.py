"""More clients that never get on than a process has connections for, beside clients that do."""

from __future__ import annotations

import contextlib
import selectors
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.bench.chaos.load import body
from tests.bench.chaos.processes import Processes, serving
from tests.bench.chaos.scenario import Place, Told
from tests.bench.chaos.world import token

CROWD = 2_600
"""A process holds 2,048 connections."""

BESIDE_S = 15.0
PAUSE_S = 0.1
PATIENCE_S = 20.0


def _form(address: str) -> bytes:
    return f"POST {address} HTTP/1.1\r\nhost: x\r\ncontent-length: 60000\r\n\r\nname=".encode()


def _ways(key: str) -> dict[str, bytes]:
    """What a client sends before it is silent."""
    proof = f"host: x\r\nauthorization: Bearer {key}\r\n"
    written = f"{proof}content-type: application/json\r\ncontent-length: 900\r\n\r\n{{"
    return {
        "silent from the first": b"",
        "half a head": b"GET /healthz HTTP/1.1\r\nhost: x\r\nx-odd: a",
        "silent after an answer": b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n",
        "half a login": _form("/console/login"),
        "half a push": _form("/v1/hooks/generic/main"),
        "half a score, with a key": f"POST /v1/refunds/score HTTP/1.1\r\n{written}".encode(),
        "half a file, with a key": f"PUT /v1/evidence/E-1/file HTTP/1.1\r\n{written}".encode(),
        "answers unread": b"GET /openapi.json HTTP/1.1\r\nhost: x\r\n\r\n" * 50,
    }


def crowds(place: Place, told: Told) -> None:
    """Each way by itself: who is answered otherwise than alone, and how long the longest took."""
    key, lines = token(place.url), []
    with serving(place.settings, place.folder, workers=1) as service:
        for number, (way, sent) in enumerate({"nobody": b"", **_ways(key)}.items()):
            crowd = 0 if way == "nobody" else CROWD
            with _crowd(service, sent, crowd) as opened:
                honest = _beside(service, key, number)
            told.hold(not honest.other, f"{way}: {dict(honest.other)}")
            told.hold(opened.count >= crowd, f"{way}: only {opened.count} connections were made")
            lines.append(f"{way} ({opened.count:,}): {honest.told()}")
        service.wait_ready()
    told.hold('"status":500' not in service.said(), "500 in the log")
    told.done = f"{CROWD:,} connections at a time from one address; " + "; ".join(lines)


@dataclass(slots=True)
class _Honest:
    """Seconds that each answer took, and whatever was not answered 200."""

    took: list[float] = field(default_factory=list)
    other: Counter[str] = field(default_factory=Counter)

    def told(self) -> str:
        ranked = sorted(self.took) or [0.0]
        median = ranked[len(ranked) // 2]
        return f"{len(self.took)} × 200, median {1000 * median:.0f} ms, longest {ranked[-1]:.1f} s"


def _beside(service: Processes, key: str, round_: int) -> _Honest:
    """Decisions, a page and readiness, each by a connection of its own, as from behind a proxy."""
    honest, began, number = _Honest(), time.monotonic(), 0
    while time.monotonic() - began < BESIDE_S:
        number += 1
        sent = body(f"crowd-{round_}-{number}", number)
        _note(honest, "POST", service.url + "/v1/refunds/score", {"json": sent}, key)
        _note(honest, "GET", service.url + "/console/login", {}, "")
        _note(honest, "GET", service.url + "/readyz", {}, "")
        time.sleep(PAUSE_S)
    return honest


def _note(honest: _Honest, method: str, url: str, sent: dict[str, Any], key: str) -> None:
    headers = {"authorization": f"Bearer {key}"} if key else {}
    began = time.monotonic()
    try:
        answer = httpx.request(method, url, headers=headers, timeout=PATIENCE_S, **sent)
    except httpx.TransportError as error:
        honest.other[type(error).__name__] += 1
        return
    if answer.status_code == 200:
        honest.took.append(time.monotonic() - began)
    else:
        honest.other[f"{answer.status_code} {answer.text[:80]}"] += 1


@dataclass(slots=True)
class _Opened:
    """How many connections the crowd made, those among them that it made anew."""

    count: int = 0
    going: bool = True


@contextmanager
def _crowd(service: Processes, sent: bytes, size: int) -> Iterator[_Opened]:
    """So many connections until the block ends; who is sent away comes again."""
    opened = _Opened()
    selector = selectors.DefaultSelector()
    for _ in range(size):
        _join(service, sent, selector, opened)
    keeping = threading.Thread(target=_keep, args=(service, sent, selector, opened))
    keeping.start()
    try:
        yield opened
    finally:
        opened.going = False
        keeping.join()
        for held in list(selector.get_map().values()):
            held.fileobj.close()  # type: ignore[union-attr]  # a socket, as _join registers
        selector.close()


def _join(
    service: Processes, sent: bytes, selector: selectors.BaseSelector, opened: _Opened
) -> None:
    with contextlib.suppress(OSError):
        one = socket.create_connection(("127.0.0.1", service.port), timeout=PATIENCE_S)
        one.setblocking(False)
        selector.register(one, selectors.EVENT_READ)
        opened.count += 1
        one.send(sent)


def _keep(
    service: Processes, sent: bytes, selector: selectors.BaseSelector, opened: _Opened
) -> None:
    """Come again where the service closed; an answer is left where it lies."""
    while opened.going:
        for held, _ in selector.select(timeout=0.2):
            one = held.fileobj
            assert isinstance(one, socket.socket)
            if _closed(one):
                selector.unregister(one)
                one.close()
                _join(service, sent, selector, opened)
        time.sleep(0.05)


def _closed(one: socket.socket) -> bool:
    """Whether nothing more comes: of what was answered a little is read to see."""
    try:
        return not one.recv(1)
    except BlockingIOError:
        return False
    except OSError:
        return True
