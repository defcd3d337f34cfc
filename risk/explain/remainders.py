"""The reasons that an answer states, and one a family for all others: the sum stays the same."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

from risk.facts.localised import LocalisedText

MOST = 12
"""So many reasons are stated at most."""

EACH_SIDE = 3
"""So many of the strongest for and against are stated, where there are so many."""

PREFIX = "rest_of_"
"""The code of a remainder is this and its family."""

NO_FACT: LocalisedText = {
    "en": "Nothing known here that can be counted",
    "zh": "此项没有可核对的事实",
}
"""What stands for a sentence where all reasons are read."""

_TEXTS: dict[str, LocalisedText] = {
    "purchase_pattern": {"en": "All else of the purchases", "zh": "购买记录的其他情况"},
    "shared_identity": {"en": "All else of what is shared", "zh": "共用信息的其他情况"},
    "reason": {"en": "All else of the reason given", "zh": "申请原因的其他情况"},
    "evidence": {"en": "All else of the evidence", "zh": "凭证的其他情况"},
    "logistics": {"en": "All else of the parcel and its courier", "zh": "物流的其他情况"},
    "returned_goods": {"en": "All else of the returned goods", "zh": "退回商品的其他情况"},
    "order_context": {"en": "All else of the order and the article", "zh": "订单与商品的其他情况"},
}  # fmt: skip


def remainder_code(family: str) -> str:
    """The code of the remainder of a family."""
    return f"{PREFIX}{family}"


def is_remainder(reason: Any) -> bool:
    """Whether a reason of a Decision is the sum of others."""
    return str(reason["code"]).startswith(PREFIX)


def stated(weights: Sequence[float]) -> list[int]:
    """The positions of the reasons that are stated, strongest first.

    >>> stated([0.1, -0.5, 0.3])
    [1, 2, 0]
    """
    ranked = sorted(range(len(weights)), key=lambda i: (-abs(weights[i]), i))
    sides = ([i for i in ranked if (weights[i] > 0) == up][:EACH_SIDE] for up in (True, False))
    kept = {i for side in sides for i in side}
    for i in ranked:
        if len(kept) == MOST:
            break
        kept.add(i)
    return [i for i in ranked if i in kept]


def remainders(others: Iterable[tuple[str, float]]) -> list[dict[str, Any]]:
    """One reason a family for the (family, contribution) of what is not stated, strongest first."""
    families: dict[str, list[float]] = {}
    for family, weight in others:
        families.setdefault(family, []).append(weight)
    sums = {family: math.fsum(weights) for family, weights in families.items()}
    ranked = sorted(sums.items(), key=lambda item: -abs(item[1]))
    return [_remainder(family, weight) for family, weight in ranked if weight]


def _remainder(family: str, weight: float) -> dict[str, Any]:
    return {
        "code": remainder_code(family),
        "family": family,
        "effect": "raises" if weight > 0 else "lowers",
        "contribution": weight,
        "feature": None,
        "value": None,
        "text": _TEXTS[family].copy(),
    }
