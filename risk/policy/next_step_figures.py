"""The sentences of a next step with what is asked for, offered or weighed in them."""

from __future__ import annotations

from collections.abc import Sequence

from risk.facts.localised import LANGUAGES, SEMICOLON, LocalisedText
from risk.policy.answers import Ruling
from risk.policy.evidence import question
from risk.policy.hearing import is_called_meanwhile, reads_first
from risk.policy.next_step_sentences import TEXTS
from risk.policy.offers import is_worn
from risk.policy.schema import Policy
from risk.policy.situation import Situation
from risk.policy.step_of_rules import NextStep, step

_WORN_PART: LocalisedText = {
    "en": " For worn goods the policy gives {share} % of the price.",
    "zh": "按策略，有使用痕迹的商品退还价款的 {share}%。",
}


def opened(back_g: float | None, sent_g: float | None) -> LocalisedText:
    """The step for a return that weighs far less than what should come back."""
    weights = ((grams or 0) / 1000 for grams in (back_g, sent_g))
    back, sent = (f"{kilos:.3f}".rstrip("0").rstrip(".") for kilos in weights)
    told: LocalisedText = {
        "en": f"it weighs {back} kg, and {sent} kg should come back",
        "zh": f"退回 {back} kg，应退 {sent} kg",
    }
    return filled(TEXTS["open"], [told])


def filled(text: LocalisedText, items: Sequence[LocalisedText]) -> LocalisedText:
    """A sentence with what is asked for or offered."""
    return {
        language: text[language].format(
            items=SEMICOLON[language].join(item[language] for item in items)
        )
        for language in LANGUAGES
    }


def offered(
    policy: Policy, case: Situation, kinds: Sequence[str], names: Sequence[LocalisedText]
) -> LocalisedText:
    """The step that offers something for goods that were looked at: first what the shop shows of
    them, at the end what part of the price the policy gives."""
    shops = set(case.inspected_by or ("merchant",)) == {"merchant"}
    shown = any(by == "merchant" and kind in ("photo", "video") for kind, by in case.evidence)
    text = filled(TEXTS["offer_shown" if shown else "offer_unshown" if shops else "offer"], names)
    if policy.offers is None or "partial_refund" not in kinds or not is_worn(policy, case):
        return text
    share = f"{100 * policy.offers.worn_part:g}"
    return {one: text[one] + _WORN_PART[one].format(share=share) for one in LANGUAGES}


def called_about_shop(policy: Policy, case: Situation, ruling: Ruling) -> NextStep | None:
    """The call in which the shop has a part: of an upset customer, while shop and courier are asked
    for what they have; of any, once somebody looked at what the shop gave."""
    if reads_first(policy, case):
        return step("call", "shop_call")
    heard = any(rule.id == "shop_first" for rule in ruling.rules)
    if not heard or not is_called_meanwhile(policy, case):
        return None
    asked = question(policy, case, light=False).requests
    items = [item.text for item in asked if item.source != "customer"]
    text = filled(TEXTS["call_meanwhile"], items)
    return NextStep("call", text, "call_meanwhile") if items else None
