"""Who pays for sending goods back, in words for the customer who is to send them."""

from __future__ import annotations

from collections.abc import Mapping

from risk.facts import UNRECEIVED_REASONS
from risk.facts.localised import LocalisedText
from risk.policy.articles import is_collected
from risk.policy.lanes import FAULT_REASONS, lane
from risk.policy.offers import postage
from risk.policy.schema import Policy
from risk.policy.situation import Situation

_SHOPS = FAULT_REASONS | {*UNRECEIVED_REASONS, "missing_item"}
"""Reasons by which the shop, or whom it sent with, is at fault."""

_SENTENCES: Mapping[str, LocalisedText] = {
    "shop": {
        "en": "The postage back is on us, {postage} without a receipt and what it cost with one.",
        "zh": "退货运费由我们承担（无凭据按 {postage}，有凭据按实际费用）。",
    },
    "customer": {
        "en": "The postage back is yours, unless your parcel is insured for it.",
        "zh": "退货运费由您承担，已投保运费险的除外。",
    },
    "open": {
        "en": "Please keep the receipt of the postage back: it is on us if something turns out to "
        "be wrong with the article, and yours otherwise.",
        "zh": "请保留寄件凭据：如确属商品问题，退货运费由我们承担，否则由您承担。",
    },
}

_COLLECTED: Mapping[str, LocalisedText] = {
    "shop": {
        "en": "We arrange with you when it is collected, and that is on us.",
        "zh": "我们会与您约定上门取件的时间，费用由我们承担。",
    },
    "customer": {
        "en": "We arrange with you when it is collected; what that costs is yours, unless it is "
        "insured for it, and you hear the amount first.",
        "zh": "我们会与您约定上门取件的时间；取件费用由您承担，已投保运费险的除外，"
        "并会事先告知您金额。",
    },
    "open": {
        "en": "We arrange with you when it is collected: that is on us if something turns out to "
        "be wrong with the article, and yours otherwise, and you hear the amount first.",
        "zh": "我们会与您约定上门取件的时间：如确属商品问题，费用由我们承担，否则由您承担，"
        "并会事先告知您金额。",
    },
}
"""The same of what is too bulky to be sent by post."""


def sending_words(policy: Policy, case: Situation) -> LocalisedText:
    """The sentence that says who pays the postage, by what the customer says and the law says."""
    sentences = _COLLECTED if is_collected(policy, case) else _SENTENCES
    told = sentences[_payer(policy, case)]
    figure = postage(policy, case)
    return {language: words.format(postage=figure) for language, words in told.items()}


def stated_reason(policy: Policy, case: Situation) -> str:
    """The reason that decides who pays the postage: the one named, also where it counts for nothing
    else. Earlier policies took every return by right, but for a fault, for a change of mind."""
    known = "own_postage" in policy.rules and case.stated_reason is not None
    return (known and case.stated_reason) or case.reason_code


def unowed_postage(policy: Policy, case: Situation) -> int:
    """What is asked beside the price of goods that come back for a change of mind, and that the law
    gives to nobody (1/10,000); 0 where the shop pays the postage."""
    law, used = policy.law(case.merchant_id), case.money
    if "own_postage" not in policy.rules or law is None or used is None:
        return 0
    open_ = case.verdict in (None, "undetermined") and not case.paid_back and not case.withdrawn
    returned = case.type == "return_and_refund" and stated_reason(policy, case) == "unwanted"
    if not (open_ and returned) or law.no_reason.return_postage == "shop":
        return 0
    by_right = lane(policy, case) == "no_reason" and law.no_reason.outbound_delivery is not None
    return max(0, used.extras - (used.delivery if by_right else 0))


def _payer(policy: Policy, case: Situation) -> str:
    law, reason = policy.law(case.merchant_id), stated_reason(policy, case)
    if reason in _SHOPS:
        return "shop"
    if reason != "unwanted":
        return "open"
    return law.no_reason.return_postage if law is not None else "customer"
