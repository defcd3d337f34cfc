"""The numbers of a policy that are about the work of its people, and what they aim at."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from risk.policy.sections import Hours, Section, Share


class Review(Section):
    """Which share of the cases is reviewed without score and links, and how many hours a case may
    lie with a team that it was given to, waiting for others' answers not counted."""

    blind_share: Share
    team_hours: Hours


class Targets(Section):
    """What a shop aims at; shown beside the numbers, none a reviewer's quota. `return_rate` is
    requests an order line, by category, `other` for those without one of their own; `complaints`
    is complaints an order; `first_answer_hours` is from a case's opening to the first question,
    offer or finding; `satisfaction` the share of answers of 4 or 5."""

    return_rate: dict[str, Share]
    complaints: Share
    first_answer_hours: Annotated[float, Field(gt=0, le=24 * 30)]
    satisfaction: Share

    def return_rate_of(self, category: str) -> float | None:
        """The target of a category; None where neither it nor `other` has one."""
        return self.return_rate.get(category, self.return_rate.get("other"))
