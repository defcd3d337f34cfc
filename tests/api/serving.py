"""A real service on a real socket, with a small model in it, for the tests of the API."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import httpx
import lightgbm
import numpy as np
import uvicorn
from fastapi import FastAPI

from api.app import create_app
from api.limits import Limits
from api.server import Patient, config
from api.service import Service
from risk.access import keys
from risk.access.keys import SCOPES
from risk.features.catalog import catalogue
from risk.features.spec import NO_REASON_FAMILIES
from risk.history import published_models
from risk.history.store import History
from risk.model import Bundle, Lane, linear_calibration
from risk.settings import Settings
from tests.stores import lay_store

SECRET = "a secret for the tests, long enough"


@lru_cache
def small_bundle(seed: int = 0, lean: float = -1.0) -> Bundle:
    """A model of a few trees over the whole catalogue, learned from noise.

    `lean` moves every probability, in log-odds.
    """
    features = tuple(feature for feature in catalogue() if not feature.retired)
    names = {
        "standard": tuple(f.name for f in features),
        "no_reason": tuple(f.name for f in features if f.family in NO_REASON_FAMILIES),
    }
    lanes = {lane: Lane(own, _trees(len(own), seed), linear_calibration("platt", 1.0, lean))
             for lane, own in names.items()}  # fmt: skip
    return Bundle({f.name: f.hash for f in features}, lanes, {"ask_above": 0.4}, {"requests": 500})


def _trees(columns: int, seed: int) -> str:
    rng = np.random.default_rng(seed)
    rows = rng.normal(size=(500, columns)) + 1
    found = (rows[:, 0] + rows[:, 1] > 2).astype(float)
    knobs = {"objective": "binary", "num_leaves": 4, "verbosity": -1, "num_threads": 1}
    booster = lightgbm.train(knobs, lightgbm.Dataset(rows, found), 5)
    return str(booster.model_to_string())


TRUSTS_NOBODY = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""For clients that speak no TLS: reading the authorities of the system takes each longer than
many a test."""


def plain_client(url: str = "", **more: Any) -> httpx.Client:
    """A client without a key."""
    return httpx.Client(base_url=url, timeout=30, verify=TRUSTS_NOBODY, **more)


class StoreClient(httpx.Client):
    """A client that knows the store behind its service."""

    history: History


@dataclass(frozen=True)
class Running:
    """A service that runs, and how to talk to it."""

    url: str
    service: Service

    def token(self, *scopes: str, **rights: Any) -> str:
        """A new key with these scopes; all of them without any."""
        with self.service.history.write() as write:
            return keys.create(write, "test", scopes or SCOPES, **rights)[1]

    def client(self, *scopes: str, **rights: Any) -> StoreClient:
        """A client that sends such a key."""
        headers = {"authorization": f"Bearer {self.token(*scopes, **rights)}"}
        client = StoreClient(base_url=self.url, headers=headers, timeout=30, verify=TRUSTS_NOBODY)
        client.history = self.service.history
        return client

    def promote(self, version: str, bundle: Bundle) -> None:
        """Put another model in service and let this process notice."""
        with self.service.history.write() as write:
            published_models.publish(write, "champion", version, bundle, "a test")
        self.service.take_champion()


def settings_in(folder: Path) -> Settings:
    return Settings(
        database_url=f"sqlite:///{folder}/store.db",
        tracking_uri=f"sqlite:///{folder}/mlflow.db",
        artifacts=folder / "artifacts",
        files_url=f"{folder}/files",
        secret=SECRET,
        policy=None,
        undo_seconds=0,
    )


@contextmanager
def running(
    folder: Path,
    limits: Limits | None = None,
    *,
    model: bool = True,
    protocol: type[Patient] = Patient,
    **settings: Any,
) -> Iterator[Running]:
    """Serve from a folder until the block ends; `settings` are those that differ."""
    store = folder / "store.db"
    if not store.exists():
        lay_store(store, SECRET)
    app = create_app(replace(settings_in(folder), **settings), limits)
    service: Service = app.state.service
    if model:
        with service.history.write() as write:
            published_models.publish(write, "champion", "1", small_bundle(), "a test")
    with _listening(app, protocol) as url:
        yield Running(url, service)


@contextmanager
def _listening(app: FastAPI, protocol: type[Patient]) -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = uvicorn.Server(config(app, protocol))
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        try:
            url = f"http://127.0.0.1:{listener.getsockname()[1]}"
            yield url
        finally:
            server.should_exit = True
            thread.join()


def counted(answer: httpx.Response) -> dict[str, Any]:
    """How many facts a call stored, whatever it says of them beside."""
    return {name: value for name, value in answer.json().items() if name != "warnings"}
