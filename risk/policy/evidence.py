"""What can still be asked, of whom, and what asking would stop."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from risk.policy.ruling import Ask
from risk.policy.schema import Item, Policy
from risk.policy.situation import Situation

_ANSWERS = {
    "photo": frozenset({"photo", "video"}),
    "video": frozenset({"video"}),
    "document": frozenset({"document", "photo"}),
    "chat": frozenset({"chat", "document"}),
}
"""Which kinds of evidence answer a question for each kind."""

_FIRST = {"courier": 0, "merchant": 1, "customer": 2}


class Question(NamedTuple):
    """What is asked next, the share of abusive money it stops, and whether a customer is asked."""

    asks: tuple[Ask, ...]
    worth: float
    bothers: bool


NOTHING = Question((), 0.0, bothers=False)


def topic(case: Situation, *, light: bool) -> str:
    """What evidence is about: something noticed on the way, else the reason given."""
    if "incomplete" in case.inspections:
        return "incomplete_return"
    if light:
        return "light_parcel"
    return "seen_before" if _only_seen_before(case) else case.reason_code


def question(policy: Policy, case: Situation, *, light: bool) -> Question:
    """The first round of evidence that fits and is still open; `NOTHING` where none is.

    Never what was given, never what somebody declined; courier and merchant before the customer.
    """
    about = topic(case, light=light)
    given = () if about == "seen_before" else case.evidence
    declined = {by for kind, by in case.evidence if kind == "declined"}
    items = [
        item
        for item in policy.evidence[about]
        if item.source not in declined and not _given(item, given)
    ]
    if not items:
        return NOTHING
    first = min(item.round for item in items)
    items = [item for item in items if item.round == first]
    items.sort(key=lambda item: _FIRST[item.source])
    return Question(
        tuple(item.ask for item in items),
        _together(items),
        bothers=any(item.source == "customer" for item in items),
    )


def declined(case: Situation) -> bool:
    """The customer was asked and gave nothing."""
    return ("declined", "customer") in case.evidence


def _given(item: Item, given: Collection[tuple[str, str]]) -> bool:
    return any(by == item.source and kind in _ANSWERS[item.kind] for kind, by in given)


def _together(items: list[Item]) -> float:
    """What several items stop together, each working on what the others left."""
    left = 1.0
    for item in items:
        left *= 1.0 - item.worth
    return 1.0 - left


def _only_seen_before(case: Situation) -> bool:
    """All a customer gave was seen elsewhere; a second time nobody asks again."""
    gave = sum(by == "customer" and kind != "declined" for kind, by in case.evidence)
    return gave == 1 and case.reused_evidence == 1
