"""A load of HTTP/1.1 requests over kept connections: as fast as answered, or at a fixed pace."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import uvloop


@dataclass(frozen=True, slots=True)
class Call:
    """A call to a path of its own, with an `Idempotency-Key` where it has one."""

    path: str
    body: bytes
    key: str = ""


Sent = bytes | Call
"""The body of a call to the target's path, or another call."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where requests go, and the head they carry."""

    port: int
    path: str
    token: str = ""

    def request(self, sent: Sent) -> bytes:
        call = sent if isinstance(sent, Call) else Call(self.path, sent)
        key = f"Idempotency-Key: {call.key}\r\n" if call.key else ""
        head = (
            f"POST {call.path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
            f"Authorization: Bearer {self.token}\r\n{key}Content-Length: {len(call.body)}\r\n\r\n"
        )
        return head.encode() + call.body


@dataclass(slots=True)
class Load:
    """What came of a load: seconds each answer took, how many failed, how long all took."""

    took: list[float] = field(default_factory=list)
    failed: int = 0
    seconds: float = 0.0
    last: bytes = b""

    @property
    def a_second(self) -> float:
        return len(self.took) / self.seconds

    def quantile(self, share: float) -> float:
        """The time (s) that this share of the answers took at most."""
        ranked = sorted(self.took)
        return ranked[min(int(share * len(ranked)), len(ranked) - 1)] if ranked else float("nan")


def as_answered(target: Target, bodies: Iterator[Sent], connections: int, seconds: float) -> Load:
    """Every connection sends its next request when its last is answered."""
    return uvloop.run(_closed(target, bodies, connections, seconds))


def at_pace(
    target: Target, bodies: Iterator[Sent], connections: int, seconds: float, rate: float
) -> Load:
    """`rate` requests a second at random moments; an answer's time counts from its moment."""
    return uvloop.run(_paced(target, bodies, connections, seconds, rate))


class _Wire:
    """One connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    @classmethod
    async def open(cls, port: int) -> _Wire:
        return cls(*await asyncio.open_connection("127.0.0.1", port, limit=1 << 22))

    async def ask(self, request: bytes) -> tuple[bool, bytes]:
        """Whether it was answered with 200 or 201, and the body."""
        self._writer.write(request)
        head = await self._reader.readuntil(b"\r\n\r\n")
        _, _, rest = head.lower().partition(b"content-length:")
        body = await self._reader.readexactly(int(rest.partition(b"\r\n")[0]))
        return head.startswith(b"HTTP/1.1 20"), body

    def close(self) -> None:
        self._writer.close()


async def _closed(target: Target, bodies: Iterator[Sent], connections: int, seconds: float) -> Load:
    load, wires = Load(), [await _Wire.open(target.port) for _ in range(connections)]
    began = time.perf_counter()

    async def work(wire: _Wire) -> None:
        while time.perf_counter() < began + seconds:
            await _one(load, wire, target.request(next(bodies)), time.perf_counter())

    await asyncio.gather(*(work(wire) for wire in wires))
    load.seconds = time.perf_counter() - began
    for wire in wires:
        wire.close()
    return load


async def _paced(
    target: Target, bodies: Iterator[Sent], connections: int, seconds: float, rate: float
) -> Load:
    load, free = Load(), asyncio.Queue[_Wire]()
    for _ in range(connections):
        free.put_nowait(await _Wire.open(target.port))
    began, moments, tasks = time.perf_counter(), random.Random(9), set[asyncio.Task[None]]()
    due = began

    async def work(request: bytes, due: float) -> None:
        wire = await free.get()
        await _one(load, wire, request, due)
        free.put_nowait(wire)

    while due < began + seconds:
        request = target.request(next(bodies))
        await asyncio.sleep(max(due - time.perf_counter(), 0.0))
        task = asyncio.create_task(work(request, due))
        tasks.add(task)
        task.add_done_callback(tasks.discard)
        due += moments.expovariate(rate)
    await asyncio.gather(*tasks)
    load.seconds = time.perf_counter() - began
    while not free.empty():
        free.get_nowait().close()
    return load


async def _one(load: Load, wire: _Wire, request: bytes, since: float) -> None:
    good, load.last = await wire.ask(request)
    if good:
        load.took.append(time.perf_counter() - since)
    else:
        load.failed += 1
