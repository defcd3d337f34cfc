"""What a text plainly says happened: a parcel was refused or went to another address, a price fell,
nothing was sent yet."""

from __future__ import annotations

from risk.policy.effects import Effect, RuleContext
from risk.policy.occurrences import (
    is_by_fitter,
    is_dead_animal,
    is_misaddressed,
    is_paid_once_back,
    is_price_fallen,
    is_refused,
    is_unsent,
)
from risk.policy.rules.shared import AT_ONCE, PERSON


def refused_delivery(context: RuleContext) -> Effect | None:
    """A parcel that was refused at the door goes back by itself: it is paid once it has arrived,
    and its customer, who does not have it, is asked for nothing."""
    return _once_back(context) if is_refused(context.policy, context.case) else None


def own_address(context: RuleContext) -> Effect | None:
    """A parcel whose customer gave another address is redirected or fetched back before anything is
    paid, and nothing is asked of them."""
    return _once_back(context) if is_misaddressed(context.policy, context.case) else None


def _once_back(context: RuleContext) -> Effect:
    """Paid by the courier's record; where that says at the deadline that the parcel was delivered,
    and much is at stake or speaks against the request, a person decides."""
    delivered = context.overdue and context.case.courier == "delivered"
    if delivered and is_paid_once_back(context.policy, context.case):
        return PERSON._replace(condition="courier_record", priority=True)
    return AT_ONCE._replace(condition="courier_record")


def told_price(context: RuleContext) -> Effect | None:
    """A part of the price is asked since the price fell: it is treated as that."""
    return Effect(note="told_price") if is_price_fallen(context.policy, context.case) else None


def told_unsent(context: RuleContext) -> Effect | None:
    """Nothing was sent by the customer's words, and nothing comes back."""
    return Effect(note="told_unsent") if is_unsent(context.policy, context.case) else None


def animal_died(context: RuleContext) -> Effect | None:
    """An animal that came dead is nothing to send back: it is treated as one, whatever category
    the shop has for pets."""
    return Effect(note="animal_died") if is_dead_animal(context.policy, context.case) else None


def fitter_damage(context: RuleContext) -> Effect | None:
    """Whoever fitted the article is asked through the shop, before its customer."""
    return Effect(note="fitter_damage") if is_by_fitter(context.policy, context.case) else None
