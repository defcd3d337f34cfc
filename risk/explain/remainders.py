"""The reasons that an answer states, and one a family for all others: the sum stays the same."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from risk.facts.localised import LocalisedText

MOST = 12
"""So many reasons are stated at most."""

SMALLEST = 0.05
"""What weighs less (log-odds) is told nobody as a reason."""

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


class Stated:
    """Collects the contributions of reasons, strongest first, as far as an answer states them.

    >>> found = Stated()
    >>> for weight in (-0.5, 0.3, 0.1):
    ...     found.add(weight)
    >>> found.kept(), found.complete
    ([0, 1, 2], False)
    """

    def __init__(self) -> None:
        self._raises: list[bool] = []
        self._sides = [0, 0]

    def add(self, weight: float) -> None:
        """Add the next weaker reason."""
        self._raises.append(weight > 0)
        self._sides[weight > 0] += 1

    @property
    def complete(self) -> bool:
        """Whether no weaker reason could be stated."""
        return len(self._raises) >= MOST and min(self._sides) >= EACH_SIDE

    def kept(self) -> list[int]:
        """The positions of those that are stated: the strongest, among them some of each side."""
        places = range(len(self._raises))
        sides = ([i for i in places if self._raises[i] == up][:EACH_SIDE] for up in (True, False))
        kept = {i for side in sides for i in side}
        for i in places:
            if len(kept) >= MOST:
                break
            kept.add(i)
        return sorted(kept)


def remainders(others: Iterable[tuple[str, float]]) -> list[dict[str, Any]]:
    """A reason for each (family, contribution) of what is not stated, strongest first."""
    ranked = sorted(others, key=lambda item: -abs(item[1]))
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
