"""An inspection against the customer's word: who inspected, and what each of them says."""

from __future__ import annotations

from risk.facts.localised import LANGUAGES, LISTED, LocalisedText
from risk.findings import UNDETERMINED, WORN_CONDITIONS
from risk.policy.schema import Policy
from risk.policy.situation import Situation

CLAIMS: dict[str, LocalisedText] = {
    "damaged": {"en": "it came damaged", "zh": "收到时已损坏"},
    "defective": {"en": "it does not work as it should", "zh": "商品有故障"},
    "not_as_described": {"en": "it is not as described", "zh": "商品与描述不符"},
    "wrong_item": {"en": "another article was sent", "zh": "商家发错了商品"},
    "counterfeit": {"en": "it is counterfeit", "zh": "商品是假货"},
}
"""What a customer says of goods that were at fault from the start, by reason."""

FOUND: dict[str, LocalisedText] = {
    "used": {"en": "it came back with signs of use", "zh": "退回时有使用痕迹"},
    "damaged_by_customer": {"en": "the customer damaged it", "zh": "损坏是客户造成的"},
}
"""What an inspection says against it."""

_WHO: dict[str, LocalisedText] = {
    "merchant": {"en": "the shop", "zh": "商家"},
    "platform": {"en": "the platform", "zh": "平台"},
    "third_party": {"en": "a third party", "zh": "第三方"},
}


def inspector(case: Situation) -> LocalisedText:
    """Who inspected the goods; decisions of earlier releases say nothing else than the shop."""
    by = [_WHO[one] for one in dict.fromkeys(case.inspected_by or ("merchant",))]
    return {one: LISTED[one].join(who[one] for who in by) for one in LANGUAGES}


def is_disputed(policy: Policy, case: Situation) -> bool:
    """Whether the customer says that the article was at fault, and an inspection lays signs of use
    or damage at their door; nobody has decided between them."""
    known = "inspection_disputed" in policy.rules and case.reason_code in CLAIMS
    open_ = case.verdict in (None, UNDETERMINED)
    return known and open_ and not set(WORN_CONDITIONS).isdisjoint(case.inspections)
