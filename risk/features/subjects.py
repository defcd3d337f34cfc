"""What a feature speaks of, and what of it a case does not name: of that nothing is told."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

from risk.features.ring import RING
from risk.features.sources import GROUPS, SHARED
from risk.features.spec import Feature
from risk.features.word_weights import WORDS

PARCELS, COURIER, TEXT, TOLD = "parcels", "courier", "text", "told"

SUBJECTS: dict[str, tuple[str, ...]] = {
    **{
        name.partition("@")[2]: group.keys
        for name, group in GROUPS.items()
        if group.keys and not group.own
    },
    RING: SHARED,
    "sku": ("sku",),
    "channel": ("channel",),
    "goods_topics": ("goods_topics",),
    "text_topics": ("text_topics",),
    "order_device": ("order_device",),
    "refund_device": ("refund_device",),
}
"""What groups look from and expressions compare with, and the columns of the spine that name it:
known where one of them is."""

_BY_ONE = [(name, keys[0]) for name, keys in SUBJECTS.items() if len(keys) == 1]
_BY_MANY = [(name, keys) for name, keys in SUBJECTS.items() if len(keys) > 1]

_OF_COLUMN = {
    "merchant_id": "merchant",
    "category": "category",
    "contradiction": TOLD,
    **dict.fromkeys(("specificity", "hedging", "irrelevance", "agitated", WORDS), TEXT),
    **{name: name for name in SUBJECTS if SUBJECTS[name] == (name,) and name != "ip"},
}
_SPINE_COLUMN = re.compile(r"\bs\.(\w+)")


def speaks_of(feature: Feature) -> frozenset[str]:
    """The subjects of a feature: all of them must be known where it is told.

    >>> from risk.features.catalog import catalogue
    >>> same = next(one for one in catalogue() if one.name == "customer_same_merchant_365d")
    >>> sorted(speaks_of(same))
    ['customer', 'merchant']
    """
    found: set[str] = set()
    for measure in feature.measures:
        source, _, entity = measure.group.partition("@")
        found.add(PARCELS if measure.group == "parcels@order" else entity or source)
        if source == "own_requests":
            found.add("customer")
        columns = _SPINE_COLUMN.findall(f"{measure.value} {measure.where}")
        found |= {_OF_COLUMN[name] for name in columns if name in _OF_COLUMN}
    return frozenset(found & {*SUBJECTS, PARCELS, COURIER, TOLD})


def unknown_subjects(spine: Mapping[str, Any], couriers: Collection[str | None]) -> tuple[str, ...]:
    """The subjects that a case does not name; `couriers` are those of its parcels, one each."""
    unknown = {name for name, key in _BY_ONE if spine.get(key) is None}
    unknown |= {name for name, keys in _BY_MANY if all(spine.get(key) is None for key in keys)}
    if not spine.get("text_length"):
        unknown.add(TEXT)
        if spine.get("claims_received") is None:
            unknown.add(TOLD)
    if not couriers:
        unknown.add(PARCELS)
    if not any(couriers):
        unknown.add(COURIER)
    return tuple(sorted(unknown))
