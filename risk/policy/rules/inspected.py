"""What an inspection of the returned goods found, each condition with a rule of its own."""

from __future__ import annotations

from risk.findings import CONFIRMS, INCOMPLETE, WORN_CONDITIONS
from risk.policy.costs import STRICTNESS
from risk.policy.disputed_inspection import CLAIMS, FOUND, inspector, is_disputed
from risk.policy.effects import Effect, RuleContext
from risk.policy.rules.shared import SETTLED, all_found, evidence_tier
from risk.policy.schema import Policy
from risk.policy.situation import Situation, Tier

_BY_RULE = {
    "worn_goods": WORN_CONDITIONS,
    "empty_return": ("empty",),
    "incomplete_return": (INCOMPLETE,),
}
"""The conditions that a rule of their own is about; those of `another_article` are the others, and
all of them under a policy that has no such rule."""


def confirms(policy: Policy, case: Situation) -> bool:
    """Whether all inspections found what the customer says of the goods."""
    confirming = CONFIRMS.get(case.reason_code, ())
    found = bool(case.inspections) and all(c in confirming for c in case.inspections)
    return found and "claim_confirmed" in policy.rules


def claim_confirmed(context: RuleContext) -> Effect | None:
    if not confirms(context.policy, context.case):
        return None
    return SETTLED._replace(figures={"who": inspector(context.case)})


def returned_as_sent(context: RuleContext) -> Effect | None:
    return Effect(at_most="approve", settles=True) if all_found(context.case, "as_sent") else None


def another_article(context: RuleContext) -> Effect | None:
    """The strictest tier that the inspections call for."""
    if not context.case.inspections:
        return None
    apart = {c for rule, of in _BY_RULE.items() if rule in context.policy.rules for c in of}
    return _raised(context, [c for c in context.case.inspections if c not in apart])


def empty_return(context: RuleContext) -> Effect | None:
    return _of_rule(context, "empty_return")


def inspection_disputed(context: RuleContext) -> Effect | None:
    """Signs of use or damage where the customer says that the article was at fault from the start:
    each says something else, and neither is a fact yet."""
    case = context.case
    if not is_disputed(context.policy, case):
        return None
    found = next(one for one in case.inspections if one in WORN_CONDITIONS)
    raised = _raised(context, [one for one in case.inspections if one in WORN_CONDITIONS])
    told = {"claim": CLAIMS[case.reason_code], "found": FOUND[found]}
    return raised and raised._replace(figures={**raised.figures, **told})


def worn_goods(context: RuleContext) -> Effect | None:
    if is_disputed(context.policy, context.case):
        return None
    return _of_rule(context, "worn_goods")


def incomplete_return(context: RuleContext) -> Effect | None:
    return _of_rule(context, "incomplete_return")


def _of_rule(context: RuleContext, rule: str) -> Effect | None:
    found = context.case.inspections
    return _raised(context, [c for c in found if c in _BY_RULE[rule]]) if found else None


def _raised(context: RuleContext, conditions: list[str]) -> Effect | None:
    table = context.policy.inspection
    raised: list[Tier] = [getattr(table, c, "approve") for c in conditions]
    tier: Tier = max(raised, key=STRICTNESS.__getitem__, default="approve")
    if tier == "request_evidence":
        tier = evidence_tier(context)
    if tier == "approve":
        return None
    return Effect(at_least=tier, figures={"who": inspector(context.case)})
