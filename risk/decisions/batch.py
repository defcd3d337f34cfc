"""Deciding several bodies: each by itself and in their order, with one commit for a few of them."""

from __future__ import annotations

from collections.abc import Sequence

from risk.decisions.decide import Decider
from risk.decisions.decision import Decided
from risk.decisions.submission import Submission
from risk.history.tenants.caller import Caller
from risk.spans import spanned

TOGETHER = 8
"""So many bodies share a commit: more would keep others waiting for the store's writer."""


def score_several(
    decider: Decider, submissions: Sequence[Submission], who: str, caller: Caller
) -> list[Decided | BaseException]:
    """What `Decider.score` answers for each body, or what it raises, and then stores nothing of it.

    Where decisions are made beside each other each has a commit of its own, so that others go on.
    """
    if decider.history.joined is not None or decider.history.decides_beside:
        return [_alone(decider, one, who, caller) for one in submissions]
    try:
        works = [spanned("decide", decider.deciding(one, who, caller)) for one in submissions]
        found = decider.history.write_several(works)
    except Exception as error:
        return [error] * len(submissions)
    return [one if isinstance(one, BaseException) else decider.stored(one) for one in found]


def _alone(
    decider: Decider, submission: Submission, who: str, caller: Caller
) -> Decided | BaseException:
    try:
        return decider.score_submission(submission, who, caller)
    except Exception as error:
        return error
