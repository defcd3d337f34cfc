"""A little chaos for every day: two workers, one killed, then everything; ten callers at once."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import httpx
import pytest

from risk.history.store import History
from tests.bench.chaos.load import body, under_load, wait_for
from tests.bench.chaos.postgres import cluster
from tests.bench.chaos.processes import serving
from tests.bench.chaos.scenario import Place
from tests.bench.chaos.verdict import wrongs
from tests.bench.chaos.world import SECRET, World, token
from tests.deciders import bundle, promote

DECIDED = re.compile(r"^refund_risk_decisions_total\{.*\} ([\d.]+)$", re.MULTILINE)
WORKERS = re.compile(r"^refund_risk_workers ([\d.]+)$", re.MULTILINE)
CALLERS = 10


def placed(folder: Path, url: str) -> Place:
    """A store with a small model in it."""
    history = History.open(url, SECRET)
    promote(history, "1", bundle())
    history.close()
    return Place(World(folder), folder, url, 2, random.Random(1))


def test_what_was_acknowledged_survives_every_kill(tmp_path: Path) -> None:
    place = placed(tmp_path, f"sqlite:///{tmp_path}/store.db")
    with serving(place.settings, tmp_path) as service:
        with under_load(service.url, token(place.url), "short", clients=3) as load:
            wait_for(load, 10)
            assert service.kill_worker(0)
            wait_for(load, 10)
            answered = len(load.acknowledged)
            told = httpx.get(service.url + "/metrics", timeout=20).text
            assert sum(float(n) for n in DECIDED.findall(told)) >= answered - load.count("cut")
            assert WORKERS.findall(told)[0] in ("1.0", "2.0")
            service.kill()
            service.start()
            wait_for(load, 10)
        assert wrongs(place.url, load) == []
        _are_one_decision(service.url, token(place.url))


@pytest.fixture
def postgresql() -> Iterator[str]:
    with cluster() as running:
        if running is None:
            pytest.skip("PostgreSQL is not installed")
        yield running.url


@pytest.mark.engines
def test_ten_at_once_are_one_decision_on_postgresql(tmp_path: Path, postgresql: str) -> None:
    place = placed(tmp_path, postgresql)
    with serving(place.settings, tmp_path) as service:
        _are_one_decision(service.url, token(place.url))


@pytest.mark.engines
def test_nothing_that_postgresql_does_not_take_breaks_it(tmp_path: Path, postgresql: str) -> None:
    place = placed(tmp_path, postgresql)
    receiver = {"url": "https://example.com/\x00", "events": []}
    with serving(place.settings, tmp_path, workers=1) as service:
        headers = {"authorization": f"Bearer {token(place.url)}"}
        with httpx.Client(base_url=service.url, headers=headers, timeout=30) as client:
            names = [client.get(f"/v1/{where}") for where in ("decisions/%00", "cases/a%00b")]
            names.append(client.post("/v1/refunds/%00/score"))
            queries = [client.get(f"/v1/{where}=%00") for where in ("cases?customer", "cases?%00")]
            queries.append(client.post("/v1/receivers", json=receiver))
            pushed = client.post("/v1/hooks/doudian/%00", content=b"[]")
    assert [answer.status_code for answer in names] == [404] * 3
    assert [answer.status_code for answer in queries] == [422] * 3
    assert pushed.status_code == 401
    assert '"unforeseen"' not in service.said()


def _are_one_decision(url: str, key: str) -> None:
    """The same new request by ten connections at once, again and again."""
    with httpx.Client(base_url=url, headers={"authorization": f"Bearer {key}"}) as client:
        for number in range(5):
            sent = body(f"once-{number}", number)
            answers = _at_once(url, key, sent)
            assert {answer.status_code for answer in answers} == {200}
            assert len({answer.content for answer in answers}) == 1
            kept = client.get(f"/v1/refunds/R-once-{number}/decisions").json()
            assert kept == [answers[0].json()]


def _at_once(url: str, key: str, sent: object) -> list[httpx.Response]:
    start = Barrier(CALLERS)

    def call(_: int) -> httpx.Response:
        with httpx.Client(base_url=url, headers={"authorization": f"Bearer {key}"}) as client:
            client.get("/healthz")
            start.wait()
            return client.post("/v1/refunds/score", json=sent, timeout=30)

    with ThreadPoolExecutor(CALLERS) as callers:
        return list(callers.map(call, range(CALLERS)))
