"""What was found about the customer and those around, and pictures known from elsewhere."""

from __future__ import annotations

from risk.facts import NOT_GIVEN
from risk.facts.format import money
from risk.facts.localised import LANGUAGES, SEMICOLON, LocalisedText
from risk.policy import evidence
from risk.policy.claim_sections import Repeats
from risk.policy.effects import Effect, RuleContext
from risk.policy.lanes import FAULT_REASONS, quality_return, seller_proves
from risk.policy.money_left import in_base
from risk.policy.rules.shared import PERSON, abuse_nearby, evidence_tier, received
from risk.policy.schema import Policy
from risk.policy.situation import PictureDoubt, Situation, Tier


def own_findings(context: RuleContext) -> Effect | None:
    """A person looks at whoever was found abusing so often, and in the policy's share of what was
    found at all: of many cases some findings are wrong."""
    limit, case = context.policy.findings, context.case
    if limit is None or case.own_abuse < limit.own:
        return None
    return PERSON if _is_found(context.policy, case) else None


def linked_findings(context: RuleContext) -> Effect | None:
    """Asks for evidence that fits, where a question is worth asking; where an answer is there, a
    person looks at it: nobody can see from a file's existence whether it shows anything."""
    limit, case = context.policy.findings, context.case
    if limit is None or case.linked_abuse < limit.linked:
        return None
    if case.probability < context.policy.caps.ask_above:
        return None
    if evidence.answered(case, context.question):
        return PERSON
    return Effect(at_least=evidence_tier(context)) if context.policy.repeats else None


def payout_limit(context: RuleContext) -> Effect | None:
    """Asks for what fits the reason where more than the policy's amount a day would go to one
    payout account, for goods that stay, of several customers. Two or three may be a family: what
    they give is enough. Where more share things, shop and courier are heard too, then a person."""
    policy, case = context.policy, context.case
    if policy.payout_account is None or not case.payout_stake or case.type != "refund_only":
        return None
    others = in_base(policy, case, case.payout_stake)
    unfound = case.verdict in (None, "undetermined") and not case.paid_back
    if not unfound or context.money.amount + others <= policy.payout_account.per_day:
        return None
    many = policy.findings is not None and case.linked_customers >= policy.findings.linked
    if not many and evidence.answered(case, context.question):
        return None
    if many and not context.question.open:
        return PERSON
    total = money(case.amount + case.payout_stake, case.currency)
    figures = {"total": total, "currency": case.currency}
    return Effect(at_least=evidence_tier(context), figures=figures)


def repeated_refunds(context: RuleContext) -> Effect | None:
    """Asks for evidence that fits, of somebody who asks for nearly all they buy to be paid back
    while they keep it, in a short time; what was withdrawn or found justified does not count, and
    an order counts once. Earlier policies counted requests."""
    limit, case = context.policy.repeats, context.case
    if limit is None or case.type != "refund_only" or not received(case):
        return None
    by_orders = case.unproven_orders if limit.by_orders else None
    times = case.kept_unproven if by_orders is None else by_orders
    often = min(times, case.orders) >= limit.refund_only and times >= limit.share * case.orders
    if not often or context.question.refused:
        return None
    return Effect(at_least=evidence_tier(context), figures={"times": str(times + 1)})


def whole_basket(context: RuleContext) -> Effect | None:
    """Asks for evidence that fits where all of many pieces are said to be faulty and are kept."""
    limit, case = context.policy.repeats, context.case
    if limit is None or limit.pieces is None or case.type != "refund_only" or not received(case):
        return None
    many = case.order_pieces >= limit.pieces and case.reason_code in FAULT_REASONS
    if not many or not _asks_whole_order(limit, case) or _keeps_most(context.policy, limit, case):
        return None
    return Effect(at_least=evidence_tier(context))


