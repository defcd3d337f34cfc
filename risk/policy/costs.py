"""The expected cost of each possible answer, and the cheapest within the caps.

Every cost is linear in the probability, and no stricter tier is cheaper than a milder one for an
honest customer (the policy's sections see to that order). Two such lines cross at most once, so
the choice is monotone: more probability or more money never makes the answer milder.
Elkan (2001), The foundations of cost-sensitive learning, IJCAI: the least expected cost.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from risk.errors import CurrencyWithoutRate
from risk.facts import UNRECEIVED_REASONS
from risk.facts.units import MONEY_UNIT
from risk.findings import POSITIVE_CONDITIONS
from risk.policy import articles, evidence
from risk.policy.answers import Money, Option
from risk.policy.evidence_items import Question
from risk.policy.money_left import asked_of
from risk.policy.schema import Policy
from risk.policy.situation import NOT_WITH_CUSTOMER, RETURNING, TIERS, UNDELIVERED, Situation, Tier
from risk.policy.thresholds import NEVER, Thresholds

STRICTNESS: dict[str, int] = {tier: place for place, tier in enumerate(TIERS)}


class Choice(NamedTuple):
    """The option that costs least within the caps, and the cap that kept a dearer one away."""

    option: Option
    cap: str | None
    floor: float


def money(policy: Policy, case: Situation) -> Money:
    """The money of a case. Raises CurrencyWithoutRate where the policy has no rate.

    >>> from risk.policy import Situation, load
    >>> case = Situation(type="refund_only", reason_code="late", amount=2_000_000, currency="CNY",
    ...                  requested_at=0, as_of=0, probability=0.1, customer_stake=1_000_000)
    >>> money(load(), case)
    Money(amount=200.0, stake=300.0, exposure=300.0, own_exposure=200.0)
    """
    rate = policy.currency.rates.get(case.currency)
    if rate is None:
        raise CurrencyWithoutRate(case.currency)
    others = max(case.customer_stake, case.ring_stake * policy.stake.ring_share)
    asked = asked_of(policy, case)
    amount, stake = asked * rate / MONEY_UNIT, (asked + others) * rate / MONEY_UNIT
    lost = 1.0 - comes_back(policy, case)
    return Money(amount, stake, stake * lost, amount * lost)


def comes_back(policy: Policy, case: Situation) -> float:
    """The share of the amount that returns to the shop as goods.

    >>> from risk.policy import Situation, load
    >>> case = Situation(type="return_and_refund", reason_code="unwanted", amount=10_000,
    ...                  currency="CNY", requested_at=0, as_of=0, probability=0.1,
    ...                  inspections=("as_sent",))
    >>> comes_back(load(), case)
    1.0
    """
    if case.inspections and all(c == "as_sent" for c in case.inspections):
        return 1.0
    if not set(POSITIVE_CONDITIONS).isdisjoint(case.inspections):
        return 0.0
    share: float = getattr(policy.comes_back, case.type)
    if case.courier in UNDELIVERED and case.delivered_at is None:
        return max(share, policy.comes_back.undelivered)
    return share


def options(policy: Policy, case: Situation, exposure: float, question: Question) -> list[Option]:
    """Every possible answer to this case, mildest tier first."""
    p, work, recovery = case.probability, policy.handling, policy.recovery

    def option(
        tier: Tier, condition: str | None, friction: float, handling: float, stopped: float
    ) -> Option:
        wrong = (1.0 - p) * friction + p * exposure * (1.0 - stopped)
        return Option(tier, condition, friction, handling, stopped, handling + wrong)

    found = [option("approve", None, 0.0, 0.0, 0.0)]
    if _record_speaks(policy, case):
        found.append(option("approve", "courier_record", 0.0, work.record, recovery.record))
    returning = case.type in RETURNING and case.courier not in NOT_WITH_CUSTOMER
    if returning and not case.inspections:
        found.append(
            option("approve", "inspect_on_return", 0.0, work.inspection, recovery.inspection)
        )
    if question.requests:
        friction = policy.costs.question if question.bothers else policy.costs.waiting
        found.append(option("request_evidence", None, friction, work.question, question.worth))
    found.append(
        option("platform_intervention", None, policy.costs.accused, work.person, recovery.person)
    )
    return found


def choose(
    policy: Policy,
    case: Situation,
    found: list[Option],
    question: Question,
    thresholds: Thresholds | None,
) -> Choice:
    """The cheapest option that the caps allow at this probability; ties go to the milder.

    Where a question is cheapest and the customer has declined, a person takes over: paying instead
    would reward silence. Not so by a model whose probability calls nobody.
    """
    ask_above, person_above = floors(policy, case, question, thresholds)
    p = case.probability
    highest = 2 if p >= person_above else 1 if p >= ask_above else 0
    best = cheapest(found)
    choice = Choice(best, None, 0.0)
    if STRICTNESS[best.tier] > highest:
        allowed = cheapest([option for option in found if STRICTNESS[option.tier] <= highest])
        of_group = p >= ask_floor(policy, thresholds) and "cap_group" in policy.wording.why
        asked = ("cap_group" if of_group else "cap_ask", ask_above)
        choice = Choice(allowed, *(("cap_person", person_above) if highest else asked))
    if question.refused and choice.option.tier == "request_evidence":
        if person_above >= NEVER:
            return Choice(cheapest(_approvals(found)), "cap_person", person_above)
        return Choice(found[-1], "declined", ask_above)
    return choice


def _approvals(found: list[Option]) -> list[Option]:
    return [option for option in found if option.tier == "approve"]


def cheapest(found: list[Option]) -> Option:
    """The first of the options with the least expected cost.

    >>> paid = Option("approve", None, friction=0.0, handling=0.0, stopped=0.0, expected=9.0)
    >>> asked = paid._replace(tier="request_evidence", expected=7.5)
    >>> cheapest([paid, asked]).tier
    'request_evidence'
    """
    best = found[0]
    for option in found:
        if option.expected < best.expected:
            best = option
    return best


def ask_floor(policy: Policy, thresholds: Thresholds | None, groups: Collection[str] = ()) -> float:
    """The least probability at which a question may be considered: what training proved, or what
    it expects to keep the promise where that is lower; without either the policy's own. In `groups`
    the highest of their thresholds, where that is higher."""
    if thresholds is None:
        return policy.caps.ask_above_unproven
    floor = max(policy.caps.ask_above, thresholds.ask_above)
    if thresholds.expected_above is not None:
        floor = min(floor, max(policy.caps.ask_above_unproven, thresholds.expected_above))
    return max(floor, *(thresholds.of_group.get(name, 0.0) for name in groups), 0.0)


def floors(
    policy: Policy, case: Situation, question: Question, thresholds: Thresholds | None
) -> tuple[float, float]:
    """The least probabilities at which a question, and a person, may be considered."""
    caps, ask = policy.caps, ask_floor(policy, thresholds, case.groups)
    person = max(caps.person_above, (thresholds and thresholds.person_above) or 0.0)
    if thresholds is not None and thresholds.calls_nobody:
        return ask, NEVER
    if not question.requests or evidence.answered(case, question):
        person = min(person, caps.person_after_answer)
    return ask, max(ask, person)


def _came_late(policy: Policy, case: Situation) -> bool:
    """Whether what came late goes back: when it came is on record already."""
    late = case.reason_code == "late" and case.claims_received is not False
    back = case.type == "return_and_refund" and case.delivered_at is not None
    return late and back and "told_otherwise" in policy.rules


def _record_speaks(policy: Policy, case: Situation) -> bool:
    """Whether the claim is that nothing arrived, and the courier's record can still settle it."""
    if not articles.is_shipped(policy, case):
        return False
    missing = case.claims_received is False or case.reason_code in UNRECEIVED_REASONS
    if not missing or case.courier in NOT_WITH_CUSTOMER or _came_late(policy, case):
        return False
    return all(by != "courier" for _, by in case.evidence)
