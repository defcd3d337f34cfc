"""The ruling that a dossier asks the platform for, and the platform's rules it rests on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from risk.cases.papers.standing_finding import finding_of, is_settled_in_part, paid_amount, state_of
from risk.cases.record.case_view import CaseView
from risk.facts.format import money_text
from risk.facts.localised import LANGUAGES, LocalisedText
from risk.findings import NEGATIVE_VERDICTS, POSITIVE_CONDITIONS, POSITIVE_VERDICTS, WORN_CONDITIONS
from risk.policy import Policy

_RULINGS: dict[str, LocalisedText] = {
    "not_due": {
        "en": "We ask the platform to rule that {asked} is not due, on the finding below; the "
        "customer may be heard again and appeal.",
        "zh": "请平台依据下列认定裁定：{asked}不应予以支持；客户可再次陈述并申诉。",
    },
    "not_due_beyond": {
        "en": "We ask the platform to rule that no more than {paid} is due of {asked}, on the "
        "finding below; the customer may be heard again and appeal.",
        "zh": "请平台依据下列认定裁定：{asked}中仅 {paid} 应予支持；客户可再次陈述并申诉。",
    },
    "due_in_part": {
        "en": "We ask the platform to confirm that {paid} is due of {asked}, on the finding below, "
        "and to close the case.",
        "zh": "请平台依据下列认定确认：{asked}中 {paid} 应予支持，并请结案。",
    },
    "part": {
        "en": "We ask the platform to rule on what part of {money} is due for goods that came back "
        "with signs of use or damage.",
        "zh": "请平台裁定：退回商品有使用痕迹或损坏，{money} 中应退还的部分。",
    },
    "due": {
        "en": "We ask the platform to confirm that {asked} is due and to close the case.",
        "zh": "请平台确认：{asked}应予支持，并请结案。",
    },
    "consent": {
        "en": "We ask the platform to rule whether {asked} is due while the goods stay with the "
        "customer, the merchant having been heard.",
        "zh": "请平台在听取商家意见后裁定：商品留在客户处，{asked}是否应予支持。",
    },
    "amount": {
        "en": "We ask the platform to rule on the amount that is due: {money} is more than is left "
        "of what was paid.",
        "zh": "请平台裁定应退金额：{money} 超过已付金额的剩余部分。",
    },
    "open": {
        "en": "We ask the platform to rule whether {asked} is due, on the facts below and after "
        "hearing both sides.",
        "zh": "请平台依据以下事实、听取双方意见后裁定：{asked}是否应予支持。",
    },
}
_REFUND: LocalisedText = {"en": "the refund of {money}", "zh": "{money} 的退款"}
_ASKED: dict[str, LocalisedText] = {
    "exchange": {"en": "the exchange", "zh": "换货"},
    "repair": {"en": "the repair", "zh": "维修"},
    "resend": {"en": "sending another one", "zh": "补寄"},
    "price_adjustment": {"en": "the price adjustment of {money}", "zh": "{money} 的差价退还"},
}
"""What the customer asks for, by type of request; the others ask for money back."""


def ruling_asked(view: CaseView) -> dict[str, Any]:
    """The ruling asked for: its code, and a sentence in both languages."""
    code = "open" if state_of(view) == "appealed" else _code(view)
    request = view.record.request
    amount, paid = money_text(request["amount"], view.currency), _paid(view)
    asked = _ASKED.get(request["type"], _REFUND)
    text = {
        language: _RULINGS[code][language].format(
            money=amount, paid=paid, asked=asked[language].format(money=amount)
        )
        for language in LANGUAGES
    }
    return {"code": code, "text": text}


def _code(view: CaseView) -> str:
    verdict = view.row["verdict"] if view.row else None
    found = {inspection["condition"] for inspection in view.record.inspections}
    conditions = view.decision["conditions"] if view.decision else []
    if verdict in NEGATIVE_VERDICTS:
        return "due_in_part" if _paid(view) else "due"
    if verdict in POSITIVE_VERDICTS or (found & set(POSITIVE_CONDITIONS) and not _settled(view)):
        return "not_due_beyond" if _paid(view) else "not_due"
    if "amount_check" in conditions:
        return "amount"
    if found & set(WORN_CONDITIONS) and not _settled(view):
        return "part"
    if "merchant_consent" in conditions:
        return "consent"
    return "due" if _settled(view) else "open"


def _paid(view: CaseView) -> str:
    """What the finding that stands paid, where that is a part of what is asked; else empty."""
    asked, found = view.record.request["amount"], finding_of(view)
    if found is None or not is_settled_in_part(found, asked):
        return ""
    return money_text(paid_amount(found, asked) or 0, view.currency)


def _settled(view: CaseView) -> bool:
    """Whether a rule found the claim true, such as an inspection that confirms it."""
    rules = view.decision["rules"] if view.decision else []
    settling = {"fault_found", "honest_found", "courier_admits", "claim_confirmed",
                "returned_as_sent"}  # fmt: skip
    return any(rule["id"] in settling for rule in rules)


def platform_rules(decision: Mapping[str, Any] | None, used: Policy | None) -> list[dict[str, Any]]:
    """The platform's rules, with their titles, that the rules of a decision rest on; those of the
    policy's list that name no rule are part of every dossier."""
    applied = {rule["id"] for rule in decision["rules"]} if decision else set()
    listed = (used.platform_rules if used else None) or {}
    return [
        {"id": name, "title": {"en": one.en, "zh": one.zh}}
        for name, one in listed.items()
        if not one.rules or applied & set(one.rules)
    ]
