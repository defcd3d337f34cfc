"""The dossier's statement: neutral sentences about what happened, and no more."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from risk.cases.papers.standing_finding import finding_of, paid_amount, state_of
from risk.cases.record.case_view import CaseView
from risk.explain.code_labels import label
from risk.facts import NOT_GIVEN
from risk.facts.format import local_day, money_text
from risk.facts.localised import BETWEEN, COMMA, LANGUAGES, LocalisedText

_SENTENCES: dict[str, LocalisedText] = {
    "asked": {
        "en": "On {day} the customer made a request on order {order}: {asked}, "
        "for the reason: {reason}.",
        "zh": "{day}，客户就订单 {order} 提出申请：{asked}，理由：{reason}。",
    },
    "delivered": {
        "en": "The courier's record shows the parcel as delivered on {day}.",
        "zh": "快递记录显示包裹于 {day} 签收。",
    },
    "partly": {
        "en": "The courier's record shows a parcel as delivered on {day}; of another parcel of the "
        "order there is no record of delivery.",
        "zh": "快递记录显示部分包裹于 {day} 签收，订单的另一个包裹未见签收记录。",
    },
    "undelivered": {
        "en": "There is no record of delivery.",
        "zh": "未见签收记录。",
    },
    "evidence": {
        "en": "The evidence submitted is listed below.",
        "zh": "已提交的凭证见下。",
    },
    "no_evidence": {"en": "No evidence was submitted.", "zh": "未提交凭证。"},
    "inspected": {
        "en": "Result of the inspection of the returned goods: {found}.",
        "zh": "退回商品验货结果：{found}。",
    },
    "linked": {
        "en": "Other customers who share a thing with this one: {customers}. Of their requests, "
        "{requests} together, {found} were found to be abuse, which need not be by each of them; "
        "who they are is no part of this.",
        "zh": "与该客户有共用信息的其他客户：{customers} 位，共 {requests} 次申请，"
        "其中 {found} 次被认定滥用，不代表每位客户均有此情况；其身份不在本材料之内。",
    },
    "found": {
        "en": "The finding of {day}: {verdict}{how}.",
        "zh": "{day} 的认定：{verdict}{how}。",
    },
    "appealed": {
        "en": "The finding of {day} is under appeal: {verdict}{how}.",
        "zh": "{day} 的认定正在申诉复核：{verdict}{how}。",
    },
    "close": {
        "en": "Please consider the facts below; we will gladly add what is missing.",
        "zh": "请予审阅以下事实；如需补充，我们将积极配合。",
    },
}

Zone = Callable[[int], datetime]
"""The local time of a moment (ms) where the merchant is."""


def statement(view: CaseView, zone: Zone) -> LocalisedText:
    """The statement: what happened, in a few sentences."""
    return {language: _statement(view, zone, language) for language in LANGUAGES}


def _statement(view: CaseView, zone: Zone, language: str) -> str:
    request, record = view.record.request, view.record
    sentences = [
        _filled(
            "asked",
            language,
            day=local_day(zone(request["requested_at"]), language),
            asked=_asked(view, language),
            order=request["order_id"],
            reason=label("reason", request["reason_code"], language).lower(),
        ),
        _delivery(view, zone, language),
    ]
    given = [item for item in record.evidence if item["kind"] not in NOT_GIVEN]
    text = "evidence" if given else "no_evidence"
    sentences.append(_filled(text, language))
    for inspection in record.inspections:
        found = label("condition_found", inspection["condition"], language).lower()
        sentences.append(_filled("inspected", language, found=found))
    sentences += _found(view, zone, language)
    linked = view.decision["linked"] if view.decision else None
    if linked and linked["confirmed_fraud"]:
        shown = {
            "customers": linked["customers"],
            "requests": linked["refunds"],
            "found": linked["confirmed_fraud"],
        }
        sentences.append(_filled("linked", language, **shown))
    sentences.append(_filled("close", language))
    return BETWEEN[language].join(sentences)


def _asked(view: CaseView, language: str) -> str:
    """What is asked for, with the amount where there is one."""
    request = view.record.request
    asked = label("type", request["type"], language)
    money = [money_text(request["amount"], view.currency)] if request["amount"] else []
    return COMMA[language].join([asked[:1].lower() + asked[1:], *money])


def _found(view: CaseView, zone: Zone, language: str) -> list[str]:
    """What was found and done, if anything."""
    found = finding_of(view)
    if found is None:
        return []
    comma, paid = COMMA[language], paid_amount(found, view.record.request["amount"])
    resolution = label("resolution", found["resolution"], language) if found["resolution"] else ""
    money = money_text(paid, view.currency) if paid else ""
    done = " ".join(part for part in (resolution.lower(), money) if part)
    return [
        _filled(
            "appealed" if state_of(view) == "appealed" else "found",
            language,
            day=local_day(zone(found["decided_at"]), language),
            verdict=label("verdict", found["verdict"], language).lower(),
            how=comma + done if done else "",
        )
    ]


def _delivery(view: CaseView, zone: Zone, language: str) -> str:
    sent = [one for one in view.record.parcels if one["direction"] == "outbound"]
    delivered = [one for one in sent if one["status"] == "delivered"]
    if delivered:
        others = {_number(one) for one in sent} - {*map(_number, delivered), None}
        told = "partly" if others else "delivered"
        return _filled(told, language, day=local_day(zone(delivered[0]["occurred_at"]), language))
    return _filled("undelivered", language)


def _number(parcel: Mapping[str, Any]) -> object:
    """What a parcel is told apart by: its number, else the line that it is about."""
    return parcel["line_id"] if parcel["tracking"] is None else parcel["tracking"]


def _filled(text: str, language: str, **values: object) -> str:
    return _SENTENCES[text][language].format(**values)
