"""Sizes, strict JSON, and more calls than there is room for."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from pathlib import Path

import httpx
import pytest

from api.limits import MOST_BUCKETS, Limits, RateLimiter
from api.problems import ProblemError
from tests.api.serving import running
from tests.api.test_facts_calls import fact

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
