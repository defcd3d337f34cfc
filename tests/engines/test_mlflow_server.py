"""A registry on a server of MLflow that answers under a path prefix."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from risk.errors import Unavailable
from risk.model import Bundle
from risk.model.training_run import LedgerEntry, TrainingRun
from risk.registry import Registry
from tests.deciders import bundle

pytestmark = pytest.mark.engines
READY_S = 120


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server whose prefix is /ml/flow."""
    folder = tmp_path_factory.mktemp("server")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    command = [
        sys.executable, "-m", "mlflow", "server", "--port", str(port), "--workers", "1",
        "--static-prefix", "/ml/flow", "--backend-store-uri", f"sqlite:///{folder}/mlflow.db",
        "--artifacts-destination", str(folder / "artifacts"),
    ]  # fmt: skip
    with (
        (folder / "log").open("wb") as log,
        subprocess.Popen(
            command,
            stdout=log,
            stderr=log,
            start_new_session=True,
            env={**os.environ, "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false"},
        ) as server,
    ):
        try:
            ends = time.monotonic() + READY_S
            while not _healthy(f"http://127.0.0.1:{port}/ml/flow/health"):
                assert server.poll() is None, (folder / "log").read_text()
                assert time.monotonic() < ends, (folder / "log").read_text()
                time.sleep(0.1)
            yield f"http://127.0.0.1:{port}"
        finally:
            os.killpg(server.pid, signal.SIGTERM)


def _healthy(url: str) -> bool:
    try:
        return httpx.get(url, timeout=5).is_success
    except httpx.TransportError:
        return False


@pytest.mark.parametrize("slash", ["", "/"])
def test_under_its_prefix_it_keeps_models_and_the_ledger(
    host: str, tmp_path: Path, capfd: pytest.CaptureFixture[str], slash: str
) -> None:
    registry, one = Registry(f"{host}/ml/flow{slash}"), bundle()
    registry.check()
    version = registry.register(registry.log_run(TrainingRun(one, one, texts={"card.md": "?"})))
    for fetch in (registry.bundle_of, registry.twin_of):
        assert Bundle.load(fetch(version, tmp_path)).digest == one.digest
    entry = LedgerEntry(1, "promote", version, "", "a test")
    registry.add_to_ledger(entry, {})
    assert entry in registry.ledger()
    assert capfd.readouterr().out == "", "MLflow's own words are no result of a command"


@pytest.mark.parametrize("path", ["", "/ml", "/ml/flow/x"])
def test_another_path_is_named_in_one_line(host: str, path: str) -> None:
    with pytest.raises(Unavailable, match=f"MLflow at {host}{path}: .*404") as failed:
        Registry(f"{host}{path}").check()
    assert "\n" not in str(failed.value)
