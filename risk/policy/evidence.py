"""The evidence that can still be requested in one case, and from whom."""

from __future__ import annotations

from collections.abc import Iterator

from risk.facts import NOT_GIVEN, RECEIVED_REASONS, UNRECEIVED_REASONS
from risk.policy import articles
from risk.policy.contact_check import contact_due, is_moved
from risk.policy.contact_words import confirmed
from risk.policy.evidence_items import Item, Question, first_round
from risk.policy.hearing import hears_packers, hears_shop, is_contradicted, is_suspect
from risk.policy.money_left import in_base
from risk.policy.occurrences import is_by_fitter, is_given_up_unsent
from risk.policy.purchase_terms import is_by_child
from risk.policy.return_receipt import is_due
from risk.policy.schema import Policy
from risk.policy.several_parcels import missing_parcel
from risk.policy.shop_inspection import asks_shop
from risk.policy.shop_noes import answers_no_question, spoke_of_it
from risk.policy.situation import NOT_WITH_CUSTOMER, ON_ITS_WAY, Situation
from risk.policy.weight_on_way import grew_lighter

_ANSWERS = {
    "photo": frozenset({"photo", "video"}),
    "video": frozenset({"video"}),
    "document": frozenset({"document", "photo"}),
    "chat": frozenset({"chat", "document"}),
}
"""Which kinds of evidence answer a question for each kind."""


def question(policy: Policy, case: Situation, *, light: bool) -> Question:
    """The first round of evidence that fits and was not given; empty where none is left.

    Nothing that was given is requested again, and nothing from a merchant or courier who declined
    or did not answer. What a customer declined stays in it, marked `refused`: the next step depends
    on it. A customer's silence says nothing, and an official service report answers for a fault.
    """
    found = _question(policy, case, light=light)
    return confirmed(case, found, moved=is_moved(policy, case))


def _question(policy: Policy, case: Situation, *, light: bool) -> Question:
    about = topic(policy, case, light=light)
    if is_unmatched(policy, case) and "order_record" in policy.evidence:
        about = "order_record"
    elif contact_due(policy, case):
        about = "old_contact"
    if about in ("returned_worn", "incomplete_return") and asks_shop(policy, case):
        items = policy.evidence[about]
        return first_round(item for item in items if item.source == "merchant")
    if about == case.reason_code:
        first = hears_shop(policy, case) and not is_suspect(policy, case)
        if first or hears_packers(policy, case):
            return _of_others(policy, case)
        if is_contradicted(policy, case):
            return _of_customer(policy, case)
    if not case.evidence and not is_weighed(policy, case):
        return policy.opening[about]
    again = about == "seen_before" or (about == "old_contact" and case.contact_confirmed is False)
    silent = {by for kind, by in case.evidence if kind in NOT_GIVEN and by != "customer"}
    silent -= {"merchant"} if answers_no_question(policy, case) else set()
    found = first_round(
        item
        for item in _items(policy, case, about)
        if item.source not in silent and (again or not _given(item, case))
    )
    if found.bothers and ("declined", "customer") in case.evidence:
        return found._replace(refused=True)
    return found


def _of_others(policy: Policy, case: Situation) -> Question:
    """What those who sold, packed and brought the goods can show of them, and did not yet."""
    silent = {by for kind, by in case.evidence if kind in NOT_GIVEN}
    silent -= {"merchant"} if answers_no_question(policy, case) else set()
    return first_round(
        item
        for item in _items(policy, case, case.reason_code)
        if item.source not in {*silent, "customer"} and not _given(item, case)
    )


def _items(policy: Policy, case: Situation, about: str) -> Iterator[Item]:
    """The items of a topic; where the parcel's weights are on record, the courier is asked for
    nothing but where it lost weight, if it did. Earlier policies asked for them again."""
    weighed = about == "missing_item" and is_weighed(policy, case)
    for item in policy.evidence[about]:
        if not weighed or item.source != "courier":
            yield item
        elif grew_lighter(case, "outbound"):
            yield from policy.evidence["lost_weight"]


def is_weighed(policy: Policy, case: Situation) -> bool:
    """Whether what is known of weights on the way to the customer has both ends of it."""
    known = policy.hearing is not None and bool(policy.hearing.read_first)
    weights = [(start, end) for way, start, end in case.weighings if way == "outbound"]
    return known and bool(weights) and all(None not in one for one in weights)


def _of_customer(policy: Policy, case: Situation) -> Question:
    """What the customer can show of what shop and courier have on record otherwise."""
    items = (item for item in policy.evidence[case.reason_code] if item.source == "customer")
    found = first_round(item for item in items if not _given(item, case))
    return found._replace(refused=found.bothers and ("declined", "customer") in case.evidence)


def is_unmatched(policy: Policy, case: Situation) -> bool:
    """Whether no order on record is surely the one that the request is about."""
    limit, used = policy.order_record, case.money
    several = used is not None and used.customers > 1
    return case.unmatched or bool(several and limit and limit.one_customer)


def topic(policy: Policy, case: Situation, *, light: bool) -> str:
    """The topic that evidence is requested for: something noticed in the case, else its reason."""
    if "incomplete" in case.inspections:
        return "incomplete_return"
    if asks_shop(policy, case):
        return "returned_worn"
    if light:
        return "light_parcel"
    if "return_receipt" in policy.evidence and is_due(policy, case):
        return "return_receipt"
    return _of_request(policy, case)


