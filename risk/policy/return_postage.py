"""Who pays for sending goods back, in words for the customer who is to send them."""

from __future__ import annotations

from collections.abc import Mapping

from risk.facts import UNRECEIVED_REASONS
from risk.facts.localised import LocalisedText
from risk.policy.lanes import FAULT_REASONS
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


def sending_words(policy: Policy, case: Situation) -> LocalisedText:
    """The sentence that says who pays the postage, by what the customer says and the law says."""
    told = _SENTENCES[_payer(policy, case)]
    figure = postage(policy, case)
    return {language: words.format(postage=figure) for language, words in told.items()}


def _payer(policy: Policy, case: Situation) -> str:
    law = policy.law(case.merchant_id)
    if case.reason_code in _SHOPS:
        return "shop"
    if case.reason_code != "unwanted":
        return "open"
    return law.no_reason.return_postage if law is not None else "customer"
