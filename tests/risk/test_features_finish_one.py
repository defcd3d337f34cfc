"""The features of one case by the function written out for it, and by the shared one: one value."""

from __future__ import annotations

import math
import random

import numpy as np
import pytest

from risk.features.catalog import catalogue
from risk.features.compile import measures_of
from risk.features.finish import ARITY, finisher
from risk.features.finish_one import finish_one

NUMBERS = (0.0, 1.0, 2.0, 3.0, 7.0, 400.0, 1.7e12, 1.7e12 + 86_400_000, 9.1e15, math.nan)


@pytest.mark.parametrize("seed", range(40))
def test_one_case_is_finished_as_many_are(seed: int) -> None:
    features = catalogue()
    positions = {m: i for i, m in enumerate(m for g in measures_of(features).values() for m in g)}
    rng = random.Random(seed)
    measures = [rng.choice(NUMBERS[: 2 + seed % len(NUMBERS)]) for _ in positions]
    one = np.array(finish_one(features, positions)(measures))
    many = finisher(features, positions)(np.array([measures]))[0]
    assert one.tobytes() == many.tobytes()


def test_every_formula_is_written_out() -> None:
    assert {feature.formula for feature in catalogue()} == set(ARITY)
