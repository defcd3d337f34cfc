"""A call sent again to another process, before or after it was answered: done and noted once."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import httpx
import pytest

from tests.api.hook_senders import generic, push, set_up
from tests.api.serving import Running, running
from tests.api.test_scoring import body

CALLERS = 8
KEY = "idempotency-key"
Pair = tuple[Running, Running]


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    """Two services on one store."""
    folder = tmp_path_factory.mktemp("two")
    with running(folder) as first, running(folder) as second:
        yield first, second


def at_once(two: Pair, call: Callable[[httpx.Client], httpx.Response]) -> list[httpx.Response]:
    """The answers of both services to the same call, at the same time."""
    start = Barrier(CALLERS)
    headers = {"authorization": f"Bearer {two[0].token()}"}

    def one(number: int) -> httpx.Response:
        url = two[number % 2].url
        with httpx.Client(base_url=url, headers=headers, timeout=60) as client:
            client.get("/healthz")
            start.wait()
            return call(client)

    with ThreadPoolExecutor(CALLERS) as callers:
        return list(callers.map(one, range(CALLERS)))


@pytest.mark.parametrize("round_", range(3))
def test_a_request_is_decided_again_once(two: Pair, round_: int) -> None:
    with two[0].client() as client:
        one = body()
        client.post("/v1/refunds/score", json=one).raise_for_status()
        path = f"/v1/refunds/{one['refund']['refund_id']}"
        name = {KEY: f"again {round_}"}
        answers = at_once(two, lambda c: c.post(f"{path}/score", headers=name))
        assert {answer.status_code for answer in answers} == {200}
        assert len({answer.content for answer in answers}) == 1
        assert len(client.get(f"{path}/decisions").json()) == 2


def test_a_receiver_is_added_once(two: Pair) -> None:
    receiver = {"url": "https://example.com/twice", "events": []}
    answers = at_once(two, lambda c: c.post("/v1/receivers", json=receiver, headers={KEY: "add"}))
    assert len({answer.content for answer in answers}) == 1
    with two[0].client() as client:
        urls = [one["url"] for one in client.get("/v1/receivers").json()]
    assert urls.count(receiver["url"]) == 1


@pytest.mark.parametrize("round_", range(3))
def test_a_push_is_taken_in_once(two: Pair, round_: int) -> None:
    with two[0].client() as client:
        place = set_up(client, "generic", f"twice{round_}", mapping="")
        raw = json.dumps({"type": "facts", "order": [body()["order"][0]]}).encode()
        sign = generic(raw, time.time(), "one")
        answers = at_once(two, lambda c: push(c, place, raw, sign))
        assert Counter(answer.json()["repeated"] for answer in answers) == {0: 1, 1: CALLERS - 1}
        inbox = client.get("/v1/hooks/inbox", params={"endpoint": f"twice{round_}"}).json()
    states = Counter(message["state"] for message in inbox["messages"])
    assert states == {"accepted": 1, "repeated": CALLERS - 1}
