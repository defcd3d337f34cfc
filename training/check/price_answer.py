"""What an answer costs at one policy's prices, whichever policy gave it.

A policy must not win by calling its questions cheap: rivals are compared at the prices of the
policy in force.
"""

from __future__ import annotations

from risk.policy import Option, Policy


def priced(answer: Option, given_by: Policy, prices: Policy) -> Option:
    """The same answer at other prices; what it stops is left as the policy that gave it holds."""
    if given_by is prices:
        return answer
    handling = _handling(answer, prices)
    return answer._replace(friction=_friction(answer, given_by, prices), handling=handling)


def _friction(answer: Option, given_by: Policy, prices: Policy) -> float:
    """What it costs an honest customer; the price says whether they wait or are asked."""
    if answer.tier == "approve":
        return answer.friction
    if answer.tier == "platform_intervention":
        return prices.costs.accused
    asked = answer.friction == given_by.costs.question
    return prices.costs.question if asked else prices.costs.waiting


def _handling(answer: Option, prices: Policy) -> float:
    """The work it makes."""
    work = prices.handling
    if answer.tier == "platform_intervention":
        return work.person
    if answer.tier == "request_evidence":
        return work.question
    by_condition = {"courier_record": work.record, "inspect_on_return": work.inspection}
    return by_condition.get(answer.condition or "", 0.0)
