"""What a scenario is: a place to break things in, and one line of what became of it."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench.chaos.acts import acting
from tests.bench.chaos.load import Load, under_load
from tests.bench.chaos.processes import Processes, serving
from tests.bench.chaos.verdict import wrongs
from tests.bench.chaos.world import World, token


@dataclass(frozen=True, slots=True)
class Place:
    """A store of its own for one scenario, in a folder of its own."""

    world: World
    folder: Path
    url: str
    kills: int
    random: random.Random
    extra: Mapping[str, str] = field(default_factory=dict)

    @property
    def settings(self) -> dict[str, str]:
        """The environment of the service here."""
        return {**self.world.settings(self.url), **self.extra}


@dataclass(slots=True)
class Told:
    """What was done, what was answered, and everything that was wrong; `skipped` says why not."""

    done: str = ""
    answers: str = ""
    wrong: list[str] = field(default_factory=list)
    skipped: str = ""
    seconds: float = 0.0

    @property
    def verdict(self) -> str:
        if self.skipped:
            return f"skipped: {self.skipped}"
        return "WRONG" if self.wrong else "as it must be"

    def hold(self, true: bool, else_wrong: str) -> None:
        """Note something that must be true."""
        if not true:
            self.wrong.append(else_wrong)


Scenario = Callable[[Place, Told], None]


@contextmanager
def loaded(place: Place, told: Told, workers: int = 2) -> Iterator[tuple[Processes, Load]]:
    """A service under load until the block ends; then its store is held to what it answered."""
    with serving(place.settings, place.folder, workers) as service:
        key, name = token(place.url), place.folder.name
        with acting(service.url, key, name) as acts, under_load(service.url, key, name) as load:
            yield service, load
        told.answers = f"{load.told()}; acknowledged besides: {acts.told()}"
    told.wrong += wrongs(place.url, load, acts)


def run(scenario: Scenario, place: Place) -> Told:
    """One scenario; what it did not survive is wrong too."""
    told, began = Told(), time.monotonic()
    try:
        scenario(place, told)
    except Exception as error:
        told.wrong.append(f"{type(error).__name__}: {error}")
    told.seconds = time.monotonic() - began
    return told
