"""Which message a customer gets: by tier and conditions, then by where the goods are."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from risk.facts.localised import LocalisedText
from risk.findings import NEGATIVE_VERDICTS, POSITIVE_VERDICTS
from risk.policy import articles
from risk.policy.answers import EvidenceRequest
from risk.policy.conclusion import conclusion_key, is_concluded, rest
from risk.policy.consent_messages import consent_key, of_consent
from risk.policy.found_words import noted
from risk.policy.hearing import has_declined
from risk.policy.lanes import (
    FAULT_REASONS,
    lane,
    quality_return,
)
from risk.policy.money_left import asked_twice
from risk.policy.parcel_messages import of_parcel
from risk.policy.purchase_terms import about_payment, is_by_child
from risk.policy.return_messages import light_key, return_key, statement_key
from risk.policy.return_postage import stated_reason
from risk.policy.return_receipt import is_sent_back
from risk.policy.rules.money import is_asked_elsewhere
from risk.policy.rules.shared import received
from risk.policy.schema import Policy
from risk.policy.settlement import (
    asks_nothing,
    is_code_back,
    is_paid,
    is_paid_on_sending,
    is_sent_free,
    may_send_back,
)
from risk.policy.situation import NOT_WITH_CUSTOMER, Situation, Tier

_BACK = frozenset({"return", "inspection"})
_PAYMENTS = frozenset({"refund", "returned", "price"})
_RETURNS = frozenset({"return", "return_fault", "return_change_of_mind"})
_OTHERS = frozenset({"exchange", "repair", "resend"})
_PAYING = _RETURNS | frozenset({
    "refund", "price", "kept", "not_shipped", "cancelled_late", "refund_still", "return_paid",
    "return_fault_paid", "return_change_of_mind_paid", "return_never_came", "returned", "returning",
    "returning_paid", "return_scanned", "found_for", "found_return",
})  # fmt: skip
"""The messages that say that money comes."""
_UNSETTLED = frozenset({
    "amount_check", "open_request", "order_record", "ask_customer", "ask_others", "person",
    "person_returned",
})  # fmt: skip
"""The messages of what is not settled."""
_FOUND_BACK = frozenset({"found_return", "found_exchange", "found_repair"})
_OF_A_PERSON = ("person", "person_returned")
_APPROVALS = {"refund_only": "refund", "price_adjustment": "price"}


def message_template(
    policy: Policy,
    case: Situation,
    tier: Tier,
    conditions: Sequence[str],
    requests: Sequence[EvidenceRequest],
) -> LocalisedText:
    """The message of a decision, with what differs by case still in braces."""
    key = _message_key(policy, case, tier, conditions, requests)
    chosen = _state_key(policy, case, key)
    if tier == "approve" and asks_nothing(policy, case) and chosen in _PAYING:
        chosen = "sent_free" if is_sent_free(policy, case) else "no_amount"
    return policy.phrases.get(chosen) or policy.phrases[key]


def _message_key(
    policy: Policy,
    case: Situation,
    tier: Tier,
    conditions: Sequence[str],
    requests: Sequence[EvidenceRequest],
) -> str:
    if "amount_check" in conditions:
        return "open_request" if is_asked_elsewhere(policy, case) else "amount_check"
    if tier == "platform_intervention":
        return _person_key(policy, case, conditions)
    if tier == "request_evidence":
        asks_customer = any(one.source == "customer" for one in requests)
        others = "order_record" if "order_record" in conditions else "ask_others"
        return "ask_customer" if asks_customer else others
    if case.withdrawn and "withdrawn" in policy.phrases:
        return "withdrawn"
    if "merchant_consent" in conditions:
        return consent_key(policy, case)
    return "record" if "courier_record" in conditions else _approval(policy, case)


def _person_key(policy: Policy, case: Situation, conditions: Sequence[str]) -> str:
    """The message where a person takes over, the shop having said no or not."""
    if "merchant_consent" in conditions and has_declined(policy, case):
        back = case.type == "refund_only" and may_send_back(policy, case)
        return "shop_declined_return" if back else "shop_declined"
    return "person_returned" if case.stage in _BACK else "person"


def _state_key(policy: Policy, case: Situation, key: str) -> str:
    """The message that says where the goods are or what was found, in place of the one by tier; a
    policy of an earlier release may not have it."""
    concluded = conclusion_key(policy, case)
    if concluded is not None:
        return concluded
    unfound = case.refused_unfound and key in _OF_A_PERSON
    if unfound and "refused_unfound" in policy.phrases:
        return "refused_unfound"
    settled = key not in _UNSETTLED or is_concluded(policy, case)
    if is_paid(policy, case) and settled:
        return "paid_partly" if rest(case) and "paid_partly" in policy.phrases else "already_paid"
    if case.verdict is not None:
        found = _found_key(case, key)
        if found in _FOUND_BACK and articles.is_collected(policy, case):
            found = "found_collected"
        if found == "found_refused" and found not in policy.phrases:
            found = "found"
        if found is not None and found in policy.phrases:
            return found
    chosen = (choose(policy, case, key) for keys, choose in _BY_STATE if key in keys)
    return next((one for one in chosen if one is not None), key)


def _of_harm(policy: Policy, case: Situation, _: str) -> str | None:
    return "person_unsafe" if case.unsafe and "person_unsafe" in policy.phrases else None


def _of_payment(policy: Policy, case: Situation, key: str) -> str | None:
    known = "payment_disputed" in policy.phrases
    if key == "person" and known and asked_twice(case.money):
        return "payment_disputed"
    if about_payment(case):
        return "payment"
    if key != "ask_others" or articles.is_shipped(policy, case):
        return None
    return "service_record" if articles.is_service(policy, case) else "code_record"


def _of_inspection(policy: Policy, case: Situation, _: str) -> str | None:
    """What was noted when a return was opened, where it is not what the customer says."""
    known = "person_inspected" in policy.phrases
    return "person_inspected" if known and noted(case) is not None else None


def _of_article(policy: Policy, case: Situation, _: str) -> str | None:
    """What is given back without a parcel, never came, or stays with the customer."""
    if is_code_back(policy, case):
        if is_by_child(policy, case) and "return_minor" in policy.phrases:
            return "return_minor"
        return "return_service" if articles.is_service(policy, case) else "return_code"
    if case.never_came and "return_never_came" in policy.phrases:
        return "return_never_came"
    if articles.stays(policy, case):
        return "kept"
    if not articles.is_collected(policy, case):
        return None
    return "return_collected_paid" if is_paid_on_sending(policy, case) else "return_collected"


def _of_goods(policy: Policy, case: Situation, key: str) -> str | None:
    """The message of an exchange or a repair by where the goods are."""
    if "exchange_sent" not in policy.phrases:
        return None
    if case.courier in NOT_WITH_CUSTOMER and not received(case):
        unsent = case.courier == "not_shipped" and "exchange_unsent" in policy.phrases
        return "exchange_unsent" if unsent and key == "exchange" else "resend"
    if case.stage in _BACK:
        return f"{key}_sent"
    if articles.is_provided_again(policy, case):
        return "exchange_unshipped"
    if key == "exchange" and articles.stays(policy, case):
        return "resend"
    collected = f"{key}_collected" if articles.is_collected(policy, case) else None
    fault = case.reason_code in FAULT_REASONS and f"{key}_fault" in policy.phrases
    return collected or (f"{key}_fault" if fault else None)


def _of_law(policy: Policy, case: Situation, key: str) -> str | None:
    """A return by right that the law pays once it is sent."""
    return f"{key}_paid" if is_paid_on_sending(policy, case) else None


_BY_STATE: tuple[tuple[frozenset[str], Callable[[Policy, Situation, str], str | None]], ...] = (
    (frozenset(_OF_A_PERSON), _of_harm),
    (frozenset({"ask_others", "person"}), _of_payment),
    (frozenset({"person_returned"}), _of_inspection),
    (frozenset({"ask_others"}), statement_key),
    (frozenset({"record", "ask_others", "returned"}), light_key),
    (frozenset({"record", "ask_others", "returned"}), return_key),
    (frozenset({"refund", "record"}), of_parcel),
    (frozenset({"exchange", "repair"}), _of_goods),
    (frozenset({"consent", "goodwill"}), of_consent),
    (_RETURNS, _of_article),
    (_RETURNS, _of_law),
)
"""By the message that tier and conditions choose, what may choose another; the first does."""


def _found_key(case: Situation, key: str) -> str | None:
    """The message that says what was found; None where nothing was, or where it is not over yet."""
    if key in _OF_A_PERSON and case.verdict in POSITIVE_VERDICTS:
        return "found" if case.paid_back else "found_refused"
    if case.verdict not in NEGATIVE_VERDICTS:
        return None
    if key in _RETURNS:
        return "found_return" if case.paid_back is None else "found_for"
    if key in _OTHERS and case.paid_back is None and case.stage not in _BACK:
        return f"found_{key}"
    return "found_for" if key in _PAYMENTS else None


def _approval(policy: Policy, case: Situation) -> str:
    """The message of an approval, by the type of request and by where the goods are."""
    if is_sent_back(policy, case):
        return "returned"
    if case.type != "return_and_refund":
        return _APPROVALS.get(case.type, case.type)
    if case.courier in NOT_WITH_CUSTOMER:
        return "refund"
    if case.stage in _BACK:
        return "returned"
    known = policy.articles is not None and case.reason_code in FAULT_REASONS
    if "return_fault" in policy.phrases and (known or quality_return(policy, case)):
        return "return_fault"
    law = policy.law(case.merchant_id)
    own_postage = law is not None and law.no_reason.return_postage == "customer"
    changed_mind = own_postage and stated_reason(policy, case) == "unwanted"
    return (
        "return_change_of_mind" if changed_mind and lane(policy, case) == "no_reason" else "return"
    )
