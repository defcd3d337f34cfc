"""Pairs of cases that differ in one signal, decided through the API."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from functools import cache
from typing import Any

import httpx
import pytest

from risk.model import Bundle, linear_calibration
from tests.api.serving import running, small_bundle
from tests.examination.expectations import Chapter, Pair
from tests.examination.pairs import PAIRS
from tests.examination.stories import Telling, without_audits
from tests.examination.vignettes import VIGNETTES

LOG_ODDS = {
    "trusting": -20.0,
    "doubting": -0.4,
    "ordinary": -3.0,
    "suspecting": 1.0,
    "condemning": 20.0,
}
"""What a model makes of every case, by its name in a pair."""
EXTREMES = ("trusting", "condemning")
"""Where a rule decides, it decides alike at both."""


def certain(log_odds: float) -> Bundle:
    """A model that gives every case one probability."""
    made = small_bundle()
    flat = linear_calibration("platt", 1e-9, log_odds)
    lanes = {name: replace(lane, calibration=flat) for name, lane in made.lanes.items()}
    return replace(made, lanes=lanes, thresholds={"ask_above": 0.1})


Clients = Callable[[str], httpx.Client]


@pytest.fixture(scope="module")
def clients(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clients]:
    """Calls a service that has the model of a name; each is started when it is first needed.

    It audits nothing: an audit lets a case through at random.
    """
    policy = tmp_path_factory.mktemp("policy") / "policy.toml"
    policy.write_text(without_audits())
    with ExitStack() as stack:

        @cache
        def client(model: str) -> httpx.Client:
            run = stack.enter_context(running(tmp_path_factory.mktemp(model), policy=policy))
            run.promote(model, certain(LOG_ODDS[model]))
            return stack.enter_context(run.client(says="platform"))

        yield client


def told(pairs: Sequence[Pair]) -> list[Any]:
    """Each pair with the models it is decided by."""
    return [
        pytest.param(model, pair, id=f"{model}-{pair.name}")
        for model in LOG_ODDS
        for pair in pairs
        if pair.model == model or (pair.model == "any" and model in EXTREMES)
    ]


def test_there_are_a_hundred_pairs() -> None:
    assert len({pair.name for pair in PAIRS}) == len(PAIRS) >= 100


@pytest.mark.parametrize(("model", "pair"), told(PAIRS))
def test_a_pair(clients: Clients, model: str, pair: Pair) -> None:
    telling = Telling(clients(model), f"{model}-{pair.name}".replace(" ", "-"))
    assert pair.faults(telling.tell(pair.one), telling.tell(pair.other)) == []


def chapters() -> list[Any]:
    """Each chapter of each vignette with the models it is decided by."""
    return [
        pytest.param(model, chapter, id=f"{model}-{number}-{one.title}")
        for model in LOG_ODDS
        for one in VIGNETTES
        for number, chapter in enumerate(one.chapters, 1)
        if chapter.model == model or (chapter.model == "any" and model in EXTREMES)
    ]


def test_there_are_forty_vignettes() -> None:
    assert len({one.title for one in VIGNETTES}) == len(VIGNETTES) == 40


@pytest.mark.parametrize(("model", "chapter"), chapters())
def test_a_vignette_ends_as_its_title_says(
    clients: Clients, model: str, chapter: Chapter, request: pytest.FixtureRequest
) -> None:
    telling = Telling(clients(model), request.node.name.replace(" ", "-"))
    assert list(chapter.end.faults(telling.tell(chapter.story))) == []
