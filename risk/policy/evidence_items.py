"""The evidence a policy can request, and the abuse that requesting several items stops."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Annotated, Literal, NamedTuple

from pydantic import Field

from risk.policy.answers import EvidenceRequest
from risk.policy.sections import Section, Share

_FIRST = {"courier": 0, "merchant": 1, "customer": 2}


class Item(Section):
    """One item that can be requested. `worth` is the share of abusive money that this stops."""

    kind: Literal["photo", "video", "document", "chat"]
    source: Annotated[Literal["customer", "courier", "merchant"], Field(alias="from")]
    worth: Share
    round: Annotated[int, Field(ge=1, le=9)] = 1
    en: Annotated[str, Field(min_length=1)]
    zh: Annotated[str, Field(min_length=1)]

    @cached_property
    def request(self) -> EvidenceRequest:
        """The item as it is requested."""
        return EvidenceRequest(self.kind, self.source, {"en": self.en, "zh": self.zh})


class Question(NamedTuple):
    """The evidence requested next, the share of abusive money it stops, whether customers must act.

    `refused`: the customer was asked and gave nothing, so that asking again is not open.
    """

    requests: tuple[EvidenceRequest, ...]
    worth: float
    bothers: bool
    refused: bool = False

    @property
    def open(self) -> bool:
        """Whether anything can be requested."""
        return bool(self.requests) and not self.refused


NOTHING = Question((), 0.0, bothers=False)


def first_round(items: Iterable[Item]) -> Question:
    """The earliest round among these items; courier and merchant before the customer."""
    open_items = sorted(items, key=lambda item: (item.round, _FIRST[item.source]))
    if not open_items:
        return NOTHING
    first = [item for item in open_items if item.round == open_items[0].round]
    return Question(
        tuple(item.request for item in first),
        _combined_worth(first),
        bothers=any(item.source == "customer" for item in first),
    )


def _combined_worth(items: list[Item]) -> float:
    """The share that several items stop together, each acting on what the others left."""
    left = 1.0
    for item in items:
        left *= 1.0 - item.worth
    return 1.0 - left