def _asks_whole_order(limit: Repeats, case: Situation) -> bool:
    """Whether the price of all lines of the order is asked back, or of the only one that is left;
    releases that did not know `kept_orders` looked at the lines of the request alone."""
    used = case.money
    if used is None or used.paid is None or not 0 < used.paid <= used.asked:
        return False
    others = used.order_left is not None and used.order_left > used.paid
    return limit.kept_orders is None or not others


def _keeps_most(policy: Policy, limit: Repeats, case: Situation) -> bool:
    """Whether the customer buys often and keeps most of it, as resellers do, and nothing was found
    against them or those around."""
    often = limit.kept_orders is not None and case.orders >= limit.kept_orders
    return (
        often
        and case.refunds <= policy.good_customer.refund_share * case.orders
        and (not abuse_nearby(case))
    )


def declined_vague(context: RuleContext) -> Effect | None:
    """A person hears a customer who expressly declined to show a dear article's fault and says
    little of it. Silence is no refusal, and where the seller proves, nothing is held against
    anybody."""
    limit, case = context.policy.declined, context.case
    if limit is None or case.specificity is None:
        return None
    polite = bool(limit.without_courtesies) and case.told_courtesy
    if case.specificity > limit.specificity and not polite:
        return None
    return PERSON if context.money.amount > limit.above and _declines(context) else None


def declined_found(context: RuleContext) -> Effect | None:
    """A person hears a customer who expressly declined to show the fault and was found abusing
    before, in the policy's share of what was found."""
    limit, case = context.policy.declined, context.case
    if limit is None or limit.above_found is None or not _is_found(context.policy, case):
        return None
    return PERSON if context.money.amount > limit.above_found and _declines(context) else None


def _is_found(policy: Policy, case: Situation) -> bool:
    """Whether abuse was found, and in the policy's share of what was found at all."""
    share = 0.0 if policy.findings is None else policy.findings.own_share or 0.0
    return case.own_abuse > 0 and case.own_abuse >= share * (case.own_abuse + case.honest_findings)


def _declines(context: RuleContext) -> bool:
    """Whether the customer has the goods and showed nothing of them, by an express no."""
    case = context.case
    if ("declined", "customer") not in case.evidence or not received(case):
        return False
    given = any(by == "customer" and kind not in NOT_GIVEN for kind, by in case.evidence)
    free = context.lane == "no_reason" or quality_return(context.policy, case)
    return not (given or free or seller_proves(context.policy, case))


def fresh_picture(context: RuleContext) -> Effect | None:
    """Asks for one fresh picture; where that is doubtful again, or declined, a person looks, and
    hears who answers in words: what spoils may be gone."""
    policy, case = context.policy, context.case
    if not evidence.fresh_picture_due(policy, case):
        return None
    hears = policy.pictures is not None and policy.pictures.hear_words
    told = bool(hears) and case.picture_words
    once = case.doubtful_pictures == 1 and context.question.open and not told
    tier: Tier = "request_evidence" if once else "platform_intervention"
    return Effect(at_least=tier, figures={"doubt": _doubt(case)})


def _doubt(case: Situation) -> LocalisedText:
    """What is doubtful of the pictures; decisions of earlier releases know one of two."""
    known: tuple[PictureDoubt, ...] = ("older",) if case.older_pictures else ("elsewhere",)
    told = [_DOUBTS[kind] for kind in case.picture_doubts or known]
    said = {one: SEMICOLON[one].join(text[one] for text in told) for one in LANGUAGES}
    return {one: text[:1].upper() + text[1:] for one, text in said.items()}


_DOUBTS: dict[PictureDoubt, LocalisedText] = {
    "elsewhere": {
        "en": "somebody else gave the same picture, or one near it, before",
        "zh": "他人此前提供过相同或相近的图片",
    },
    "older": {
        "en": "the picture was taken well before the order",
        "zh": "图片拍摄时间明显早于下单",
    },
    "generated": {
        "en": "the picture verifiably says that a program made it",
        "zh": "图片经核验为程序生成",
    },
}
