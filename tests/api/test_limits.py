"""Sizes, slow clients, strict JSON, and more calls than there is room for."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from serving import Running, running
from test_facts_calls import fact

from api.limits import MOST_BUCKETS, Limits, RateLimiter
from api.problems import ProblemError
from api.server import Patient

JSON = {"content-type": "application/json"}


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b'{"a": 1,}', "not JSON"),
        (b"{'a': 1}", "not JSON"),
        (b'{"amount": 1, "amount": 2}', "amount' stands twice"),
        (b'[{"order_id": {"x": 1, "x": 1}}]', "x' stands twice"),
        (b'{"amount": NaN}', "NaN"),
        (b'{"amount": -Infinity}', "Infinity"),
        (b"[" * 100_000, "deeply"),
        (b'{"a":' * 50_000 + b"1" + b"}" * 50_000, "deeply"),
        (b'{"a": "\xff"}', "UTF-8"),
        (b'{"a": "\\ud800"}', "not JSON"),
        (b"9" * 5_000, "too long"),
        (b'{"a": "\x01"}', "not JSON"),
    ],
)
def test_json_is_strict(client: httpx.Client, raw: bytes, said: str) -> None:
    answer = client.post("/v1/orders", content=raw, headers=JSON)
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert said in answer.json()["detail"]


@pytest.mark.parametrize("media", ["", "text/plain", "application/x-www-form-urlencoded"])
def test_only_json_is_read(client: httpx.Client, media: str) -> None:
    answer = client.post("/v1/orders", content=b"{}", headers={"content-type": media})
    assert answer.status_code == 415


def test_a_charset_is_no_harm(client: httpx.Client) -> None:
    headers = {"content-type": "application/json; charset=utf-8"}
    sent = json.dumps(fact("orders")).encode()
    assert client.post("/v1/orders", content=sent, headers=headers).status_code == 201


def _pieces(size: int) -> Iterator[bytes]:
    for _ in range(size // 65_536 + 1):
        yield b" " * 65_536


@pytest.mark.parametrize(
    ("path", "size"), [("/v1/refunds/score", 1 << 20), ("/v1/orders", 16 << 20)]
)
def test_a_body_has_a_size(client: httpx.Client, path: str, size: int) -> None:
    declared = client.post(path, content=b" " * (size + 1), headers=JSON)
    assert declared.status_code == 413
    assert str(size) in declared.json()["detail"]
    streamed = client.post(path, content=_pieces(size), headers=JSON)
    assert streamed.status_code == 413


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


@pytest.mark.parametrize(
    "sent", [HEAD + b"x-odd: " + b"a" * 5_000, b"GET /" + b"a" * 5_000], ids=["header", "address"]
)
def test_a_head_has_a_size(hasty: Running, sent: bytes) -> None:
    with _connect(hasty) as wide:
        wide.sendall(sent)
        assert _read(wide).startswith(b"HTTP/1.1 431 ")


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
                assert connection.recv(65_536).startswith(b"HTTP/1.1 200 ")
        late = stack.enter_context(_connect(hasty))
        late.sendall(HEAD + b"connection: close\r\n\r\n")
        assert _read(late).startswith(b"HTTP/1.1 200 ")
        answer = _read(held[0])
        assert answer == b"" or answer.startswith((b"HTTP/1.1 503 ", b"HTTP/1.1 408 "))


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


def test_what_does_not_fit_is_refused_at_once(folder: Path) -> None:
    limits = Limits(threads=1, waiting=2)
    gate, inside = threading.Event(), threading.Semaphore(0)

    def hold() -> None:
        inside.release()
        gate.wait(30)

    with running(folder, limits) as run, run.client() as client:
        client.get("/v1/model").raise_for_status()
        pool = run.service.pool
        holding = pool._executor.submit(hold)
        assert inside.acquire(timeout=10)
        pool.in_flight += 1
        with ThreadPoolExecutor(12) as many:
            waiting = [
                many.submit(client.post, "/v1/orders", json=fact("orders")) for _ in range(12)
            ]
            refused = [a for a in _finished(waiting, 10) if a.status_code == 503]
            gate.set()
            answers = [future.result() for future in waiting]
        holding.result()
        pool.in_flight -= 1
    assert len(refused) == 10
    assert all(answer.headers["retry-after"] == "1" for answer in refused)
    assert [answer.status_code for answer in answers].count(201) == 2
    assert pool.in_flight == 0


def test_a_queue_that_does_not_move_is_not_ready(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.service.STUCK_S", 0.2)
    gate, inside = threading.Event(), threading.Semaphore(0)

    def hold() -> None:
        inside.release()
        gate.wait(30)

    with running(folder, Limits(threads=1)) as run, run.client() as client:
        assert client.get("/readyz").status_code == 200
        pool = run.service.pool

        async def fill() -> None:
            await asyncio.gather(*(pool.run(hold) for _ in range(2)))

        with ThreadPoolExecutor(1) as aside:
            filling = aside.submit(asyncio.run, fill())
            assert inside.acquire(timeout=10)
            answers = (client.get("/readyz") for _ in range(10_000))
            told = next(answer for answer in answers if answer.status_code == 503)
            gate.set()
            filling.result()
        assert "no call was finished for" in told.json()["detail"]
        assert client.get("/readyz").status_code == 200


def _finished(futures: list[Future[httpx.Response]], count: int) -> list[httpx.Response]:
    """The answers of the first `count` to finish."""
    done = as_completed(futures, timeout=20)
    return [next(done).result() for _ in range(count)]


def test_names_a_stranger_makes_up_are_forgotten_and_who_is_slow_is_not() -> None:
    rates = RateLimiter(Limits())
    rates.take("slow", 0.001, 0.0)
    for n in range(3 * MOST_BUCKETS):
        rates.take(f"hook:made:{n}", None, n / 1_000)
        assert len(rates._buckets) <= MOST_BUCKETS
    with pytest.raises(ProblemError, match=r"0\.001"):
        rates.take("slow", 0.001, 3 * MOST_BUCKETS / 1_000)
