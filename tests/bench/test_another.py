"""The market of another author is whole; whom rules bother is the same by rule and by person."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.bench.another import truth_of
from tests.bench.another_market.make import ABUSIVE, make_market_folder
from tests.bench.learned.fairness import ALL, BY_RULES, HONEST, honest_lives, ruled
from tests.bench.learned.world import World
from training.starter.packaged import packaged

pytestmark = pytest.mark.engines
REFUNDS = 300


@pytest.fixture(scope="module")
def market(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("another")
    make_market_folder(folder, REFUNDS, 1)
    return folder


def test_every_row_is_good_and_the_truth_of_every_request_is_known(market: Path) -> None:
    world = World.read(market / "facts", truth_of(market))
    asked = set(world.facts["refunds"]["refund_id"].to_pylist())
    assert asked == set(world.truth.index)
    assert len(world.truth) == REFUNDS
    assert world.truth["positive"].sum() == round(REFUNDS * ABUSIVE)
    assert (world.truth["scheme"].notna() == (world.truth["positive"] == 1)).all()


def test_rules_bother_the_same_honest_people_by_rule_and_by_life(market: Path) -> None:
    world = World.read(market / "facts", truth_of(market))
    later = world.later(0, life=True, abusive=True)
    never = np.zeros(len(later.frame))
    lives, by_rule = honest_lives(later, never, packaged()), ruled(later, never)
    assert len(lives) == int((world.truth["positive"] == 0).sum())
    assert by_rule[ALL][HONEST] == int(lives[BY_RULES].sum()) > 0
    assert by_rule[ALL][HONEST] <= sum(by_rule[rule][HONEST] for rule in by_rule if rule != ALL)
