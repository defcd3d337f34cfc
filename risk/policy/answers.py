"""What a decision answers."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal, NamedTuple

from risk.facts.localised import LocalisedText
from risk.policy.situation import Alternative, Lane, Tier


class Option(NamedTuple):
    """One possible answer, with its costs in the policy's currency.

    `friction` is what it costs where the customer is honest, `handling` in any case; `stopped` is
    the share of abusive money it stops. `expected` is its cost at the case's probability.
    """

    tier: Tier
    condition: str | None
    friction: float
    handling: float
    stopped: float
    expected: float

    def cost(self, lost: float, *, abusive: bool) -> float:
        """What it costs once the truth is known, where `lost` is the money an abuser would keep."""
        return self.handling + (lost * (1.0 - self.stopped) if abusive else self.friction)


class Money(NamedTuple):
    """Money of one case in the policy's currency.

    `stake` is what is counted against splitting: the amount with what was asked back around it.
    `exposure` is what would be lost of the stake, `own_exposure` of this request alone.
    """

    amount: float
    stake: float
    exposure: float
    own_exposure: float


class AppliedRule(NamedTuple):
    """A rule that changed the decision. `effect` is machine-readable, such as `at_most:approve`."""

    id: str
    effect: str
    text: LocalisedText
    source: str


class EvidenceRequest(NamedTuple):
    """One item of evidence to request: its kind, who has it, and the sentence that asks for it."""

    kind: str
    source: str
    text: LocalisedText


def bothers(tier: str, sources: Collection[str]) -> bool:
    """Whether an answer bothers the customer: it asks something of them, or puts the case before a
    person, so that they wait for that.

    `sources` are those whom it asks for evidence. A question that names nobody counts as theirs.
    This is what the promise to honest customers, the gate, the monitor and `backtest` count.

    >>> bothers("request_evidence", ["merchant"]), bothers("request_evidence", ["customer"])
    (False, True)
    """
    if tier == "request_evidence":
        return not sources or "customer" in sources
    return tier != "approve"


class TierReason(NamedTuple):
    """The reason for the final tier: the id of a rule, of a cap, or `least_cost`."""

    id: str
    text: LocalisedText


class Audit(NamedTuple):
    """The random audit of what is usually not investigated.

    `approval`: paid as decided, and investigated afterwards. `let_through`: a question was due and
    is left out. `probability` is how likely a case decided like this one is drawn; 0 = never.
    """

    kind: Literal["approval", "let_through", "none"]
    drawn: bool
    probability: float


@dataclass(frozen=True, slots=True)
class Ruling:
    """The decision on one case.

    `costs` holds every option considered, `chosen` is the one that was answered. `respond_by` is
    in milliseconds; `overdue` says it had passed. `priority` puts the case first in the queue.
    """

    tier: Tier
    lane: Lane
    conditions: tuple[str, ...]
    rules: tuple[AppliedRule, ...]
    required_evidence: tuple[EvidenceRequest, ...]
    customer_message: LocalisedText
    suggestions: tuple[Alternative, ...]
    respond_by: int
    overdue: bool
    priority: bool
    why: TierReason
    costs: tuple[Option, ...]
    chosen: Option
    money: Money
    audit: Audit

    def cost(self, *, abusive: bool) -> float:
        """What this answer costs once the truth about the request is known, its own money only.

        Replaying many requests must not count the money of one in the stakes of its neighbours.
        """
        return self.chosen.cost(self.money.own_exposure, abusive=abusive)

    @property
    def bothers(self) -> bool:
        """Whether the answer bothers the customer."""
        return bothers(self.tier, [item.source for item in self.required_evidence])

    @property
    def waits(self) -> bool:
        """Whether the customer only waits, for an answer of the shop or the courier."""
        return self.tier != "approve" and not self.bothers

    @property
    def needs_person(self) -> bool:
        """Whether the request becomes a case: evidence or a person is needed, or it is audited."""
        return self.tier != "approve" or self.audit.drawn
