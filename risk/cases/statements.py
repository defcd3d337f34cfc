"""The dossier's statement: neutral sentences about what happened, and no more."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from risk.cases.case_view import CaseView
from risk.explain.code_labels import label
from risk.facts import NOT_GIVEN
from risk.facts.format import local_day, money_text
from risk.facts.localised import LANGUAGES, LocalisedText

_SENTENCES: dict[str, LocalisedText] = {
    "asked": {
        "en": "On {day} the customer made a request on order {order}: {type}, {money}, "
        "for the reason: {reason}.",
        "zh": "{day}，客户就订单 {order} 提出申请：{type}，{money}，理由：{reason}。",
    },
    "delivered": {
        "en": "The courier's record shows the parcel as delivered on {day}.",
        "zh": "快递记录显示包裹于 {day} 签收。",
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
        "en": "Requests of {customers} other customers who share a thing with this one led to "
        "{found} findings of abuse; who they are is no part of this.",
        "zh": "与该客户有共用信息的另外 {customers} 位客户的申请，共有 {found} 次被认定滥用；"
        "其身份不在本材料之内。",
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
    asked = label("type", request["type"], language)
    sentences = [
        _filled(
            "asked",
            language,
            day=local_day(zone(request["requested_at"]), language),
            type=asked[:1].lower() + asked[1:],
            money=money_text(request["amount"], view.currency),
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
    linked = view.decision["linked"] if view.decision else None
    if linked and linked["confirmed_fraud"]:
        shown = {"customers": linked["customers"], "found": linked["confirmed_fraud"]}
        sentences.append(_filled("linked", language, **shown))
    sentences.append(_filled("close", language))
    return (" " if language == "en" else "").join(sentences)


def _delivery(view: CaseView, zone: Zone, language: str) -> str:
    delivered = [
        parcel["occurred_at"]
        for parcel in view.record.parcels
        if parcel["direction"] == "outbound" and parcel["status"] == "delivered"
    ]
    if delivered:
        return _filled("delivered", language, day=local_day(zone(delivered[0]), language))
    return _filled("undelivered", language)


def _filled(text: str, language: str, **values: object) -> str:
    return _SENTENCES[text][language].format(**values)
