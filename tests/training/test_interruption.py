"""Ctrl-C while a model is trained and registered: in a real process, by a real signal."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from tests.shops import Shop
from training.interruption import uninterrupted

pytestmark = pytest.mark.whole

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def heeds_ctrl_c() -> Iterator[None]:
    """Whoever runs the tests may ignore the signal, as a shell does in the background; a child
    would inherit that."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def registered(shop: Shop) -> tuple[set[str], set[str], set[str]]:
    """The versions, runs and models that MLflow shows."""
    mlflow = import_module("mlflow")
    client = mlflow.MlflowClient(shop.registry.uri, shop.registry.uri)
    where = [one.experiment_id for one in client.search_experiments()]
    versions = client.search_model_versions(f"name = '{shop.registry.name}'")
    models = client.search_logged_models(where)
    runs = client.search_runs(where)
    return (
        {one.version for one in versions},
        {one.info.run_id for one in runs},
        {one.model_id for one in models},
    )


@pytest.mark.parametrize("moment", [b"learning", b"registering"])
def test_an_interrupted_training_leaves_nothing_registered(shop: Shop, moment: bytes) -> None:
    before = registered(shop)
    command = [sys.executable, "-m", "training", "train", "--fast"]
    env = {**os.environ, **shop.environment, "FORCE_COLOR": "1", "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, env=env, cwd=shop.folder, stderr=subprocess.PIPE) as train:
        assert train.stderr is not None
        said = b""
        while moment not in said:
            byte = train.stderr.read(1)
            assert byte, said.decode()
            said += byte
        train.send_signal(signal.SIGINT)
        train.stderr.read()
    assert train.returncode != 0
    assert registered(shop) == before


def interrupted_block(done: list[str]) -> None:
    with uninterrupted():
        signal.raise_signal(signal.SIGINT)
        done.append("the rest of it")


def test_what_must_not_be_interrupted_ends_first() -> None:
    done: list[str] = []
    with pytest.raises(KeyboardInterrupt):
        interrupted_block(done)
    assert done
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)
