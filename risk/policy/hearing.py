"""Whether shop and courier are heard before money goes on the customer's word, and whether what
they have on record says otherwise."""

from __future__ import annotations

from risk.facts import NOT_GIVEN, RECEIVED_REASONS
from risk.policy.articles import kind_of
from risk.policy.lanes import deadline
from risk.policy.money_left import asked_of, in_base
from risk.policy.schema import Policy
from risk.policy.shop_noes import is_no_to_record, spoke_of_it
from risk.policy.situation import Situation

_SHOWN = frozenset({"photo", "video", "document", "service_report"})
_PICTURES = frozenset({"photo", "video"})
_OF_PACKING = frozenset({"missing_item", "wrong_item"})


def is_due_by_law(policy: Policy, case: Situation) -> bool:
    """Whether the law gives the money for goods that are not sent back, whatever the shop says."""
    law = policy.law(case.merchant_id)
    if law is None:
        return False
    perishable = law.no_reason.excluded.perishable.holds(case.category)
    spoiled = case.reason_code in law.without_return.spoiled and perishable
    return spoiled or _is_off(policy, case) or case.reason_code in law.without_return.reasons


def _is_off(policy: Policy, case: Situation) -> bool:
    """Whether food that keeps for a while is said to be bad; that it is another than was offered is
    no matter of the law on spoiled goods."""
    kind = kind_of(policy, case.category)
    known = "unsafe_goods" in policy.rules and kind is not None and kind[0] == "spoils"
    return known and case.reason_code in ("damaged", "defective")


def has_agreed(policy: Policy, merchant_id: str | None, amount: float) -> bool:
    """Whether a shop agreed beforehand that goods stay that are paid back, up to this amount (in
    the policy's currency)."""
    consent = policy.consent
    return consent.standing or merchant_id in consent.merchants or amount <= consent.up_to


def has_declined(policy: Policy, case: Situation) -> bool:
    """Whether the shop has said no to a request that nobody has found anything of, and to all that
    is known of it: a no to a film, before the customer showed anything, or to a record that it was
    asked for is none to the refund."""
    known = "shop_declined" in policy.rules and not case.refused_unfound
    outdated = case.shop_no_outdated and "shop_answer" in policy.rules
    declined = ("declined", "merchant") in case.evidence and not outdated
    declined = declined and not is_no_to_record(policy, case)
    return known and _is_open(case) and declined


def hears_shop(policy: Policy, case: Situation) -> bool:
    """Whether shop and courier are heard first: much is asked back for goods that stay, the shop's
    consent is not needed, nothing shows what the customer says or what does is still to be looked
    at, and there is time."""
    limit = policy.hearing
    if limit is None or not _is_open(case) or case.type != "refund_only":
        return False
    kept = case.claims_received or case.reason_code in RECEIVED_REASONS
    if not kept or case.claims_received is False or not is_due_by_law(policy, case):
        return False
    heard = spoke_of_it(policy, case)
    shown = shows_something(case) and not is_to_be_looked_at(policy, case)
    shown = shown or case.packed_otherwise
    dear = asked_in_base(policy, case) > limit.above
    return dear and not heard and not shown and not deadline(policy, case).overdue


def is_called_meanwhile(policy: Policy, case: Situation) -> bool:
    """Whether a person speaks with an upset customer while the shop is heard; earlier policies said
    that the customer need do nothing."""
    return _reads(policy) and policy.person_first.agitated and case.agitated


def is_to_be_looked_at(policy: Policy, case: Situation) -> bool:
    """Whether so much is asked back for goods that stay, whatever the shop says, that somebody
    looks at what the customer gave, or the shop, before it goes; earlier policies paid unseen."""
    limit = policy.hearing.look_above if policy.hearing else None
    kept = case.type == "refund_only" and case.claims_received is not False
    if limit is None or not kept or not _is_open(case) or not is_due_by_law(policy, case):
        return False
    dear = asked_in_base(policy, case) > limit
    given = shows_something(case) or (_reads(policy) and _shop_shows(case))
    return dear and given and not case.packed_otherwise


