"""From which probability a model may bother anybody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

NEVER = 1.0
"""A threshold that no probability reaches."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The least probabilities at which anybody is bothered, as training found them on data.

    `ask_above` is proven, 1 where none is; `expected_above` is only expected to keep the same
    promise. The policy's own floors hold as well (`risk.policy.ask_floor`). With `person_above`
    at `NEVER` the probability alone puts nobody before a person, whatever was answered or declined;
    rules still may. Nobody of a group is bothered below its threshold in `of_group`, so that its
    honest people are bothered no more often than all the honest.
    """

    ask_above: float
    person_above: float | None = None
    expected_above: float | None = None
    of_group: Mapping[str, float] = field(default_factory=dict)

    @property
    def calls_nobody(self) -> bool:
        """Whether the probability alone never puts a case before a person."""
        return self.person_above is not None and self.person_above >= NEVER
