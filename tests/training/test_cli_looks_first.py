"""Commands look whether they can do their work before they do it, and fail in one line."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from risk.history.connection.connect import now_ms
from tests.training.command_runs import Run, one_line
from training.cli import app
from training.learn.split import last_known_at
from training.monitor.drift import windows

DAY = 86_400_000


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("REFUND_RISK_DATABASE_URL", f"sqlite:///{tmp_path}/store.db")
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{tmp_path}/mlflow.db")
    monkeypatch.setenv("REFUND_RISK_SECRET", "a secret for tests only")
    monkeypatch.setenv("COLUMNS", "300")
    return lambda *words: CliRunner().invoke(app, [str(word) for word in words])


@pytest.mark.parametrize(
    ("url", "word"),
    [("notaurl", "notaurl"), ("mysql://u:hidden@h/d", "not in mysql"), ("sqlite:////proc", "/proc"),
     ("sqlite:///{here}/text.db", "text.db"), ("postgresql://u:hidden@127.0.0.1:9/d", "127.0.0.1"),
     ("oracle7://h/d", "oracle7")],
)  # fmt: skip
def test_a_store_that_cannot_be_opened_is_one_line(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str, word: str
) -> None:
    (tmp_path / "text.db").write_text("no database, only text\n" * 99)
    monkeypatch.setenv("REFUND_RISK_DATABASE_URL", url.format(here=tmp_path))
    found = run("imports")
    one_line(found, word)
    assert "hidden" not in found.output


@pytest.mark.parametrize(
    "words",
    [("score", "--in", ".", "--out", "{here}/scores.xlsx"),
     ("score", "--in", ".", "--out", "{here}"),
     ("score", "--in", ".", "--out", "{here}/text/scores.csv"),
     ("monitor", "--report", "{here}"),
     ("monitor", "--gauges", "{here}/text/x"),
     ("backtest", "--policy", "risk/policy.toml", "--json", "{here}"),
     ("convert", "online-retail", "x.csv", "--out", "{here}/text"),
     ("simulate", "--out", "{here}/text"),
     ("import", ".", "--rejects", "{here}/text")],
)  # fmt: skip
def test_where_nothing_can_be_written_is_said_before_the_work(
    run: Run, tmp_path: Path, words: tuple[str, ...]
) -> None:
    (tmp_path / "text").write_text("a file")
    one_line(run(*(word.format(here=tmp_path) for word in words)), str(tmp_path))
    assert not (tmp_path / "store.db").exists()


@pytest.mark.parametrize("command", ["train", "evaluate", "promote 1", "monitor"])
def test_a_registry_that_is_away_is_said_before_the_work(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        monkeypatch.setenv("MLFLOW_TRACKING_URI", f"http://127.0.0.1:{held.getsockname()[1]}")
        one_line(run(*command.split()), "MLflow at http://127.0.0.1")
    assert not (tmp_path / "store.db").exists()


def test_a_registry_that_is_no_database_is_one_line(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "text.db").write_text("no database, only text\n" * 99)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{tmp_path}/text.db")
    one_line(run("train"), f"sqlite:///{tmp_path}/text.db")


@pytest.mark.parametrize(
    "words",
    [("simulate", "--out", "x", "--prevalence", "5"), ("simulate", "--out", "x", "--refunds", "0"),
     ("backtest", "--policy", "x", "--reviewers", "0"), ("serve", "--port", "0"),
     ("serve", "--workers", "0"), ("train", "--friction", "5"), ("train", "--friction", "-1")],
)  # fmt: skip
def test_an_option_out_of_range_is_refused(run: Run, words: tuple[str, ...]) -> None:
    one_line(run(*words), words[-2].strip("-"))


@pytest.mark.parametrize(
    "words",
    [("trian",), ("train", "--frobnicate"), ("train", "--seed", "x"), ("simulate",),
     ("keys", "craete"), ("simulate", "--out", "x", "--orders", "-1"), ("demo", "--minutes", "-1"),
     ("promote",), ("promote", "1", "2"), ("retract", "refunds", "R-1", "--reason")],
    ids=" ".join,
)  # fmt: skip
def test_a_command_that_is_not_understood_is_one_line(run: Run, words: tuple[str, ...]) -> None:
    found = run(*words)
    one_line(found)
    assert len(found.stderr.splitlines()) == 1, found.stderr


@pytest.mark.parametrize("words", [(), ("keys",), ("mapping",)])
def test_a_group_without_a_command_prints_its_help(run: Run, words: tuple[str, ...]) -> None:
    found = run(*words)
    assert found.exit_code == 0
    assert "Commands" in found.stdout


def test_a_port_that_is_taken_is_said_before_anything_is_made(run: Run, tmp_path: Path) -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        held.listen()
        port = held.getsockname()[1]
        one_line(run("serve", "--port", port), f"127.0.0.1:{port}")
    assert not (tmp_path / "store.db").exists()


def test_a_time_of_the_future_is_not_the_present() -> None:
    now = now_ms()
    asked = np.array([now - n * DAY for n in range(200, 100, -1)] + [now + 36 * 365 * DAY])
    frame = pd.DataFrame({"requested_at": asked, "as_of": asked, "label_known_at": asked + DAY})
    before, recent = windows(frame)
    assert (before.sum(), recent.sum()) == (70, 30)
    assert last_known_at(frame) == now - 100 * DAY
    assert last_known_at(frame.tail(1)) >= now


def test_make_serve_tells_a_busy_port_before_it_installs_anything() -> None:
    root = Path(__file__).parent.parent.parent
    makefile = (root / "Makefile").read_text(encoding="utf-8")
    assert "serve: port $(STAMPS)/runtime" in makefile
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        looked = [sys.executable, str(root / "requirements" / "free_port.py")]
        busy, wrong = (
            subprocess.run([*looked, told], capture_output=True, text=True, check=False)
            for told in (str(port), "eighty")
        )
    assert (busy.returncode, wrong.returncode) == (1, 1)
    assert f"PORT={port + 1}" in one_line_of(busy.stderr)
    assert "eighty" in one_line_of(wrong.stderr)


def test_a_service_told_of_a_store_that_is_none_says_so_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "text.db").write_text("no database, only text\n" * 99)
    env = {**os.environ, "REFUND_RISK_DATABASE_URL": f"sqlite:///{tmp_path}/text.db",
           "REFUND_RISK_SECRET": "a secret for tests only"}  # fmt: skip
    command = [sys.executable, "-m", "api", "--port", "0"]
    told = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert told.returncode == 1
    assert one_line_of(told.stderr).startswith("error: ")


def test_help_names_no_value_for_what_takes_none(run: Run) -> None:
    for words in ((), ("import",), ("keys",), ("keys", "create")):
        assert "<bool>" not in run(*words, "--help").stdout


def one_line_of(text: str) -> str:
    assert text.count("\n") == 1
    return text