def _of_request(policy: Policy, case: Situation) -> str:
    """The topic of a case in which nothing was noticed of a return."""
    if case.type == "price_adjustment" and "payment_record" in policy.evidence:
        return "payment_record"
    if cannot_be_repaired(policy, case):
        return "not_there" if is_not_there(policy, case) else "not_repairable"
    if by_purchase := _of_purchase(policy, case):
        return by_purchase
    if is_dispatch_unknown(policy, case):
        return "dispatch"
    if _only_seen_before(case) or fresh_picture_due(policy, case):
        return "seen_before"
    return articles.evidence_topic(policy, case) or case.reason_code


def _of_purchase(policy: Policy, case: Situation) -> str | None:
    """The topic by how something was bought, by its second parcel, or by one under way."""
    if is_by_child(policy, case):
        return "minor"
    if is_by_fitter(policy, case):
        return "fitter"
    if is_come_since(policy, case):
        return "came_since"
    return "on_way" if is_on_way(policy, case) else None


def is_come_since(policy: Policy, case: Situation) -> bool:
    """Whether what was missing may have been in a parcel that came after the request, and its
    customer has not said; earlier policies paid."""
    missing = case.reason_code == "missing_item" and case.type in ("refund_only", "resend")
    open_ = case.verdict in (None, "undetermined") and not case.inspections
    silent = all((kind, by) != ("chat", "customer") for kind, by in case.evidence)
    known = "came_since" in policy.evidence and case.came_since
    return known and missing and open_ and silent and not case.partly_lost


def is_on_way(policy: Policy, case: Situation) -> bool:
    """Whether what is said not to have come is in a parcel that is still under way by its record:
    there is no delivery to be asked about. Earlier policies asked who signed for it."""
    missing = case.reason_code == "not_received" and case.claims_received is not True
    alone = missing and case.courier in ON_ITS_WAY
    other = missing_parcel(policy, case) in ON_ITS_WAY
    return "on_way" in policy.evidence and (alone or other)


def is_dispatch_unknown(policy: Policy, case: Situation) -> bool:
    """Whether something did not come of which nobody recorded that it was sent, and neither shop
    nor courier has said anything: the shop knows."""
    if spoke_of_it(policy, case) or any(by == "courier" for _, by in case.evidence):
        return False
    missing = case.reason_code in UNRECEIVED_REASONS and case.claims_received is not True
    unseen = case.courier is None and case.delivered_at is None
    open_ = unseen and (missing or is_given_up_unseen(policy, case))
    return open_ and "dispatch" in policy.evidence and articles.is_shipped(policy, case)


def is_given_up_unseen(policy: Policy, case: Situation) -> bool:
    """Whether money alone is asked for an article that is not wanted any more, or for a reason that
    says nothing of the article, and nobody says that the customer has it."""
    if is_given_up_unsent(policy, case):
        return True
    known = "dispatch_unknown" in policy.rules and case.placed_at is not None
    unsaid = case.claims_received is None and case.delivered_at is None and case.courier is None
    if case.reason_code == "other" and "cancelled_late" in policy.phrases:
        unsaid = case.claims_received is not True and case.delivered_at is None
        return known and unsaid and case.courier is None and case.type == "refund_only"
    return known and unsaid and (case.type, case.reason_code) == ("refund_only", "unwanted")


def is_late_unsent(policy: Policy, case: Situation) -> bool:
    """Whether the money is asked for an order that takes too long, of which no parcel is on record:
    with the money the order is cancelled."""
    late = (case.type, case.reason_code) == ("refund_only", "late")
    unsent = case.courier is None and case.placed_at is not None and case.verdict is None
    told = case.claims_received is True or any(by != "customer" for _, by in case.evidence)
    known = "cancelled_late" in policy.phrases and articles.is_shipped(policy, case)
    return known and late and unsent and not told


def cannot_be_repaired(policy: Policy, case: Situation) -> bool:
    """Whether a repair is asked for of what cannot be repaired, and nobody has decided yet."""
    asked = case.type == "repair" and case.verdict in (None, "undetermined")
    unfit = not articles.is_repairable(policy, case) or is_not_there(policy, case)
    return asked and "not_repairable" in policy.rules and unfit


def is_not_there(policy: Policy, case: Situation) -> bool:
    """Whether there is nothing to repair, since the article did not reach the customer."""
    missing = case.claims_received is False or case.reason_code in UNRECEIVED_REASONS
    return "not_there" in policy.evidence and missing and case.courier in NOT_WITH_CUSTOMER


def answered(case: Situation, question: Question) -> bool:
    """Whether the customer gave something, and nothing more is requested from them."""
    return not question.bothers and any(
        by == "customer" and kind not in NOT_GIVEN for kind, by in case.evidence
    )


def fresh_picture_due(policy: Policy, case: Situation) -> bool:
    """Whether the pictures given are doubtful, and the customer has the article to take another;
    for their date alone it is not worth a question up to an amount."""
    known = "fresh_picture" in policy.rules and case.doubtful_pictures > 0
    if case.older_pictures and policy.pictures is not None:
        known = known and in_base(policy, case, case.amount) > policy.pictures.older_above
    with_customer = case.stage in ("request", "evidence") and case.reason_code in RECEIVED_REASONS
    return known and with_customer


def _given(item: Item, case: Situation) -> bool:
    if case.reason_code == "defective" and any(k == "service_report" for k, _ in case.evidence):
        return True
    return any(by == item.source and kind in _ANSWERS[item.kind] for kind, by in case.evidence)


def _only_seen_before(case: Situation) -> bool:
    """Whether the only item that a customer gave was used in another case; asked for once."""
    if case.reused_evidence != 1:
        return False
    return sum(by == "customer" and kind not in NOT_GIVEN for kind, by in case.evidence) == 1
