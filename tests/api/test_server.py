"""The process that serves: what it keeps from the collector of cyclic garbage."""

from __future__ import annotations

import gc
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path

import httpx
import pytest

from api.server import serving_app
from tests.stores import new_store

pytestmark = pytest.mark.whole


def test_what_is_there_from_the_start_is_not_gone_through_again(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    secret = "a secret for tests of the server only"
    new_store(tmp_path / "store.db", secret).close()
    monkeypatch.setenv("REFUND_RISK_DATABASE_URL", f"sqlite:///{tmp_path}/store.db")
    monkeypatch.setenv("REFUND_RISK_SECRET", secret)
    try:
        app = serving_app()
        assert gc.get_freeze_count() > 10_000
        assert not any(one is app for one in gc.get_objects())
    finally:
        gc.unfreeze()
    app.state.service.history.close()


HURRIED = """
import sys
import api.server as server
from risk.history.connection import connect

server.GRACE_S, server.LAST_S, connect.BUSY_MS = 1, 1.0, 60_000
server.serve(port=int(sys.argv[1]))
"""
"""A service whose grace is short, and whose threads wait for the store for a minute."""


def _ready(url: str) -> None:
    for _ in range(400):
        with suppress(httpx.TransportError):
            if httpx.get(f"{url}/healthz").status_code == 200:
                return
        time.sleep(0.1)
    raise AssertionError("the service did not start")


def _laid(folder: Path) -> tuple[int, dict[str, str]]:
    """A free port, and the environment of a service over an empty store in a folder."""
    secret = "a secret for tests of the server only"
    new_store(folder / "store.db", secret).close()
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    store = f"sqlite:///{folder}/store.db"
    return port, {**os.environ, "REFUND_RISK_SECRET": secret, "REFUND_RISK_DATABASE_URL": store}


def test_a_process_ends_within_its_grace_whatever_its_threads_do(tmp_path: Path) -> None:
    port, environment = _laid(tmp_path)
    url, command = f"http://127.0.0.1:{port}", [sys.executable, "-c", HURRIED, str(port)]
    with (
        subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL) as process,
        closing(sqlite3.connect(tmp_path / "store.db", isolation_level=None)) as holder,
    ):
        _ready(url)
        page = httpx.get(f"{url}/console/login")
        token = page.text.split('name="csrf_token" value="')[1].split('"')[0]
        holder.execute("BEGIN IMMEDIATE")
        form = {"name": "mei", "password": "x", "csrf_token": token}

        def call() -> None:
            with suppress(httpx.HTTPError):
                httpx.post(f"{url}/console/login", data=form, cookies=page.cookies, timeout=60)

        caller = threading.Thread(target=call)
        caller.start()
        caller.join(1.0)
        assert caller.is_alive(), "a thread of the service waits for the store"
        process.send_signal(signal.SIGTERM)
        process.wait(20)
        caller.join()


def test_two_workers_finish_the_calls_that_were_begun(tmp_path: Path) -> None:
    port, environment = _laid(tmp_path)
    command = [sys.executable, "-m", "api", "--port", str(port), "--workers", "2"]
    with (
        subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL) as process,
        ExitStack() as stack,
    ):
        _ready(f"http://127.0.0.1:{port}")
        begun = [stack.enter_context(_begun_call(port)) for _ in range(8)]
        idle = [stack.enter_context(_idle_connection(port)) for _ in range(8)]
        process.send_signal(signal.SIGTERM)
        assert [kept.recv(1) for kept in idle] == [b""] * 8
        for call in begun:
            call.sendall(b"1")
            assert call.recv(100).startswith(b"HTTP/1.1 403 ")
        process.wait(20)


@contextmanager
def _begun_call(port: int) -> Iterator[socket.socket]:
    """A call whose body the service began to read, since it asked for it, and waits for."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as call:
        call.sendall(
            b"POST /console/login HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            b"Content-Type: application/x-www-form-urlencoded\r\nExpect: 100-continue\r\n"
            b"Content-Length: 3\r\n\r\n"
        )
        assert call.recv(100).startswith(b"HTTP/1.1 100 ")
        call.sendall(b"n=")
        yield call


@contextmanager
def _idle_connection(port: int) -> Iterator[socket.socket]:
    """A connection kept after a call: a service that ends closes it at once."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as kept:
        kept.sendall(b"HEAD /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        assert kept.recv(10_000).startswith(b"HTTP/1.1 200 ")
        yield kept
