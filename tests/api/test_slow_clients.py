"""Clients that are slow, many, or gone: heads and forms have a time, and somebody makes room."""

from __future__ import annotations

import json
import re
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from api.limits import Limits
from api.server import Patient
from tests.api.serving import Running, running
from tests.api.test_facts_calls import fact


def _connect(run: Running, source: str = "127.0.0.1") -> socket.socket:
    parts = urlsplit(run.url)
    address = (parts.hostname or "", parts.port or 0)
    connection = socket.create_connection(address, source_address=(source, 0))
    connection.settimeout(10)
    return connection


def test_a_byte_a_second_is_told_to_go(folder: Path) -> None:
    with running(folder, Limits(body_seconds=0.3)) as run, _connect(run) as slow:
        head = f"POST /v1/orders HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {run.token()}\r\n"
        slow.sendall(head.encode() + b"content-type: application/json\r\n")
        slow.sendall(b"content-length: 100\r\n\r\n{")
        answer = _read(slow)
        assert answer.startswith(b"HTTP/1.1 408 ")
        assert b"application/problem+json" in answer
        with run.client() as client:
            assert client.get("/readyz").status_code == 200


class Hasty(Patient):
    limits = Limits(header_seconds=0.2, head=2_000, connections=4)


@pytest.fixture(scope="module")
def hasty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(tmp_path_factory.mktemp("hasty"), protocol=Hasty) as run:
        yield run


def _read(connection: socket.socket) -> bytes:
    answer = b""
    while chunk := connection.recv(65_536):
        answer += chunk
    return answer


HEAD = b"GET /healthz HTTP/1.1\r\nhost: x\r\n"


@pytest.mark.parametrize("before", [b"", HEAD + b"\r\n"], ids=["first", "second"])
@pytest.mark.parametrize("sent", [b"\r\n", b"GET /heal", HEAD + b"x-odd: a"])
def test_a_head_has_a_time(hasty: Running, before: bytes, sent: bytes) -> None:
    with _connect(hasty) as slow:
        if before:
            slow.sendall(before)
            assert slow.recv(65_536).startswith(b"HTTP/1.1 200 ")
        slow.sendall(sent)
        assert _read(slow).startswith(b"HTTP/1.1 408 ")


CHUNKED = b"POST /console/login HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    "sent",
    [
        HEAD + b"x-odd: " + b"a" * 5_000,
        b"GET /" + b"a" * 5_000,
        HEAD + b"x-odd: a\r\n" * 500 + b"\r\n",
        b"GET /" + b"a" * 5_000 + b" HTTP/1.1\r\nhost: x\r\n\r\n",
        CHUNKED + b"0\r\n" + b"x-odd: a\r\n" * 500,
    ],
    ids=["header", "address", "whole head", "whole address", "behind a body"],
)
def test_a_head_has_a_size(hasty: Running, sent: bytes) -> None:
    with _connect(hasty) as wide:
        wide.sendall(sent)
        assert _read(wide).startswith(b"HTTP/1.1 431 ")


@pytest.mark.parametrize("sent", [b"0\r\nx-odd: ", b"1;", b"1;a=", b"1\r\na\r\n1;"])
def test_what_stands_around_a_body_has_a_size(hasty: Running, sent: bytes) -> None:
    with _connect(hasty) as wide:
        wide.sendall(CHUNKED)
        wide.sendall(sent)
        with suppress(BrokenPipeError, ConnectionResetError):
            for _ in range(100):
                wide.sendall(b"a" * 1_000)
            assert _read(wide).startswith(b"HTTP/1.1 431 ")


def test_a_body_in_small_pieces_is_a_body(served: Running) -> None:
    one = json.dumps(fact("orders")).encode()
    pieces = b"".join(b"1\r\n%c\r\n" % byte for byte in one + b" " * 100_000) + b"0\r\n\r\n"
    with _connect(served) as patient:
        head = f"POST /v1/orders HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {served.token()}\r\n"
        patient.sendall(head.encode() + b"content-type: application/json\r\nconnection: close\r\n")
        patient.sendall(b"transfer-encoding: chunked\r\n\r\n" + pieces)
        assert _read(patient).startswith(b"HTTP/1.1 201 ")


FORM = b"POST /console/login HTTP/1.1\r\nhost: x\r\ncontent-length: 60000\r\n\r\n"
BODY = b"POST /v1/orders HTTP/1.1\r\nhost: x\r\ncontent-length: 900\r\nauthorization: Bearer "


def test_a_form_has_a_time(folder: Path) -> None:
    with running(folder, Limits(body_seconds=0.3)) as run, _connect(run) as slow:
        slow.sendall(FORM + b"name=")
        assert _read(slow).startswith(b"HTTP/1.1 408 ")


def test_a_form_left_half_sent_is_no_failure_of_the_service(folder: Path) -> None:
    with running(folder) as run:
        with _connect(run) as short:
            short.sendall(FORM + b"name=")
        with run.client("admin") as client:
            numbers = (client.get("/metrics").text for _ in range(1_000))
            seen = next(text for text in numbers if "/console/login" in text)
    assert 'status="499"' in seen
    assert 'status="500"' not in seen


