"""What an inspection of the returned goods found, each condition with a rule of its own."""

from __future__ import annotations

from risk.facts.localised import LocalisedText
from risk.findings import CONFIRMS, INCOMPLETE, WORN_CONDITIONS
from risk.policy.costs import STRICTNESS
from risk.policy.disputed_inspection import CLAIMS, FOUND, inspector, is_disputed
from risk.policy.effects import Effect, RuleContext
from risk.policy.hearing import is_suspect
from risk.policy.money_left import in_base
from risk.policy.rules.shared import PERSON, SETTLED, all_found, evidence_tier
from risk.policy.schema import Policy
from risk.policy.shop_inspection import asks_shop, is_left_unshown, is_unshown
from risk.policy.situation import LeftAsOrdered, Situation, Tier
from risk.policy.weight_on_way import weighs_little

_BY_RULE = {
    "worn_goods": WORN_CONDITIONS,
    "empty_return": ("empty",),
    "incomplete_return": (INCOMPLETE,),
}
"""The conditions that a rule of their own is about; those of `another_article` are the others, and
all of them under a policy that has no such rule."""


_LEFT: dict[LeftAsOrdered | None, LocalisedText] = {
    "record": {
        "en": "the warehouse's record says that all went in as ordered",
        "zh": "仓库装箱记录显示商品已按订单装入",
    },
    "weight": {
        "en": "the parcel weighed what its goods weigh when it left",
        "zh": "包裹寄出时的重量与商品相符",
    },
    "film": {
        "en": "there are pictures of the packing that nobody has compared yet",
        "zh": "打包影像尚未有人核对",
    },
    "purchase": {
        "en": "there is the shop's record of its purchase",
        "zh": "商家已提供进货凭据",
    },
    None: {
        "en": "an earlier finding stands against the customer",
        "zh": "该客户此前已有不利认定",
    },
}
"""What says otherwise than a shop that found what the customer says."""

_LIGHT: LocalisedText = {
    "en": "what came back weighs much less than the parcel that was sent",
    "zh": "退回包裹的重量明显低于寄出时的重量",
}


def says_as_claimed(policy: Policy, case: Situation) -> bool:
    """Whether all inspections say what the customer says of the goods."""
    confirming = CONFIRMS.get(case.reason_code, ())
    found = bool(case.inspections) and all(c in confirming for c in case.inspections)
    return found and "claim_confirmed" in policy.rules


def _is_otherwise(policy: Policy, case: Situation) -> bool:
    """Whether only the shop says so, and something says that the right article left: then the shop
    may as well report that another one came back as admit that another one was sent."""
    known = "return_compared" in policy.rules and says_as_claimed(policy, case)
    shops = not set(case.inspected_by) - {"merchant"}
    otherwise = (
        case.left_as_ordered is not None or case.own_abuse > 0 or weighs_little(policy, case)
    )
    dear = in_base(policy, case, case.amount) > _compared_above(policy, case)
    return known and shops and otherwise and dear and not case.packed_otherwise


def _compared_above(policy: Policy, case: Situation) -> float:
    """Above which amount a person compares: the shop that holds the goods speaks against itself
    where only its own record or film of the packing says otherwise, and little else does. Earlier
    policies compared from the amount on that a record is worth a question at."""
    limit = policy.hearing
    if limit is None:
        return 0.0
    own = case.left_as_ordered in ("record", "film") and not case.own_abuse
    little = own and not weighs_little(policy, case) and not is_suspect(policy, case)
    return limit.above if little and "packing_heard" in policy.rules else limit.record_above


def claim_confirmed(context: RuleContext) -> Effect | None:
    policy, case = context.policy, context.case
    if not says_as_claimed(policy, case) or _is_otherwise(policy, case):
        return None
    return SETTLED._replace(figures={"who": inspector(case)})


def return_compared(context: RuleContext) -> Effect | None:
    """A person compares what came back with what was sent."""
    case = context.case
    if not _is_otherwise(context.policy, case):
        return None
    light = case.left_as_ordered is None and weighs_little(context.policy, case)
    record = _LIGHT if light else _LEFT[case.left_as_ordered]
    figures = {"who": inspector(case), "record": record}
    return PERSON._replace(figures=figures)


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


def inspection_unshown(context: RuleContext) -> Effect | None:
    """The shop shows the signs of use or damage that it alone has found, before anybody else waits
    for a person; whoever shows nothing keeps nothing back."""
    policy, case = context.policy, context.case
    if not is_unshown(policy, case, WORN_CONDITIONS):
        return None
    found = FOUND[next(one for one in case.inspections if one in WORN_CONDITIONS)]
    if asks_shop(policy, case):
        return Effect(at_least=evidence_tier(context), figures={"found": found, "then": _ASKED})
    if not is_left_unshown(policy, case):
        return None
    return Effect(at_most="approve", figures={"found": found, "then": _NOT_SHOWN})


_ASKED: LocalisedText = {
    "en": "it is asked to show it first, and the customer need not do anything",
    "zh": "先请商家提供图片，客户无需操作",
}
_NOT_SHOWN: LocalisedText = {
    "en": "asked to show it, it has not, and nothing is kept back",
    "zh": "已请商家提供图片而未提供，不扣减款项",
}


def _is_heard_first(context: RuleContext) -> bool:
    """Whether what the shop says of signs of use or damage does not call a person yet."""
    policy, case = context.policy, context.case
    unshown = is_unshown(policy, case, WORN_CONDITIONS)
    return unshown and (asks_shop(policy, case) or is_left_unshown(policy, case))


def inspection_disputed(context: RuleContext) -> Effect | None:
    """Signs of use or damage where the customer says that the article was at fault from the start:
    each says something else, and neither is a fact yet."""
    case = context.case
    if not is_disputed(context.policy, case) or _is_heard_first(context):
        return None
    found = next(one for one in case.inspections if one in WORN_CONDITIONS)
    raised = _raised(context, [one for one in case.inspections if one in WORN_CONDITIONS])
    told = {"claim": CLAIMS[case.reason_code], "found": FOUND[found]}
    return raised and raised._replace(figures={**raised.figures, **told})


def worn_goods(context: RuleContext) -> Effect | None:
    if is_disputed(context.policy, context.case) or _is_heard_first(context):
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
