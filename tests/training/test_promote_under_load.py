"""A promotion, a refused one and a rollback while a service is asked all the time: none fails."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import httpx
import pytest

from risk.access import keys
from risk.errors import ModelRefused
from risk.model.training_run import TrainingRun
from risk.policy import load
from tests.deciders import body, bundle
from tests.shops import Shop, open_shop, quiet
from training.check.replay import replay
from training.train import promote, rollback

pytestmark = pytest.mark.whole

ASKING = 3
PAUSE_S = 0.02
"""Between two requests of a thread, so that promotions get some of the processor too."""
ENOUGH = 20
PATIENCE = 120.0


@dataclass
class Load:
    """Threads that ask for decisions until told to stop, and what they were answered."""

    address: str
    key: str
    statuses: Counter[str] = field(default_factory=Counter)
    versions: Counter[str] = field(default_factory=Counter)
    order: list[str] = field(default_factory=list)
    came: threading.Condition = field(default_factory=threading.Condition)
    enough: threading.Event = field(default_factory=threading.Event)

    def ask(self) -> None:
        """One thread: a request of its own, again and again, over one connection."""
        headers = {"authorization": f"Bearer {self.key}"}
        with httpx.Client(base_url=self.address, headers=headers, timeout=30) as client:
            while not self.enough.wait(PAUSE_S):
                try:
                    answer = client.post("/v1/refunds/score", json=body())
                except httpx.HTTPError as error:
                    self.count(type(error).__name__, "")
                    continue
                good = answer.status_code == 200
                version = answer.json()["model"]["version"] if good else ""
                self.count(str(answer.status_code), version)

    def count(self, status: str, version: str) -> None:
        with self.came:
            self.statuses[status] += 1
            self.versions[version] += 1
            if not self.order or self.order[-1] != version:
                self.order.append(version)
            self.came.notify_all()

    def more(self, version: str) -> None:
        """Wait until this version has answered some more."""
        with self.came:
            wanted = self.versions[version] + ENOUGH
            met = self.came.wait_for(lambda: self.versions[version] >= wanted, PATIENCE)
        assert met, f"version {version} does not answer: {self.statuses}, {self.versions}"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    made = open_shop(tmp_path_factory, "busy")
    yield made
    made.history.close()


@contextmanager
def serving(shop: Shop, workers: int) -> Iterator[str]:
    """A service of its own processes over the shop; its address."""
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    environment = {**os.environ, **shop.environment}
    environment["PYTHONPATH"] = str(Path(__file__).parents[2])
    command = [sys.executable, "-m", "api", "--port", str(port), "--workers", str(workers)]
    service = subprocess.Popen(
        command, cwd=shop.folder, env=environment, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    address = f"http://127.0.0.1:{port}"
    try:
        assert ready(address, service), "the service did not become ready"
        yield address
    finally:
        service.terminate()
        service.wait(30)


def ready(address: str, service: subprocess.Popen[bytes]) -> bool:
    """Whether it answers before it ends."""
    while service.poll() is None:
        try:
            if httpx.get(f"{address}/readyz", timeout=5).status_code == 200:
                return True
        except httpx.HTTPError:
            continue
    return False


@contextmanager
def asked(address: str, key: str) -> Iterator[Load]:
    """Ask for as long as the block lasts."""
    load = Load(address, key)
    threads = [threading.Thread(target=load.ask) for _ in range(ASKING)]
    for thread in threads:
        thread.start()
    try:
        yield load
    finally:
        load.enough.set()
        for thread in threads:
            thread.join()


def registered(shop: Shop) -> tuple[str, str]:
    """A second version like the first with a higher bar, and a third that knows nothing."""
    fitted = shop.trained.fitted
    higher = {"ask_above": 0.9}
    second = TrainingRun(
        replace(fitted.bundle, thresholds=higher), replace(fitted.twin, thresholds=higher)
    )
    since = {"trained_until": fitted.twin.about["trained_until"]}
    noise = replace(bundle(5), about=since, thresholds={"ask_above": 0.01})
    logged = [shop.registry.log_run(one) for one in (second, TrainingRun(noise, noise))]
    first, last = (shop.registry.register(run) for run in logged)
    return first, last


def test_no_request_fails_while_champions_come_and_go(shop: Shop) -> None:
    old, (new, bad) = shop.trained.version, registered(shop)
    policy, why = load(None), "a small shop is judged by few"
    with shop.history.write() as write:
        _, key = keys.create(write, "load", ("score",))
    with serving(shop, workers=2) as address, asked(address, key) as seen:
        seen.more(old)
        assert promote(shop.history, shop.registry, policy, new, why, quiet).version == new
        seen.more(new)
        with pytest.raises(ModelRefused, match=f"the gate refuses version {bad}"):
            promote(shop.history, shop.registry, policy, bad, "", quiet)
        seen.more(new)
        assert rollback(shop.history, shop.registry, "a mistake").version == old
        seen.more(old)
    total = sum(seen.statuses.values())
    assert seen.statuses == {"200": total}
    assert set(seen.versions) == {old, new}
    assert seen.order[0] == old
    made, differences, _ = replay(shop.history, quiet)
    assert made >= total
    assert differences == []
    print(f"{total:,} requests over a promotion, a refusal and a rollback, none failed")  # noqa: T201
