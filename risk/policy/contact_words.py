"""What the contact on record is asked to confirm: how much, or which article, would go where."""

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
itself is told. In the words of earlier policies, beside the amount."""

_WANTED: dict[str, LocalisedText] = {
    "refund": {"en": "a refund of {money}", "zh": "退款 {money}"},
    "exchange": {"en": "an exchange", "zh": "换货"},
    "repair": {"en": "a repair", "zh": "维修"},
    "resend": {"en": "another one to be sent", "zh": "补发商品"},
}
"""What is asked for, by the type of request: all others are paid back."""

_NEW: dict[tuple[bool, bool, bool], LocalisedText] = {
    (True, True, False): {
        "en": " to a payout account that is new to us",
        "zh": "，并退至新的收款账户",
    },
    (True, False, True): {
        "en": " for an order from a new device to a new address",
        "zh": "（新设备、新地址的订单）",
    },
    (True, True, True): {
        "en": " to a payout account that is new to us, for an order from a new device to a new "
        "address",
        "zh": "（新设备、新地址的订单），并退至新的收款账户",
    },
    (False, True, False): {
        "en": " on an order with a payout account that is new to us",
        "zh": "（登记了新收款账户的订单）",
    },
    (False, False, True): {
        "en": " for an order from a new device to a new address",
        "zh": "（新设备、新地址的订单）",
    },
    (False, True, True): {
        "en": " for an order from a new device to a new address, with a payout account that is "
        "new to us",
        "zh": "（新设备、新地址并登记了新收款账户的订单）",
    },
}
"""What is new, by whether money is asked for, and whether the payout account, and device and
address, are."""


def confirmed(case: Situation, question: Question, *, moved: bool) -> Question:
    """The question with what it is about. The words of earlier policies have other places for it,
    or none."""
    changed = _CHANGED.get((case.payout_changed, moved))
    if changed is None:
        return question
    money, wanted = money_text(case.amount, case.currency), _wanted(case, moved=moved)

    def said(one: EvidenceRequest) -> EvidenceRequest:
        text: LocalisedText = {
            language: one.text[language]
            .replace("{wanted}", wanted[language])
            .replace("{asked}", money)
            .replace("{changed}", changed[language])
            for language in LANGUAGES
        }
        return EvidenceRequest(one.kind, one.source, text)

    return question._replace(requests=tuple(said(one) for one in question.requests))


def _wanted(case: Situation, *, moved: bool) -> LocalisedText:
    """What the request asks for, and what is new of it."""
    money = case.type not in _WANTED
    asked = _WANTED["refund" if money else case.type]
    new = _NEW[money, case.payout_changed, moved]
    amount = money_text(case.amount, case.currency)
    return {one: asked[one].format(money=amount) + new[one] for one in LANGUAGES}
