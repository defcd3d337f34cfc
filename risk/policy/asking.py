"""What a policy can ask for, and what asking for several things at once would stop."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Annotated, Literal, NamedTuple

from pydantic import Field

from risk.policy.answers import Ask
from risk.policy.sections import Section, Share

_FIRST = {"courier": 0, "merchant": 1, "customer": 2}


class Item(Section):
    """One thing that can be asked for. `worth` is the share of abusive money that asking stops."""

    kind: Literal["photo", "video", "document", "chat"]
    source: Annotated[Literal["customer", "courier", "merchant"], Field(alias="from")]
    worth: Share
    round: Annotated[int, Field(ge=1, le=9)] = 1
    en: Annotated[str, Field(min_length=1)]
    zh: Annotated[str, Field(min_length=1)]

    @cached_property
    def ask(self) -> Ask:
        return Ask(self.kind, self.source, {"en": self.en, "zh": self.zh})


class Question(NamedTuple):
    """What is asked next, the share of abusive money it stops, and whether a customer is asked.

    `refused`: the customer was asked and gave nothing, so that asking again is not open.
    """

    asks: tuple[Ask, ...]
    worth: float
    bothers: bool
    refused: bool = False

    @property
    def open(self) -> bool:
        """Whether there is something to ask."""
        return bool(self.asks) and not self.refused


NOTHING = Question((), 0.0, bothers=False)


def first_round(items: Iterable[Item]) -> Question:
    """The earliest round among these items; courier and merchant before the customer."""
    open_items = sorted(items, key=lambda item: (item.round, _FIRST[item.source]))
    if not open_items:
        return NOTHING
    asked = [item for item in open_items if item.round == open_items[0].round]
    return Question(
        tuple(item.ask for item in asked),
        _together(asked),
        bothers=any(item.source == "customer" for item in asked),
    )


def _together(items: list[Item]) -> float:
    """What several items stop together, each working on what the others left."""
    left = 1.0
    for item in items:
        left *= 1.0 - item.worth
    return 1.0 - left
