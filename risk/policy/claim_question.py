"""What is still open of a claim, where more is asked than the price of the goods."""

from __future__ import annotations

from risk.facts import NOT_GIVEN, UNRECEIVED_REASONS
from risk.policy.evidence import question
from risk.policy.evidence_items import NOTHING, Question
from risk.policy.lanes import lane, quality_return
from risk.policy.purchase_terms import about_payment
from risk.policy.schema import Policy
from risk.policy.situation import Situation


def is_authenticity_open(case: Situation) -> bool:
    """Whether the goods are said to be no originals, and the shop has neither shown where they come
    from nor said no."""
    answers = {("document", "merchant"), ("declined", "merchant")}
    shown = bool(case.inspections) or not answers.isdisjoint(case.evidence)
    return case.reason_code == "counterfeit" and not shown


def open_question(policy: Policy, case: Situation) -> Question:
    """What shows whether the claim holds, as far as nobody gave it; nothing where the goods come
    back by right or were looked at, the courier or the payment says it, or the customer gave
    something."""
    given = any(by == "customer" and kind not in NOT_GIVEN for kind, by in case.evidence)
    told = case.reason_code in UNRECEIVED_REASONS or about_payment(case)
    back = lane(policy, case) == "no_reason" or quality_return(policy, case)
    if given or told or back or case.inspections or ("declined", "customer") in case.evidence:
        return NOTHING
    return question(policy, case, light=False)