def test_who_leaves_with_calls_unanswered_is_no_failure_of_the_service(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with running(folder) as run:
        for _ in range(20):
            with _connect(run) as gone:
                gone.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                gone.sendall(b"GET /openapi.json HTTP/1.1\r\nhost: x\r\n\r\n" * 20)
                gone.recv(1)
    said = capfd.readouterr().err
    assert '"call"' in said
    assert "unforeseen" not in said
    assert "without completing" not in said


def test_who_reads_no_answer_is_given_few(folder: Path) -> None:
    with running(folder) as run, socket.socket() as deaf, run.client("admin") as client:
        deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        parts = urlsplit(run.url)
        deaf.connect((parts.hostname or "", parts.port or 0))
        deaf.sendall(b"GET /openapi.json HTTP/1.1\r\nhost: x\r\n\r\n" * 100)
        answered = [_answered(client.get("/metrics").text) for _ in range(100)]
    assert 1 <= answered[-1] <= 3


def test_few_calls_may_be_sent_ahead_of_their_answers(served: Running) -> None:
    with _connect(served) as eager, served.client() as client:
        answer = b""
        with suppress(BrokenPipeError, ConnectionResetError):
            eager.sendall((HEAD + b"\r\n") * 6_000)
            answer = _read(eager)
        assert client.get("/readyz").status_code == 200
    assert answer.count(b"HTTP/1.1 200 ") <= Limits().ahead


def _answered(numbers: str) -> float:
    """How often the document was asked for."""
    counts = re.findall(r'_call_seconds_count\{call="/openapi.json".*\} (\S+)$', numbers, re.M)
    return sum(map(float, counts))


@pytest.mark.parametrize("sent", [b"", b"GET /heal", HEAD + b"\r\n", FORM + b"name=", b"api"])
def test_who_is_slow_makes_room_for_the_next(folder: Path, sent: bytes) -> None:
    with ExitStack() as stack:
        hasty = stack.enter_context(running(folder, protocol=Few))
        if sent == b"api":
            sent = BODY + hasty.token().encode() + b"\r\ncontent-type: application/json\r\n\r\n{"
        held = [stack.enter_context(_connect(hasty)) for _ in range(4)]
        for connection in held:
            connection.sendall(sent)
            if sent.startswith(HEAD):
                assert _whole(connection).startswith(b"HTTP/1.1 200 ")
        late = stack.enter_context(_connect(hasty))
        late.sendall(HEAD + b"connection: close\r\n\r\n")
        assert _read(late).startswith(b"HTTP/1.1 200 ")
        answer = _read(held[0])
        assert answer == b"" or answer.startswith((b"HTTP/1.1 503 ", b"HTTP/1.1 408 "))


def _whole(connection: socket.socket) -> bytes:
    """An answer to its end, which may come in parts, on a connection that stays open."""
    answer = b""
    while not answer.endswith(b"}"):
        part = connection.recv(65_536)
        assert part, "closed before its end"
        answer += part
    return answer


class Few(Patient):
    limits = Limits(connections=4)


class Counting(Patient):
    limits = Limits(connections=64)
    looks = 0

    @property
    def waits_for_client(self) -> bool:
        Counting.looks += 1
        return super().waits_for_client


def test_making_room_looks_at_all_connections_once_for_many(folder: Path) -> None:
    with ExitStack() as stack:
        run = stack.enter_context(running(folder, protocol=Counting))
        for _ in range(64):
            stack.enter_context(_connect(run)).sendall(b"GET /heal")
        for _ in range(64):
            late = stack.enter_context(_connect(run))
            late.sendall(HEAD + b"\r\n")
            assert late.recv(65_536).startswith(b"HTTP/1.1 200 ")
        assert 0 < Counting.looks < 64 * 64 / 2


def test_the_address_with_most_connections_makes_room(hasty: Running) -> None:
    with ExitStack() as stack:
        honest = stack.enter_context(_connect(hasty, "127.0.0.2"))
        honest.sendall(HEAD + b"\r\n")
        assert honest.recv(65_536).startswith(b"HTTP/1.1 200 ")
        for _ in range(12):
            stack.enter_context(_connect(hasty)).sendall(b"GET /heal")
        honest.sendall(HEAD + b"connection: close\r\n\r\n")
        assert _read(honest).startswith(b"HTTP/1.1 200 ")


def test_where_every_connection_waits_for_the_service_the_next_is_refused(hasty: Running) -> None:
    gate, inside = threading.Event(), threading.Semaphore(0)

    def hold() -> None:
        inside.release()
        gate.wait(30)

    threads = hasty.service.limits.threads
    holding = [hasty.service.pool._executor.submit(hold) for _ in range(threads)]
    assert all(inside.acquire(timeout=10) for _ in holding)
    call = f"GET /v1/model HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {hasty.token()}\r\n\r\n"
    with ExitStack() as stack:
        held = [stack.enter_context(_connect(hasty)) for _ in range(4)]
        for connection in held:
            connection.sendall(call.encode())
        answer = _read(stack.enter_context(_connect(hasty)))
        gate.set()
        assert answer.startswith(b"HTTP/1.1 503 ")
        assert b"retry-after: 1\r\n" in answer
        assert b"application/problem+json" in answer
        assert all(one.recv(65_536).startswith(b"HTTP/1.1 200 ") for one in held)


def test_who_hangs_up_harms_nobody(served: Running, client: httpx.Client) -> None:
    with _connect(served) as short:
        short.sendall(b"POST /v1/orders HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n")
        short.sendall(f"authorization: Bearer {served.token()}\r\n".encode())
        short.sendall(b"content-type: application/json\r\n\r\n{")
    assert client.get("/readyz").status_code == 200
