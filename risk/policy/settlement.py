"""How a request is settled: paid already, on sending, by giving a code back, or by nothing."""

from __future__ import annotations

from dataclasses import replace

from risk.facts import UNRECEIVED_REASONS
from risk.findings import UNDETERMINED
from risk.policy import articles
from risk.policy.hearing import is_suspect
from risk.policy.lanes import FAULT_REASONS, is_partly_excluded, lane, quality_return
from risk.policy.rules.parcel import is_light
from risk.policy.schema import Policy
from risk.policy.situation import NOT_WITH_CUSTOMER, ON_ITS_WAY, RETURNING, Situation

_WITHOUT_MONEY = frozenset({"exchange", "repair", "resend"})


def is_paid(policy: Policy, case: Situation) -> bool:
    """Whether an outcome paid the request without a finding, and nothing that came back is to be
    looked at."""
    unfound = case.verdict in (None, "undetermined")
    paid = unfound and bool(case.paid_back) and not case.withdrawn
    return paid and "already_paid" in policy.rules and not is_light(policy, case)


def asks_nothing(policy: Policy, case: Situation) -> bool:
    """Whether money is asked for and its amount is zero: nothing is on its way to the customer."""
    free = case.amount == 0 and case.type not in _WITHOUT_MONEY and not case.paid_back
    return free and "no_amount" in policy.phrases


def is_sent_free(policy: Policy, case: Situation) -> bool:
    """Whether what is missing, or was given for nothing and is not right, is sent: no amount is
    asked for it, and of what was paid for nothing says that it came. Earlier policies waited for
    an amount."""
    amiss = case.reason_code in (*FAULT_REASONS, "not_received")
    given = case.money is not None and case.money.paid == 0 and amiss
    missing = case.reason_code == "missing_item" and not _is_doubted(policy, case)
    open_ = case.verdict in (None, UNDETERMINED) and not case.inspections
    fits = open_ and case.type == "refund_only" and case.courier not in ON_ITS_WAY
    known = "sent_free" in policy.phrases and asks_nothing(policy, case)
    return known and fits and (given or missing)


def _is_doubted(policy: Policy, case: Situation) -> bool:
    """Whether something speaks against a missing part: its packing, the shop, findings of abuse, or
    a high probability."""
    no = any(by == "merchant" and kind == "declined" for kind, by in case.evidence)
    abuse = case.own_abuse > 0 or case.linked_abuse > 0
    return no or abuse or case.packed_as_ordered is not None or is_suspect(policy, case)


def may_send_back(policy: Policy, case: Situation) -> bool:
    """Whether the customer who would keep the goods may as well send them back, by right."""
    back = replace(case, type="return_and_refund")
    fit = articles.comes_back(policy, case) and articles.is_shipped(policy, case)
    by_right = lane(policy, back) == "no_reason" or quality_return(policy, back)
    return "consent_return" in policy.phrases and fit and by_right


def is_code_back(policy: Policy, case: Situation) -> bool:
    """Whether a code, a card or a download is given back: nothing is sent."""
    known = "return_code" in policy.phrases and case.type == "return_and_refund"
    return known and not articles.is_shipped(policy, case) and case.return_arrived is None


def is_on_its_way(policy: Policy, case: Situation) -> bool:
    """Whether a parcel that is outside the right of return may still be stopped: the courier is
    asked first, while the shop says whether it agrees."""
    return case.courier == "moving" and "goodwill_moving" in policy.phrases


def is_still(policy: Policy, case: Situation) -> bool:
    """Whether money goes back for a parcel that has not moved for days, and may still come."""
    unfound = case.verdict in (None, UNDETERMINED) and case.claims_received is not True
    known = "refund_still" in policy.phrases and case.type == "refund_only"
    return known and unfound and case.courier == "still"


def is_paid_on_sending(policy: Policy, case: Situation) -> bool:
    """Whether the law gives the money for a return by right once it is sent, and it is not yet."""
    law = policy.law(case.merchant_id)
    by_right = law is not None and law.no_reason.outbound_delivery == "shop"
    unsent = case.return_arrived is None and case.courier not in NOT_WITH_CUSTOMER
    return by_right and unsent and lane(policy, case) == "no_reason"


def paid_on_sending(policy: Policy, case: Situation) -> bool:
    """Whether the law gives all of the money for a return by right once it is sent: it was, and is
    on its way."""
    law = policy.law(case.merchant_id)
    by_right = law is not None and law.no_reason.paid_on == "sending"
    sent = by_right and case.return_arrived is False and lane(policy, case) == "no_reason"
    return sent and not is_partly_excluded(policy, case)


def is_missing(policy: Policy, case: Situation) -> bool:
    """Whether the return is asked of goods that the customer says they do not have, and that the
    courier says it delivered."""
    known = "return_never_came" in policy.phrases and case.return_arrived is None
    returns = case.type == "return_and_refund" and case.verdict in (None, UNDETERMINED)
    with_them = case.courier not in NOT_WITH_CUSTOMER and not case.inspections
    return known and returns and with_them and has_not_come(policy, case)


def has_not_come(policy: Policy, case: Situation) -> bool:
    """Whether the customer says that they do not have the goods, and the reason says so too, or the
    parcel has not moved for days: earlier policies asked for those to be sent back."""
    still = case.courier == "still" and "refund_still" in policy.phrases
    unreceived = case.reason_code in UNRECEIVED_REASONS
    return case.claims_received is False and (unreceived or still)


def is_to_come_back(policy: Policy, case: Situation) -> bool:
    """Whether goods are to come back, or are on their way."""
    if case.verdict not in (None, UNDETERMINED) and (case.paid_back or case.return_arrived):
        return False
    if case.return_arrived is not None:
        return True
    with_customer = case.courier not in NOT_WITH_CUSTOMER
    return case.type in RETURNING and with_customer and not articles.stays(policy, case)
