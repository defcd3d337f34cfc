"""What was found about the customer and those around, and pictures known from elsewhere."""

from __future__ import annotations

from risk.policy import evidence
from risk.policy.effects import Effect, RuleContext
from risk.policy.rules.shared import PERSON


def own_findings(context: RuleContext) -> Effect | None:
    limit = context.policy.findings
    return PERSON if limit and context.case.own_abuse >= limit.own else None


def linked_findings(context: RuleContext) -> Effect | None:
    """Applies where a question was worth asking and an answer is there: nobody can see from a
    file's existence whether it shows anything."""
    limit, case = context.policy.findings, context.case
    if limit is None or case.linked_abuse < limit.linked:
        return None
    doubtful = case.probability >= context.policy.caps.ask_above
    return PERSON if doubtful and evidence.answered(case, context.question) else None


def fresh_picture(context: RuleContext) -> Effect | None:
    """Asks for one fresh picture; where that is doubtful again, or declined, a person looks."""
    if not evidence.fresh_picture_due(context.policy, context.case):
        return None
    once = context.case.doubtful_pictures == 1 and context.question.open
    return Effect(at_least="request_evidence" if once else "platform_intervention")
