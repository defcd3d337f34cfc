"""The clock of a team: how long a case lies with it, waiting for others' answers not counted.

The platform's deadline goes on whatever happens; this clock is the shop's own and stands while
somebody outside is to answer.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TeamClock:
    """What is left of a team's time (ms, negative once it is over); `standing` while others'
    answers are awaited."""

    team: str
    left: int
    standing: bool


def team_clock(
    team: str, given: int, asked: Iterable[int], decided: Iterable[int], now: int, allowed: int
) -> TeamClock:
    """The clock at `now` of a team that was given a case at `given`.

    It stands from each question in `asked` until the first decision in `decided` after it, which
    is how an answer shows; all in ms.

    >>> team_clock("A", 0, [], [], 40, 100)
    TeamClock(team='A', left=60, standing=False)
    >>> team_clock("A", 0, [10], [], 40, 100)
    TeamClock(team='A', left=90, standing=True)
    >>> team_clock("A", 0, [10, 12], [30], 40, 100)
    TeamClock(team='A', left=80, standing=False)
    """
    answers = sorted(at for at in decided if at > given)
    waited, until, standing = 0, given, False
    for question in sorted(asked):
        answer = next((at for at in answers if at > question), None)
        start, end = max(question, until), min(now if answer is None else answer, now)
        if end > start:
            waited, until = waited + end - start, end
        standing = standing or answer is None
    return TeamClock(team, allowed - (now - given - waited), standing)
