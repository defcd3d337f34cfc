"""Whether the contact on record is asked to confirm what is another than before of a customer."""

from __future__ import annotations

from risk.policy.articles import stays
from risk.policy.lanes import lane, quality_return
from risk.policy.money_left import asked_of, in_base
from risk.policy.schema import Policy
from risk.policy.situation import Situation


def contact_due(policy: Policy, case: Situation) -> bool:
    """Whether the contact on record is asked to confirm what is another than before. Where the
    money goes back the way it came, a new device and address alone are no reason for it, unless
    something else speaks against the request or much is asked; earlier policies asked always. An
    article that is sent again goes to the new address, so that it is always confirmed; one that
    replaces goods that stay, once all that was asked lately is more than a small amount."""
    if not is_contact_open(policy, case):
        return False
    limit = policy.old_contact.moved_above if policy.old_contact else None
    if case.payout_changed or limit is None or case.type == "resend":
        return True
    if case.probability >= policy.caps.ask_above or _is_sent_again(policy, case):
        return True
    return in_base(policy, case, asked_of(policy, case)) > limit


def _is_sent_again(policy: Policy, case: Situation) -> bool:
    """Whether another article is sent while the first one stays, and with what else the customer
    asked for within a month it is no small amount; earlier policies knew of no such exchange."""
    known = policy.old_contact is not None and bool(policy.old_contact.replaced_too)
    again = known and case.type == "exchange" and stays(policy, case)
    lately = asked_of(policy, case) + case.customer_stake
    return again and in_base(policy, case, lately) > policy.small_amount.up_to


def is_contact_open(policy: Policy, case: Situation) -> bool:
    """Whether the money would go another way than before, or somebody new moved in on an account
    of some age, and the contact on record has not confirmed it. Nobody is asked inside a right."""
    contact = policy.old_contact
    confirmed = case.contact_confirmed
    if confirmed is None:
        confirmed = ("chat", "customer") in case.evidence
    if contact is None or case.verdict is not None or confirmed:
        return False
    if not (case.payout_changed or is_moved(policy, case)):
        return False
    return lane(policy, case) != "no_reason" and not quality_return(policy, case)


def is_moved(policy: Policy, case: Situation) -> bool:
    """Whether a new device came with another address to an account of some age."""
    contact = policy.old_contact
    return contact is not None and case.moved and (case.age_days or 0.0) >= contact.age_days
