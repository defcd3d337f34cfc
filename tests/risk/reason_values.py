"""Values and contributions that reasons are made of."""

from __future__ import annotations

import math

import hypothesis.strategies as st

from risk.features.catalog import catalogue

FEATURES = catalogue()


NAN = math.nan


WEIGHTS = st.one_of(st.just(0.0), st.floats(-5, 5, allow_subnormal=False))


VALUES = st.one_of(st.just(NAN), st.integers(-3, 900).map(float), st.floats(-50, 5_000))


def rows(width: int) -> st.SearchStrategy[tuple[list[float], list[float]]]:
    return st.tuples(
        st.lists(WEIGHTS, min_size=width, max_size=width),
        st.lists(VALUES, min_size=width, max_size=width),
    )
