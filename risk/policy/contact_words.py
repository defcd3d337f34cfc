"""What the contact on record is asked to confirm: how much would go where."""

from __future__ import annotations

from risk.facts.format import money_text
from risk.facts.localised import LANGUAGES, LocalisedText
from risk.policy.answers import EvidenceRequest
from risk.policy.evidence_items import Question
from risk.policy.situation import Situation

_CHANGED: dict[tuple[bool, bool], LocalisedText] = {
    (True, False): {"en": "to a payout account that is new to us", "zh": "将退至新收款账户"},
    (False, True): {
        "en": "for an order from a new device to a new address",
        "zh": "新设备、新地址订单",
    },
    (True, True): {
        "en": "to a payout account that is new to us, for an order from a new device to a new "
        "address",
        "zh": "新设备、新地址订单将退至新收款账户",
    },
}
"""By whether the payout account, and whether device and address, are new: nothing of the new data
itself is told."""


def confirmed(case: Situation, question: Question, *, moved: bool) -> Question:
    """The question with the money that it is about. The words of earlier policies have no place
    for it and stay as they are."""
    changed = _CHANGED.get((case.payout_changed, moved))
    if changed is None:
        return question
    money = money_text(case.amount, case.currency)

    def said(one: EvidenceRequest) -> EvidenceRequest:
        text: LocalisedText = {
            language: one.text[language]
            .replace("{asked}", money)
            .replace("{changed}", changed[language])
            for language in LANGUAGES
        }
        return EvidenceRequest(one.kind, one.source, text)

    return question._replace(requests=tuple(said(one) for one in question.requests))
