"""What a text plainly says happened to a purchase, as rules and messages read it. Earlier policies
read none of it."""

from __future__ import annotations

from dataclasses import replace

from risk.policy import articles
from risk.policy.articles import is_shipped
from risk.policy.hearing import asked_in_base, is_suspect
from risk.policy.lanes import FAULT_REASONS
from risk.policy.schema import Policy
from risk.policy.situation import Situation

_OPEN = (None, "undetermined")
_OF_PRICE = frozenset({"other", "unwanted", "not_as_described", "defective", "damaged"})
_OF_PARCEL = frozenset({"not_received", "late", "other", "unwanted"})
_DIED_AS = frozenset({"damaged", "defective", "not_as_described", "other"})
_ANIMAL = "live_animals"


def as_occurred(policy: Policy, case: Situation) -> Situation:
    """The case as its text tells it: who refused a parcel or gave another address does not have the
    goods, a price that fell is no matter of the article, and pets that died were live ones."""
    if is_price_fallen(policy, case):
        return replace(case, type="price_adjustment")
    if is_dead_animal(policy, case):
        reason = "damaged" if case.reason_code == "other" else case.reason_code
        money = "refund_only" if case.type == "return_and_refund" else case.type
        return replace(case, category=_ANIMAL, reason_code=reason, type=money)
    if is_refused(policy, case) or is_misaddressed(policy, case):
        return replace(case, claims_received=False)
    return case


def is_price_fallen(policy: Policy, case: Situation) -> bool:
    """Whether the text says that the price fell after the purchase, or that a coupon was forgotten,
    and a part of the price is asked for that: the payment settles it, not the article."""
    used = case.money
    part = used is not None and used.paid is not None and 0 < used.asked < used.paid
    own = case.type == "price_adjustment" or (case.type == "refund_only" and part)
    goods = case.reason_code in _OF_PRICE and is_shipped(policy, case)
    return _is_told(policy, case, "price", "told_price") and own and goods


def is_refused(policy: Policy, case: Situation) -> bool:
    """Whether the customer refused the parcel at the door, so that it goes back by itself; not what
    the courier lost, nor what has come back."""
    moves = case.type not in ("repair", "price_adjustment") and case.courier != "lost"
    back = case.return_arrived is not None or bool(case.inspections)
    told = _is_told(policy, case, "refused", "refused_delivery")
    return told and moves and not back and case.claims_received is not True


def is_misaddressed(policy: Policy, case: Situation) -> bool:
    """Whether the customer gave another address by mistake and does not have the parcel, which may
    be redirected or fetched; where nobody knows of a parcel the shop is asked as ever."""
    sent = case.courier in ("moving", "still", "delivered") and case.return_arrived is None
    open_ = case.reason_code in _OF_PARCEL and not case.inspections
    told = _is_told(policy, case, "address", "own_address")
    return told and sent and open_ and case.claims_received is not True


def is_paid_once_back(policy: Policy, case: Situation) -> bool:
    """Whether a parcel that was refused or went to another address is paid or sent again only once
    it was stopped or is back, however late that is: much is at stake, or much speaks against the
    request."""
    limit = policy.hearing
    dear = limit is not None and asked_in_base(policy, case) > limit.above
    abuse = case.own_abuse > 0 or case.linked_abuse > 0
    returned = case.courier == "returned_to_sender"
    return not returned and (dear or abuse or is_suspect(policy, case))


def is_dead_animal(policy: Policy, case: Situation) -> bool:
    """Whether the text says that an animal that was bought is dead or dying, in a category of
    animals or one that may hold them, and it came."""
    kind = articles.kind_of(policy, case.category)
    may_be = case.category is None or articles.may_be_animal(policy, case.category)
    animal = may_be or (kind is not None and kind[0] == articles.ANIMALS)
    came = case.claims_received is not False and case.return_arrived is None
    told = _is_told(policy, case, "dead", "animal_died")
    return told and animal and came and case.reason_code in _DIED_AS


def is_by_fitter(policy: Policy, case: Situation) -> bool:
    """Whether the text says that whoever fitted the article damaged it or something beside it."""
    harm = case.reason_code in FAULT_REASONS or case.reason_code == "other"
    came = case.claims_received is not False and case.courier in (None, "delivered")
    open_ = came and not case.inspections
    return _is_told(policy, case, "fitter", "fitter_damage") and harm and open_


def is_unsent(policy: Policy, case: Situation) -> bool:
    """Whether the text says that nothing was sent yet, and nobody recorded a parcel."""
    unseen = case.courier in (None, "not_shipped") and case.delivered_at is None
    told = _is_told(policy, case, "unsent", "told_unsent") and is_shipped(policy, case)
    return told and unseen and case.claims_received is not True and case.return_arrived is None


def is_given_up_unsent(policy: Policy, case: Situation) -> bool:
    """Whether that is given up, or another article is wanted for it before it leaves."""
    types = ("refund_only", "return_and_refund", "exchange")
    own = case.reason_code in ("unwanted", "other") and case.type in types
    unsaid = case.claims_received is None and not case.never_came and case.courier is None
    return own and unsaid and is_unsent(policy, case)


def _is_told(policy: Policy, case: Situation, what: str, rule: str) -> bool:
    """Whether a text says so, under a policy that reads it, of a request that is open."""
    open_ = case.verdict in _OPEN and not (case.withdrawn or case.paid_back)
    return rule in policy.rules and what in case.told_of and open_
