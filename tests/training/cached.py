"""Caches of cases, and what they said of being used."""

from __future__ import annotations

from collections.abc import Sequence

from risk.decisions.policy_features import POLICY_FEATURES
from risk.features.catalog import catalogue
from tests.worlds import Shape

SHAPE = Shape(facts=400, customers=12, steps=60, revised=3)


FEATURES = tuple(feature for feature in catalogue() if feature.name in POLICY_FEATURES)


def again_used(told: Sequence[str]) -> int:
    return sum("used again" in words for words in told)
