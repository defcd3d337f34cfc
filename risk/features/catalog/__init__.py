"""The whole catalogue: one list, one file a family. To add a feature, add its line to its family."""

from __future__ import annotations

from functools import lru_cache

from risk.features.catalog import context, evidence, logistics, purchase, reason, returned, shared
from risk.features.compile import check
from risk.features.spec import Feature

FAMILY_FILES = (purchase, shared, reason, evidence, logistics, returned, context)


@lru_cache(maxsize=1)
def catalogue() -> tuple[Feature, ...]:
    """Every feature, in a fixed order. Raises CatalogueError naming an entry that is wrong."""
    features = tuple(feature for family in FAMILY_FILES for feature in family.entries())
    check(features)
    return features


def feature(name: str) -> Feature:
    """The feature of this name; raises KeyError where there is none."""
    return {f.name: f for f in catalogue()}[name]
