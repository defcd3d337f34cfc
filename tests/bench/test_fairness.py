"""How often groups of honest customers are bothered, all worlds together."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.bench.learned.fairness import (
    ALL,
    BY_RULES,
    BY_SCORE,
    GROUP,
    HONEST,
    OTHERS,
    against_all,
    counted,
)

pytestmark = pytest.mark.engines


def lives(rng: np.random.Generator, size: int) -> pd.DataFrame:
    group = rng.choice(["household", OTHERS], size)
    by_score = rng.random(size) < np.where(group == "household", 0.2, 0.1)
    return pd.DataFrame({GROUP: group, BY_SCORE: by_score, BY_RULES: rng.random(size) < 0.05})


def test_a_group_bothered_twice_as_often_is_told_with_its_interval() -> None:
    rng = np.random.default_rng(1)
    worlds = [lives(rng, 300) for _ in range(60)]
    found = against_all([counted(world) for world in worlds], BY_SCORE)
    every = pd.concat(worlds)
    homes = every[every[GROUP] == "household"]
    row = {str(name): float(found[name]["household"]) for name in found}
    assert row["honest"] == len(homes)
    assert row["ratio"] == pytest.approx(homes[BY_SCORE].mean() / every[BY_SCORE].mean())
    assert row["low"] < row["ratio"] < row["high"]
    assert row["low"] > 1.1
    assert found["high"][OTHERS] < 1
    rules = against_all([counted(world) for world in worlds], BY_RULES)
    assert rules["low"]["household"] < 1 < rules["high"]["household"]


def test_a_group_that_some_worlds_lack_counts_where_it_is() -> None:
    honest = {HONEST: 10, BY_SCORE: 1, BY_RULES: 0}
    worlds = [{ALL: honest}, {ALL: honest, "locker": {HONEST: 5, BY_SCORE: 1, BY_RULES: 0}}]
    found = against_all(worlds, BY_SCORE)
    assert found["ratio"]["locker"] == pytest.approx(2.0)
    assert list(found.index) == ["locker"]
