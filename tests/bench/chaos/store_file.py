"""What happens to the files of an SQLite store: its log torn or damaged, its file moved away."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

from risk.history.store import History
from tests.bench.chaos.load import Load, wait_for
from tests.bench.chaos.scenario import Place, Told, loaded
from tests.bench.chaos.verdict import bodies, damage
from tests.bench.chaos.world import SECRET, STORE
from training.check.replay import replay

LOG = STORE + "-wal"
TORN = 5_000
"""Bytes of a write that the power did not let end."""


def torn(place: Place, told: Told) -> None:
    """The log of writes torn at its end, as a power cut leaves it: nothing is lost. A copy of it
    damaged in its middle: what is left is all that was stored before, and whole."""
    copy = place.folder / "damaged"
    copy.mkdir()
    with loaded(place, told) as (service, load):
        wait_for(load, 60)
        service.kill()
        for name in (STORE, LOG):
            shutil.copy(place.folder / name, copy / name)
        with (place.folder / LOG).open("ab") as log:
            log.write(place.random.randbytes(TORN))
        service.start()
        wait_for(load, 20)
    before = bodies(place.url)
    told.wrong += _prefix(copy, before, place)
    left = len(bodies(f"sqlite:///{copy / STORE}"))
    told.done = (
        f"the log torn at its end: nothing lost; damaged in its middle: {left:,} decisions were "
        "left, each as it was, none of them by half"
    )


def _prefix(copy: Path, before: list[str], place: Place) -> list[str]:
    """Damage the log of a copy; what is wrong with what is left."""
    log = copy / LOG
    middle = log.stat().st_size // 2
    with log.open("r+b") as file:
        file.seek(middle)
        file.write(place.random.randbytes(64))
    history = History.open(f"sqlite:///{copy / STORE}", SECRET)
    try:
        found = list(damage(history))
        _, differences, _ = replay(history, lambda *_: None)
    finally:
        history.close()
    left = bodies(f"sqlite:///{copy / STORE}")
    if left != before[: len(left)]:
        found.append("a damaged log left something else than the decisions before it")
    return found + [f"replay after damage: {difference}" for difference in differences]


def moved(place: Place, told: Told) -> None:
    """The store's file moved away under load, and back: nothing is acknowledged meanwhile."""
    store = place.folder / STORE
    with loaded(place, told) as (service, load):
        for _ in range(2):
            wait_for(load, 20)
            away = store.rename(place.folder / "away.db")
            service.wait_ready(status=503)
            told.hold(_nothing_acknowledged(load), "answers came without a store")
            away.rename(store)
            service.wait_ready()
            wait_for(load, 20)
    told.hold(load.count("503") > 0, "nobody was told 503")
    told.done = "the store's file moved away twice under load and back"


def _nothing_acknowledged(load: Load) -> bool:
    """Whether nothing that was asked for from now on is decided while several calls are refused."""
    now, refused = time.monotonic(), load.count("503")
    while load.count("503") < refused + 12:
        load.pause(0.05)
    return all(answered - took < now for answered, took in list(load.times))
