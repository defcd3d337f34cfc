"""What a service takes up while it serves: another policy, and who was forgotten."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa

from risk.history.schema import FACTS
from risk.history.store import History
from risk.policy import load, parse
from risk.privacy import forget
from tests.api.serving import SECRET, Running, running
from tests.api.test_scoring import body

OURS = load(None).source
DEARER = OURS.replace("asked = 4.0", "asked = 9.0")


@dataclass
class Served:
    run: Running
    client: httpx.Client
    file: Path

    def decides_by(self) -> str:
        answer = self.client.post("/v1/refunds/score", json=body()).raise_for_status().json()
        return str(answer["policy"]["version"])

    def until(self, seen: Callable[[], bool]) -> None:
        """Decide on and on until something is seen; every answer must be one."""
        deadline = time.monotonic() + 20
        while not seen():
            assert self.decides_by()
            assert time.monotonic() < deadline, "it was not noticed"


@contextmanager
def serving_ours(folder: Path) -> Iterator[Served]:
    file = folder / "ours.toml"
    file.write_text(OURS, encoding="utf-8")
    with running(folder, policy=file) as run, run.client() as client:
        yield Served(run, client, file)


@pytest.fixture
def served(folder: Path) -> Iterator[Served]:
    with serving_ours(folder) as served:
        yield served


def test_another_policy_decides_soon_and_nobody_is_kept_waiting(served: Served) -> None:
    dearer = parse(DEARER).version
    assert served.decides_by() == parse(OURS).version != dearer
    served.file.write_text(DEARER, encoding="utf-8")
    served.until(lambda: served.decides_by() == dearer)
    assert served.client.get("/readyz").json()["policy"] == dearer
    assert served.client.get("/v1/model").json()["policy"]["version"] == dearer


def test_a_policy_that_does_not_hold_is_refused_aloud(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with serving_ours(folder) as served:
        ready = served.client.get("/readyz").json()
        served.file.write_text(OURS.replace("asked = 4.0", "asked = -4.0"), encoding="utf-8")
        served.until(lambda: "policy_refused" in served.client.get("/readyz").json())
        said = served.client.get("/readyz")
        assert said.status_code == 200
        assert said.json()["policy"] == served.decides_by() == ready["policy"]
        failed = 'refund_risk_chores_failed_total{chore="take_policy"} 1.0'
        assert failed in served.client.get("/metrics").text
        served.file.write_text(OURS + "\n# mended\n", encoding="utf-8")
        served.until(lambda: served.client.get("/readyz").json() == ready)
    assert "ours.toml: line" in capfd.readouterr().err


def test_a_merchants_own_policy_is_taken_from_a_folder(folder: Path) -> None:
    shelf = folder / "policies"
    shelf.mkdir()
    with running(folder, policy=shelf) as run, run.client() as client:
        served = Served(run, client, shelf)
        general = served.decides_by()
        one = body()
        one["order"][0]["merchant_id"] = "M-own"
        (shelf / "M-own.toml").write_text(DEARER, encoding="utf-8")
        decider = run.service.decider
        served.until(lambda: decider.policies.of("M-own").version != general)
        answer = client.post("/v1/refunds/score", json=one).raise_for_status().json()
        assert answer["policy"]["version"] == parse(DEARER).version
        assert served.decides_by() == general


def test_who_is_forgotten_elsewhere_does_not_come_back_through_a_running_service(
    served: Served,
) -> None:
    numbers = count()

    def known_as() -> str | None:
        """Buy something as them; the name it is stored under, None where it is left out."""
        order = {"order_id": f"O-{next(numbers)}", "customer_id": "C-vanishing", "amount": "5",
                 "placed_at": "2026-03-01T08:00:00+08:00"}  # fmt: skip
        served.client.post("/v1/orders", json=order).raise_for_status()
        query = sa.select(FACTS["orders"].c.customer_id)
        with served.run.service.history.read() as connection:
            here = query.where(FACTS["orders"].c.order_id == order["order_id"])
            return connection.execute(here).scalar_one_or_none()

    assert known_as() == "C-vanishing"
    elsewhere = History.open(str(served.run.service.history.engine.url), SECRET)
    forget(elsewhere, "C-vanishing", settle_s=0)
    served.until(lambda: known_as() != "C-vanishing")
    forget(elsewhere, "C-vanishing", settle_s=0)
    elsewhere.close()
    assert known_as() != "C-vanishing"
    with served.run.service.history.read() as connection:
        names = connection.execute(sa.select(FACTS["orders"].c.customer_id)).scalars().all()
    assert "C-vanishing" not in names
