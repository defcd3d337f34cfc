"""What each way of answering costs, and the one that costs least within the caps.

Every cost is linear in the probability, and no stricter tier is cheaper than a milder one for an
honest customer (the policy's sections see to that order). Two such lines cross at most once, so
the choice is monotone: more probability or more money never makes the answer milder.
Elkan (2001), The foundations of cost-sensitive learning, IJCAI: the least expected cost.
"""

from __future__ import annotations

from typing import NamedTuple

from risk.errors import PolicyRefused
from risk.facts.units import MONEY_UNIT
from risk.findings import POSITIVE_CONDITIONS
from risk.policy import evidence
from risk.policy.answers import Money, Option
from risk.policy.asking import Question
from risk.policy.schema import Policy
from risk.policy.situation import (
    NOT_WITH_CUSTOMER,
    RETURNING,
    TIERS,
    UNDELIVERED,
    Situation,
    Thresholds,
    Tier,
)

_UNRECEIVED = frozenset({"not_received", "late"})
STRICTNESS: dict[str, int] = {tier: place for place, tier in enumerate(TIERS)}


class Choice(NamedTuple):
    """The option that costs least within the caps, and the cap that kept a dearer one away."""

    option: Option
    cap: str | None
    floor: float


def money(policy: Policy, case: Situation) -> Money:
    """The money of a case. PolicyRefused where the policy has no rate for its currency."""
    rate = policy.currency.rates.get(case.currency)
    if rate is None:
        raise PolicyRefused(
            f"currency.rates: no rate for {case.currency}, known: "
            + ", ".join(sorted(policy.currency.rates))
        )
    others = max(case.customer_stake, case.ring_stake * policy.stake.ring_share)
    amount, stake = case.amount * rate / MONEY_UNIT, (case.amount + others) * rate / MONEY_UNIT
    lost = 1.0 - comes_back(policy, case)
    return Money(amount, stake, stake * lost, amount * lost)


def comes_back(policy: Policy, case: Situation) -> float:
    """The share of the amount that returns to the shop as goods."""
    if case.inspections and all(c == "as_sent" for c in case.inspections):
        return 1.0
    if not set(POSITIVE_CONDITIONS).isdisjoint(case.inspections):
        return 0.0
    share: float = getattr(policy.comes_back, case.type)
    if case.courier in UNDELIVERED and case.delivered_at is None:
        return max(share, policy.comes_back.undelivered)
    return share


def options(policy: Policy, case: Situation, exposure: float, asking: Question) -> list[Option]:
    """Every way of answering this case, mildest first."""
    p, work, recovery = case.probability, policy.handling, policy.recovery

    def option(
        tier: Tier, condition: str | None, friction: float, handling: float, stopped: float
    ) -> Option:
        wrong = (1.0 - p) * friction + p * exposure * (1.0 - stopped)
        return Option(tier, condition, friction, handling, stopped, handling + wrong)

    found = [option("approve", None, 0.0, 0.0, 0.0)]
    if _record_speaks(case):
        found.append(option("approve", "courier_record", 0.0, work.record, recovery.record))
    if _comes_to_be_opened(case):
        found.append(
            option("approve", "inspect_on_return", 0.0, work.inspection, recovery.inspection)
        )
    if asking.asks:
        friction = policy.costs.question if asking.bothers else policy.costs.waiting
        found.append(option("request_evidence", None, friction, work.question, asking.worth))
    found.append(
        option("platform_intervention", None, policy.costs.accused, work.person, recovery.person)
    )
    return found


def choose(
    policy: Policy,
    case: Situation,
    found: list[Option],
    asking: Question,
    thresholds: Thresholds | None,
) -> Choice:
    """The cheapest option that the caps allow at this probability; ties go to the milder.

    Where asking is cheapest and the customer gave nothing when asked, a person goes on: paying
    instead would make silence the better answer.
    """
    ask_above, person_above = floors(policy, case, asking, thresholds)
    p = case.probability
    highest = 2 if p >= person_above else 1 if p >= ask_above else 0
    best = cheapest(found)
    choice = Choice(best, None, 0.0)
    if STRICTNESS[best.tier] > highest:
        allowed = cheapest([option for option in found if STRICTNESS[option.tier] <= highest])
        capped = ("cap_person", person_above) if highest else ("cap_ask", ask_above)
        choice = Choice(allowed, *capped)
    if asking.refused and choice.option.tier == "request_evidence":
        return Choice(found[-1], "declined", ask_above)
    return choice


def cheapest(found: list[Option]) -> Option:
    """The first of those that cost least."""
    best = found[0]
    for option in found:
        if option.expected < best.expected:
            best = option
    return best


def floors(
    policy: Policy, case: Situation, asking: Question, thresholds: Thresholds | None
) -> tuple[float, float]:
    """The least probabilities at which a question, and a person, may be considered."""
    caps = policy.caps
    if thresholds is None:
        ask, person = caps.ask_above_unproven, caps.person_above
    else:
        ask = max(caps.ask_above, thresholds.ask_above)
        person = max(caps.person_above, thresholds.person_above or 0.0)
    if not asking.asks or evidence.answered(case, asking):
        person = min(person, caps.person_after_answer)
    return ask, max(ask, person)


def _comes_to_be_opened(case: Situation) -> bool:
    """Goods are on their way back, or will be, and nobody has looked at them yet."""
    return case.type in RETURNING and not case.inspections and case.courier not in NOT_WITH_CUSTOMER


def _record_speaks(case: Situation) -> bool:
    """The claim is that nothing arrived, and the courier's record, not seen yet, can tell."""
    missing = case.claims_received is False or case.reason_code in _UNRECEIVED
    if not missing or case.courier in NOT_WITH_CUSTOMER:
        return False
    return all(by != "courier" for _, by in case.evidence)