def is_contradicted(policy: Policy, case: Situation) -> bool:
    """Whether what shop or courier have on record says otherwise than the customer, where the shop
    is not asked for its consent anyway. What nobody has looked at yet, such as a film of the
    packing, counts above a large amount alone; so does any of it against what the customer shows.
    """
    limit = policy.hearing
    if limit is None or not _is_unasked(policy, case) or hears_packers(policy, case):
        return False
    amount = asked_in_base(policy, case)
    if case.packed_as_ordered is not None and not shows_something(case):
        return amount > limit.record_above
    shown = _shop_shows(case) and not reads_first(policy, case)
    known = shown or case.packed_as_ordered is not None
    return known and amount > limit.above and not case.packed_otherwise


def hears_packers(policy: Policy, case: Situation) -> bool:
    """Whether nothing but the warehouse's own record says otherwise, and no large amount is at
    stake or the customer shows it: who packs the wrong article records the right one too, so those
    who packed and brought it are heard, and the customer is not asked unless much speaks against
    the request. Earlier policies asked the customer."""
    limit = policy.hearing
    if limit is None or "packing_heard" not in policy.rules or not _is_unasked(policy, case):
        return False
    amount = asked_in_base(policy, case)
    little = amount <= limit.above or answers_record(policy, case)
    little = little and limit.record_above < amount and not is_suspect(policy, case)
    declined = ("declined", "customer") in case.evidence
    return little and case.packed_as_ordered == "record" and not declined


def answers_record(policy: Policy, case: Situation) -> bool:
    """Whether the customer shows what the warehouse's record says otherwise, in a picture of this
    case, no abuse was found of them or nearby, and it is not so dear that a person looks anyway.
    Earlier policies had a person compare."""
    limit = policy.hearing
    if limit is None or not limit.photo_answers or case.own_abuse or case.linked_abuse:
        return False
    above, amount = limit.look_above, asked_in_base(policy, case)
    pictured = any(by == "customer" and kind in _PICTURES for kind, by in case.evidence)
    fresh = case.doubtful_pictures == 0 and case.reused_evidence == 0
    return pictured and fresh and (above is None or amount <= above)


def _is_unasked(policy: Policy, case: Situation) -> bool:
    """Whether goods or money are claimed that the shop is not asked for its consent to."""
    if not _is_open(case) or case.type not in ("refund_only", "resend"):
        return False
    amount = asked_in_base(policy, case)
    unasked = is_due_by_law(policy, case) or has_agreed(policy, case.merchant_id, amount)
    return unasked or case.type == "resend"


def _shop_shows(case: Situation) -> bool:
    """Whether the shop gave pictures of the packing, or papers of its purchase, that fit."""
    given = {kind for kind, by in case.evidence if by == "merchant" and kind not in NOT_GIVEN}
    packing = case.reason_code in _OF_PACKING and not given.isdisjoint(_PICTURES)
    return packing or (case.reason_code == "counterfeit" and "document" in given)


def reads_first(policy: Policy, case: Situation) -> bool:
    """Whether somebody looks at what the shop gave, beside what the customer may have shown, before
    anybody is asked or called, unless the customer declined; what is dearer a person looks at.
    Earlier policies asked at once."""
    if policy.hearing is None or not _reads(policy):
        return False
    above = policy.hearing.look_above
    dear = above is not None and asked_in_base(policy, case) > above
    fits = case.type == "refund_only" and not case.packed_otherwise
    declined = ("declined", "customer") in case.evidence
    return fits and not dear and not declined and _shop_shows(case)


def _reads(policy: Policy) -> bool:
    return policy.hearing is not None and bool(policy.hearing.read_first)


def is_suspect(policy: Policy, case: Situation) -> bool:
    """Whether so much speaks against the request that its customer is asked together with the
    shop."""
    return case.probability >= (policy.caps.ask_above_unproven or policy.caps.ask_above)


def asked_in_base(policy: Policy, case: Situation) -> float:
    """What is asked, in the policy's currency: of another article that names no amount the price,
    since goods of that worth leave the shop. Earlier policies took the amount alone."""
    known = policy.hearing is not None and bool(policy.hearing.by_price)
    return in_base(policy, case, asked_of(policy, case) if known else case.amount)


def shows_something(case: Situation) -> bool:
    """Whether the customer gave something to look at that nothing is doubtful of."""
    shown = any(by == "customer" and kind in _SHOWN for kind, by in case.evidence)
    return shown and case.doubtful_pictures == 0


def _is_open(case: Situation) -> bool:
    """Whether nobody has found anything of the request or its goods, and it stands."""
    found = case.verdict not in (None, "undetermined") or bool(case.inspections)
    return not found and not case.withdrawn and not case.paid_back
