"""From a situation to a ruling: the lane, the cheapest answer, the rules, the messages."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from risk.policy import articles, costs, evidence, messages
from risk.policy.added_words import with_additions
from risk.policy.answers import Audit, Money, Option, Ruling, TierReason
from risk.policy.binding import Bounds, apply_rules
from risk.policy.costs import Choice
from risk.policy.effects import RuleContext
from risk.policy.evidence_items import Question
from risk.policy.lanes import FAULT_REASONS, AnswerDeadline, deadline, lane
from risk.policy.purchase_terms import is_deposit_given_up
from risk.policy.rules.inspected import says_as_claimed
from risk.policy.rules.parcel import is_light
from risk.policy.schema import Policy
from risk.policy.settlement import has_not_come
from risk.policy.situation import Lane, Situation, Tier
from risk.policy.standing_inspection import as_read
from risk.policy.suggestions import suggestions
from risk.policy.thresholds import Thresholds


class StatedCase(NamedTuple):
    """A case in its lane with all that no probability changes: deadline, money, and what could be
    asked for."""

    policy: Policy
    case: Situation
    lane: Lane
    due: AnswerDeadline
    money: Money
    light: bool
    question: Question

    @property
    def sources(self) -> list[str]:
        """Those whom a question would be put to."""
        return [item.source for item in self.question.requests]

    def options(self, case: Situation) -> list[Option]:
        """Every possible answer, at the probability of `case`."""
        return costs.options(self.policy, case, self.money.exposure, self.question)

    def context(self, case: Situation, by_cost: Tier) -> RuleContext:
        """What rules see of `case` where cost alone would give this answer."""
        policy, _, own_lane, due, money, light, question = self
        return RuleContext(policy, case, own_lane, money, question, light, by_cost, due.overdue)


class _Prepared(NamedTuple):
    """A case with all that no threshold changes, and its options."""

    stated: StatedCase
    options: list[Option]


class _Evaluated(NamedTuple):
    """A case with its deadline, its options, the cheapest of them, and the bounds of the rules."""

    context: RuleContext
    due: AnswerDeadline
    options: list[Option]
    choice: Choice
    bounds: Bounds

    def ruled(self) -> Tier:
        """The tier of the cheapest option within the bounds of the rules."""
        return self.bounds.tier(self.choice.option.tier)


def decide(policy: Policy, situation: Situation, thresholds: Thresholds | None = None) -> Ruling:
    """The ruling on one request, as a pure function of what is known about it.

    `thresholds` are what training proved about honest friction; the policy's floors hold as well.
    Raises CurrencyWithoutRate where the policy has no rate for the currency.
    """
    return _ruling(_evaluate(_prepare(policy, situation), thresholds))


def asked(policy: Policy, situation: Situation) -> list[str]:
    """Those whom a question in this case would be put to, whatever its probability."""
    return state(policy, situation).sources


def _prepare(policy: Policy, situation: Situation) -> _Prepared:
    stated = state(policy, situation)
    return _Prepared(stated, stated.options(stated.case))


def state(policy: Policy, situation: Situation) -> StatedCase:
    """A case in its lane: what is stated of it before anything is weighed."""
    situation = as_read(policy, situation)
    own_lane = lane(policy, situation)
    own_reason = says_as_claimed(policy, situation) or is_deposit_given_up(policy, situation)
    reasonless = own_lane == "no_reason" and not own_reason
    case = _without_reason(policy, situation) if reasonless else situation
    due, money = deadline(policy, case), costs.money(policy, case)
    light = is_light(policy, case)
    question = evidence.question(policy, case, light=light)
    return StatedCase(policy, case, own_lane, due, money, light, question)


def _evaluate(prepared: _Prepared, thresholds: Thresholds | None) -> _Evaluated:
    stated, options = prepared
    choice = costs.choose(stated.policy, stated.case, options, stated.question, thresholds)
    context = stated.context(stated.case, choice.option.tier)
    return _Evaluated(context, stated.due, options, choice, apply_rules(context))


def _ruling(evaluated: _Evaluated) -> Ruling:
    context, due, options, _, bounds = evaluated
    policy, case, money = context.policy, context.case, context.money
    ruled = evaluated.ruled()
    audit = _audit(policy, case, bounds, ruled, money.exposure)
    tier: Tier = "approve" if audit.drawn else ruled
    chosen = _answer(bounds, options, tier)
    conditions = _conditions(bounds, chosen, comes_back=articles.comes_back(policy, case))
    requests = context.question.requests if tier == "request_evidence" else ()
    offers = suggestions(policy, case, money.amount)
    message = messages.message(policy, case, tier, conditions, requests, offers, due)
    return Ruling(
        tier=tier,
        lane=context.lane,
        conditions=conditions,
        rules=tuple(bounds.applied),
        required_evidence=requests,
        customer_message=with_additions(policy, case, message, {one.id for one in bounds.applied}),
        suggestions=offers,
        respond_by=due.respond_by,
        overdue=due.overdue,
        priority=bounds.priority and tier != "approve",
        why=_why(evaluated, ruled, tier),
        costs=tuple(options),
        chosen=chosen,
        money=money,
        audit=audit,
    )


def _without_reason(policy: Policy, case: Situation) -> Situation:
    """The case without what must not count where no reason is owed: reason, text and evidence.

    A fault stays, for the customer's sake: the postage is the shop's then. Evidence about an
    incomplete return or the order stays, so that it is not requested twice.
    """
    kept = evidence.is_unmatched(policy, case) or "incomplete" in case.inspections
    fault = case.reason_code in FAULT_REASONS and policy.law(case.merchant_id) is not None
    return replace(
        case,
        reason_code=case.reason_code if fault else "unwanted",
        stated_reason=case.reason_code,
        claims_received=None,
        never_came=has_not_come(policy, case),
        agitated=False,
        evidence=case.evidence if kept else (),
        return_against=tuple(one for one in case.return_against if one != "shown"),
        return_chat=False,
        reused_evidence=0,
        doubtful_pictures=0,
    )


def _audit(policy: Policy, case: Situation, bounds: Bounds, tier: Tier, exposure: float) -> Audit:
    """The audit of this case: an approval to be investigated, or a question to be left out."""
    shares = policy.audit
    if tier == "approve" and not case.withdrawn:
        return Audit("approval", case.audit_draw < shares.approvals, shares.approvals)
    open_question = tier == "request_evidence" and bounds.low == 0
    if open_question and exposure <= shares.let_through_up_to:
        return Audit("let_through", case.audit_draw < shares.let_through, shares.let_through)
    return Audit("none", drawn=False, probability=0.0)


def _answer(bounds: Bounds, options: list[Option], tier: Tier) -> Option:
    """The cheapest option of the tier; without further conditions where it is paid at once."""
    of_tier = [option for option in options if option.tier == tier]
    return of_tier[0] if bounds.at_once or bounds.settled else costs.cheapest(of_tier)


def _conditions(bounds: Bounds, answer: Option, *, comes_back: bool) -> tuple[str, ...]:
    """The conditions that rules add, and the one that makes the answer cheapest; nobody looks at
    what does not come back."""
    unseen = answer.condition == "inspect_on_return" and not comes_back
    if answer.condition is None or unseen or answer.condition in bounds.conditions:
        return tuple(bounds.conditions)
    return (*bounds.conditions, answer.condition)


def _why(evaluated: _Evaluated, ruled: Tier, tier: Tier) -> TierReason:
    """The rule that held the tier, else the cap that did, else its least expected cost."""
    policy, bounds, choice = evaluated.context.policy, evaluated.bounds, evaluated.choice
    if tier != ruled:
        return messages.why(policy, "let_through", tier, evaluated.options, 0.0)
    place = costs.STRICTNESS[tier]
    rule = bounds.low_by if place == bounds.low and bounds.low_by else None
    if rule is None and place == bounds.high:
        rule = bounds.high_by
    if rule is not None:
        return TierReason(rule, next(one.text for one in bounds.applied if one.id == rule))
    return messages.why(policy, choice.cap or "least_cost", tier, evaluated.options, choice.floor)
