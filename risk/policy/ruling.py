"""What a decision answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

from risk.policy.situation import Lane, Tier

Words = dict[str, str]
"""One thing said in both languages: keys `en` and `zh`."""


class Option(NamedTuple):
    """A way of answering, and what it costs in the policy's currency if the customer is honest,
    if they are not, and as expected at the case's probability."""

    tier: Tier
    condition: str | None
    honest: float
    abusive: float
    expected: float


class Applied(NamedTuple):
    """A rule that bore on the decision. `effect` is machine-readable, such as `at_most:approve`."""

    id: str
    effect: str
    text: Words
    source: str


class Ask(NamedTuple):
    """One item to ask for: what, from whom, and the sentence that asks for it."""

    kind: str
    source: str
    text: Words


class Why(NamedTuple):
    """The reason for the final tier: the id of a rule, of a cap, or `least_cost`."""

    id: str
    text: Words


class Audit(NamedTuple):
    """The random look at what is usually not looked at.

    `approval`: paid as decided, and looked into afterwards. `let_through`: a question was due and
    is left out. `probability` is how likely a case decided like this one is drawn; 0 = never.
    """

    kind: Literal["approval", "let_through", "none"]
    drawn: bool
    probability: float


@dataclass(frozen=True, slots=True)
class Ruling:
    """The decision on one case.

    `costs` holds every option considered. `stake` and `exposure` are money in the policy's
    currency: what is counted against splitting, and what would be lost of it. `respond_by` is in
    milliseconds; `overdue` says it had passed. `priority` puts the case first in the queue.
    """

    tier: Tier
    lane: Lane
    conditions: tuple[str, ...]
    rules: tuple[Applied, ...]
    required_evidence: tuple[Ask, ...]
    customer_message: Words
    suggestions: tuple[str, ...]
    respond_by: int
    overdue: bool
    priority: bool
    why: Why
    costs: tuple[Option, ...]
    stake: float
    exposure: float
    audit: Audit
