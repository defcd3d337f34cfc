"""The numbers a service tells of itself."""

from __future__ import annotations

import re
import time
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path

import httpx

from api.service_metrics import BACKLOG
from risk.history import published_models
from tests.api.serving import Running, running, small_bundle
from tests.api.test_scoring import body

LINE = re.compile(r"^(\w+)(?:\{(.*)\})? ([-+.\deE]+)$", re.MULTILINE)


def numbers(url: str) -> dict[tuple[str, str], float]:
    """Every sample by name and labels."""
    found = LINE.findall(httpx.get(url + "/metrics", timeout=20).text)
    return {(name, labels): float(value) for name, labels, value in found}


def of(told: dict[tuple[str, str], float], name: str) -> float:
    """A number over all of its labels."""
    return sum(value for (one, _), value in told.items() if one == name)


def test_what_waits_is_counted_in_the_store(served: Running, client: httpx.Client) -> None:
    told = numbers(served.url)
    assert {name for name, _ in told} >= {f"refund_risk_{name}" for name in BACKLOG}
    asked = {"url": "https://nobody.invalid/hook", "events": ["decision.made"]}
    made = client.post("/v1/receivers", json=asked).json()
    client.post("/v1/refunds/score", json=body()).raise_for_status()
    ended = time.monotonic() + 10
    while of(numbers(served.url), "refund_risk_deliveries_waiting") < 1:
        assert time.monotonic() < ended, "the push was never counted"
    client.delete(f"/v1/receivers/{made['receiver_id']}").raise_for_status()


def test_probabilities_and_tiers_are_counted_once_each(
    served: Running, client: httpx.Client
) -> None:
    before = numbers(served.url)
    for _ in range(3):
        client.post("/v1/refunds/score", json=body()).raise_for_status()
    after = numbers(served.url)
    for name in ("refund_risk_decisions_total", "refund_risk_probability_count"):
        assert of(after, name) - of(before, name) == 3


def test_what_decides_is_counted_by_process(folder: Path) -> None:
    with running(folder) as run:
        run.promote("2", small_bundle(1))
        told = {k: v for k, v in numbers(run.url).items() if k[0] == "refund_risk_in_force"}
        by_version = {labels.split('"')[1]: value for (_, labels), value in told.items()}
        assert {version for version, value in by_version.items() if value} == {"2"}


def test_a_slower_look_never_puts_an_older_model_back(folder: Path) -> None:
    with running(folder) as run, ThreadPoolExecutor(4) as threads:
        history, look = run.service.history, run.service.take_champion
        bundles = [small_bundle(seed) for seed in range(2)]
        for version in range(2, 42, 2):
            looks = []
            for one in (version, version + 1):
                with history.write() as write:
                    published_models.publish(
                        write, "champion", str(one), bundles[one % 2], "a test"
                    )
                looks += [threads.submit(look) for _ in range(3)]
            wait(looks)
            newest = str(version + 1)
            assert run.service.decider.ready().published.version == newest
            told = {k: v for k, v in numbers(run.url).items() if k[0] == "refund_risk_in_force"}
            assert [labels.split('"')[1] for (_, labels), v in told.items() if v] == [newest]
