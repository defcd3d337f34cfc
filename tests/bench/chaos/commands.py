"""The commands, killed at random moments: all or nothing is left, and running again completes."""

from __future__ import annotations

import multiprocessing
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator
from importlib import import_module
from multiprocessing.process import BaseProcess
from pathlib import Path

from risk.history.store import History
from tests.bench.chaos.command_kinds import KINDS, Command, Stage
from tests.bench.chaos.load import wait_for
from tests.bench.chaos.scenario import Place, Told, loaded
from tests.bench.chaos.verdict import damage, wrongs
from tests.bench.chaos.world import SECRET

PATIENCE_S = 600.0
_LOADED = ["training.cli", "training.train", "training.facts.import_folder", "risk.registry",
           "risk.privacy", "mlflow", "lightgbm", "alembic.command"]  # fmt: skip
"""Loaded once: a command is forked from a process that has them, so that kills hit its own work."""

_forks = multiprocessing.get_context("forkserver")


def commands(place: Place, told: Told) -> None:
    """Decide some requests; then kill each command as often as its share, and run it to its end."""
    _forks.set_forkserver_preload(_LOADED)
    with loaded(place, told) as (_, load):
        wait_for(load, 40, 300)
    stage = Stage(place.url, place.settings, place.folder, SECRET, _complete)
    told.wrong += _complete(stage, ["--help"])
    killed: Counter[str] = Counter()
    for command in KINDS:
        times = max(1, round(place.kills * command.share))
        for wrong in _killed(stage, command, times, place, killed):
            told.wrong.append(f"{command.name}: {wrong}")
    told.wrong += stage.rotate_to(SECRET)
    told.wrong += wrongs(place.url, load)
    of_each = ", ".join(f"{count} × {name}" for name, count in killed.items())
    told.done = f"kill -9 of commands, {killed.total()}: {of_each}; each run to its end afterwards"


def _killed(
    stage: Stage, command: Command, times: int, place: Place, killed: Counter[str]
) -> Iterator[str]:
    """Whatever was wrong while a command was killed so many times."""
    command.prepare(stage, 0)
    began = time.monotonic()
    yield from _complete(stage, command.arguments(stage, 0))
    lasts, number = time.monotonic() - began, 0
    yield from command.left(stage, 0)
    while killed[command.name] < times and number < 4 * times:
        number += 1
        command.prepare(stage, number)
        process, began = start(stage, command.arguments(stage, number)), time.monotonic()
        process.join(place.random.uniform(0.02, 1.0) * lasts)
        if process.exitcode is not None:
            lasts = min(lasts, time.monotonic() - began)
        else:
            process.kill()
            process.join()
            killed[command.name] += 1
        yield from _damage(stage, command, number)
        if command.completed:
            yield from _complete(stage, command.arguments(stage, number))
            yield from command.done(stage, number)


def _damage(stage: Stage, command: Command, number: int) -> Iterator[str]:
    """What a kill left that it must not."""
    yield from command.left(stage, number)
    history = History.open(stage.url, stage.secret)
    try:
        yield from damage(history)
    finally:
        history.close()


def _complete(stage: Stage, arguments: list[str]) -> Iterator[str]:
    """Run a command to its end; what it said where it failed."""
    before = stage.log.stat().st_size if stage.log.exists() else 0
    process = start(stage, arguments)
    process.join(PATIENCE_S)
    if process.exitcode != 0:
        process.kill()
        with stage.log.open("rb") as log:
            log.seek(before)
            said = log.read()[-400:].decode(errors="replace")
        yield f"{' '.join(arguments)} ended with {process.exitcode}: {said}"


def start(stage: Stage, arguments: list[str]) -> BaseProcess:
    """A process that runs a command of the product with the stage's settings."""
    process = _forks.Process(target=run, args=(arguments, stage.environment, stage.log))
    process.start()
    return process


def run(arguments: list[str], environment: dict[str, str], log: Path) -> None:
    """The command itself, in its own process."""
    os.environ.update(environment)
    with log.open("ab") as said:
        os.dup2(said.fileno(), 1)
        os.dup2(said.fileno(), 2)
    os.chdir(log.parent)
    sys.argv = ["refund-risk", *arguments]
    import_module("training.cli").app()
