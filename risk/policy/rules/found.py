"""What somebody found about this request."""

from __future__ import annotations

from risk.facts.format import money
from risk.findings import FAULT_CONDITION, FAULT_VERDICTS, POSITIVE_VERDICTS
from risk.policy.effects import Effect, RuleContext
from risk.policy.rules.shared import PERSON, SETTLED, all_found


def fault_found(context: RuleContext) -> Effect | None:
    case = context.case
    by_inspection = case.verdict is None and all_found(case, FAULT_CONDITION)
    at_fault = case.verdict in FAULT_VERDICTS or by_inspection
    return SETTLED if at_fault else None


def honest_found(context: RuleContext) -> Effect | None:
    return SETTLED if context.case.verdict == "legitimate" else None


def already_paid(context: RuleContext) -> Effect | None:
    """An outcome paid the request without a finding, such as the platform's own payout: nothing is
    left to settle, and nothing to ask. What comes back all the same is looked at."""
    case = context.case
    if case.verdict not in (None, "undetermined") or not case.paid_back or context.light:
        return None
    paid = money(case.paid_back, case.currency)
    return SETTLED._replace(figures={"paid": paid, "currency": case.currency})


def refused_unfound(context: RuleContext) -> Effect | None:
    """A person could not determine what happened, and refused the request: no score pays it."""
    return PERSON if context.case.refused_unfound else None


def abuse_found(context: RuleContext) -> Effect | None:
    return PERSON if context.case.verdict in POSITIVE_VERDICTS else None
