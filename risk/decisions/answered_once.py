"""A call that is answered once: its answer is kept in the transaction of its decision."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from risk.decisions.decision import Decided
from risk.history.commits.claims import Claims
from risk.history.connection.connect import Write

Deciding = Callable[[Write], tuple[Decided, str | None]]
"""Decides within a transaction: the answer, and the version of the policy stored with it."""


@dataclass(frozen=True, slots=True)
class AnsweredOnce:
    """What a call's name stands for: `find` raises where it was answered before, `keep` stores its
    answer; `claims` are what others under that name wait for."""

    find: Callable[[Write], None]
    keep: Callable[[Write, Decided], None]
    claims: Claims

    def around(self, decide: Deciding) -> Deciding:
        """Decides unless that was answered, and keeps the answer, all or nothing of it."""

        def once(write: Write) -> tuple[Decided, str | None]:
            self.find(write)
            decided, policy = decide(write)
            self.keep(write, decided)
            return decided, policy

        return once
