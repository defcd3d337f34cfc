"""The right of return, and the consent of the shop outside it."""

from __future__ import annotations

from risk.policy.effects import Effect, RuleContext
from risk.policy.lanes import quality_return
from risk.policy.rules.shared import received

_CONSENT = Effect(condition="merchant_consent")


def seven_day_right(context: RuleContext) -> Effect | None:
    return Effect(at_most="approve") if context.lane == "no_reason" else None


def quality_right(context: RuleContext) -> Effect | None:
    return Effect(at_most="approve") if quality_return(context.policy, context.case) else None


def merchant_consent(context: RuleContext) -> Effect | None:
    case, consent = context.case, context.policy.consent
    if case.type != "refund_only" or not received(case):
        return None
    agreed = (
        consent.standing
        or case.merchant_id in consent.merchants
        or context.money.amount <= consent.up_to
    )
    return None if agreed else _CONSENT


def outside_right(context: RuleContext) -> Effect | None:
    case = context.case
    goodwill = (
        case.reason_code == "unwanted"
        and case.type == "return_and_refund"
        and context.lane == "standard"
        and case.no_reason_return is not None
        and case.stage == "request"
    )
    return _CONSENT if goodwill else None
