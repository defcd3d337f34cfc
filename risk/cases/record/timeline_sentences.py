"""The sentences of the timeline, in both languages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from risk.cases.record.correction_sentences import render_correction
from risk.cases.record.timeline_entry import TimelineEntry
from risk.explain.code_labels import label
from risk.facts.format import money_text
from risk.facts.localised import LocalisedText

SENTENCES: dict[str, LocalisedText] = {
    "ordered": {"en": "Order {order}: {what}, {money}", "zh": "下单 {order}：{what}，{money}"},
    "ordered_many": {
        "en": "Order {order}: {what} and others, {lines} lines, {money}",
        "zh": "下单 {order}：{what}等 {lines} 行商品，{money}",
    },
    "parcel": {
        "en": "Parcel: {status} ({courier}) {weight}",
        "zh": "包裹：{status}（{courier}）{weight}",
    },
    "parcel_taken": {
        "en": "Parcel: {status}, by the courier's record to {by} ({courier}) {weight}",
        "zh": "包裹：{status}，快递记录为{by}（{courier}）{weight}",
    },
    "parcel_packed": {
        "en": "Parcel: {status} ({courier}); packed: {packed}",
        "zh": "包裹：{status}（{courier}），装入：{packed}",
    },
    "parcel_packed_weighed": {
        "en": "Parcel: {status} ({courier}) {weight}; packed: {packed}",
        "zh": "包裹：{status}（{courier}）{weight}，装入：{packed}",
    },
    "parcel_back": {
        "en": "Return parcel: {status} ({courier}) {weight}",
        "zh": "退货包裹：{status}（{courier}）{weight}",
    },
    "parcel_back_taken": {
        "en": "Return parcel: {status}, by the courier's record to {by} ({courier}) {weight}",
        "zh": "退货包裹：{status}，快递记录为{by}（{courier}）{weight}",
    },
    "requested": {
        "en": "This request: {type}, {reason}, {money}",
        "zh": "本次申请：{type}，{reason}，{money}",
    },
    "requested_forwarded": {
        "en": "This request, passed on by the platform: {type}, {reason}, {money}",
        "zh": "本次申请（平台转来）：{type}，{reason}，{money}",
    },
    "requested_withdrawn": {
        "en": "This request, withdrawn: {type}, {reason}, {money}",
        "zh": "本次申请（已撤回）：{type}，{reason}，{money}",
    },
    "requested_retracted": {
        "en": "This request, taken back: {type}, {reason}, {money}",
        "zh": "本次申请（已作废）：{type}，{reason}，{money}",
    },
    "requested_before_withdrawn": {
        "en": "Request {refund}, withdrawn: {type}, {reason}",
        "zh": "申请 {refund}（已撤回）：{type}，{reason}",
    },
    "requested_before": {
        "en": "Request {refund}: {type}, {reason}, {money}",
        "zh": "申请 {refund}：{type}，{reason}，{money}",
    },
    "evidence": {"en": "{kind} from the {from}", "zh": "{from}提交{kind}"},
    "declined": {
        "en": "Evidence requested from the {from}, not provided",
        "zh": "{from}未提供所要求的凭证",
    },
    "unanswered": {
        "en": "Evidence requested from the {from}, no answer",
        "zh": "已向{from}要求凭证，未获回应",
    },
    "evidence_of_order": {
        "en": "{kind} of the order, from the {from}",
        "zh": "{from}留存的订单{kind}",
    },
    "inspected_by": {
        "en": "Inspection by {by}: {condition}",
        "zh": "验货（{by}）：{condition}",
    },
    "feedback": {
        "en": "Feedback: {satisfaction} of 5",
        "zh": "满意度：{satisfaction}/5",
    },
    "disputed": {
        "en": "Payment dispute {dispute}: {stage}, {money}",
        "zh": "支付争议 {dispute}：{stage}，{money}",
    },
    "found": {"en": "Verdict: {verdict}, by {by}", "zh": "认定：{verdict}（{by}）"},
    "found_resolved": {
        "en": "Verdict: {verdict}, by {by}; {resolution}",
        "zh": "认定：{verdict}（{by}），{resolution}",
    },
    "inspected_before": {
        "en": "Inspection on request {refund}: {verdict}",
        "zh": "申请 {refund} 的验货结果：{verdict}",
    },
    "audited_before": {
        "en": "Verdict on request {refund} by a random check: legitimate",
        "zh": "对申请 {refund} 的随机抽查认定：属实",
    },
    "found_before": {
        "en": "Verdict on request {refund}: {verdict}",
        "zh": "对申请 {refund} 的认定：{verdict}",
    },
    "asked": {"en": "{kind} requested from the {from}", "zh": "向{from}要求{kind}"},
    "did": {"en": "{what}, by {who}", "zh": "{what}（{who}）"},
    "corrected": {"en": "Corrected, {what}: {changes}", "zh": "更正{what}：{changes}"},
    "corrected_by": {
        "en": "Corrected by {who}, {what}: {changes}",
        "zh": "{who} 更正{what}：{changes}",
    },
    "restated": {"en": "Sent again, unchanged: {fact}", "zh": "再次提交，内容未变：{fact}"},
    "restated_by": {
        "en": "Sent again by {who}, unchanged: {fact}",
        "zh": "{who} 再次提交，内容未变：{fact}",
    },
    "withdrew": {
        "en": "The request was withdrawn. {changes}",
        "zh": "申请已撤回。{changes}",
    },
    "withdrew_by": {
        "en": "The request was withdrawn, reported by {who}. {changes}",
        "zh": "申请已撤回（来源：{who}）。{changes}",
    },
    "reopened": {
        "en": "The request was opened again. {changes}",
        "zh": "申请重新开启。{changes}",
    },
    "reopened_by": {
        "en": "The request was opened again, reported by {who}. {changes}",
        "zh": "申请重新开启（来源：{who}）。{changes}",
    },
    "taken_back": {"en": "Taken back: {fact}", "zh": "作废：{fact}"},
    "taken_back_by": {"en": "Taken back by {who}: {fact}", "zh": "{who} 作废：{fact}"},
}

_NO_COURIER = {"en": " (–)", "zh": "（–）"}
"""The brackets of a parcel whose courier nobody named."""

_LOWERED = frozenset(
    {"by", "from", "reason", "resolution", "stage", "status", "condition", "verdict"}
)
"""Values in the middle of an English sentence: their labels lose the capital."""


def render_entry(
    entry: TimelineEntry, language: str, format_money: Callable[[int, str], str] = money_text
) -> str:
    """The sentence of an entry in a language; `format_money` formats amounts."""
    values = {
        name: _render_value(name, value, language, format_money)
        for name, value in entry.values.items()
    }
    said = SENTENCES[entry.text][language].format(**values)
    return said.replace(_NO_COURIER[language], "").strip()


def _render_value(
    name: str, value: Any, language: str, format_money: Callable[[int, str], str]
) -> str:
    if not isinstance(value, tuple):
        return str(value)
    if value[0] == "money":
        return format_money(value[1], value[2] or "CNY")
    if value[0] == "entry":
        return render_entry(value[1], language, format_money)
    if value[0] in ("fact", "changes"):
        return render_correction(value, language, format_money)
    text = label(value[0], value[1], language)
    return text[:1].lower() + text[1:] if language == "en" and name in _LOWERED else text
