"""What the images do, outside a container: the same steps, the same commands, the same settings.

No container engine is needed. Each `RUN` of the Dockerfile is a script that is run here, and the
commands and environment of `compose.yaml` are run in what it makes, on a PostgreSQL of its own.
"""

from __future__ import annotations

import os
import re
import shlex
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psycopg
import yaml

ROOT = Path(__file__).parent.parent.parent
COMPOSE = (ROOT / "compose.yaml").read_text(encoding="utf-8")
SERVICES: dict[str, dict[str, Any]] = yaml.safe_load(COMPOSE)["services"]
STEPS = ["requirements/install.sh $LOCK /opt/refund-risk", "requirements/packages.sh libgomp1"]
READY_S = 120.0
FEWER = "600"
"""Requests of the made world, which in `compose.yaml` is larger."""
SECRET = "a secret for the containers' test"


@dataclass(frozen=True)
class Place:
    """An environment as an image holds it, and the settings of `compose.yaml` for it."""

    environment: Path
    settings: Mapping[str, str]
    folder: Path

    def start(self, command: list[str], log: Path) -> subprocess.Popen[bytes]:
        with log.open("wb") as out:
            return subprocess.Popen(
                [str(self.environment / "bin" / command[0]), *command[1:]],
                cwd=self.folder, env=self._environ(), stdout=out, stderr=out,
            )  # fmt: skip

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(self.environment / "bin" / command[0]), *command[1:]], cwd=self.folder,
            env=self._environ(), capture_output=True, text=True, check=False,
        )  # fmt: skip

    def _environ(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("LANG", "HOME") if name in os.environ}
        return {**kept, "PATH": f"{self.environment}/bin:/usr/bin:/bin", **self.settings}


def installed(lock: str, folder: Path) -> Path:
    """Run the Dockerfile's steps for one image, into a folder."""
    for step in STEPS:
        command = shlex.split(step.replace("$LOCK", lock).replace("/opt/refund-risk", str(folder)))
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    return folder


def empty_database(postgresql_url: str) -> str:
    """The URL of a new database, as `compose.yaml` gives it to a service."""
    with psycopg.connect(postgresql_url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute("CREATE DATABASE containers")
    return postgresql_url.replace("+psycopg", "").replace("/postgres?", "/containers?")


def free_port() -> str:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return str(listener.getsockname()[1])


@contextmanager
def answering(place: Place, command: list[str], url: str, log: Path) -> Iterator[None]:
    """Run a server until the block ends; enter when `url` answers with success."""
    process = place.start(command, log)
    try:
        ends = time.monotonic() + READY_S
        while not answers(url):
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < ends, log.read_text()
            time.sleep(0.1)
        yield
    finally:
        process.terminate()
        process.wait()


def answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=5).is_success
    except httpx.TransportError:
        return False


def at_port(command: list[str], port: str) -> list[str]:
    """A command of `compose.yaml` at another port, on this host alone."""
    kept = [word for word in command if word not in ("--port", "5000")]
    return [*("127.0.0.1" if word == "0.0.0.0" else word for word in kept), "--port", port]


def check_composed(serving: Path, analysing: Path, database: str, folder: Path) -> None:
    """From the first command of `compose.yaml` to a decision, each service in its environment."""
    settings = {
        "REFUND_RISK_DATABASE_URL": database,
        "REFUND_RISK_SECRET": SECRET,
        "REFUND_RISK_FILES_URL": str(folder / "files"),
    }
    assert set(SERVICES["refund-risk"]["environment"]) == set(settings)
    (folder / "data").mkdir()
    ports = {"mlflow": free_port(), "refund-risk": free_port()}
    tracking = f"http://127.0.0.1:{ports['mlflow']}"
    analyst = Place(analysing, {**settings, "MLFLOW_TRACKING_URI": tracking}, folder)
    assert set(SERVICES["analyst"]["environment"]) == set(analyst.settings)
    command = at_port(SERVICES["mlflow"]["command"], ports["mlflow"])
    command = [word.replace("/srv/", f"{folder}/").replace(":5000", f":{ports['mlflow']}")
               for word in command]  # fmt: skip
    registry = Place(analysing, SERVICES["mlflow"]["environment"], folder)
    with answering(registry, command, f"{tracking}/health", folder / "mlflow.log"):
        for line in re.findall(r"run --rm analyst (.*)", COMPOSE):
            done = analyst.run("refund-risk", *shlex.split(line.replace("2000", FEWER)))
            assert done.returncode == 0, done.stderr
    token = done.stdout.strip()
    host = Place(serving, settings, folder)
    url = f"http://127.0.0.1:{ports['refund-risk']}"
    command = at_port(SERVICES["refund-risk"]["command"], ports["refund-risk"])
    with answering(host, command, f"{url}/readyz", folder / "service.log"):
        decision = decided(url, token)
    assert decision["tier"] in ("approve", "request_evidence", "platform_intervention")
    assert 0 < decision["probability"] < 1
    assert decision["model"]["version"] == "1"


def decided(url: str, token: str) -> dict[str, Any]:
    refund = {"refund_id": "R-1", "order_id": "O-1", "requested_at": "2026-03-05T09:30:00+08:00",
              "amount": "349.00", "type": "refund_only", "reason_code": "not_received"}  # fmt: skip
    order = {"order_id": "O-1", "customer_id": "C-1", "placed_at": "2026-03-01T08:00:00+08:00",
             "amount": "349.00"}  # fmt: skip
    with httpx.Client(base_url=url, headers={"authorization": f"Bearer {token}"}) as client:
        answer = client.post("/v1/refunds/score", json={"refund": refund, "order": [order]})
    assert answer.is_success, answer.text
    found: dict[str, Any] = answer.json()
    return found
