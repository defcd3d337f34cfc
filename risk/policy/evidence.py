"""What can still be asked in one case, and of whom."""

from __future__ import annotations

from risk.facts import NOT_GIVEN
from risk.policy.asking import Item, Question, first_round
from risk.policy.schema import Policy
from risk.policy.situation import Situation

_ANSWERS = {
    "photo": frozenset({"photo", "video"}),
    "video": frozenset({"video"}),
    "document": frozenset({"document", "photo"}),
    "chat": frozenset({"chat", "document"}),
}
"""Which kinds of evidence answer a question for each kind."""


def question(policy: Policy, case: Situation, *, light: bool) -> Question:
    """The first round of evidence that fits and was not given; without asks where none is left.

    Never again what was given, or of a merchant or courier who declined or did not answer. What a
    customer did not give stays in it, marked: how a case goes on hangs on what was asked.
    """
    about = topic(case, light=light)
    if not case.evidence:
        return policy.opening[about]
    silent = {by for kind, by in case.evidence if kind in NOT_GIVEN and by != "customer"}
    asked = first_round(
        item
        for item in policy.evidence[about]
        if item.source not in silent and (about == "seen_before" or not _given(item, case))
    )
    if asked.bothers and any((kind, "customer") in case.evidence for kind in NOT_GIVEN):
        return asked._replace(refused=True)
    return asked


def topic(case: Situation, *, light: bool) -> str:
    """What evidence is about: something noticed on the way, else the reason given."""
    if "incomplete" in case.inspections:
        return "incomplete_return"
    if light:
        return "light_parcel"
    return "seen_before" if _only_seen_before(case) else case.reason_code


def answered(case: Situation, asking: Question) -> bool:
    """The customer gave something, and nothing more is asked of them."""
    return not asking.bothers and any(
        by == "customer" and kind not in NOT_GIVEN for kind, by in case.evidence
    )


def _given(item: Item, case: Situation) -> bool:
    return any(by == item.source and kind in _ANSWERS[item.kind] for kind, by in case.evidence)


def _only_seen_before(case: Situation) -> bool:
    """All a customer gave was seen elsewhere. Once; a second time nobody asks again."""
    if case.reused_evidence != 1:
        return False
    return sum(by == "customer" and kind not in NOT_GIVEN for kind, by in case.evidence) == 1
